//! What the pages of deliveries and jobs share on the server.

use std::collections::HashMap;

use domain::Timestamp;
use domain::ports::store::DeliveryStatus;
use domain::read::{DeliveryRow, RowCursor};
use domain::{Personal, words};
use uuid::Uuid;

use super::{Mark, Said, Who};
use crate::access::{Granted, Viewer, store};
use crate::address;
use crate::error::AppError;
use crate::pages::on_server::shown_name;
use crate::query::Query;
use crate::ui::{Tone, error_words};

/// Names of candidates by opportunity.
pub struct People {
    slug: String,
    viewer: Viewer,
    names: HashMap<String, Personal>,
}

impl People {
    /// Those of the opportunities that are known.
    pub async fn of(granted: &Granted, mut opportunities: Vec<String>) -> Result<Self, AppError> {
        opportunities.sort_unstable();
        opportunities.dedup();
        let names = store()?.names(granted.organization.id, &opportunities).await?;
        Ok(Self {
            slug: granted.organization.rules.slug.clone(),
            viewer: granted.viewer.clone(),
            names: names.into_iter().collect(),
        })
    }

    /// One of them, with a link to the page; the opportunity's id where Lever was never read.
    pub fn who(&self, opportunity: &str) -> Who {
        match self.names.get(opportunity) {
            Some(name) => Who {
                name: shown_name(&self.viewer, name, opportunity),
                href: Some(address::candidate(&self.slug, opportunity)),
            },
            None => Who { name: Personal::new(opportunity), href: None },
        }
    }
}

/// What became of a delivery.
pub fn mark(row: &DeliveryRow) -> Mark {
    let Some(status) = DeliveryStatus::parse(&row.status) else {
        return Mark { tone: Tone::Idle, word: row.status.clone() };
    };
    let tone = match status {
        DeliveryStatus::Stored => Tone::Info,
        DeliveryStatus::Done | DeliveryStatus::Verified => Tone::Ok,
        DeliveryStatus::NotUnderstood => Tone::Warn,
        DeliveryStatus::Refused => Tone::Bad,
    };
    Mark { tone, word: words::delivery_status(status).to_owned() }
}

/// The event's name; what has none is not JSON or no object.
pub fn event(row: &DeliveryRow) -> String {
    if row.event.is_empty() { "No event".to_owned() } else { row.event.clone() }
}

/// A cursor as it stands in an address.
pub fn cursor_text(cursor: RowCursor) -> String {
    format!("{}.{}", cursor.at.as_micros(), cursor.id)
}

/// The cursor of an address.
pub fn cursor(query: &Query) -> Option<RowCursor> {
    let text = query.get("after")?;
    let (at, id) = text.split_once('.')?;
    Some(RowCursor { at: Timestamp::from_micros(at.parse().ok()?), id: Uuid::parse_str(id).ok()? })
}

/// What came of a form of this page: the refusal that a redirect brought back, otherwise what `done` says.
pub fn said(query: &Query, paths: &[&str], done: impl FnOnce() -> Option<String>) -> Option<Said> {
    if let Some(error) = query.refusal(paths) {
        let (title, sentence) = error_words(&error);
        return Some(Said { refused: true, sentence: format!("{title}. {sentence}") });
    }
    done().map(|sentence| Said { refused: false, sentence })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        let given = RowCursor { at: Timestamp::from_micros(-7), id: Uuid::from_u128(9) };
        let query = |text: &str| Query::parse(&format!("after={text}"));
        assert_eq!(cursor(&query(&cursor_text(given))), Some(given));
        assert_eq!(cursor(&query("7.x")), None);
        assert_eq!(cursor(&query("x")), None);
    }
}
