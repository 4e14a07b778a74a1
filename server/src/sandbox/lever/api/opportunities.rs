//! Reading opportunities: filters, order, single reads, the feed of deletions.

use serde_json::{Value, json};

use super::error::ApiError;
use super::paging::{Keyed, number, page, page_of};
use super::{Ask, Reply, ok};
use crate::sandbox::lever::acts::same_email;
use crate::sandbox::lever::model::{Model, Opportunity};
use crate::sandbox::lever::view::{self, Shape};

const EXPANDABLE: [&str; 6] = ["applications", "stage", "owner", "followers", "sourcedBy", "contact"];

/// A confidential record is refused to a key without access.
pub(super) fn may_see(model: &Model, id: &str) -> Result<(), ApiError> {
    let hidden = model.opportunity(id)?.confidential && !model.faults.confidential_access;
    if hidden { Err(ApiError::forbidden("access confidential data")) } else { Ok(()) }
}

/// Both ends inclusive; a missing time never matches a range.
struct Range {
    start: Option<i64>,
    end: Option<i64>,
}

impl Range {
    fn of(ask: &Ask, name: &str) -> Result<Self, ApiError> {
        Ok(Self { start: ask.number(&format!("{name}_start"))?, end: ask.number(&format!("{name}_end"))? })
    }

    fn holds(&self, time: Option<i64>) -> bool {
        if self.start.is_none() && self.end.is_none() {
            return true;
        }
        time.is_some_and(|t| self.start.is_none_or(|s| t >= s) && self.end.is_none_or(|e| t <= e))
    }
}

/// All the parameters combine with AND, repeats of one are alternatives.
struct Filter<'a> {
    ask: &'a Ask<'a>,
    created: Range,
    updated: Range,
    advanced: Range,
    archived_at: Range,
    archived: Option<bool>,
    snoozed: Option<bool>,
    emails: Vec<&'a str>,
}

impl<'a> Filter<'a> {
    fn new(ask: &'a Ask<'a>) -> Result<Self, ApiError> {
        let emails = ask.all("email");
        if emails.iter().any(|e| !e.trim().split_once('@').is_some_and(|(a, b)| !a.is_empty() && b.contains('.'))) {
            return Err(ApiError::bad("Email address is not valid"));
        }
        Ok(Self {
            ask,
            created: Range::of(ask, "created_at")?,
            updated: Range::of(ask, "updated_at")?,
            advanced: Range::of(ask, "advanced_at")?,
            archived_at: Range::of(ask, "archived_at")?,
            archived: ask.flag("archived")?,
            snoozed: ask.flag("snoozed")?,
            emails,
        })
    }

    fn any(&self, name: &str, has: impl Fn(&str) -> bool) -> bool {
        let wanted = self.ask.all(name);
        wanted.is_empty() || wanted.into_iter().any(has)
    }

    fn times(&self, o: &Opportunity) -> bool {
        self.created.holds(Some(o.created_at))
            && self.updated.holds(o.updated_at)
            && self.advanced.holds(o.last_advanced_at)
            && self.archived_at.holds(o.archived.as_ref().map(|a| a.archived_at))
    }

    fn state(&self, o: &Opportunity) -> bool {
        self.archived.is_none_or(|want| want == o.archived.is_some())
            && self.snoozed.is_none_or(|want| want == o.snoozed_until.is_some_and(|t| t > self.ask.now))
            && self.any("archive_reason_id", |id| o.archived.as_ref().is_some_and(|a| a.reason == id))
    }

    fn confidentiality(&self, model: &Model, o: &Opportunity) -> bool {
        let allowed = model.faults.confidential_access || !o.confidential;
        allowed
            && match self.ask.one("confidentiality") {
                Some("all") => true,
                Some("confidential") => o.confidential,
                _ => !o.confidential,
            }
    }

