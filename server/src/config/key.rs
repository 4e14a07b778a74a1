//! The file that holds the secret keys, one a line, with SQLite.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use domain::Timestamp;
use zeroize::Zeroizing;

use super::{Problem, SecretKey, SecretKeys};
use crate::private::{folder_of, is_open_to_others};

/// Beside the database: `data/assay.db` has `data/assay.key`.
pub fn path_for(database: &Path) -> PathBuf {
    database.with_extension("key")
}

/// Reads the key file; `None` if there is none.
///
/// # Errors
/// It cannot be read, is readable by other users, or holds no key.
pub fn read(path: &Path) -> Result<Option<SecretKeys>, Problem> {
    let wrong = |what: String| Problem::new("ASSAY_SECRET_KEY", format!("the key file {} {what}", path.display()));
    let text = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(wrong(format!("cannot be read ({e}); correct its owner or permissions"))),
    };
    if is_open_to_others(path) {
        return Err(wrong("can be read by other users; run chmod 600 on it".to_owned()));
    }
    SecretKeys::parse(&text).map(Some).map_err(wrong)
}

/// Reads the key file, or makes one with mode 0600. Two processes that start at once end with the same key.
///
/// # Errors
/// As [`read`], or it cannot be written.
pub fn read_or_make(path: &Path) -> Result<SecretKeys, Problem> {
    if let Some(keys) = read(path)? {
        return Ok(keys);
    }
    let wrong = |e: std::io::Error| {
        let what = format!("the key file {} cannot be made ({e}); make its folder writable", path.display());
        Problem::new("ASSAY_SECRET_KEY", what)
    };
    make(path).map_err(wrong)?;
    read(path)?.ok_or_else(|| wrong(ErrorKind::NotFound.into()))
}

/// Makes the file with a new key.
fn make(path: &Path) -> std::io::Result<()> {
    folder_of(path)?;
    let draft = draft(path, &SecretKey::generate().into())?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        // Another process was first: its key is the one.
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other.and_then(|()| fs::File::open(folder(path))?.sync_all()),
    }
}

/// Puts these keys in the place of those of the file.
///
/// # Errors
/// It cannot be written; it is as it was then.
pub fn replace(path: &Path, keys: &SecretKeys) -> Result<(), Problem> {
    let put = || {
        let draft = draft(path, keys)?;
        fs::rename(&draft, path)?;
        fs::File::open(folder(path))?.sync_all()
    };
    put().map_err(|e: std::io::Error| {
        let what = format!("the key file {} cannot be replaced ({e}); make its folder writable", path.display());
        Problem::new("ASSAY_SECRET_KEY", what)
    })
}

/// Keeps keys that were replaced, for backups from before, in a file of their own; returns where.
///
/// # Errors
/// It cannot be written.
pub fn keep(path: &Path, keys: &SecretKeys, now: Timestamp) -> Result<PathBuf, Problem> {
    let kept = path.with_extension(format!("key.until-{}", now.to_string().replace(':', "-")));
    replace(&kept, keys)?;
    Ok(kept)
}

/// The whole file under another name first: its own name either means complete keys or does not exist.
fn draft(path: &Path, keys: &SecretKeys) -> std::io::Result<PathBuf> {
    let draft = folder(path).join(format!(".{}.new", crate::ids::token()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let mut write = || {
        for key in keys.all() {
            file.write_all(key.to_base64().as_bytes())?;
            file.write_all(b"\n")?;
        }
        file.sync_all()
    };
    match write() {
        Ok(()) => Ok(draft),
        Err(error) => {
            // What matters is the first error.
            let _ = fs::remove_file(&draft);
            Err(error)
        }
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    use super::*;
    use crate::testing::TempFolder;

    #[test]
    fn the_first_start_makes_a_private_key_and_the_second_reads_it() {
        let folder = TempFolder::new();
        let path = path_for(&folder.path().join("data/assay.db"));
        assert!(path.ends_with("data/assay.key"));
        assert!(read(&path).unwrap().is_none());
        let made = read_or_make(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(read_or_make(&path).unwrap().first().expose(), made.first().expose());
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no draft stays behind");
    }

    #[test]
    fn many_first_starts_at_once_end_with_one_key() {
        let folder = TempFolder::new();
        let path = folder.path().join("assay.key");
        let keys: Vec<_> = std::thread::scope(|s| {
            let starts: Vec<_> = (0..8).map(|_| s.spawn(|| read_or_make(&path).unwrap())).collect();
            starts.into_iter().map(|t| *t.join().unwrap().first().expose()).collect()
        });
        assert!(keys.iter().all(|k| *k == keys[0]));
    }

    #[test]
    fn keys_are_replaced_as_a_whole_and_kept_for_backups() {
        let folder = TempFolder::new();
        let path = folder.path().join("assay.key");
        let old = read_or_make(&path).unwrap();
        let new = old.led_by(SecretKey::generate());
        replace(&path, &new).unwrap();
        let both = read(&path).unwrap().unwrap();
        assert_eq!(both.all().len(), 2);
        assert_eq!(both.first().expose(), new.first().expose());
        let kept = keep(&path, &old, Timestamp::from_micros(1_700_000_000_000_000)).unwrap();
        assert_eq!(read(&kept).unwrap().unwrap().first().expose(), old.first().expose());
        assert_eq!(fs::metadata(&kept).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no draft stays behind");
    }

    #[test]
    fn a_key_that_others_can_read_or_that_is_none_is_refused() {
        let folder = TempFolder::new();
        let path = folder.path().join("assay.key");
        read_or_make(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let problem = read(&path).unwrap_err().to_string();
        assert!(problem.contains("chmod 600"), "{problem}");
        fs::write(&path, "garbage").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("32 bytes"));
    }
}
