//! The kinds of values that settings have.

use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

/// Where the data is.
#[derive(Clone)]
pub struct DatabaseUrl {
    url: SecretString,
    /// The file, with SQLite.
    file: Option<PathBuf>,
}

impl DatabaseUrl {
    /// Parses `sqlite://PATH` or `postgres://…`.
    ///
    /// # Errors
    /// What to write instead; never repeats the value, it may hold a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let file = match text.strip_prefix("sqlite://") {
            Some("") => return Err("names no file; write sqlite://data/assay.db".to_owned()),
            Some(path) if path.starts_with(":memory:") => {
                return Err("a database in memory is lost at the end; write sqlite://data/assay.db".to_owned());
            }
            Some(path) if path.contains('?') => {
                return Err("takes no options after the file; write sqlite://data/assay.db".to_owned());
            }
            Some(path) => Some(PathBuf::from(path)),
            None if text.starts_with("postgres://") => {
                check_postgres(text)?;
                None
            }
            None => {
                return Err("must begin with sqlite:// or postgres://; write it as sqlite://data/assay.db".to_owned());
            }
        };
        Ok(Self { url: SecretString::from(text), file })
    }

    /// The whole address, with the password; never for logs.
    pub fn reveal(&self) -> &str {
        self.url.expose_secret()
    }

    /// The file, with SQLite.
    pub fn sqlite_file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// PostgreSQL: several processes may work on it.
    pub const fn is_postgres(&self) -> bool {
        self.file.is_none()
    }
}

/// A host before the path, or a socket's folder as `?host=…`.
fn check_postgres(text: &str) -> Result<(), String> {
    let form = "write it as postgres://user:password@host/database";
    let url = reqwest::Url::parse(text).map_err(|e| format!("is not an address ({e}); {form}"))?;
    let named = url.host_str().is_some_and(|h| !h.is_empty()) || url.query_pairs().any(|(key, _)| key == "host");
    if named { Ok(()) } else { Err(format!("names no host; {form}")) }
}

/// Without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            return write!(f, "sqlite://{}", file.display());
        }
        let Ok(mut url) = reqwest::Url::parse(self.reveal()) else { return f.write_str("postgres://…") };
        // The options may repeat the password (`?password=…`).
        url.set_query(None);
        if url.password().is_some() && url.set_password(Some("hidden")).is_err() {
            return f.write_str("postgres://…");
        }
        f.write_str(url.as_str())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// 32 bytes that encrypt stored credentials.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; 32]>);

impl SecretKey {
    /// These bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A new one.
    pub fn generate() -> Self {
        Self::from_bytes(crate::ids::random())
    }

    /// Parses base64.
    ///
    /// # Errors
    /// What to write instead; never repeats the value.
    pub fn parse(text: &str) -> Result<Self, String> {
        let make = "make one with `head -c 32 /dev/urandom | base64`";
        let bytes =
            Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| format!("is not base64 of 32 bytes; {make}"))?);
        let length = bytes.len();
        let bytes = <[u8; 32]>::try_from(bytes.as_slice())
            .map_err(|_| format!("must be 32 bytes in base64, and is {length} bytes; {make}"))?;
        Ok(Self::from_bytes(bytes))
    }

    /// As a key file has it.
    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.0.as_slice()))
    }

    /// The bytes, for a cipher.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret key]")
    }
}

/// The keys of this instance, at least one: the first encrypts, each opens what was encrypted with it.
#[derive(Clone, Debug)]
pub struct SecretKeys(Vec<SecretKey>);

impl SecretKeys {
    /// Parses one key or several, with commas or line ends between them.
    ///
    /// # Errors
    /// What to write instead; never repeats the value.
    pub fn parse(text: &str) -> Result<Self, String> {
        let each = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty());
        let keys: Vec<SecretKey> = each.map(SecretKey::parse).collect::<Result<_, _>>()?;
        // What a blank value lacks is said as of a wrong one.
        if keys.is_empty() { SecretKey::parse("").map(Self::from) } else { Ok(Self(keys)) }
    }

    /// The one that encrypts.
    ///
    /// # Panics
    /// Never: there is at least one.
    pub fn first(&self) -> &SecretKey {
        self.0.first().expect("there is at least one key")
    }

    /// All, the one that encrypts first.
    pub fn all(&self) -> &[SecretKey] {
        &self.0
    }

    /// All but the one that encrypts; `None` where there is no other.
    pub fn rest(&self) -> Option<Self> {
        let rest = self.0[1..].to_vec();
        (!rest.is_empty()).then_some(Self(rest))
    }

    /// With another one before them, which encrypts from now on.
    #[must_use]
    pub fn led_by(&self, key: SecretKey) -> Self {
        Self(std::iter::once(key).chain(self.0.iter().cloned()).collect())
    }
}

