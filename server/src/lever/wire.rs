//! Lever's JSON, read leniently: every field but the id may be missing, null or new.

use domain::opportunity::{Archived, Named, Opportunity, Posting, StageChange};
use domain::{Personal, Timestamp};
use serde::{Deserialize, Deserializer};

/// `{"data": …}` of a single object.
#[derive(Debug, Deserialize)]
pub struct One<T> {
    pub data: T,
}

/// A page of a list. Some lists send no `hasNext`; the last page has no `next`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct List<T> {
    pub data: Vec<T>,
    #[serde(default)]
    pub next: Option<String>,
    #[serde(default)]
    pub has_next: Option<bool>,
}

impl<T> List<T> {
    /// Where the next page starts. A cursor that repeats would turn in circles: it is the end.
    pub fn cursor_after(&self, cursor: Option<&str>) -> Option<String> {
        let next = self.next.clone().filter(|n| !n.is_empty() && self.has_next != Some(false));
        next.filter(|n| Some(n.as_str()) != cursor)
    }
}

/// What a write answers. Its contact fields are blank after most writes, whatever the contact holds: they are not read.
#[derive(Debug, Deserialize)]
pub struct OpportunityAck {
    #[expect(dead_code, reason = "an answer without an id is not of the contract")]
    pub id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub tags: Vec<String>,
}

/// Lever's body of an error.
#[derive(Debug, Default, Deserialize)]
pub struct Trouble {
    #[serde(default, deserialize_with = "or_default")]
    pub code: String,
}

/// Stages.
#[derive(Debug, Deserialize)]
pub struct Text {
    pub id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub text: String,
}

/// A posting (Lever's documentation, "Postings").
#[derive(Debug, Deserialize)]
pub struct WirePosting {
    pub id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub text: String,
    #[serde(default, deserialize_with = "or_default")]
    pub state: String,
    #[serde(default, deserialize_with = "or_default")]
    pub tags: Vec<String>,
}

impl From<WirePosting> for Posting {
    fn from(p: WirePosting) -> Self {
        let closed = ["closed", "rejected"].contains(&p.state.as_str());
        Self { id: p.id, name: p.text, tags: p.tags, closed }
    }
}

impl From<Text> for Named {
    fn from(t: Text) -> Self {
        Self { id: t.id, name: t.text }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    #[serde(default)]
    pub deactivated_at: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireOpportunity {
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default)]
    contact: Option<Reference>,
    #[serde(default)]
    stage: Option<Reference>,
    #[serde(default, deserialize_with = "or_default")]
    confidentiality: String,
    #[serde(default, deserialize_with = "or_default")]
    location: String,
    #[serde(default, deserialize_with = "or_default")]
    phones: Vec<Phone>,
    #[serde(default, deserialize_with = "or_default")]
    emails: Vec<Option<String>>,
    #[serde(default, deserialize_with = "or_default")]
    links: Vec<Option<String>>,
    #[serde(default)]
    archived: Option<WireArchived>,
    #[serde(default, deserialize_with = "or_default")]
    tags: Vec<Option<String>>,
    #[serde(default, deserialize_with = "or_default")]
    stage_changes: Vec<WireChange>,
    #[serde(default, deserialize_with = "or_default")]
    applications: Vec<Reference>,
    #[serde(default)]
    created_at: Option<Millis>,
    #[serde(default)]
    pub deleted_at: Option<Millis>,
    #[serde(default, deserialize_with = "or_default")]
    is_anonymized: bool,
    #[serde(default)]
    urls: Option<Urls>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireArchived {
    #[serde(default, deserialize_with = "or_default")]
    reason: String,
    #[serde(default)]
    archived_at: Option<Millis>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireChange {
    #[serde(default, deserialize_with = "or_default")]
    to_stage_id: String,
    #[serde(default)]
    updated_at: Option<Millis>,
}

#[derive(Deserialize)]
struct Urls {
    #[serde(default)]
    show: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Phone {
    Full {
        #[serde(default)]
        value: Option<String>,
    },
    Plain(String),
}

/// An id, or the object it stands for where it was expanded.
#[derive(Deserialize)]
#[serde(untagged)]
enum Reference {
    Id(String),
    Expanded {
        #[serde(default)]
        id: Option<String>,
        /// Of an application.
        #[serde(default)]
        posting: Option<Box<Reference>>,
        /// Of an application.
        #[serde(default)]
        archived: Option<serde_json::Value>,
    },
}

impl Reference {
    fn id(self) -> String {
        match self {
            Self::Id(id) => id,
            Self::Expanded { id, .. } => id.unwrap_or_default(),
        }
    }
}

/// Milliseconds since the epoch; a few of Lever's samples quote them.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
pub enum Millis {
    Number(i64),
    Quoted(#[serde(deserialize_with = "quoted")] i64),
}

impl From<Millis> for Timestamp {
    fn from(m: Millis) -> Self {
        let (Millis::Number(millis) | Millis::Quoted(millis)) = m;
        Self::from_millis(millis)
    }
}

fn quoted<'de, D: Deserializer<'de>>(input: D) -> Result<i64, D::Error> {
    String::deserialize(input)?.trim().parse().map_err(serde::de::Error::custom)
}

/// Null is as good as missing.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(input: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(input).map(Option::unwrap_or_default)
}

impl WireOpportunity {
    /// In the rules' terms. A move without a stage or a time says nothing and is left out; an opportunity without a time of
    /// its own counts as old, so that nobody is invited by mistake.
    pub fn read(self, read_at: Timestamp) -> Opportunity {
        let personal = |values: Vec<Option<String>>| values.into_iter().flatten().map(Personal::new).collect();
        let phones = self.phones.into_iter().filter_map(|p| match p {
            Phone::Full { value } => value,
            Phone::Plain(value) => Some(value),
        });
        let changes = self.stage_changes.into_iter().filter(|c| !c.to_stage_id.is_empty());
        let changes = changes.filter_map(|c| Some(StageChange { to: c.to_stage_id, at: c.updated_at?.into() }));
        let archived = |a: WireArchived| Archived {
            reason: a.reason,
            at: a.archived_at.map_or(Timestamp::EPOCH, Timestamp::from),
        };
        Opportunity {
            id: self.id,
            contact: self.contact.map(Reference::id).unwrap_or_default(),
            name: Personal::new(self.name),
            emails: personal(self.emails),
            phones: phones.map(Personal::new).collect(),
            location: Personal::new(self.location),
            stage: self.stage.map(Reference::id).unwrap_or_default(),
            stage_changes: changes.collect(),
            archived: self.archived.map(archived),
            tags: self.tags.into_iter().flatten().collect(),
            links: self.links.into_iter().flatten().collect(),
            posting: posting(self.applications),
            confidential: self.confidentiality == "confidential",
            anonymized: self.is_anonymized,
            created_at: self.created_at.map_or(Timestamp::EPOCH, Timestamp::from),
            url: self.urls.and_then(|u| u.show),
            read_at,
        }
    }
}

/// The posting of the application that is still open, or else of any.
fn posting(applications: Vec<Reference>) -> Option<String> {
    let mut postings: Vec<(bool, String)> = applications
        .into_iter()
        .filter_map(|a| match a {
            Reference::Expanded { posting: Some(posting), archived, .. } => {
                Some((archived.is_some_and(|a| !a.is_null()), posting.id()))
            }
            _ => None,
        })
        .filter(|(_, id)| !id.is_empty())
        .collect();
    postings.sort_by_key(|(closed, _)| *closed);
    postings.into_iter().map(|(_, id)| id).next()
}
