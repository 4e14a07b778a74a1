use domain::Personal;
use domain::ports::Store;
use domain::ports::store::{Account, StoreError};
use domain::role::Role;

use domain::audit::Author;
use domain::ports::store::{Link, LinkPurpose, SessionRecord, Which};
use uuid::Uuid;

use super::samples::{at, conflict, id, organization};

fn by(second: i64) -> Author {
    Author::on_page("sue@example.com", at(second))
}

fn session<'a>(key: &'a str, data: &'a str, account: Option<Uuid>, expires: i64) -> SessionRecord<'a> {
    SessionRecord { key, data, account, started: at(1), seen: at(2), agent: "Firefox on Linux", expires: at(expires) }
}

fn link(number: u128, purpose: LinkPurpose, email: &str, role: Role) -> Link {
    Link {
        id: id(number),
        purpose,
        email: Personal::new(email),
        role,
        organization: None,
        account: None,
        by: "sue@example.com".into(),
        created_at: at(1),
        expires_at: at(100),
    }
}

fn owner(number: u128, email: &str) -> Account {
    Account {
        id: id(number),
        email: Personal::new(email),
        role: Role::Owner,
        organization: None,
        password_hash: "hash".into(),
        disabled: false,
    }
}

pub async fn an_address_is_taken_once(store: &dyn Store) {
    store.create_account(owner(1, "ada@example.com"), &by(1)).await.unwrap();
    conflict(store.create_account(owner(2, "Ada@Example.com"), &by(1)).await, "users_email");
    let account = store.account_by_email("ada@example.com").await.unwrap();
    assert_eq!(account, Some(owner(1, "ada@example.com")));
    assert_eq!(store.account(id(1)).await.unwrap(), account);
    assert_eq!(store.account(id(2)).await.unwrap(), None);
    assert_eq!(store.account_by_email("bob@example.com").await.unwrap(), None);
}

pub async fn a_new_password_ends_the_sessions_of_that_person_only(store: &dyn Store) {
    store.create_account(owner(1, "ada@example.com"), &by(1)).await.unwrap();
    store.create_account(owner(2, "bob@example.com"), &by(1)).await.unwrap();
    for (key, account) in [("a", Some(id(1))), ("b", Some(id(2))), ("c", None)] {
        store.create_session(session(key, "{}", account, 100)).await.unwrap();
    }
    store.rehash(id(1), "stronger".into()).await.unwrap();
    assert!(store.load_session("a", at(5)).await.unwrap().is_some());
    store.set_password(id(1), "new".into(), &by(2)).await.unwrap();
    assert_eq!(store.account(id(1)).await.unwrap().unwrap().password_hash, "new");
    assert_eq!(store.load_session("a", at(5)).await.unwrap(), None);
    assert!(store.load_session("b", at(5)).await.unwrap().is_some());
    assert!(store.load_session("c", at(5)).await.unwrap().is_some());
    for answer in [store.set_password(id(9), "x".into(), &by(2)).await, store.rehash(id(9), "x".into()).await] {
        assert!(matches!(answer, Err(StoreError::NotFound("account"))));
    }
}

pub async fn a_disabled_person_has_no_session(store: &dyn Store) {
    store.create_account(owner(1, "ada@example.com"), &by(1)).await.unwrap();
    store.create_session(session("a", "{}", Some(id(1)), 100)).await.unwrap();
    conflict(store.switch_account(id(1), true, &by(2)).await, "users_last");
    store.create_account(owner(2, "bob@example.com"), &by(1)).await.unwrap();
    store.switch_account(id(1), true, &by(2)).await.unwrap();
    assert!(store.account(id(1)).await.unwrap().unwrap().disabled);
    assert_eq!(store.load_session("a", at(5)).await.unwrap(), None);
    assert!(matches!(store.switch_account(id(9), true, &by(2)).await, Err(StoreError::NotFound("account"))));
}

pub async fn a_disabled_person_s_link_for_a_new_password_opens_nothing(store: &dyn Store) {
    for (number, email) in [(1, "ada@example.com"), (2, "bob@example.com")] {
        store.create_account(owner(number, email), &by(1)).await.unwrap();
    }
    let reset = |number, account, email| Link {
        account: Some(id(account)),
        ..link(number, LinkPurpose::Reset, email, Role::Owner)
    };
    store.make_link(reset(3, 1, "ada@example.com"), &by(1)).await.unwrap();
    store.make_link(reset(4, 2, "bob@example.com"), &by(1)).await.unwrap();
    store.switch_account(id(1), true, &by(2)).await.unwrap();
    assert_eq!(store.link(id(3)).await.unwrap(), None);
    assert!(store.link(id(4)).await.unwrap().is_some(), "another person's");
    store.make_link(reset(5, 1, "ada@example.com"), &by(3)).await.unwrap();
    let used = store.use_link(id(5), Account { password_hash: "new".into(), ..owner(9, "x@example.com") }, at(4)).await;
    assert!(matches!(used, Err(StoreError::NotFound("link"))), "made while it was being disabled");
    assert_eq!(store.account(id(1)).await.unwrap().unwrap().password_hash, "hash");
    store.switch_account(id(1), false, &by(5)).await.unwrap();
    assert!(store.use_link(id(5), owner(9, "x@example.com"), at(6)).await.is_ok(), "what was refused used nothing up");
}