impl From<SecretKey> for SecretKeys {
    fn from(key: SecretKey) -> Self {
        Self(vec![key])
    }
}

/// Which part of the product a process is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServeRole {
    /// Web, webhooks, worker and scheduler.
    #[default]
    All,
    /// Takes deliveries and shows pages, works no jobs.
    Web,
    /// Works jobs; listens for health and metrics only.
    Worker,
}

impl ServeRole {
    /// The role of that name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::All, Self::Web, Self::Worker].into_iter().find(|r| r.as_str() == text)
    }

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Web => "web",
            Self::Worker => "worker",
        }
    }
}

/// Parses the address people use: scheme, host and port, nothing after them, because every page lies below `/`.
///
/// # Errors
/// What to write instead.
pub fn parse_public_url(text: &str) -> Result<String, String> {
    let wrong = |why: &str| format!("{text:?} {why}; write it as https://assay.example.com");
    let url = reqwest::Url::parse(text.trim()).map_err(|e| wrong(&format!("is not an address ({e})")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(wrong("is neither http nor https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not contain a user or password; write it as https://assay.example.com".to_owned());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("has something after the host and port"));
    }
    Ok(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_password_is_never_shown() {
        let url = DatabaseUrl::parse("postgres://assay:hunter2@db/assay?password=hunter2").unwrap();
        assert!(url.is_postgres());
        assert_eq!(url.to_string(), "postgres://assay:hidden@db/assay");
        assert!(!format!("{url:?}").contains("hunter2"));
        assert!(url.reveal().contains("hunter2"));
        let refused = DatabaseUrl::parse("mysql://assay:hunter2@db/assay").unwrap_err();
        assert!(!refused.contains("hunter2"));
    }

    #[test]
    fn databases_of_other_forms_are_refused() {
        for wrong in [
            "",
            "data/assay.db",
            "sqlite:data/assay.db",
            "sqlite://",
            "sqlite://:memory:",
            "sqlite://a?mode=ro",
            "postgres://",
        ] {
            assert!(DatabaseUrl::parse(wrong).is_err(), "{wrong:?}");
        }
        let absolute = DatabaseUrl::parse("sqlite:///var/lib/assay.db").unwrap();
        assert_eq!(absolute.sqlite_file(), Some(Path::new("/var/lib/assay.db")));
    }

    #[test]
    fn a_key_is_32_bytes() {
        let key = SecretKey::generate();
        assert_eq!(SecretKey::parse(&key.to_base64()).unwrap().expose(), key.expose());
        for wrong in ["", "c2hvcnQ=", "not base64!"] {
            let sentence = SecretKey::parse(wrong).unwrap_err();
            assert!(sentence.contains("32 bytes"), "{sentence}");
        }
        assert_eq!(format!("{key:?}"), "[secret key]");
    }

    #[test]
    fn several_keys_are_read_in_their_order() {
        let (new, old) = (SecretKey::generate(), SecretKey::generate());
        let both = format!("{},\n {}\n", *new.to_base64(), *old.to_base64());
        let keys = SecretKeys::parse(&both).unwrap();
        assert_eq!(keys.all().iter().map(|k| *k.expose()).collect::<Vec<_>>(), [*new.expose(), *old.expose()]);
        assert_eq!(keys.first().expose(), new.expose());
        let rest = keys.rest().unwrap();
        assert_eq!((rest.first().expose(), rest.rest().is_none()), (old.expose(), true));
        for wrong in ["", " , ", &format!("{},c2hvcnQ=", *new.to_base64())] {
            let sentence = SecretKeys::parse(wrong).unwrap_err();
            assert!(sentence.contains("32 bytes"), "{sentence}");
        }
    }

    #[test]
    fn the_public_url_is_an_origin() {
        assert_eq!(parse_public_url("https://assay.example.com/").unwrap(), "https://assay.example.com");
        assert_eq!(parse_public_url("http://127.0.0.1:3000").unwrap(), "http://127.0.0.1:3000");
        for wrong in ["assay.example.com", "ftp://a", "https://a/b", "https://a?b", "https://u:p@a"] {
            assert!(parse_public_url(wrong).is_err(), "{wrong}");
        }
    }
}
