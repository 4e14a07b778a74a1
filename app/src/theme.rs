//! Light, dark, or what the system says, and how high rows are: kept in cookies, so that the first paint is right.

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
        cookie(header, COOKIE).map_or(Self::System, Self::parse)
    }
}

fn cookie<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// Name of the cookie.
pub const DENSITY_COOKIE: &str = "assay_density";

/// How high rows and controls are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Density {
    /// Rows of 40 px.
    #[default]
    Comfortable,
    /// Rows of 32 px.
    Compact,
}

impl Density {
    /// All, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::Comfortable, Self::Compact];

    /// The value of the cookie, of the form, and of `data-density`.
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

    /// The density of that name; what is not understood is comfortable.
    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|d| d.as_str() == name).unwrap_or_default()
    }

    /// Read from a `Cookie` header.
    pub fn from_cookies(header: &str) -> Self {
        cookie(header, DENSITY_COOKIE).map_or(Self::Comfortable, Self::parse)
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

    #[test]
    fn a_density_reads_back_from_its_cookie() {
        for density in Density::ALL {
            let header = format!("{COOKIE}=dark; {DENSITY_COOKIE}={}", density.as_str());
            assert_eq!((Density::from_cookies(&header), Theme::from_cookies(&header)), (density, Theme::Dark));
        }
        assert_eq!(Density::from_cookies("assay_density=tiny"), Density::Comfortable);
    }
}
