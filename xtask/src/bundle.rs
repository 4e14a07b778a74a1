//! The site folder: glue and wasm with content-hashed names, styles, public files, and a compressed twin of each.
//!
//! A name that carries the hash of its content can be cached for ever; `manifest.json` tells the server the names.

use crate::build::Mode;
use crate::project::Project;
use crate::run::{self, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// A finished site folder.
#[derive(Debug)]
pub struct Site {
    /// Changes when any file of the site does.
    pub revision: String,
    /// The files of the bundle and how much each weighs.
    pub sizes: Vec<Size>,
}

/// One file of the bundle. All figures in bytes; `None` where the twin would not be smaller.
#[derive(Debug)]
pub struct Size {
    pub name: String,
    pub raw: u64,
    pub gzip: Option<u64>,
    pub brotli: Option<u64>,
}

/// Writes the site from a freshly compiled wasm file.
pub fn write(project: &Project, wasm: &Path, mode: Mode) -> Result<Site> {
    let glue = bindgen(project, wasm, mode)?;
    let stem = &project.output_name;
    let wasm = glue.join(format!("{stem}_bg.wasm"));
    if mode == Mode::Release {
        optimise(project, &wasm)?;
    }
    let pkg = project.site_root.join(&project.pkg_dir);
    remove(&project.site_root)?;
    create(&pkg)?;

    let js = put_hashed(&pkg, stem, "js", &read(&glue.join(format!("{stem}.js")))?)?;
    let wasm = put_hashed(&pkg, stem, "wasm", &read(&wasm)?)?;
    let css = put_hashed(&pkg, stem, "css", &styles(&project.style_file)?)?;
    let snippets = glue.join("snippets");
    if snippets.is_dir() {
        copy_tree(&snippets, &pkg.join("snippets"))?;
    }
    if project.assets_dir.is_dir() {
        copy_tree(&project.assets_dir, &project.site_root)?;
    }
    let files = files_below(&project.site_root)?;
    let mut revision = Sha256::new();
    let mut sizes = Vec::new();
    for file in &files {
        let content = read(file)?;
        revision.update(file.strip_prefix(&project.site_root).unwrap_or(file).to_string_lossy().as_bytes());
        revision.update(hash(&content));
        if mode == Mode::Release {
            let (gzip, brotli) = compress(file, &content)?;
            if file.starts_with(&pkg) {
                let name = file.strip_prefix(&pkg).unwrap_or(file).display().to_string();
                sizes.push(Size { name, raw: content.len() as u64, gzip, brotli });
            }
        }
    }
    let manifest = serde_json::json!({ "js": js, "wasm": wasm, "css": css });
    put(&project.site_root.join("manifest.json"), format!("{manifest:#}\n").as_bytes())?;
    Ok(Site { revision: hex(&revision.finalize()), sizes })
}

/// Makes the JavaScript glue with wasm-bindgen's library and returns the folder it lies in.
///
/// The glue has no path to the wasm inside: the page passes the hashed one to the default export.
fn bindgen(project: &Project, wasm: &Path, mode: Mode) -> Result<PathBuf> {
    println!("\n> wasm-bindgen {}", wasm.display());
    let out = project.target.join("wasm-bindgen");
    remove(&out)?;
    Bindgen::new()
        .input_path(wasm)
        .out_name(&project.output_name)
        .web(true)
        .and_then(|b| {
            b.typescript(false)
                .omit_default_module_path(true)
                .debug(mode == Mode::Debug)
                .keep_debug(mode == Mode::Debug)
                .remove_name_section(mode == Mode::Release)
                .remove_producers_section(true)
                .generate(&out)
        })
        .map_err(|e| {
            format!(
                "wasm-bindgen failed on {}: {e:#}. The crate wasm-bindgen and xtask's wasm-bindgen-cli-support must have \
                 the same version in Cargo.toml.",
                wasm.display()
            )
        })?;
    Ok(out)
}

/// Shrinks the wasm with binaryen's wasm-opt, which comes from npm; without npm the bundle stays bigger.
fn optimise(project: &Project, wasm: &Path) -> Result<()> {
    let tools = project.root.join("tools");
    if run::find_program("npm").is_none() {
        println!("npm is not installed, so wasm-opt is left out: the bundle works, but is about a third bigger.");
        return Ok(());
    }
    if let Err(reason) = run::npm_ci(&tools) {
        println!("{reason} Until then the bundle works, but is about a third bigger.");
        return Ok(());
    }
    let smaller = wasm.with_extension("opt.wasm");
    let mut command = Command::new(tools.join("node_modules/.bin/wasm-opt"));
    command.args(["-Oz", "--strip-debug", "--strip-producers"]).arg(wasm).arg("-o").arg(&smaller);
    run::run(&mut command, "Run `npm ci` in tools/, or report the wasm that it cannot read.")?;
    fs::rename(&smaller, wasm).map_err(|e| format!("{} cannot be replaced: {e}.", wasm.display()))
}

/// All style sheets beside `style_file`, one after the other in the order of their names.
///
/// `style_file` itself is only a list of imports for those who use cargo-leptos and is left out.
fn styles(style_file: &Path) -> Result<Vec<u8>> {
    let Some(folder) = style_file.parent().filter(|f| f.is_dir()) else {
        println!("There is no folder for {}: the bundle has no styles.", style_file.display());
        return Ok(Vec::new());
    };
    let mut css = Vec::new();
    for file in files_below(folder)? {
        let is_sheet = file.parent() == Some(folder) && file.extension().is_some_and(|e| e == "css");
        if is_sheet && file != style_file {
            css.extend(read(&file)?);
            css.push(b'\n');
        }
    }
    Ok(css)
}

/// Writes `stem.<hash>.extension` and returns that name.
fn put_hashed(folder: &Path, stem: &str, extension: &str, content: &[u8]) -> Result<String> {
    let name = format!("{stem}.{}.{extension}", &hex(&hash(content))[..16]);
    put(&folder.join(&name), content)?;
    Ok(name)
}

/// Writes `file.gz` and `file.br` where they are smaller, and returns their sizes.
fn compress(file: &Path, content: &[u8]) -> Result<(Option<u64>, Option<u64>)> {
    let twin = |extension: &str, packed: Vec<u8>| -> Result<Option<u64>> {
        if packed.len() >= content.len() {
            return Ok(None);
        }
        let name = format!("{}.{extension}", file.display());
        put(Path::new(&name), &packed)?;
        Ok(Some(packed.len() as u64))
    };
    let failed = |e: std::io::Error| format!("{} cannot be compressed: {e}.", file.display());

    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(content).map_err(failed)?;
    let gzip = twin("gz", gzip.finish().map_err(failed)?)?;

    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &content[..], &mut packed, &params).map_err(failed)?;
    Ok((gzip, twin("br", packed)?))
}

