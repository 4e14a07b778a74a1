use domain::Personal;
use domain::ports::Store;
use domain::ports::store::{Account, StoreError};
use domain::role::Role;

use super::samples::{at, conflict, id, organization};

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
    store.create_account(owner(1, "ada@example.com"), at(1)).await.unwrap();
    conflict(store.create_account(owner(2, "Ada@Example.com"), at(1)).await, "users_email");
    let account = store.account_by_email("ada@example.com").await.unwrap();
    assert_eq!(account, Some(owner(1, "ada@example.com")));
    assert_eq!(store.account(id(1)).await.unwrap(), account);
    assert_eq!(store.account(id(2)).await.unwrap(), None);
    assert_eq!(store.account_by_email("bob@example.com").await.unwrap(), None);
}

pub async fn a_new_password_ends_the_sessions_of_that_person_only(store: &dyn Store) {
    store.create_account(owner(1, "ada@example.com"), at(1)).await.unwrap();
    store.create_account(owner(2, "bob@example.com"), at(1)).await.unwrap();
    for (key, account) in [("a", Some(id(1))), ("b", Some(id(2))), ("c", None)] {
        store.create_session(key, "{}", account, at(100)).await.unwrap();
    }
    store.rehash(id(1), "stronger".into()).await.unwrap();
    assert!(store.load_session("a", at(5)).await.unwrap().is_some());
    store.set_password(id(1), "new".into()).await.unwrap();
    assert_eq!(store.account(id(1)).await.unwrap().unwrap().password_hash, "new");
    assert_eq!(store.load_session("a", at(5)).await.unwrap(), None);
    assert!(store.load_session("b", at(5)).await.unwrap().is_some());
    assert!(store.load_session("c", at(5)).await.unwrap().is_some());
    for answer in [store.set_password(id(9), "x".into()).await, store.rehash(id(9), "x".into()).await] {
        assert!(matches!(answer, Err(StoreError::NotFound("account"))));
    }
}

pub async fn a_disabled_person_has_no_session(store: &dyn Store) {
    store.create_account(owner(1, "ada@example.com"), at(1)).await.unwrap();
    store.create_session("a", "{}", Some(id(1)), at(100)).await.unwrap();
    store.disable_account(id(1)).await.unwrap();
    assert!(store.account(id(1)).await.unwrap().unwrap().disabled);
    assert_eq!(store.load_session("a", at(5)).await.unwrap(), None);
    assert!(matches!(store.disable_account(id(9)).await, Err(StoreError::NotFound("account"))));
}

pub async fn an_expired_session_is_gone_and_pruned(store: &dyn Store) {
    store.create_session("a", "data", None, at(10)).await.unwrap();
    store.create_session("b", "data", None, at(20)).await.unwrap();
    assert_eq!(store.load_session("a", at(9)).await.unwrap().as_deref(), Some("data"));
    assert_eq!(store.load_session("a", at(10)).await.unwrap(), None);
    assert_eq!(store.prune_sessions(at(10)).await.unwrap(), 1);
    store.delete_session("b").await.unwrap();
    store.delete_session("b").await.unwrap();
    assert_eq!(store.prune_sessions(at(99)).await.unwrap(), 0);
}

pub async fn a_session_key_is_created_once_and_may_be_saved_again(store: &dyn Store) {
    store.create_session("a", "first", None, at(10)).await.unwrap();
    conflict(store.create_session("a", "second", None, at(10)).await, "sessions_key");
    store.save_session("a", "third", None, at(30)).await.unwrap();
    store.save_session("b", "new", None, at(30)).await.unwrap();
    assert_eq!(store.load_session("a", at(20)).await.unwrap().as_deref(), Some("third"));
    assert_eq!(store.load_session("b", at(20)).await.unwrap().as_deref(), Some("new"));
}

pub async fn accounts_are_listed_with_the_slug_of_their_organization(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.create_account(owner(1, "zoe@example.com"), at(7)).await.unwrap();
    let recruiter = Account { role: Role::Recruiter, organization: Some(acme), ..owner(2, "bob@example.com") };
    store.create_account(recruiter, at(8)).await.unwrap();
    let rows = store.accounts().await.unwrap();
    let seen: Vec<_> = rows.iter().map(|r| (r.email.reveal(), r.role.as_str(), r.organization.as_deref())).collect();
    assert_eq!(seen, [("bob@example.com", "recruiter", Some("org-1")), ("zoe@example.com", "owner", None)]);
    assert_eq!(rows[1].created_at, at(7));
    let nowhere = Account { role: Role::Recruiter, ..owner(3, "eve@example.com") };
    conflict(store.create_account(nowhere, at(8)).await, "users_organization");
}

pub async fn preferences_are_kept_for_each_person(store: &dyn Store) {
    store.create_account(owner(1, "ada@example.com"), at(1)).await.unwrap();
    store.create_account(owner(2, "bob@example.com"), at(1)).await.unwrap();
    assert_eq!(store.preferences(id(1)).await.unwrap(), None);
    for json in ["{\"density\":\"compact\"}", "{}"] {
        store.save_preferences(id(1), json).await.unwrap();
        assert_eq!(store.preferences(id(1)).await.unwrap().as_deref(), Some(json));
    }
    assert_eq!(store.preferences(id(2)).await.unwrap(), None);
    assert_eq!(store.preferences(id(9)).await.unwrap(), None);
    assert!(matches!(store.save_preferences(id(9), "{}").await, Err(StoreError::NotFound("account"))));
}
