//! Files for nobody but the user we run as: the database holds personal data, whatever the umask is. What is there already
//! keeps its mode: someone may have chosen it.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

/// Makes the folder of a file, and those above it, where they are not there.
///
/// # Errors
/// It cannot be made.
pub fn folder_of(file: &Path) -> io::Result<()> {
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => DirBuilder::new().recursive(true).mode(0o700).create(folder),
        None => Ok(()),
    }
}

/// Makes an empty file where none is. One that is there is not even opened: closing it would end the locks that SQLite holds
/// on it in this process.
///
/// # Errors
/// It cannot be made.
pub fn make(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map(drop),
    }
}

/// Opens a file to write it, and makes it where it is not there.
///
/// # Errors
/// It cannot be opened.
pub fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

/// Whether group or others may read the file.
pub fn is_open_to_others(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.mode() & 0o077 != 0)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::testing::TempFolder;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn what_is_made_is_private_and_what_is_there_stays_as_it_is() {
        let folder = TempFolder::new();
        let path = folder.path().join("data/below/assay.db");
        folder_of(&path).unwrap();
        make(&path).unwrap();
        assert_eq!((mode(path.parent().unwrap()), mode(&path)), (0o700, 0o600));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        fs::write(&path, "kept").unwrap();
        make(&path).unwrap();
        open(&path).unwrap();
        assert_eq!((mode(&path), fs::read_to_string(&path).unwrap()), (0o644, "kept".to_owned()));
        assert!(is_open_to_others(&path));
    }
}
