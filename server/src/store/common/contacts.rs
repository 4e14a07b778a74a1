//! Contacts of Lever and what they are found by, kept with every reading of an opportunity. Nothing is written where a reading
//! says nothing new.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::Timestamp;
use domain::contact::{Alias, Contact, MOST_ALIASES};
use domain::identity::Key;
use domain::job::{NewJob, Work};
use domain::opportunity::Opportunity;
use domain::ports::store::{Found, StoreError, Stored};
use domain::review::Crowd;
use serde::Serialize;
use uuid::Uuid;

use super::contact_lines::{ADD_KEYS, CandidacyLine, ContactLine, KeyLine, SAVE_CANDIDACIES, SAVE_CONTACTS};
use super::errors::store;
use super::{Conn, Engine, clean, dialect, json, list, queue, rows};

/// Readings of a transaction, in the order of the primary key.
pub(super) type Readings<'a> = BTreeMap<(Uuid, &'a str), &'a Opportunity>;

/// An opportunity or a contact inside a JSON parameter.
#[derive(Serialize)]
struct Named<'a> {
    organization: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    opportunity: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<&'a str>,
}

#[derive(sqlx::FromRow)]
struct KnownContact {
    organization_id: Uuid,
    contact: String,
    data: String,
    aliases: String,
    keys: String,
    read_at: i64,
}

/// What an opportunity says, without when it was read: equal texts say nothing new.
fn said(opportunity: &Opportunity) -> Stored<String> {
    json(&Opportunity { read_at: Timestamp::EPOCH, ..opportunity.clone() })
}

fn hashes(contact: &Contact) -> BTreeSet<i64> {
    contact.keys().into_iter().map(|key| key.hash).collect()
}

/// Those of a list that say something new, by their places.
pub(super) async fn news(engine: &Engine, organization: Uuid, opportunities: &[Opportunity]) -> Stored<Vec<usize>> {
    let named: Vec<Named<'_>> =
        opportunities.iter().map(|o| Named { organization, opportunity: Some(&o.id), contact: None }).collect();
    let known: Vec<(Uuid, String, String, String)> = sqlx::query_as(dialect::KNOWN_CANDIDACIES)
        .bind(list(&named)?)
        .fetch_all(&mut *engine.reader().await?)
        .await
        .map_err(store)?;
    let known: HashMap<&str, &str> = known.iter().map(|(_, id, _, data)| (id.as_str(), data.as_str())).collect();
    let mut places = Vec::new();
    for (place, opportunity) in opportunities.iter().enumerate() {
        let is_known =
            known.get(opportunity.id.as_str()).is_some_and(|data| said(opportunity).is_ok_and(|s| s == **data));
        if !is_known && !opportunity.contact.is_empty() {
            places.push(place);
        }
    }
    Ok(places)
}

/// Keeps what readings say of candidacies and contacts.
pub(super) async fn keep(conn: &mut Conn, readings: &Readings<'_>) -> Stored<()> {
    let of_people: Vec<(&Uuid, &&Opportunity)> = readings
        .iter()
        .filter(|(_, o)| !o.contact.is_empty())
        .map(|((organization, _), o)| (organization, o))
        .collect();
    if of_people.is_empty() {
        return Ok(());
    }
    let named: Vec<Named<'_>> = of_people
        .iter()
        .map(|(organization, o)| Named { organization: **organization, opportunity: Some(&o.id), contact: None })
        .collect();
    let known: Vec<(Uuid, String, String, String)> =
        sqlx::query_as(dialect::KNOWN_CANDIDACIES).bind(list(&named)?).fetch_all(&mut *conn).await.map_err(store)?;
    let known: HashMap<(Uuid, String), (String, String)> =
        known.into_iter().map(|(organization, id, contact, data)| ((organization, id), (contact, data))).collect();
    let mut changed: Vec<(Uuid, &Opportunity, String)> = Vec::new();
    let mut moved: BTreeSet<(Uuid, String, String)> = BTreeSet::new();
    for (organization, opportunity) in of_people {
        let text = said(opportunity)?;
        let before = known.get(&(*organization, opportunity.id.clone()));
        if before.is_some_and(|(_, data)| *data == text) {
            continue;
        }
        if let Some((contact, _)) = before.filter(|(contact, _)| *contact != opportunity.contact) {
            moved.insert((*organization, contact.clone(), opportunity.contact.clone()));
        }
        changed.push((*organization, opportunity, text));
    }
    if changed.is_empty() {
        return Ok(());
    }
    let lines: Vec<CandidacyLine<'_>> = changed
        .iter()
        .map(|(organization, o, data)| CandidacyLine {
            organization: *organization,
            opportunity: &o.id,
            contact: clean(&o.contact),
            data,
            read_at: o.read_at.as_micros(),
        })
        .collect();
    SAVE_CANDIDACIES.execute(conn, &lines, CandidacyLine::bind).await?;
    let people = latest(&changed);
    save(conn, &people).await?;
    for (organization, gone, kept) in moved {
        merge(conn, organization, &gone, &kept, &people).await?;
    }
    Ok(())
}

