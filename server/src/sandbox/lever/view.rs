//! The objects as Lever writes them.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::model::{Application, Archived, Contact, Model, Note, Opportunity, Phone, Posting, StageChange, User};

/// Which reply an opportunity goes into: they differ in Lever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// GET.
    Read,
    /// A write whose reply is filled: create and links.
    Write,
    /// A write whose reply leaves the contact's fields empty: stage, archive, tags, sources.
    Blank,
}

const APP: &str = "https://hire.lever.co/candidates";

fn confidentiality(yes: bool) -> &'static str {
    if yes { "confidential" } else { "non-confidential" }
}

pub(super) fn opportunity(model: &Model, o: &Opportunity, shape: Shape) -> Value {
    let blank = Contact::default();
    let c = if shape == Shape::Blank { &blank } else { model.contact_of(o) };
    let mut out = json!({
        "id": o.id, "name": c.name, "headline": c.headline, "contact": o.contact, "stage": o.stage,
        "confidentiality": confidentiality(o.confidential), "location": c.location, "phones": c.phones,
        "emails": c.emails, "links": c.links, "archived": o.archived, "tags": o.tags, "sources": o.sources,
        "stageChanges": o.stage_changes, "origin": o.origin, "sourcedBy": o.sourced_by, "owner": o.owner,
        "followers": o.followers, "applications": o.applications, "createdAt": o.created_at,
        "updatedAt": o.updated_at, "lastInteractionAt": o.last_interaction_at, "lastAdvancedAt": o.last_advanced_at,
        "snoozedUntil": o.snoozed_until, "urls": {"list": APP, "show": format!("{APP}/{}", o.id)},
        "isAnonymized": model.contact_of(o).anonymized, "dataProtection": null,
    });
    if let (Shape::Read, Some(location)) = (shape, &o.location) {
        out["opportunityLocation"] = json!(location);
    }
    out
}

pub(super) fn application(model: &Model, a: &Application) -> Value {
    let posting = model.posting(&a.posting);
    json!({
        "id": a.id, "type": a.kind, "candidateId": a.opportunity, "opportunityId": a.opportunity,
        "posting": a.posting, "postingHiringManager": posting.and_then(|p| p.hiring_manager.clone()),
        "postingOwner": posting.map(|p| p.owner.clone()), "name": a.name, "company": null, "phone": null,
        "email": a.email, "links": [], "comments": null, "user": a.user, "customQuestions": [],
        "createdAt": a.created_at, "archived": a.archived, "requisitionForHire": null, "ipAddress": null,
        "referer": null, "userAgent": null, "acceptLanguage": null, "timezone": null,
    })
}

/// The reply to a write leaves out what a read has on privacy.
pub(super) fn contact(c: &Contact, read: bool) -> Value {
    let mut out = json!({
        "id": c.id, "name": c.name, "headline": c.headline, "location": {"name": c.location},
        "emails": c.emails, "phones": c.phones,
    });
    if read {
        out["isAnonymized"] = json!(c.anonymized);
        out["dataProtection"] = json!({"interviewIntelligence": {"allowed": true, "expiresAt": null}});
    }
    out
}

pub(super) fn posting(p: &Posting) -> Value {
    let site = format!("https://jobs.lever.co/sandbox/{}", p.id);
    json!({
        "id": p.id, "text": p.text, "state": p.state,
        "distributionChannels": if p.state == "published" { json!(["public", "internal"]) } else { Value::Null },
        "user": p.owner, "owner": p.owner, "hiringManager": p.hiring_manager,
        "categories": {"team": p.team, "department": p.department, "location": p.location,
            "allLocations": [p.location], "commitment": p.commitment, "level": null},
        "tags": p.tags, "content": {"description": "", "descriptionHtml": "", "lists": [], "closing": "", "closingHtml": ""},
        "country": null, "followers": p.followers, "reqCode": null, "requisitionCodes": [],
        "urls": {"list": "https://jobs.lever.co/sandbox", "show": site, "apply": format!("{site}/apply")},
        "confidentiality": confidentiality(p.confidential), "createdAt": p.created_at, "updatedAt": p.updated_at,
        "workplaceType": "unspecified", "transcribeInterviews": false, "screening": {"enabled": false},
    })
}