pub async fn an_expired_session_is_gone_and_pruned(store: &dyn Store) {
    store.create_session(session("a", "data", None, 10)).await.unwrap();
    store.create_session(session("b", "data", None, 20)).await.unwrap();
    assert_eq!(store.load_session("a", at(9)).await.unwrap().as_deref(), Some("data"));
    assert_eq!(store.load_session("a", at(10)).await.unwrap(), None);
    assert_eq!(store.prune_sessions(at(10)).await.unwrap(), 1);
    store.delete_session("b").await.unwrap();
    store.delete_session("b").await.unwrap();
    assert_eq!(store.prune_sessions(at(99)).await.unwrap(), 0);
}

pub async fn a_session_key_is_created_once_and_may_be_saved_again(store: &dyn Store) {
    store.create_session(session("a", "first", None, 10)).await.unwrap();
    conflict(store.create_session(session("a", "second", None, 10)).await, "sessions_key");
    store.save_session(session("a", "third", None, 30)).await.unwrap();
    store.save_session(session("b", "new", None, 30)).await.unwrap();
    assert_eq!(store.load_session("a", at(20)).await.unwrap().as_deref(), Some("third"));
    assert_eq!(store.load_session("b", at(20)).await.unwrap().as_deref(), Some("new"));
}

pub async fn accounts_are_listed_with_the_slug_of_their_organization(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.create_account(owner(1, "zoe@example.com"), &by(7)).await.unwrap();
    let recruiter = Account { role: Role::Recruiter, organization: Some(acme), ..owner(2, "bob@example.com") };
    store.create_account(recruiter, &by(8)).await.unwrap();
    let rows = store.accounts().await.unwrap();
    let seen: Vec<_> = rows.iter().map(|r| (r.email.reveal(), r.role.as_str(), r.organization.as_deref())).collect();
    assert_eq!(seen, [("bob@example.com", "recruiter", Some("org-1")), ("zoe@example.com", "owner", None)]);
    assert_eq!(rows[1].created_at, at(7));
    let nowhere = Account { role: Role::Recruiter, ..owner(3, "eve@example.com") };
    conflict(store.create_account(nowhere, &by(8)).await, "users_organization");
}

pub async fn preferences_are_kept_for_each_person(store: &dyn Store) {
    store.create_account(owner(1, "ada@example.com"), &by(1)).await.unwrap();
    store.create_account(owner(2, "bob@example.com"), &by(1)).await.unwrap();
    store.create_session(session("a", "data", Some(id(1)), 10)).await.unwrap();
    store.create_session(session("b", "data", Some(id(2)), 10)).await.unwrap();
    store.create_session(session("c", "data", None, 10)).await.unwrap();
    let asker = async |key| store.asker(key, at(9)).await.unwrap();
    let saved = async |key| asker(key).await.unwrap().preferences;
    assert_eq!(saved("a").await, None);
    for json in ["{\"density\":\"compact\"}", "{}"] {
        store.save_preferences(id(1), json).await.unwrap();
        assert_eq!(saved("a").await.as_deref(), Some(json));
    }
    assert_eq!(saved("b").await, None);
    let ada = asker("a").await.unwrap();
    assert_eq!((ada.session.as_str(), Some(ada.account)), ("data", store.account(id(1)).await.unwrap()));
    assert!(asker("c").await.is_none(), "a session of nobody");
    assert!(asker("d").await.is_none() && store.asker("a", at(10)).await.unwrap().is_none(), "it is over");
    assert!(matches!(store.save_preferences(id(9), "{}").await, Err(StoreError::NotFound("account"))));
}

pub async fn the_last_owner_and_the_last_super_admin_stay(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let super_admin =
        |number, email: &str| Account { role: Role::SuperAdmin, organization: Some(acme), ..owner(number, email) };
    store.create_account(super_admin(1, "sue@example.com"), &by(1)).await.unwrap();
    conflict(store.set_role(id(1), Role::Admin, &by(2)).await, "users_last");
    conflict(store.switch_account(id(1), true, &by(2)).await, "users_last");
    store.create_account(super_admin(2, "tom@example.com"), &by(1)).await.unwrap();
    store.set_role(id(1), Role::Recruiter, &by(2)).await.unwrap();
    assert_eq!(store.account(id(1)).await.unwrap().unwrap().role, Role::Recruiter);
    conflict(store.set_role(id(2), Role::Admin, &by(3)).await, "users_last");
    store.switch_account(id(1), true, &by(3)).await.unwrap();
    store.switch_account(id(1), false, &by(4)).await.unwrap();
    assert!(!store.has_owner().await.unwrap());
    let people = store.people(Some(acme)).await.unwrap();
    let seen: Vec<_> = people.iter().map(|p| (p.email.reveal(), p.role, p.disabled)).collect();
    assert_eq!(seen, [("sue@example.com", Role::Recruiter, false), ("tom@example.com", Role::SuperAdmin, false)]);
    assert_eq!(store.people(None).await.unwrap(), []);
}

