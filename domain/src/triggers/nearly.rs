//! Postings whose tags nearly name a test.

use std::collections::BTreeMap;

use crate::invitation::{NearMiss, Test, near_misses};
use crate::opportunity::{Named, Posting};

/// An open posting with a tag that nearly names a test: all who apply to it inherit the tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearlyPosting {
    /// Which.
    pub posting: Named,
    /// Whose test.
    pub vendor: String,
    /// The tag, and the test it resembles.
    pub near: NearMiss,
}

/// Open postings with a tag that nearly names a test of a vendor, and without the right one; each vendor's tests apart.
pub fn nearly_postings(postings: &[Posting], tests: &[(String, Test)]) -> Vec<NearlyPosting> {
    let mut catalogues: BTreeMap<&str, Vec<Test>> = BTreeMap::new();
    for (vendor, test) in tests {
        catalogues.entry(vendor).or_default().push(test.clone());
    }
    let of = |(vendor, tests): (&str, Vec<Test>)| {
        let open = postings.iter().filter(|posting| !posting.closed);
        let near = open.flat_map(|posting| {
            let near = near_misses(&posting.tags, &tests).into_iter().filter(|n| !posting.tags.contains(&n.test));
            near.map(|near| NearlyPosting { posting: posting.clone().into(), vendor: vendor.to_owned(), near })
        });
        near.collect::<Vec<_>>()
    };
    catalogues.into_iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posting(name: &str, tags: &[&str], closed: bool) -> Posting {
        let tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        Posting { id: name.to_lowercase(), name: name.to_owned(), tags, closed }
    }

    #[test]
    fn only_open_postings_without_the_right_tag_are_named_for_the_vendor_of_the_test() {
        let test = |name: &str| Test { id: name.into(), name: name.into(), retired: false };
        let tests = [("py".to_owned(), test("Backend screen")), ("other".to_owned(), test("Data screen"))];
        let postings = [
            posting("Near", &["Berlin", "backend Screen"], false),
            posting("Mended", &["backend Screen", "Backend screen"], false),
            posting("Right", &["Backend screen"], false),
            posting("Closed", &["backend Screen"], true),
        ];
        let found = nearly_postings(&postings, &tests);
        let found: Vec<_> =
            found.iter().map(|n| (n.posting.name.as_str(), n.vendor.as_str(), n.near.test.as_str())).collect();
        assert_eq!(found, [("Near", "py", "Backend screen")]);
    }
}
