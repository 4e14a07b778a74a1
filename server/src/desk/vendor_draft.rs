//! A vendor as typed on a page, checked as one of a file is.

use domain::ports::desk::VendorDraft;
use domain::rules::{Contract, Rules, SecretSource, Vendor};
use secrecy::SecretString;

use crate::organization::checks;

/// Longest name and prefix, in characters: Lever shows the prefix in every tag.
const LONGEST: usize = 40;

/// The vendor, or a sentence that names the field.
pub(super) fn check(typed: &VendorDraft, rules: &Rules, allows_private: bool) -> Result<Vendor, String> {
    let name = short("Name", &typed.name)?;
    let tag_prefix = short("Tag prefix", &typed.tag_prefix)?;
    let before = rules.vendors.iter().find(|v| v.id == typed.id);
    if !typed.id.is_empty() && before.is_none() {
        return Err("this vendor was removed meanwhile; load the page again".to_owned());
    }
    let twin = rules.vendors.iter().any(|v| v.id != typed.id && v.tag_prefix.eq_ignore_ascii_case(&tag_prefix));
    if twin {
        return Err(format!("Tag prefix: {tag_prefix:?} is that of another vendor; each needs its own"));
    }
    Ok(Vendor {
        id: before.map_or_else(|| new_id(&name, rules), |v| v.id.clone()),
        score_scale: scale(&typed.lowest, &typed.highest)?,
        send_rate: before.and_then(|v| v.send_rate),
        contract: contract(typed, allows_private)?,
        name,
        tag_prefix,
    })
}

/// Its secrets: field and what was typed.
pub(super) fn secrets(typed: &VendorDraft) -> Vec<(&'static str, &SecretString)> {
    match typed.kind.as_str() {
        "pymetrics" => {
            vec![("client_id", &typed.client_id), ("client_secret", &typed.client_secret), ("api_key", &typed.api_key)]
        }
        _ => vec![("api_key", &typed.api_key)],
    }
}

/// A field of a secret, for people.
pub(super) const fn words(field: &str) -> &'static str {
    match field.as_bytes() {
        b"client_id" => "Client id",
        b"client_secret" => "Client secret",
        _ => "API key",
    }
}

fn short(what: &str, typed: &str) -> Result<String, String> {
    let text = typed.trim();
    if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(format!("{what}: write 1 to {LONGEST} characters"));
    }
    Ok(text.to_owned())
}

/// Letters and digits of the name; with a number where another vendor has them.
fn new_id(name: &str, rules: &Rules) -> String {
    let plain: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = if plain.is_empty() { "vendor".to_owned() } else { plain };
    let free = |id: &String| !rules.vendors.iter().any(|v| v.id == *id);
    let mut numbered = (2..).map(|n| format!("{plain}-{n}"));
    if free(&plain) { plain } else { numbered.find(free).unwrap_or_default() }
}

fn scale(lowest: &str, highest: &str) -> Result<Option<(f64, f64)>, String> {
    let (lowest, highest) = (lowest.trim(), highest.trim());
    if lowest.is_empty() && highest.is_empty() {
        return Ok(None);
    }
    let number = |what: &str, text: &str| {
        let read = text.replace(',', ".").parse::<f64>().ok().filter(|n| n.is_finite());
        read.ok_or_else(|| format!("{what}: write a number, such as 0 or 100; both stay empty where there is no scale"))
    };
    let (low, high) = (number("Lowest score", lowest)?, number("Highest score", highest)?);
    if low >= high {
        return Err("Highest score: it must be above the lowest".to_owned());
    }
    Ok(Some((low, high)))
}

fn contract(typed: &VendorDraft, allows_private: bool) -> Result<Contract, String> {
    let url = |what: &str, text: &str| {
        checks::remote_url(text.trim(), allows_private).map_err(|why| format!("{what}: {why}"))
    };
    match typed.kind.as_str() {
        "greenhouse-assessment" => Ok(Contract::GreenhouseAssessment {
            list_tests_url: url("Address of the list of tests", &typed.list_tests_url)?,
            send_test_url: url("Address for invitations", &typed.send_test_url)?,
            test_status_url: url("Address of the status", &typed.test_status_url)?,
            response_error_url: url("Address for errors", &typed.response_error_url)?,
            api_key: SecretSource::Stored,
        }),
        "pymetrics" => Ok(Contract::Pymetrics {
            base_url: checks::base_url(typed.base_url.trim(), allows_private)
                .map_err(|why| format!("Address: {why}"))?,
            client_id: SecretSource::Stored,
            client_secret: SecretSource::Stored,
            api_key: SecretSource::Stored,
            send_email: true,
        }),
        _ => Err("Kind: choose one of the list".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> VendorDraft {
        let at = |path: &str| format!(" https://py.example/{path}\n");
        VendorDraft {
            kind: "greenhouse-assessment".into(),
            name: " Py ".into(),
            tag_prefix: "Py".into(),
            lowest: "0".into(),
            highest: "100".into(),
            list_tests_url: at("list"),
            send_test_url: at("send"),
            test_status_url: at("status"),
            response_error_url: at("error"),
            ..VendorDraft::default()
        }
    }

    fn rules() -> Rules {
        Rules::unconnected("acme".into(), "Acme".into(), "UTC".into())
    }

    #[test]
    fn what_is_pasted_with_spaces_is_taken() {
        let vendor = check(&typed(), &rules(), false).unwrap();
        assert_eq!((vendor.id.as_str(), vendor.name.as_str(), vendor.score_scale), ("py", "Py", Some((0.0, 100.0))));
        let Contract::GreenhouseAssessment { list_tests_url, .. } = vendor.contract else { panic!() };
        assert_eq!(list_tests_url, "https://py.example/list");
    }

    #[test]
    fn what_is_wrong_names_its_field() {
        let wrong = [
            (VendorDraft { name: " ".into(), ..typed() }, "Name: "),
            (VendorDraft { tag_prefix: "x".repeat(41), ..typed() }, "Tag prefix: "),
            (VendorDraft { lowest: "a".into(), ..typed() }, "Lowest score: "),
            (VendorDraft { highest: "0".into(), ..typed() }, "Highest score: "),
            (VendorDraft { send_test_url: "http://127.0.0.1/".into(), ..typed() }, "Address for invitations: "),
            (VendorDraft { kind: "other".into(), ..typed() }, "Kind: "),
            (VendorDraft { id: "gone".into(), ..typed() }, "this vendor was removed"),
        ];
        for (draft, field) in wrong {
            let why = check(&draft, &rules(), false).unwrap_err();
            assert!(why.starts_with(field), "{why}");
        }
    }

    #[test]
    fn a_second_vendor_gets_an_id_of_its_own_and_needs_a_prefix_of_its_own() {
        let mut rules = rules();
        rules.vendors.push(check(&typed(), &rules, false).unwrap());
        assert!(check(&typed(), &rules, false).unwrap_err().contains("that of another vendor"));
        let second = check(&VendorDraft { tag_prefix: "Py 2".into(), ..typed() }, &rules, false).unwrap();
        assert_eq!(second.id, "py-2");
    }
}
