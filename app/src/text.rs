//! Words that more than one place shows.

/// The product.
pub const PRODUCT: &str = "Assay";
/// Navigation, titles.
pub const HOME: &str = "Home";
/// Navigation, titles.
pub const CANDIDATES: &str = "Candidates";
/// Navigation, titles.
pub const TRIGGERS: &str = "Trigger stages";
pub const DELIVERIES: &str = "Deliveries";
/// Navigation, titles.
pub const JOBS: &str = "Jobs";
/// Navigation, titles.
pub const REVIEWS: &str = "Reviews";
/// Navigation, titles.
pub const RESULTS: &str = "Incoming results";
/// Navigation, titles.
pub const ORGANIZATIONS: &str = "Organizations";
/// Navigation, titles.
pub const INTEGRATIONS: &str = "Integrations";
/// Navigation, titles.
pub const CONNECTIONS: &str = "Connections";
/// Navigation, titles.
pub const HISTORY: &str = "History";
/// Navigation, titles.
pub const PEOPLE: &str = "People";
/// Navigation, titles.
pub const AUDIT: &str = "Audit";
/// Navigation, titles.
pub const INSTANCE: &str = "Instance";
/// Link, title.
pub const PREFERENCES: &str = "Preferences";
/// Title and button.
pub const SIGN_IN: &str = "Sign in";
/// Button.
pub const SIGN_OUT: &str = "Sign out";
/// First link of every page.
pub const SKIP: &str = "Skip to content";
/// For someone without a name in Lever.
pub const NO_NAME: &str = "No name in Lever";
/// For a candidate about whom nothing was decided.
pub const NO_DECISION: &str = "Nothing was decided yet: no entry into a trigger stage was seen since its rule is on.";
/// For people who see candidates of their own postings only.
pub const LIMITED: &str = "Your role reads the candidates of its own postings. No posting is assigned to you, so there is \
                           nothing to read. A super admin can give you the role recruiter, which works with all candidates.";
/// For people who watch organizations.
pub const MASKED: &str = "Names are masked for your role.";
/// A place without a value.
pub const NOTHING: &str = "–";

/// `what · organization · Assay`.
pub fn title(what: &str, organization: Option<String>) -> String {
    let parts = [Some(what.to_owned()), organization, Some(PRODUCT.to_owned())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Navigation, titles: the people who run the instance and watch organizations.
pub const INSTANCE_PEOPLE: &str = "Owners and managers";
/// Navigation, titles: the record of the instance itself.
pub const INSTANCE_AUDIT: &str = "Instance audit";

/// A role, for people.
#[cfg(feature = "ssr")]
pub const fn role(role: domain::role::Role) -> &'static str {
    use domain::role::Role;
    match role {
        Role::Owner => "Owner",
        Role::AccountManager => "Account manager",
        Role::SuperAdmin => "Super admin",
        Role::Admin => "Admin",
        Role::Recruiter => "Recruiter",
        Role::Limited => "Limited",
    }
}

/// `1 candidate`, `3 candidates`.
pub fn count(n: i64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// `12,345`.
#[cfg(feature = "ssr")]
pub fn thousands(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::from(if n < 0 { "-" } else { "" });
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Text made safe for the content of an element.
#[cfg(feature = "ssr")]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A score without needless decimals.
pub fn score(score: f64) -> String {
    // Most scores are whole, and those are written many times faster so.
    if score.fract() == 0.0 {
        return score.to_string();
    }
    let text = format!("{score:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(1, "issue", "issues"), "1 issue");
        assert_eq!(count(0, "issue", "issues"), "0 issues");
        for (given, shown) in [(80.0, "80"), (79.5, "79.5"), (0.0, "0"), (100.0, "100"), (66.667, "66.67")] {
            assert_eq!(score(given), shown);
        }
    }
}
