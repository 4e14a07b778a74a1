use domain::audit::{Act, AuditFilter, Author};
use domain::ports::Store;
use domain::ports::store::{Application, Resealed, SealedSecret, StoreError};

use server::sample;

use super::samples::{application, at, conflict, id, organization, rules, secret, test};

pub async fn an_organization_is_created_and_changed_in_versions(store: &dyn Store) {
    let created = store.apply(application(1, 0)).await.unwrap();
    assert_eq!((created.id, created.version, created.paused), (id(1), 1, false));
    assert_eq!((created.hook.as_str(), created.created_at), ("hook1", at(1)));
    let mut renamed = rules("org-1");
    renamed.name = "Renamed".into();
    let change = Application {
        id: id(77),
        hook: "ignored".into(),
        rules: renamed.clone(),
        tests: vec![("py".into(), vec![test(1, false)])],
        ..application(1, 1)
    };
    let changed = store.apply(change).await.unwrap();
    assert_eq!((changed.id, changed.version, changed.hook.as_str()), (id(1), 2, "hook1"));
    assert_eq!(store.organization("org-1").await.unwrap(), changed);
    assert_eq!(changed.rules, renamed);
    assert_eq!(store.catalogue(id(1)).await.unwrap(), [("py".to_owned(), test(1, false))]);
    organization(store, 2).await;
    let slugs: Vec<String> = store.organizations().await.unwrap().into_iter().map(|o| o.rules.slug).collect();
    assert_eq!(slugs, ["org-1", "org-2"]);
    assert!(matches!(store.organization("none").await, Err(StoreError::NotFound("organization"))));
}

pub async fn a_change_on_an_old_version_is_a_conflict_and_changes_nothing(store: &dyn Store) {
    let acme = organization(store, 1).await;
    conflict(store.apply(Application { id: id(5), hook: "h".into(), ..application(1, 0) }).await, "organizations_slug");
    let stale = Application { secrets: vec![secret("other")], ..application(1, 7) };
    conflict(store.apply(stale).await, "organizations_version");
    assert!(matches!(store.apply(application(3, 1)).await, Err(StoreError::NotFound("organization"))));
    assert_eq!(store.secrets(acme).await.unwrap(), [secret("lever.api_key")]);
    assert_eq!(store.versions().await.unwrap(), [(acme, 1, false)]);
}

pub async fn every_version_is_kept_with_its_author(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let mut renamed = rules("org-1");
    renamed.name = "Renamed".into();
    let change = Application { rules: renamed.clone(), author: Author::on_page("sue", at(9)), ..application(1, 1) };
    store.apply(change).await.unwrap();
    let second = store.configuration(acme, 2).await.unwrap();
    assert_eq!((second.version, second.author.as_str(), second.at, second.rules), (2, "sue", at(9), renamed));
    assert_eq!(store.configuration(acme, 1).await.unwrap().rules, rules("org-1"));
    for (organization, version) in [(acme, 3), (id(9), 1)] {
        let missing = store.configuration(organization, version).await;
        assert!(matches!(missing, Err(StoreError::NotFound(_))), "{missing:?}");
    }
}

pub async fn secrets_are_replaced_as_a_whole(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let secrets = vec![secret("b"), secret("a")];
    store.apply(Application { secrets, ..application(1, 1) }).await.unwrap();
    assert_eq!(store.secrets(acme).await.unwrap(), [secret("a"), secret("b")]);
}

pub async fn secrets_are_encrypted_anew_only_as_they_were_read(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let before = secret("lever.api_key");
    let anew = |before: &[u8]| {
        let (before, after) = (before.to_vec(), b"anew".to_vec());
        vec![Resealed { name: "lever.api_key".into(), before, after }]
    };
    let by = Author::on_command_line(at(9));
    assert_eq!(store.reseal(acme, anew(b"other"), &by).await.unwrap(), 0, "it was changed meanwhile");
    assert_eq!(store.reseal(id(9), anew(&before.sealed), &by).await.unwrap(), 0, "another organization");
    assert_eq!(store.secrets(acme).await.unwrap(), std::slice::from_ref(&before));
    assert_eq!(store.reseal(acme, anew(&before.sealed), &by).await.unwrap(), 1);
    assert_eq!(store.secrets(acme).await.unwrap(), [SealedSecret { sealed: b"anew".to_vec(), ..before }]);
    assert_eq!(store.versions().await.unwrap(), [(acme, 1, false)], "the rules are as they were");
}

