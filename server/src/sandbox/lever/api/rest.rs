//! Contacts, the pipeline, postings, users and the vocabularies.

use serde_json::{Value, json};

use super::error::ApiError;
use super::paging::{Keyed, page};
use super::{Ask, Reply, ok};
use crate::sandbox::lever::model::{Contact, Model, Opportunity, Posting, Reason, Stage};
use crate::sandbox::lever::view;

pub(super) fn contact(model: &Model, id: &str) -> Reply {
    let c = model.contacts.get(id).ok_or_else(|| ApiError::missing("contacts", id))?;
    ok(json!({"data": view::contact(c, true)}))
}

/// What is left out stays as it is, as seen with the headline.
pub(super) fn change_contact(model: &mut Model, ask: &Ask, id: &str) -> Reply {
    let c = model.contacts.get(id).ok_or_else(|| ApiError::missing("contacts", id))?;
    if c.anonymized {
        return Err(ApiError::bad("An anonymized contact cannot be changed"));
    }
    let given = |name: &str| ask.body.get(name).filter(|v| !v.is_null()).cloned();
    let text =
        |name: &str, old: &str| given(name).and_then(|v| v.as_str().map(str::to_owned)).unwrap_or(old.to_owned());
    let bad = |name: &'static str| move |_| ApiError::bad(format!("{name} is not valid"));
    let changed = Contact {
        name: text("name", &c.name),
        headline: text("headline", &c.headline),
        location: text("location", &c.location),
        emails: match given("emails") {
            Some(list) => serde_json::from_value(list).map_err(bad("emails"))?,
            None => c.emails.clone(),
        },
        phones: match given("phones") {
            Some(list) => serde_json::from_value(list).map_err(bad("phones"))?,
            None => c.phones.clone(),
        },
        ..c.clone()
    };
    let reply = view::contact(&changed, false);
    model.contacts.insert(id.to_owned(), changed);
    model.contact_changed(id, ask.now);
    ok(json!({"data": reply}))
}

fn stage_json(s: &Stage) -> Value {
    json!({"id": s.id, "text": s.text})
}

/// In the order of the pipeline.
pub(super) fn stages(model: &Model, ask: &Ask) -> Reply {
    let keyed = model.stages.iter().enumerate().map(|(i, s)| Keyed { key: vec![json!(i)], item: stage_json(s) });
    page(ask, keyed.collect(), &[false])
}

pub(super) fn stage(model: &Model, id: &str) -> Reply {
    let index = model.stage_index(id).ok_or_else(|| ApiError::missing("stages", id))?;
    ok(json!({"data": stage_json(&model.stages[index])}))
}

fn reason_json(r: &Reason) -> Value {
    let status = if r.active { "active" } else { "inactive" };
    json!({"id": r.id, "text": r.text, "status": status, "type": reason_type(r)})
}

fn reason_type(r: &Reason) -> &'static str {
    if r.hired { "hired" } else { "non-hired" }
}

/// Inactive ones too.
pub(super) fn archive_reasons(model: &Model, ask: &Ask) -> Reply {
    let wanted = |r: &&Reason| ask.one("type").is_none_or(|t| t == reason_type(r));
    let keyed = model.reasons.iter().filter(wanted).enumerate();
    page(ask, keyed.map(|(i, r)| Keyed { key: vec![json!(i)], item: reason_json(r) }).collect(), &[false])
}

pub(super) fn archive_reason(model: &Model, id: &str) -> Reply {
    let found = model.reasons.iter().find(|r| r.id == id).ok_or_else(|| ApiError::missing("archive_reasons", id))?;
    ok(json!({"data": reason_json(found)}))
}

/// Undocumented, but it answers: ranks and pipelines. A non-hired reason has no type here.
pub(super) fn disposition_stages(model: &Model) -> Reply {
    let stage = |s: &Stage| json!({"id": s.id, "text": s.text, "pipeline": s.pipeline, "rank": s.rank, "hasInterview": s.pipeline == "onsite"});
    let reason = |r: &Reason| {
        let mut out = reason_json(r);
        if !r.hired {
            out["type"] = Value::Null;
        }
        out
    };
    let stages: Vec<Value> = model.stages.iter().map(stage).collect();
    let reasons: Vec<Value> = model.reasons.iter().map(reason).collect();
    ok(json!({"data": {"stages": stages, "archiveReasons": reasons}}))
}

fn visible(model: &Model, ask: &Ask, p: &Posting) -> bool {
    let wanted = match ask.one("confidentiality") {
        Some("all") => true,
        Some("confidential") => p.confidential,
        _ => !p.confidential,
    };
    wanted && (model.faults.confidential_access || !p.confidential)
}

