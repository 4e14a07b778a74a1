//! What a person sets for the pages.

use serde::{Deserialize, Serialize};

/// Preferences of one account. Reading is tolerant: what another version wrote, or left out, is no error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// IANA name of the zone times are shown in; `None`: the organization's.
    pub timezone: Option<String>,
    /// Height of rows.
    pub density: Density,
    /// Whether single keys do something.
    pub shortcuts: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { timezone: None, density: Density::Comfortable, shortcuts: true }
    }
}

/// Height of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "&'static str")]
pub enum Density {
    /// With room: rows of 40 px.
    #[default]
    Comfortable,
    /// More on a screen: rows of 32 px.
    Compact,
}

impl Density {
    /// All, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::Comfortable, Self::Compact];

    /// The name that is stored, and that is in cookies and forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Comfortable => "comfortable",
            Self::Compact => "compact",
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Comfortable => "Comfortable",
            Self::Compact => "Compact",
        }
    }

    /// The density of that name; what is not understood is the usual height.
    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|d| d.as_str() == name).unwrap_or_default()
    }
}

impl From<String> for Density {
    /// An unknown name is the usual height.
    fn from(name: String) -> Self {
        Self::parse(&name)
    }
}

impl From<Density> for &'static str {
    fn from(density: Density) -> Self {
        density.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Preferences {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_is_missing_or_unknown_is_as_usual() {
        assert_eq!(read("{}"), Preferences::default());
        assert_eq!(read(r#"{"later":1,"density":"huge"}"#), Preferences::default());
        let set = read(r#"{"timezone":"Asia/Tokyo","density":"compact","shortcuts":false}"#);
        let all = Preferences { timezone: Some("Asia/Tokyo".into()), density: Density::Compact, shortcuts: false };
        assert_eq!(set, all);
    }

    #[test]
    fn preferences_read_back() {
        for density in [Density::Comfortable, Density::Compact] {
            let all = Preferences { timezone: None, density, shortcuts: false };
            assert_eq!(read(&serde_json::to_string(&all).unwrap()), all);
        }
    }
}
