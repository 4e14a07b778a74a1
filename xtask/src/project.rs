//! Where things lie: the workspace and its `[[workspace.metadata.leptos]]` table.

use crate::run::{self, Result};
use std::path::{Path, PathBuf};

/// The workspace as the build sees it. All paths are absolute.
#[derive(Debug)]
pub struct Project {
    /// The folder of the root `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// The package that becomes the browser's wasm, and the features it is built with.
    pub lib_package: String,
    pub lib_features: Vec<String>,
    /// The profile of the release bundle.
    pub lib_profile: String,
    /// The package and the name of the server's binary.
    pub bin_package: String,
    pub bin_target: String,
    /// The stem of the bundle's files.
    pub output_name: String,
    /// The finished site, which the release server carries inside.
    pub site_root: PathBuf,
    /// The bundle's folder inside the site, relative to it.
    pub pkg_dir: String,
    /// The list of imports for those who use cargo-leptos; its folder holds the styles.
    pub style_file: PathBuf,
    /// Files that are copied as they are.
    pub assets_dir: PathBuf,
}

impl Project {
    /// Reads the workspace that this program was built from.
    pub fn load() -> Result<Self> {
        let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest_dir).parent().ok_or("xtask lies outside a workspace.")?.to_path_buf();
        let file = root.join("Cargo.toml");
        let text = std::fs::read_to_string(&file).map_err(|e| format!("{} cannot be read: {e}.", file.display()))?;
        let target = target_folder(&root)?;
        Self::parse(&text, root, target)
    }

    fn parse(manifest: &str, root: PathBuf, target: PathBuf) -> Result<Self> {
        let manifest: toml::Table = toml::from_str(manifest).map_err(|e| format!("Cargo.toml cannot be read: {e}."))?;
        let table = manifest
            .get("workspace")
            .and_then(|v| v.get("metadata")?.get("leptos")?.get(0)?.as_table())
            .ok_or("Cargo.toml has no [[workspace.metadata.leptos]] table; restore it from the repository.")?;
        let text = |key: &str| {
            table.get(key).and_then(toml::Value::as_str).map(str::to_owned).ok_or_else(|| {
                format!(
                    "Cargo.toml: [[workspace.metadata.leptos]] lacks the text `{key}`; restore it from the repository."
                )
            })
        };
        let features = table.get("lib-features").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        Ok(Self {
            lib_package: text("lib-package")?,
            lib_features: features.iter().filter_map(|f| f.as_str().map(str::to_owned)).collect(),
            lib_profile: text("lib-profile-release")?,
            bin_package: text("bin-package")?,
            bin_target: text("bin-target")?,
            output_name: text("output-name")?,
            site_root: root.join(text("site-root")?),
            pkg_dir: text("site-pkg-dir")?,
            style_file: root.join(text("style-file")?),
            assets_dir: root.join(text("assets-dir")?),
            root,
            target,
        })
    }

    /// The server's binary, built with the given profile folder (`release` or `debug`).
    pub fn binary(&self, profile_folder: &str) -> PathBuf {
        self.target.join(profile_folder).join(&self.bin_target)
    }
}

fn target_folder(root: &Path) -> Result<PathBuf> {
    let json = run::capture(run::cargo(root).args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: serde_json::Value =
        serde_json::from_str(&json).map_err(|e| format!("`cargo metadata` printed something unexpected: {e}."))?;
    let folder = metadata["target_directory"].as_str().ok_or("`cargo metadata` names no target folder.")?;
    Ok(folder.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_carries_a_complete_table() {
        let project = Project::load().unwrap();
        assert_eq!(project.lib_package, "app");
        assert_eq!(project.lib_features, ["hydrate"]);
        assert!(project.site_root.ends_with("target/site"));
    }

    #[test]
    fn a_missing_key_is_named() {
        let text = "[[workspace.metadata.leptos]]\nlib-package = \"app\"\n";
        let error = Project::parse(text, "/".into(), "/target".into()).unwrap_err();
        assert!(error.contains("`lib-profile-release`"), "{error}");
    }
}