pub(super) fn user(u: &User) -> Value {
    json!({
        "id": u.id, "name": u.name, "username": u.username, "email": u.email, "accessRole": u.role, "photo": null,
        "createdAt": u.created_at, "deactivatedAt": u.deactivated_at, "externalDirectoryId": null,
        "linkedContactIds": [], "jobTitle": null, "managerId": null,
    })
}

pub(super) fn note(n: &Note) -> Value {
    json!({
        "id": n.id, "text": "Note", "fields": n.fields, "user": n.user, "secret": n.secret,
        "completedAt": n.created_at, "deletedAt": null, "createdAt": n.created_at,
    })
}

/// Replaces ids by objects and cuts down to the fields asked for.
pub(super) fn shaped(mut object: Value, include: &[&str], expand: &[&str], model: &Model) -> Value {
    for field in expand {
        let Some(slot) = object.get_mut(*field) else { continue };
        *slot = expanded(field, slot.take(), model);
    }
    if include.is_empty() {
        return object;
    }
    let Value::Object(fields) = object else { return object };
    let kept = |k: &String| include.contains(&k.as_str()) || expand.contains(&k.as_str());
    Value::Object(fields.into_iter().filter(|(k, _)| kept(k)).collect::<Map<_, _>>())
}

fn expanded(field: &str, value: Value, model: &Model) -> Value {
    match value {
        Value::Array(ids) => Value::Array(ids.into_iter().map(|id| expanded(field, id, model)).collect()),
        Value::String(id) => lookup(field, &id, model).unwrap_or(Value::String(id)),
        other => other,
    }
}

fn lookup(field: &str, id: &str, model: &Model) -> Option<Value> {
    match field {
        "stage" => model.stages.iter().find(|s| s.id == id).map(|s| json!({"id": s.id, "text": s.text})),
        "applications" => model.applications.get(id).map(|a| application(model, a)),
        "contact" => model.contacts.get(id).map(|c| contact(c, true)),
        _ => model.users.iter().find(|u| u.id == id).map(user),
    }
}

/// One candidacy with its person, for tests and pages: nothing hidden, nothing blank.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are Lever's; only the comments below add something")]
pub struct OpportunityView {
    pub id: String,
    pub contact: String,
    pub name: String,
    pub emails: Vec<String>,
    pub phones: Vec<Phone>,
    pub links: Vec<String>,
    pub stage: String,
    /// The stage's text.
    pub stage_name: String,
    pub stage_changes: Vec<StageChange>,
    pub tags: Vec<String>,
    pub sources: Vec<String>,
    pub archived: Option<Archived>,
    /// The text of the archive reason.
    pub archive_reason: Option<String>,
    pub origin: String,
    pub owner: Option<String>,
    /// Ids of the postings applied to.
    pub postings: Vec<String>,
    pub confidential: bool,
    pub anonymized: bool,
    pub created_at: i64,
    pub updated_at: Option<i64>,
    /// Every entry of every note, oldest first.
    pub notes: Vec<String>,
}

pub(super) fn look(model: &Model, id: &str) -> Option<OpportunityView> {
    let o = model.opportunities.get(id)?;
    let c = model.contact_of(o).clone();
    let reason = o.archived.as_ref().and_then(|a| model.reasons.iter().find(|r| r.id == a.reason));
    let entries = model.notes.iter().filter(|n| n.opportunity == id).flat_map(|n| &n.fields);
    Some(OpportunityView {
        id: o.id.clone(),
        contact: c.id,
        name: c.name,
        emails: c.emails,
        phones: c.phones,
        links: c.links,
        stage: o.stage.clone(),
        stage_name: model.stages.iter().find(|s| s.id == o.stage).map(|s| s.text.clone()).unwrap_or_default(),
        stage_changes: o.stage_changes.clone(),
        tags: o.tags.clone(),
        sources: o.sources.clone(),
        archived: o.archived.clone(),
        archive_reason: reason.map(|r| r.text.clone()),
        origin: o.origin.clone(),
        owner: o.owner.clone(),
        postings: o.applications.iter().filter_map(|a| Some(model.applications.get(a)?.posting.clone())).collect(),
        confidential: o.confidential,
        anonymized: c.anonymized,
        created_at: o.created_at,
        updated_at: o.updated_at,
        notes: entries.filter_map(|f| f["value"].as_str().map(str::to_owned)).collect(),
    })
}