pub async fn pausing_shows_in_the_versions(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.set_paused(acme, true, &Author::on_page("sue", at(9))).await.unwrap();
    assert_eq!(store.versions().await.unwrap(), [(acme, 1, true)]);
    assert!(store.organization("org-1").await.unwrap().paused);
    store.set_paused(acme, false, &Author::on_page("sue", at(9))).await.unwrap();
    assert_eq!(store.versions().await.unwrap(), [(acme, 1, false)]);
    assert!(matches!(
        store.set_paused(id(9), true, &Author::on_page("sue", at(9))).await,
        Err(StoreError::NotFound("organization"))
    ));
}

pub async fn a_migrated_database_is_ready(store: &dyn Store) {
    store.ready().await.unwrap();
}

pub async fn to_pause_with_a_change_is_one_change_and_on_record(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let changed = store.apply(Application { paused: true, ..application(1, 1) }).await.unwrap();
    assert!(changed.paused);
    assert!(store.apply(Application { paused: true, ..application(1, 2) }).await.unwrap().paused);
    let acts = |entries: Vec<domain::audit::Entry>| entries.into_iter().map(|e| e.act).collect::<Vec<_>>();
    let entries = store.audit(Some(acme), &AuditFilter::default(), 10).await.unwrap();
    let change = Act::ConfigurationChanged;
    assert_eq!(acts(entries), [change, change, Act::Paused, Act::OrganizationCreated], "it was paused once");
    // What is stored next does not resume, and a change on an old version pauses nothing.
    assert!(store.apply(application(1, 3)).await.unwrap().paused);
    store.set_paused(acme, false, &Author::on_command_line(at(2))).await.unwrap();
    conflict(store.apply(Application { paused: true, ..application(1, 1) }).await, "organizations_version");
    assert!(!store.organization("org-1").await.unwrap().paused);
}

pub async fn an_organization_goes_with_everything_but_the_record(store: &dyn Store) {
    let (gone, stays) = (organization(store, 1).await, organization(store, 2).await);
    let by = Author::on_page("own", at(9));
    sample::create(store, by.clone()).await.unwrap();
    conflict(sample::create(store, by.clone()).await, "organizations_slug");
    sample::remove(store, &by).await.unwrap();
    // Somebody's own organization of that name is no sample.
    let own =
        Application { id: id(5), hook: "h".into(), secrets: Vec::new(), rules: rules("sample"), ..application(3, 0) };
    let own = store.apply(own).await.unwrap();
    assert!(matches!(sample::remove(store, &by).await, Err(StoreError::NotFound("sample"))));
    store.remove_organization(own.id, 1, &by).await.unwrap();
    assert!(matches!(sample::remove(store, &by).await, Err(StoreError::NotFound(_))));
    sample::create(store, by.clone()).await.unwrap();

    conflict(store.remove_organization(gone, 7, &by).await, "organizations_version");
    assert_eq!(store.secrets(gone).await.unwrap().len(), 1);
    store.remove_organization(gone, 1, &by).await.unwrap();
    assert!(matches!(store.organization("org-1").await, Err(StoreError::NotFound(_))));
    assert!(store.secrets(gone).await.unwrap().is_empty());
    assert_eq!(store.secrets(stays).await.unwrap().len(), 1);
    let record = store.audit(None, &AuditFilter::default(), 10).await.unwrap();
    assert_eq!(record.iter().map(|e| e.target.as_str()).collect::<Vec<_>>(), ["org-1", "sample", "sample"]);
    assert!(record.iter().all(|e| e.act == Act::OrganizationRemoved));
    let chains = store.verify_audit().await.unwrap();
    assert!(chains.iter().all(|c| c.broken_at.is_none()));
    let name = format!("the removed organization {gone}");
    assert!(chains.iter().any(|c| c.organization.as_ref() == Some(&name)), "{chains:?}");
    assert!(!store.audit(Some(gone), &AuditFilter::default(), 10).await.unwrap().is_empty());
}

pub async fn a_sample_that_was_connected_stays(store: &dyn Store) {
    let by = Author::on_page("own", at(9));
    sample::create(store, by.clone()).await.unwrap();
    let made = store.organization("sample").await.unwrap();
    let connected = Application { rules: made.rules.clone(), ..application(1, made.version) };
    store.apply(connected).await.unwrap();
    conflict(sample::remove(store, &by).await, "secrets");
    assert_eq!(store.organization("sample").await.unwrap().version, 2);
}
