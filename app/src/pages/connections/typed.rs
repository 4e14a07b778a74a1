//! What was typed and refused, as it stands in the address: everything but secrets.

use leptos_router::params::ParamsMap;

/// The fields of a vendor that are no secrets: name and value.
pub const VENDOR: [&str; 11] = [
    "id",
    "kind",
    "name",
    "tag_prefix",
    "lowest",
    "highest",
    "list_tests_url",
    "send_test_url",
    "test_status_url",
    "response_error_url",
    "base_url",
];

/// What was typed into the forms of connections and refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Environment and another address of Lever.
    pub lever: Option<(String, String)>,
    /// The fields of a vendor.
    pub vendor: Option<Vec<(&'static str, String)>>,
    /// The user of Lever.
    pub user: Option<String>,
}

impl Typed {
    /// One field of the vendor.
    pub fn of_vendor(&self, field: &str) -> Option<&str> {
        self.vendor.as_ref()?.iter().find(|(name, _)| *name == field).map(|(_, value)| value.as_str())
    }
}

/// Reads what was typed from the address.
pub fn from_query(query: &ParamsMap) -> Typed {
    let text = |name: &str| query.get(&format!("typed[{name}]")).unwrap_or_default();
    let is_of = |what: &str| query.get_str("refused") == Some(what);
    Typed {
        lever: is_of("lever").then(|| (text("place"), text("other"))),
        vendor: is_of("vendor").then(|| VENDOR.map(|field| (field, text(field))).to_vec()),
        user: is_of("user").then(|| text("user")),
    }
}

/// The address of the page with what was typed; `part` is where it was.
#[cfg(feature = "ssr")]
pub fn address(slug: &str, what: &str, part: &str, fields: &[(&str, &str)]) -> String {
    use crate::address::encode;
    let typed = fields.iter().filter(|(_, value)| !value.trim().is_empty());
    let pair =
        |(name, value): &(&str, &str)| format!("&{}={}", encode(&format!("typed[{name}]")), encode(value.trim()));
    let pairs: String = typed.map(pair).collect();
    format!("{}?refused={what}{pairs}#{part}", crate::address::connections(slug))
}
