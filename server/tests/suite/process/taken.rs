//! An address that someone else listens on.

use std::net::TcpListener;

use super::Instance;

#[test]
fn where_the_address_is_taken_nothing_is_made() {
    let assay = Instance::new("sqlite://data/assay.db", None);
    let other = TcpListener::bind(&assay.address).unwrap();
    let output = assay.command().arg("serve").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("ASSAY_LISTEN: cannot listen on"), "{said}");
    assert_eq!(std::fs::read_dir(&assay.folder).unwrap().count(), 0, "no database, no key, no lock");
    drop(other);
}