pub(super) fn postings(model: &Model, ask: &Ask) -> Reply {
    let (include, expand) = ask.shape(&["user", "owner", "hiringManager", "followers"])?;
    let (start, end) = (ask.number("updated_at_start")?, ask.number("updated_at_end")?);
    let any = |name: &str, has: &dyn Fn(&str) -> bool| {
        let wanted = ask.all(name);
        wanted.is_empty() || wanted.into_iter().any(has)
    };
    let holds = |p: &&Posting| {
        visible(model, ask, p)
            && any("state", &|s| p.state == s)
            && any("team", &|t| p.team == t)
            && any("department", &|d| p.department == d)
            && any("location", &|l| p.location == l)
            && any("commitment", &|c| p.commitment == c)
            && any("tag", &|t| p.tags.iter().any(|have| have == t))
            && start.is_none_or(|s| p.updated_at >= s)
            && end.is_none_or(|e| p.updated_at <= e)
    };
    let keyed = model.postings.iter().filter(holds).map(|p| Keyed {
        key: vec![json!(p.created_at), json!(p.id)],
        item: view::shaped(view::posting(p), &include, &expand, model),
    });
    page(ask, keyed.collect(), &[true, false])
}

fn seen_posting<'m>(model: &'m Model, id: &str) -> Result<&'m Posting, ApiError> {
    let p = model.posting(id).ok_or_else(|| ApiError::missing("postings", id))?;
    let hidden = p.confidential && !model.faults.confidential_access;
    if hidden { Err(ApiError::forbidden("access confidential data")) } else { Ok(p) }
}

pub(super) fn posting(model: &Model, ask: &Ask, id: &str) -> Reply {
    let (include, expand) = ask.shape(&["user", "owner", "hiringManager", "followers"])?;
    ok(json!({"data": view::shaped(view::posting(seen_posting(model, id)?), &include, &expand, model)}))
}

/// Partial. A new title replaces the old title's tag on the posting's opportunities, at the end of their tags.
pub(super) fn change_posting(model: &mut Model, ask: &Ask, id: &str) -> Reply {
    ask.actor(model, true)?;
    seen_posting(model, id)?;
    let p = model.postings.iter_mut().find(|p| p.id == id).expect("seen just above");
    let old = p.text.clone();
    if let Some(text) = ask.body["text"].as_str() {
        text.clone_into(&mut p.text);
    }
    if let Some(state) = ask.body["state"].as_str() {
        state.clone_into(&mut p.state);
    }
    if let Some(tags) = ask.body["tags"].as_array() {
        p.tags = tags.iter().filter_map(|t| t.as_str().map(str::to_owned)).collect();
    }
    p.updated_at = ask.now;
    let new = p.text.clone();
    let reply = view::posting(p);
    if new != old {
        let of: Vec<String> =
            model.applications.values().filter(|a| a.posting == id).map(|a| a.opportunity.clone()).collect();
        for opportunity in of {
            model.remove_tags(&opportunity, std::slice::from_ref(&old), ask.now)?;
            model.add_tags(&opportunity, std::slice::from_ref(&new), ask.now)?;
        }
    }
    ok(json!({"data": reply}))
}

/// Only active ones unless asked.
pub(super) fn users(model: &Model, ask: &Ask) -> Reply {
    let all = ask.flag("includeDeactivated")?.unwrap_or_default();
    let (emails, roles) = (ask.all("email"), ask.all("accessRole"));
    let shown = model.users.iter().filter(|u| {
        (all || u.deactivated_at.is_none())
            && (emails.is_empty() || emails.iter().any(|e| e.eq_ignore_ascii_case(&u.email)))
            && (roles.is_empty() || roles.contains(&u.role))
    });
    let keyed = shown.map(|u| Keyed { key: vec![json!(u.created_at), json!(u.id)], item: view::user(u) });
    page(ask, keyed.collect(), &[false, false])
}

pub(super) fn user(model: &Model, id: &str) -> Reply {
    let found = model.users.iter().find(|u| u.id == id).ok_or_else(|| ApiError::missing("users", id))?;
    ok(json!({"data": view::user(found)}))
}

/// Tags or sources with the number of opportunities that carry them.
pub(super) fn counted(model: &Model, ask: &Ask, of: impl Fn(&Opportunity) -> &[String]) -> Reply {
    let counts = model.counted(of).into_iter();
    let keyed =
        counts.map(|(text, count)| Keyed { key: vec![json!(text)], item: json!({"text": text, "count": count}) });
    page(ask, keyed.collect(), &[false])
}
