//! Light, dark, or what the system says: kept in a cookie, so that the first paint is right.

use serde::{Deserialize, Serialize};

/// Name of the cookie.
pub const COOKIE: &str = "assay_theme";

/// Which of the two palettes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The value of the cookie and of the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// The theme of that name; what is not understood is the system's.
    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|t| t.as_str() == name).unwrap_or_default()
    }

    /// Read from a `Cookie` header.
    pub fn from_cookies(header: &str) -> Self {
        let value = header.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == COOKIE);
        value.map_or(Self::System, |(_, value)| Self::parse(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_reads_back_from_its_cookie() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_cookies(&format!("a=b; {COOKIE}={}; c=d", theme.as_str())), theme);
        }
        assert_eq!(Theme::from_cookies("assay_theme=pink"), Theme::System);
        assert_eq!(Theme::from_cookies(""), Theme::System);
    }
}