    fn postings(&self, model: &Model, o: &Opportunity) -> bool {
        let applied = |id: &str, archived: bool| {
            let of = o.applications.iter().filter_map(|a| model.applications.get(a));
            of.into_iter().any(|a| a.posting == id && (!archived || a.archived.is_some()))
        };
        self.any("posting_id", |id| applied(id, false)) && self.any("archived_posting_id", |id| applied(id, true))
    }

    fn holds(&self, model: &Model, o: &Opportunity) -> bool {
        let mail = || {
            let c = model.contact_of(o);
            self.emails.is_empty() || c.emails.iter().any(|e| self.emails.iter().any(|wanted| same_email(e, wanted)))
        };
        self.confidentiality(model, o)
            && self.any("tag", |t| o.tags.iter().any(|have| have == t))
            && self.any("source", |s| o.sources.iter().any(|have| have == s))
            && self.any("origin", |origin| o.origin == origin)
            && self.any("stage_id", |id| o.stage == id)
            && self.any("contact_id", |id| o.contact == id)
            && self.any("location", |l| o.location.as_deref() == Some(l))
            && self.state(o)
            && self.times(o)
            && self.postings(model, o)
            && mail()
    }
}

/// Stage rank, then the latest advanced first, then id: seen in a recording of a whole account.
pub(super) fn list(model: &Model, ask: &Ask) -> Reply {
    let (include, expand) = ask.shape(&EXPANDABLE)?;
    let filter = Filter::new(ask)?;
    let keyed = |o| {
        let o: &Opportunity = o;
        let rank = model.stage_index(&o.stage).map(|i| model.stages[i].rank).unwrap_or_default();
        Keyed { key: vec![number(rank), json!(o.last_advanced_at.unwrap_or_default()), json!(o.id)], item: o }
    };
    let items = model.opportunities.values().filter(|o| filter.holds(model, o)).map(keyed).collect();
    let write = |o: &Opportunity| view::shaped(view::opportunity(model, o, Shape::Read), &include, &expand, model);
    page_of(ask, items, &[false, true, false], write)
}

pub(super) fn one(model: &Model, ask: &Ask, id: &str) -> Reply {
    let (include, expand) = ask.shape(&EXPANDABLE)?;
    let read = view::opportunity(model, model.opportunity(id)?, Shape::Read);
    ok(json!({"data": view::shaped(read, &include, &expand, model)}))
}

pub(super) fn deleted(model: &Model, ask: &Ask) -> Reply {
    let range = Range::of(ask, "deleted_at")?;
    let shown = |v: &Value| model.faults.confidential_access || v["confidentiality"] != "confidential";
    let gone = model.deleted.iter().filter(|(at, o)| range.holds(Some(*at)) && shown(o));
    let keyed = |(at, o): &(i64, Value)| Keyed { key: vec![json!(at), o["id"].clone()], item: o.clone() };
    page(ask, gone.map(keyed).collect(), &[false, false])
}

pub(super) fn applications(model: &Model, ask: &Ask, id: &str) -> Reply {
    let of = model.opportunity(id)?.applications.iter().filter_map(|a| model.applications.get(a));
    let keyed = of.map(|a| Keyed { key: vec![json!(a.created_at), json!(a.id)], item: view::application(model, a) });
    page(ask, keyed.collect(), &[false, false])
}

pub(super) fn application(model: &Model, id: &str, application: &str) -> Reply {
    let found = model.applications.get(application).filter(|a| a.opportunity == id);
    let found = found.ok_or_else(|| ApiError::missing("applications", application))?;
    ok(json!({"data": view::application(model, found)}))
}

/// The sandbox keeps no files. These lists refuse to be paged; that is what callers stumble over.
pub(super) fn no_files(ask: &Ask) -> Reply {
    if ask.one("limit").is_some() || ask.one("offset").is_some() {
        return Err(ApiError::bad("Pagination is not supported on this endpoint"));
    }
    ok(json!({"data": []}))
}
