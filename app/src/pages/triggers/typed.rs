//! What was typed, as it stands in the address: for a preview, and after a refusal.

use domain::triggers::Draft;
use leptos_router::params::ParamsMap;

/// What was typed, and against which version of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The fields.
    pub draft: Draft,
    /// The version.
    pub version: i64,
    /// It was to be saved and was not.
    pub refused: bool,
}

/// Reads what was typed from the address.
pub fn from_query(query: &ParamsMap) -> Option<Typed> {
    let field = |name: &str| query.get(&format!("draft[{name}]"));
    let text = |name: &str| field(name).unwrap_or_default();
    // A field that was left blank may be missing; the version never is.
    let version = query.get("version")?.parse().unwrap_or_default();
    let postings = query.get_all("draft[postings][]").unwrap_or_default();
    let draft = Draft {
        stage: text("stage"),
        vendor: text("vendor"),
        default_test: text("default_test"),
        pass_at: text("pass_at"),
        fail_at: text("fail_at"),
        pass_bands: text("pass_bands"),
        fail_bands: text("fail_bands"),
        postings,
        cooldown: text("cooldown"),
    };
    Some(Typed { draft, version, refused: query.get("refused").is_some() })
}

/// The address of the form with what was typed and refused, without what is blank. `row` is empty for a new one.
pub fn address(slug: &str, row: &str, version: i64, draft: &Draft) -> String {
    use crate::address::encode;
    let fields = [
        ("stage", &draft.stage),
        ("vendor", &draft.vendor),
        ("default_test", &draft.default_test),
        ("pass_at", &draft.pass_at),
        ("fail_at", &draft.fail_at),
        ("pass_bands", &draft.pass_bands),
        ("fail_bands", &draft.fail_bands),
        ("cooldown", &draft.cooldown),
    ];
    let pair = |name: &str, value: &str| format!("&{}={}", encode(&format!("draft{name}")), encode(value));
    let typed = fields.iter().filter(|(_, value)| !value.is_empty());
    let postings = draft.postings.iter().map(|posting| pair("[postings][]", posting));
    let pairs = typed.map(|(name, value)| pair(&format!("[{name}]"), value)).chain(postings);
    let page = crate::address::trigger(slug, if row.is_empty() { "new" } else { row });
    format!("{page}?version={version}&refused=yes{}", pairs.collect::<String>())
}
