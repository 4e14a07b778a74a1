use domain::Personal;
use domain::audit::{Act, AuditFilter, Author, Source};
use domain::ports::Store;
use domain::ports::store::Account;
use domain::role::Role;

use super::samples::{application, at, id, organization};

fn by(who: &str, second: i64) -> Author {
    Author::on_page(who, at(second))
}

fn super_admin(number: u128, organization: uuid::Uuid) -> Account {
    Account {
        id: id(number),
        email: Personal::new(format!("p{number}@example.com")),
        role: Role::SuperAdmin,
        organization: Some(organization),
        password_hash: "hash".into(),
        disabled: false,
    }
}

pub async fn every_change_is_on_record_with_who_and_where(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.apply(application(1, 1)).await.unwrap();
    store.create_account(super_admin(1, acme), &by("own@example.com", 3)).await.unwrap();
    store.create_account(super_admin(2, acme), &by("own@example.com", 4)).await.unwrap();
    store.set_role(id(2), Role::Admin, &by("p1@example.com", 5)).await.unwrap();
    store.set_paused(acme, true, &by("p1@example.com", 6)).await.unwrap();
    let all = store.audit(Some(acme), &AuditFilter::default(), 50).await.unwrap();
    let seen: Vec<_> = all.iter().map(|e| (e.number, e.act, e.target.as_str())).collect();
    assert_eq!(
        seen,
        [
            (6, Act::Paused, "org-1"),
            (5, Act::RoleChanged, "p2@example.com"),
            (4, Act::AccountCreated, "p2@example.com"),
            (3, Act::AccountCreated, "p1@example.com"),
            (2, Act::ConfigurationChanged, "version 2"),
            (1, Act::OrganizationCreated, "version 1"),
        ]
    );
    let role = &all[1];
    assert_eq!((role.before.as_deref(), role.after.as_deref()), (Some("super-admin"), Some("admin")));
    assert_eq!((role.who.as_str(), role.source, role.at), ("p1@example.com", Source::Page, at(5)));
    assert_eq!((all[5].source, all[5].after.as_deref()), (Source::Command, Some("+ something")));
    assert_eq!(store.audit(None, &AuditFilter::default(), 50).await.unwrap(), [], "nothing of the instance");
}

pub async fn entries_are_found_by_act_by_person_and_in_pages(store: &dyn Store) {
    let acme = organization(store, 1).await;
    for number in 1..=5 {
        let who = if number % 2 == 0 { "even@example.com" } else { "odd@example.com" };
        store.create_account(super_admin(number, acme), &by(who, 9)).await.unwrap();
    }
    let numbers = |filter: AuditFilter, limit| async move {
        let all = store.audit(Some(acme), &filter, limit).await.unwrap();
        all.iter().map(|e| e.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(AuditFilter::default(), 2).await, [6, 5]);
    assert_eq!(numbers(AuditFilter { before: Some(5), ..AuditFilter::default() }, 2).await, [4, 3]);
    let even = || AuditFilter { who: Some("even@example.com".into()), ..AuditFilter::default() };
    assert_eq!(numbers(even(), 9).await, [5, 3]);
    let created = AuditFilter { act: Some(Act::OrganizationCreated), ..AuditFilter::default() };
    assert_eq!(numbers(created, 9).await, [1]);
    assert_eq!(numbers(AuditFilter { act: Some(Act::AccountCreated), ..even() }, 9).await, [5, 3]);
}

pub async fn chains_are_whole_also_after_changes_at_the_same_time(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    let accounts = (10..30).map(|n| {
        let to = if n % 2 == 0 { acme } else { other };
        async move { store.create_account(super_admin(n, to), &by("own@example.com", 3)).await.unwrap() }
    });
    futures::future::join_all(accounts).await;
    let states = store.verify_audit().await.unwrap();
    let found: Vec<_> = states.iter().map(|c| (c.organization.as_deref(), c.entries, c.broken_at)).collect();
    assert_eq!(found, [(Some("org-1"), 11, None), (Some("org-2"), 11, None)]);
}
