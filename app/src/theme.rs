//! Light, dark, or what the system says, and how high rows are. The theme belongs to the browser and is kept in a cookie. The
//! height of rows belongs to the account; a cookie has it too, for those who are not signed in.

pub use domain::preferences::Density;

/// Name of the cookie.
pub const COOKIE: &str = "assay_theme";

/// Which of the two palettes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

/// The density read from a `Cookie` header, if it names one.
pub fn density_from_cookies(header: &str) -> Option<Density> {
    cookie(header, DENSITY_COOKIE).map(Density::parse)
}

/// How the cookies of preferences are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cookies {
    /// They only travel over TLS.
    pub secure: bool,
}

impl Cookies {
    /// The value of a `Set-Cookie` header that keeps a preference for a year.
    pub fn keep(self, name: &str, value: &str) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}")
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
            assert_eq!((density_from_cookies(&header), Theme::from_cookies(&header)), (Some(density), Theme::Dark));
        }
        assert_eq!(density_from_cookies("assay_density=tiny"), Some(Density::Comfortable));
        assert_eq!(density_from_cookies("assay_theme=dark"), None);
    }

    #[test]
    fn a_cookie_travels_over_tls_where_there_is_tls() {
        let cookie = |secure| Cookies { secure }.keep(COOKIE, "dark");
        assert!(cookie(true).starts_with("assay_theme=dark; Path=/; ") && cookie(true).ends_with("; Secure"));
        assert!(!cookie(false).contains("Secure"));
    }
}
