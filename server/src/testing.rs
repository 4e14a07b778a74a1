//! What unit tests share.

use std::path::{Path, PathBuf};

/// A folder of its own, removed at the end.
#[derive(Debug)]
pub struct TempFolder(PathBuf);

impl Default for TempFolder {
    fn default() -> Self {
        Self::new()
    }
}

impl TempFolder {
    /// Makes it.
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("assay-test-{}", crate::ids::token()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