/// Of several opportunities of one person the latest reading.
fn latest<'a>(changed: &[(Uuid, &'a Opportunity, String)]) -> BTreeMap<(Uuid, &'a str), &'a Opportunity> {
    let mut people: BTreeMap<(Uuid, &str), &Opportunity> = BTreeMap::new();
    for (organization, opportunity, _) in changed {
        let place = people.entry((*organization, opportunity.contact.as_str())).or_insert(opportunity);
        if opportunity.read_at >= place.read_at {
            *place = opportunity;
        }
    }
    people
}

/// Saves contacts and their keys. Two nodes that save a new contact at once may leave a key of the one that lost: it finds
/// somebody who is compared like anybody else.
async fn save(conn: &mut Conn, people: &BTreeMap<(Uuid, &str), &Opportunity>) -> Stored<()> {
    let named: Vec<Named<'_>> = people
        .keys()
        .map(|(organization, contact)| Named { organization: *organization, opportunity: None, contact: Some(contact) })
        .collect();
    let known: Vec<KnownContact> =
        sqlx::query_as(dialect::KNOWN_CONTACTS).bind(list(&named)?).fetch_all(&mut *conn).await.map_err(store)?;
    let known: HashMap<(Uuid, &str), &KnownContact> =
        known.iter().map(|k| ((k.organization_id, k.contact.as_str()), k)).collect();
    let (mut lines, mut added, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
    let mut at = Timestamp::EPOCH;
    for ((organization, id), opportunity) in people {
        let mut contact = Contact::of(opportunity);
        let data = json(&contact)?;
        let before = known.get(&(*organization, *id));
        if before.is_some_and(|k| k.read_at > opportunity.read_at.as_micros() || k.data == data) {
            continue;
        }
        contact.aliases = before.map_or(Ok(Vec::new()), |k| rows::json("aliases", &k.aliases))?;
        let keys = hashes(&contact);
        let former: BTreeSet<i64> = before.map_or(Ok(BTreeSet::new()), |k| rows::json("keys", &k.keys))?;
        let line = |key: &i64| KeyLine { organization: *organization, key: *key, contact: id };
        added.extend(keys.difference(&former).map(line));
        dropped.extend(former.difference(&keys).map(line));
        at = at.max(opportunity.read_at);
        lines.push(ContactLine {
            organization: *organization,
            contact: clean(id),
            data,
            keys: json(&keys)?,
            read_at: opportunity.read_at.as_micros(),
        });
    }
    if lines.is_empty() {
        return Ok(());
    }
    SAVE_CONTACTS.execute(conn, &lines, ContactLine::bind).await?;
    change_keys(conn, &added, &dropped, at).await
}

/// Changes the index, and wakes who waits for the keys that are new.
async fn change_keys(conn: &mut Conn, added: &[KeyLine<'_>], dropped: &[KeyLine<'_>], at: Timestamp) -> Stored<()> {
    if !dropped.is_empty() {
        sqlx::query(dialect::DROP_CONTACT_KEYS).bind(list(dropped)?).execute(&mut *conn).await.map_err(store)?;
    }
    if added.is_empty() {
        return Ok(());
    }
    ADD_KEYS.execute(conn, added, KeyLine::bind).await?;
    wake(conn, added, at).await
}

/// Has results looked at again that wait for someone with these keys.
async fn wake(conn: &mut Conn, added: &[KeyLine<'_>], at: Timestamp) -> Stored<()> {
    let mut waiting = Vec::new();
    for lines in added.chunk_by(|a, b| a.organization == b.organization) {
        // Most organizations have nothing that waits, and this is asked for every new contact of theirs.
        let waits: Option<i64> = sqlx::query_scalar("SELECT key FROM incoming_keys WHERE organization_id = $1 LIMIT 1")
            .bind(lines[0].organization)
            .fetch_optional(&mut *conn)
            .await
            .map_err(store)?;
        if waits.is_some() {
            waiting.extend(lines);
        }
    }
    if waiting.is_empty() {
        return Ok(());
    }
    let woken: Vec<Uuid> = sqlx::query_scalar(dialect::WAKE_RESULTS)
        .bind(list(&waiting)?)
        .bind(at.as_micros())
        .fetch_all(&mut *conn)
        .await
        .map_err(store)?;
    let organizations: HashSet<Uuid> = woken.into_iter().collect();
    let jobs: Vec<NewJob> = organizations
        .into_iter()
        // Who saves a reading cannot know that it wakes somebody, so the job's id is made here.
        .map(|organization| NewJob { id: crate::ids::row(), organization, work: Work::Resolve, run_at: at })
        .collect();
    queue::enqueue(conn, &jobs.iter().collect::<Vec<_>>()).await
}

/// An opportunity that has another contact now: the two were merged in Lever, if nothing else is left of the former one. What
/// decisions taught of it holds for the other.
async fn merge(
    conn: &mut Conn,
    organization: Uuid,
    gone: &str,
    kept: &str,
    people: &BTreeMap<(Uuid, &str), &Opportunity>,
) -> Stored<()> {
    let rest: Option<String> =
        sqlx::query_scalar("SELECT opportunity FROM candidacies WHERE organization_id = $1 AND contact = $2 LIMIT 1")
            .bind(organization)
            .bind(gone)
            .fetch_optional(&mut *conn)
            .await
            .map_err(store)?;
    if rest.is_some() {
        return Ok(());
    }
    let Some(former) = known(conn, organization, gone).await? else { return Ok(()) };
    let keys: BTreeSet<i64> = rows::json("keys", &former.keys)?;
    let lines: Vec<KeyLine<'_>> = keys.iter().map(|key| KeyLine { organization, key: *key, contact: gone }).collect();
    let at = people.get(&(organization, kept)).map_or(Timestamp::EPOCH, |o| o.read_at);
    change_keys(conn, &[], &lines, at).await?;
    sqlx::query("DELETE FROM contacts WHERE organization_id = $1 AND contact = $2")
        .bind(organization)
        .bind(gone)
        .execute(&mut *conn)
        .await
        .map_err(store)?;
    let aliases: Vec<Alias> = rows::json("aliases", &former.aliases)?;
    if aliases.is_empty() {
        return Ok(());
    }
    change_aliases(conn, organization, kept, at, |known| known.extend(aliases)).await
}

async fn known(conn: &mut Conn, organization: Uuid, contact: &str) -> Stored<Option<KnownContact>> {
    let named = [Named { organization, opportunity: None, contact: Some(contact) }];
    sqlx::query_as(dialect::KNOWN_CONTACTS).bind(list(&named)?).fetch_optional(conn).await.map_err(store)
}

/// A decision teaches an address. Of a contact that is gone it teaches nothing.
pub(super) async fn teach(
    conn: &mut Conn,
    organization: Uuid,
    contact: &str,
    alias: &Alias,
    at: Timestamp,
) -> Stored<()> {
    change_aliases(conn, organization, contact, at, |aliases| aliases.push(alias.clone())).await
}

/// What a decision taught is forgotten.
pub(super) async fn forget(
    conn: &mut Conn,
    organization: Uuid,
    contact: &str,
    decision: Uuid,
    at: Timestamp,
) -> Stored<()> {
    change_aliases(conn, organization, contact, at, |aliases| aliases.retain(|a| a.decision != decision)).await
}

async fn change_aliases(
    conn: &mut Conn,
    organization: Uuid,
    id: &str,
    at: Timestamp,
    change: impl FnOnce(&mut Vec<Alias>),
) -> Stored<()> {
    let Some(before) = known(conn, organization, id).await? else { return Ok(()) };
    let mut contact: Contact = rows::json("contact", &before.data)?;
    contact.aliases = rows::json("aliases", &before.aliases)?;
    change(&mut contact.aliases);
    contact.aliases.truncate(MOST_ALIASES);
    let (keys, former) = (hashes(&contact), rows::json::<BTreeSet<i64>>("keys", &before.keys)?);
    let changed =
        sqlx::query("UPDATE contacts SET aliases = $3, keys = $4 WHERE organization_id = $1 AND contact = $2")
            .bind(organization)
            .bind(id)
            .bind(json(&contact.aliases)?)
            .bind(json(&keys)?)
            .execute(&mut *conn)
            .await
            .map_err(store)?;
    if changed.rows_affected() != 1 {
        return Err(StoreError::Conflict("contacts_contact".to_owned()));
    }
    let line = |key: &i64| KeyLine { organization, key: *key, contact: id };
    let added: Vec<KeyLine<'_>> = keys.difference(&former).map(line).collect();
    let dropped: Vec<KeyLine<'_>> = former.difference(&keys).map(line).collect();
    change_keys(conn, &added, &dropped, at).await
}

/// Who has any of these keys.
pub(super) async fn lookup(
    engine: &Engine,
    organization: Uuid,
    keys: &[Key],
    per_key: u32,
    most: usize,
) -> Stored<Found> {
    let hashes: Vec<i64> = keys.iter().map(|key| key.hash).collect();
    let holders: Vec<(i64, String)> = sqlx::query_as(dialect::HOLDERS)
        .bind(organization)
        .bind(list(&hashes)?)
        .bind(i64::from(per_key) + 1)
        .fetch_all(&mut *engine.reader().await?)
        .await
        .map_err(store)?;
    let holders: HashMap<i64, String> = holders.into_iter().collect();
    let (mut crowd, mut ids, mut seen) = (Crowd::default(), Vec::new(), HashSet::new());
    for key in keys {
        let held: Vec<String> = holders.get(&key.hash).map_or(Ok(Vec::new()), |text| rows::json("contacts", text))?;
        if held.len() > per_key as usize {
            if key.is_address {
                crowd.address = true;
            } else {
                crowd.name = true;
            }
            continue;
        }
        ids.extend(held.into_iter().filter(|id| seen.insert(id.clone())));
    }
    if ids.len() > most {
        crowd.name = true;
        ids.truncate(most);
    }
    Ok(Found { contacts: of_ids(engine, organization, &ids).await?, crowd })
}

/// These contacts, in their order.
pub(super) async fn of_ids(engine: &Engine, organization: Uuid, ids: &[String]) -> Stored<Vec<Contact>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(String, String)> = sqlx::query_as(dialect::CONTACTS)
        .bind(organization)
        .bind(list(ids)?)
        .fetch_all(&mut *engine.reader().await?)
        .await
        .map_err(store)?;
    let read = |(data, aliases): &(String, String)| {
        let contact: Contact = rows::json("contact", data)?;
        Ok((contact.id.clone(), Contact { aliases: rows::json("aliases", aliases)?, ..contact }))
    };
    let mut contacts: HashMap<String, Contact> = found.iter().map(read).collect::<Stored<_>>()?;
    Ok(ids.iter().filter_map(|id| contacts.remove(id)).collect())
}

/// The opportunities of these contacts, newest first.
pub(super) async fn candidacies(engine: &Engine, organization: Uuid, contacts: &[String]) -> Stored<Vec<Opportunity>> {
    if contacts.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(String, i64)> = sqlx::query_as(dialect::CANDIDACIES)
        .bind(organization)
        .bind(list(contacts)?)
        .fetch_all(&mut *engine.reader().await?)
        .await
        .map_err(store)?;
    let read = |(data, read_at): &(String, i64)| {
        let opportunity: Opportunity = rows::json("opportunity", data)?;
        Ok(Opportunity { read_at: rows::time(*read_at), ..opportunity })
    };
    let mut opportunities: Vec<Opportunity> = found.iter().map(read).collect::<Stored<_>>()?;
    opportunities.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| a.id.cmp(&b.id)));
    Ok(opportunities)
}
