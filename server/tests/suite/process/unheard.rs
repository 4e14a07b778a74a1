//! The real process with a log that nobody reads any more.

use std::process::{Command, Stdio};

use super::{Instance, KEY, ready, until};
use crate::engine::{Database, Engine};

/// A pipe whose reader has ended: each line to it fails.
#[tokio::test]
async fn a_server_whose_log_broke_off_serves_and_stops() {
    let database = Database::create(Engine::Sqlite).await;
    let mut assay = Instance::new(database.url(), Some(KEY));
    let mut command = assay.command();
    command.env("ASSAY_LOG", "debug").arg("serve").stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stderr.take());
    let id = child.id().to_string();
    assay.child = Some(child);
    until("the server is ready", || match ready(&assay.address) {
        Ok(true) => Vec::new(),
        other => vec![format!("{other:?}")],
    })
    .await;
    assert!(Command::new("kill").arg(&id).status().unwrap().success());
    let mut ended = None;
    until("it stops", || {
        ended = assay.child.as_mut().unwrap().try_wait().unwrap();
        if ended.is_some() { Vec::new() } else { vec!["still running".to_owned()] }
    })
    .await;
    assay.child = None;
    assert!(ended.unwrap().success(), "{ended:?}");
    database.remove().await;
}