fn hash(content: &[u8]) -> Vec<u8> {
    Sha256::digest(content).to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Every file below a folder, sorted, so that two builds of the same sources agree.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |e: std::io::Error| format!("{} cannot be read: {e}.", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    for file in files_below(from)? {
        let copy = to.join(file.strip_prefix(from).unwrap_or(&file));
        if let Some(folder) = copy.parent() {
            create(folder)?;
        }
        put(&copy, &read(&file)?)?;
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).map_err(|e| format!("{} cannot be read: {e}.", file.display()))
}

fn put(file: &Path, content: &[u8]) -> Result<()> {
    fs::write(file, content).map_err(|e| format!("{} cannot be written: {e}.", file.display()))
}

fn create(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|e| format!("{} cannot be created: {e}.", folder.display()))
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("{} cannot be removed: {e}.", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("assay-xtask-{}-{name}", std::process::id()));
        remove(&folder).unwrap();
        create(&folder).unwrap();
        folder
    }

    #[test]
    fn styles_are_joined_in_the_order_of_their_names_without_the_list_of_imports() {
        let folder = folder("styles");
        for (name, text) in
            [("10-b.css", "b{}"), ("00-a.css", "a{}"), ("main.css", "@import 'x';"), ("notes.txt", "no")]
        {
            put(&folder.join(name), text.as_bytes()).unwrap();
        }
        assert_eq!(styles(&folder.join("main.css")).unwrap(), b"a{}\nb{}\n");
        remove(&folder).unwrap();
    }

    #[test]
    fn a_hashed_name_changes_with_the_content_only() {
        let folder = folder("hashed");
        let one = put_hashed(&folder, "assay", "css", b"a{}").unwrap();
        assert_eq!(one, put_hashed(&folder, "assay", "css", b"a{}").unwrap());
        assert_ne!(one, put_hashed(&folder, "assay", "css", b"b{}").unwrap());
        assert_eq!(one.len(), "assay.0123456789abcdef.css".len());
        remove(&folder).unwrap();
    }

    #[test]
    fn twins_are_written_only_where_they_save_bytes() {
        let folder = folder("twins");
        let big = vec![b'a'; 4096];
        let (gzip, brotli) = compress(&folder.join("big.css"), &big).unwrap();
        assert!(gzip.unwrap() < 100 && brotli.unwrap() < 100);
        assert!(folder.join("big.css.gz").is_file() && folder.join("big.css.br").is_file());
        assert_eq!(compress(&folder.join("tiny"), b"x").unwrap(), (None, None));
        assert!(!folder.join("tiny.br").exists());
        remove(&folder).unwrap();
    }
}
