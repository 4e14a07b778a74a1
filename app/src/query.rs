//! The query of a page's address. Pages that hand it to the server as it is need no reader of their own in the browser.

use server_fn::error::ServerFnUrlError;

use crate::address::{self, encode};
use crate::error::AppError;

/// Longest value that is taken from an address, in characters.
const LONGEST: usize = 300;

/// Names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads `a=b&c=d`, with or without the question mark.
    pub fn parse(text: &str) -> Self {
        Self(address::pairs(text))
    }

    /// The first value of that name, if it is not blank.
    pub fn get(&self, name: &str) -> Option<String> {
        let value = self.0.iter().find(|(n, _)| n == name)?.1.trim();
        (!value.is_empty()).then(|| value.chars().take(LONGEST).collect())
    }

    /// Why a form of the page that was sent to `path` changed nothing: what the redirect brought back.
    pub fn refusal(&self, paths: &[&str]) -> Option<AppError> {
        let path = self.get("__path")?;
        // The error may be longer than what people type.
        let error = self.0.iter().find(|(name, _)| name == "__err").map(|(_, error)| error)?;
        paths.contains(&path.as_str()).then(|| ServerFnUrlError::<AppError>::decode_err(error))
    }
}

/// The address of a list with these values; those that are not set are left out.
pub fn address(list: &str, pairs: &[(&str, Option<String>)]) -> String {
    let set = pairs.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let pairs: Vec<String> = set.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    if pairs.is_empty() { list.to_owned() } else { format!("{list}?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_an_address_says_reads_back(value in "[^\\s\\p{Cc}]([^\\p{Cc}]{0,20}[^\\s\\p{Cc}])?") {
            let address = address("/x", &[("a", None), ("b", Some(value.clone()))]);
            let query = Query::parse(address.strip_prefix("/x").unwrap());
            prop_assert_eq!((query.get("a"), query.get("b")), (None, Some(value)));
        }

        #[test]
        fn no_query_makes_it_panic(text in ".*") {
            let _ = Query::parse(&text);
        }
    }

    #[test]
    fn blanks_are_not_set_and_forms_write_plus_for_space() {
        let query = Query::parse("?a=+&b=x+y%21&c=%zz%4&b=second");
        assert_eq!((query.get("a"), query.get("b").as_deref()), (None, Some("x y!")));
        assert_eq!(query.get("c").as_deref(), Some("%zz%4"));
        assert_eq!(Query::parse("").get("a"), None);
    }

    #[test]
    fn a_refusal_is_read_where_it_belongs() {
        let conflict = AppError::Conflict;
        let url = ServerFnUrlError::new("/app/x", conflict.clone()).to_url("https://assay.example/o/acme").unwrap();
        let query = Query::parse(url.query().unwrap());
        assert_eq!(query.refusal(&["/app/x"]), Some(conflict));
        assert_eq!(query.refusal(&["/app/y"]), None);
    }
}