pub async fn a_link_is_used_once_and_makes_the_account_it_says(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let invite = |number| Link {
        organization: Some(acme),
        ..link(number, LinkPurpose::Invite, "Zoe@Example.com", Role::Recruiter)
    };
    assert!(!store.make_link(invite(1), &by(1)).await.unwrap());
    assert!(store.make_link(invite(2), &by(1)).await.unwrap(), "it says that there was one");
    assert_eq!(store.link(id(1)).await.unwrap(), None, "the new one took its place");
    assert_eq!(store.invitations(Some(acme)).await.unwrap().len(), 1);
    assert_eq!(store.invitations(None).await.unwrap(), []);
    let account = || Account { role: Role::Owner, ..owner(7, "other@example.com") };
    let made = store.use_link(id(2), account(), at(5)).await.unwrap();
    assert_eq!((made.email.reveal(), made.role, made.organization), ("zoe@example.com", Role::Recruiter, Some(acme)));
    assert_eq!(store.account(id(7)).await.unwrap(), Some(made));
    assert!(matches!(store.use_link(id(2), account(), at(5)).await, Err(StoreError::NotFound("link"))));
    store.make_link(invite(3), &by(1)).await.unwrap();
    conflict(store.use_link(id(3), Account { id: id(8), ..account() }, at(5)).await, "users_email");
    assert!(store.link(id(3)).await.unwrap().is_some(), "what was refused used nothing up");
    assert!(matches!(store.use_link(id(3), account(), at(100)).await, Err(StoreError::NotFound("link"))), "expired");
    assert!(matches!(store.remove_invitation(None, id(3), &by(9)).await, Err(StoreError::NotFound(_))), "not theirs");
    store.remove_invitation(Some(acme), id(3), &by(9)).await.unwrap();
    assert_eq!(store.link(id(3)).await.unwrap(), None);
}

pub async fn of_two_who_use_a_link_at_once_one_gets_the_account(store: &dyn Store) {
    store.make_link(link(1, LinkPurpose::SetUp, "", Role::Owner), &by(1)).await.unwrap();
    let one = |number, email| store.use_link(id(1), owner(number, email), at(5));
    let (a, b) = tokio::join!(one(5, "a@example.com"), one(6, "b@example.com"));
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1, "{a:?} {b:?}");
    assert_eq!(store.accounts().await.unwrap().len(), 1);
    assert!(store.has_owner().await.unwrap());
}

pub async fn a_link_for_a_new_password_ends_the_sessions(store: &dyn Store) {
    store.create_account(owner(1, "ada@example.com"), &by(1)).await.unwrap();
    store.create_session(session("a", "{}", Some(id(1)), 90)).await.unwrap();
    let reset = Link { account: Some(id(1)), ..link(2, LinkPurpose::Reset, "ada@example.com", Role::Owner) };
    store.make_link(reset, &by(1)).await.unwrap();
    let given = Account { password_hash: "new".into(), ..owner(9, "x@example.com") };
    let made = store.use_link(id(2), given, at(5)).await.unwrap();
    assert_eq!((made.id, made.email.reveal()), (id(1), "ada@example.com"));
    assert_eq!(store.account(id(1)).await.unwrap().unwrap().password_hash, "new");
    assert_eq!(store.load_session("a", at(5)).await.unwrap(), None);
}

pub async fn a_person_s_sessions_are_listed_and_ended(store: &dyn Store) {
    for (number, email) in [(1, "ada@example.com"), (2, "bob@example.com")] {
        store.create_account(owner(number, email), &by(1)).await.unwrap();
    }
    for (key, account, expires) in [("a", 1, 50), ("b", 1, 50), ("c", 1, 50), ("old", 1, 3), ("z", 2, 50)] {
        store.create_session(session(key, "{}", Some(id(account)), expires)).await.unwrap();
    }
    store.save_session(SessionRecord { seen: at(4), ..session("b", "{}", Some(id(1)), 50) }).await.unwrap();
    let listed = store.sessions(id(1), at(5)).await.unwrap();
    let keys: Vec<_> = listed.iter().map(|s| s.key.as_str()).collect();
    assert_eq!(keys, ["b", "a", "c"]);
    assert_eq!((listed[0].seen, listed[0].started, listed[0].agent.as_str()), (at(4), at(1), "Firefox on Linux"));
    assert_eq!(store.end_sessions(id(1), Which::One("z"), &by(6)).await.unwrap(), 0, "another person's");
    assert_eq!(store.end_sessions(id(1), Which::One("a"), &by(6)).await.unwrap(), 1);
    assert_eq!(store.end_sessions(id(1), Which::AllBut("b"), &by(6)).await.unwrap(), 2);
    assert_eq!(store.sessions(id(1), at(5)).await.unwrap().len(), 1);
    assert_eq!(store.sessions(id(2), at(5)).await.unwrap().len(), 1);
    assert!(store.people(None).await.unwrap()[0].seen_at.is_some());
}
