//! The accounts to start from. The same seed gives the same ids; times are counted back from the start.

use super::acts::NewPerson;
use super::model::{Model, Note, Phone, Posting, Reason, Stage, StageChange, User};
use serde_json::json;

const DAY: i64 = 86_400_000;

/// Which account to start with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    name: String,
}

impl Seed {
    /// `tiny` has eight plain people, `large` some 2500, everything else some 190 with every oddity. Each name has its
    /// own ids.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned() }
    }

    fn people(&self) -> usize {
        match self.name.as_str() {
            "tiny" => 8,
            "large" => 2_500,
            _ => 180,
        }
    }
}

/// `(id or empty, name, rank, pipeline)`; ranks as a real account shows them.
const STAGES: [(&str, &str, f64, &str); 12] = [
    ("lead-new", "New lead", 1.0, "lead"),
    ("lead-reached-out", "Reached out", 3.0, "lead"),
    ("lead-responded", "Responded", 5.0, "lead"),
    ("applicant-new", "New applicant", 101.0, "applicant"),
    ("", "Recruiter Screen", 201.0, "screen"),
    ("", "Phone Screen", 230.5, "screen"),
    ("", "Phone Screen Passed", 231.0, "screen"),
    ("", "Take-home", 261.0, "screen"),
    ("", "On-site", 265.5, "onsite"),
    ("", "Final Interview", 270.0, "onsite"),
    ("", "Reference Check", 281.0, "onsite"),
    ("offer", "Offer", 301.0, "offer"),
];

/// `(text, active, hired)`.
const REASONS: [(&str, bool, bool); 6] = [
    ("Underqualified", true, false),
    ("Withdrew", true, false),
    ("Position closed", true, false),
    ("Took another offer", true, false),
    ("Timing", false, false),
    ("Hired", true, true),
];

/// `(title, team, department, location, commitment, own tag, state, confidential)`.
type PostingRow =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str, bool);

const POSTINGS: [PostingRow; 8] = [
    ("Backend Engineer", "Platform", "Engineering", "Berlin", "Full-time", "Backend screen", "published", false),
    ("Data Scientist", "Insights", "Engineering", "Lisbon", "Full-time", "Data screen", "published", false),
    ("Frontend Engineer", "Web", "Engineering", "Berlin", "Full-time", "", "published", false),
    ("Product Designer", "Design", "Product", "Remote", "Part-time", "", "published", false),
    ("Account Executive", "Sales", "Commercial", "London", "Full-time", "", "published", false),
    ("Site Reliability Engineer", "Platform", "Engineering", "Remote", "Full-Time", "", "internal", false),
    ("Working Student, Support", "Support", "Commercial", "Berlin", "Internship", "", "closed", false),
    ("Chief Financial Officer", "Finance", "Finance", "London", "Full-time", "", "published", true),
];

/// `(name, role, active)`; the first is the one writes are made for.
const USERS: [(&str, &str, bool); 10] = [
    ("Assay Integration", "admin", true),
    ("Ines Duarte", "super admin", true),
    ("Tom Okafor", "admin", true),
    ("Hanna Lindqvist", "team member", true),
    ("Rafael Moreno", "team member", true),
    ("Mei Tanaka", "team member", true),
    ("Oskar Wolff", "limited team member", true),
    ("Priya Raman", "interviewer", true),
    ("Daniel Cohen", "interviewer", true),
    ("Lena Petrova", "team member", false),
];

const GIVEN: [&str; 20] = [
    "Ada",
    "Bruno",
    "Chiara",
    "Dmitri",
    "Elif",
    "Farid",
    "Greta",
    "Hugo",
    "Ingrid",
    "Jonas",
    "Katarína",
    "Luís",
    "Maya",
    "Noé",
    "Olga",
    "Pavel",
    "Quinn",
    "Rosa",
    "Søren",
    "Thanh",
];

const SURNAMES: [&str; 19] = [
    "Almeida", "Brandt", "Costa", "Dvořák", "Eriksen", "Fontaine", "García", "Haas", "Ivanova", "Jansen", "Kowalski",
    "Lopez", "Müller", "Nguyen", "O'Connor", "Park", "Rossi", "Silva", "Yılmaz",
];

/// A seeded account as of `now`, in milliseconds.
pub(super) fn model(seed: &Seed, now: i64) -> Model {
    let mut m = Model::empty(&seed.name);
    pipeline(&mut m);
    users(&mut m, now);
    postings(&mut m, now);
    for i in 0..seed.people() {
        plain(&mut m, i, now);
    }
    if seed.name != "tiny" {
        odd(&mut m, now);
    }
    m
}

fn pipeline(m: &mut Model) {
    for (id, text, rank, pipeline) in STAGES {
        let id = if id.is_empty() { m.ids.named(&format!("stage {text}")) } else { id.to_owned() };
        m.stages.push(Stage { id, text: text.to_owned(), rank, pipeline });
    }
    for (text, active, hired) in REASONS {
        m.reasons.push(Reason { id: m.ids.named(&format!("reason {text}")), text: text.to_owned(), active, hired });
    }
}

fn users(m: &mut Model, now: i64) {
    for (i, (name, role, active)) in USERS.into_iter().enumerate() {
        let username = name.to_lowercase().replace(' ', ".");
        let created_at = now - 900 * DAY + i64::try_from(i).unwrap_or_default() * DAY;
        m.users.push(User {
            id: m.ids.named(&format!("user {i}")),
            name: name.to_owned(),
            email: format!("{username}@example.org"),
            username,
            role,
            created_at,
            deactivated_at: (!active).then_some(now - 30 * DAY),
        });
    }
}

fn postings(m: &mut Model, now: i64) {
    for (i, row) in POSTINGS.into_iter().enumerate() {
        let (text, team, department, location, commitment, tag, state, confidential) = row;
        let at = now - 400 * DAY + i64::try_from(i).unwrap_or_default() * 20 * DAY;
        m.postings.push(Posting {
            id: m.ids.named(&format!("posting {text}")),
            text: text.to_owned(),
            state: state.to_owned(),
            team: team.to_owned(),
            department: department.to_owned(),
            location: location.to_owned(),
            commitment: commitment.to_owned(),
            tags: Some(tag.to_owned()).filter(|t| !t.is_empty()).into_iter().collect(),
            owner: m.users[1 + i % 5].id.clone(),
            hiring_manager: (i % 4 != 3).then(|| m.users[6 + i % 3].id.clone()),
            followers: vec![m.users[3].id.clone()],
            confidential,
            created_at: at,
            updated_at: at,
        });
    }
}

fn ascii(name: &str) -> String {
    name.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect()
}

/// The opportunity's id.
fn add(m: &mut Model, person: &NewPerson, now: i64) -> String {
    let (id, _) = m.create(person, None, now).expect("the seed names only what it made itself");
    id
}

/// Most rows were last touched before Lever introduced `updatedAt`.
fn forget_update(m: &mut Model, id: &str) {
    m.opportunity_mut(id).expect("just made").updated_at = None;
}

fn plain(m: &mut Model, i: usize, now: i64) {
    let (given, surname) = (GIVEN[i % GIVEN.len()], SURNAMES[i % SURNAMES.len()]);
    let number = i64::try_from(i).unwrap_or_default();
    let at = now - 200 * DAY + (number * 37 % 190) * DAY + number * 61_000;
    let sourced = i % 6 == 5;
    let person = NewPerson {
        name: format!("{given} {surname}"),
        headline: if i.is_multiple_of(3) { "Currently between roles".to_owned() } else { String::new() },
        location: ["Berlin", "Lisbon", "", "Kraków"][i % 4].to_owned(),
        emails: vec![format!("{}.{}{i}@example.com", ascii(given), ascii(surname))],
        phones: vec![Phone {
            kind: i.is_multiple_of(2).then(|| "mobile".to_owned()),
            value: format!("(555) 010-{i:04}"),
        }],
        stage: Some(STAGES[if sourced { i / 6 % 3 } else { 3 }].1.to_owned()),
        tags: if i.is_multiple_of(4) { vec!["Talent pool".to_owned()] } else { Vec::new() },
        sources: vec![["LinkedIn", "Job site", "Referral"][i % 3].to_owned()],
        posting: (!sourced).then(|| m.postings[i % 7].id.clone()),
        origin: (i % 10 == 1).then(|| "referred".to_owned()),
        owner: Some(m.users[1 + i % 5].id.clone()),
        created_at: Some(at),
        ..NewPerson::default()
    };
    let id = add(m, &person, now);
    if !sourced {
        advance(m, &id, 3 + i * 5 % 9, at + 2 * DAY);
    }
    if i % 9 == 7 {
        let reason = m.reasons[i % REASONS.len()].text.clone();
        m.set_archived(&id, Some(&reason), at + 5 * DAY).expect("the seed names only what it made itself");
    }
    if i % 11 == 4 {
        note(m, &id, "Spoke on the phone, keen on the team.", at + DAY);
    }
    if !i.is_multiple_of(8) {
        forget_update(m, &id);
    }
}

/// Puts a candidacy into a later stage; who moved it is known for a quarter of them.
fn advance(m: &mut Model, id: &str, index: usize, at: i64) {
    if index <= 3 {
        return;
    }
    let stage = m.stages[index].id.clone();
    let user = (at / DAY % 4 == 0).then(|| m.users[2].id.clone());
    let o = m.opportunity_mut(id).expect("just made");
    o.stage_changes.push(StageChange {
        to_stage_id: stage.clone(),
        to_stage_index: index,
        updated_at: at,
        user_id: user,
    });
    o.stage = stage;
    o.last_advanced_at = Some(at);
    o.last_interaction_at = Some(at);
}

fn note(m: &mut Model, id: &str, text: &str, at: i64) {
    let user = m.users[2].id.clone();
    let entry = json!({"createdAt": at, "score": null, "stage": "applicant-new", "text": "Comment", "type": "note",
        "user": user, "value": text});
    let note = Note {
        id: m.ids.fresh(),
        opportunity: id.to_owned(),
        fields: vec![entry],
        user: Some(user),
        secret: false,
        created_at: at,
        by_api: false,
    };
    m.notes.push(note);
}

fn named(m: &Model, name: &str, email: Option<&str>, posting: usize) -> NewPerson {
    NewPerson {
        name: name.to_owned(),
        emails: email.map(str::to_owned).into_iter().collect(),
        stage: Some("Phone Screen".to_owned()),
        posting: Some(m.postings[posting].id.clone()),
        ..NewPerson::default()
    }
}

/// What real accounts hold and programs stumble over.
fn odd(m: &mut Model, now: i64) {
    let at = now - 10 * DAY;
    let long = format!("Maximiliana {}von Hohenfels", "Alexandra-Josephine ".repeat(15));
    let markup = "<script>alert(\"name\")</script> O'Brien & Söhne";
    let rows: [(&str, Option<&str>); 7] = [
        (&long, Some("maximiliana@example.com")),
        ("", Some("no.name@example.com")),
        ("نور الدين الخطيب", Some("nour@example.org")),
        (markup, Some("markup@example.org")),
        ("山田 太郎", Some("taro@example.com")),
        ("Zoë \u{1f680} Brontë\u{200b}", Some("ZOE@Example.com")),
        ("Wanda Without", None),
    ];
    for (i, (name, email)) in rows.into_iter().enumerate() {
        let mut person = named(m, name, email, i % 7);
        person.created_at = Some(at);
        if name == markup {
            person.tags = vec!["<b>bold</b> & \"quoted\"".to_owned(), "full-time".to_owned()];
        }
        add(m, &person, now);
    }
    // One person with three candidacies, and another with the same address that was never merged.
    for posting in [0, 1, 4] {
        let person = named(m, "Frieda Familie", Some("familie@example.com"), posting);
        add(m, &person, now);
    }
    let person = named(m, "Fritz Familie", None, 2);
    let id = add(m, &person, now);
    let contact = m.opportunities[&id].contact.clone();
    m.contacts.get_mut(&contact).expect("just made").emails = vec!["familie@example.com".to_owned()];
    let person = named(m, "Nils Ohne", None, 3);
    let id = add(m, &person, now);
    m.opportunity_mut(&id).expect("just made").snoozed_until = Some(now + 30 * DAY);
    for (name, email) in [("Carla Confidential", "carla@example.org"), ("Conrad Confidential", "conrad@example.org")] {
        let person = NewPerson { confidential: true, ..named(m, name, Some(email), 7) };
        add(m, &person, now);
    }
    for _ in 0..2 {
        let person = named(m, "", None, 2);
        let id = add(m, &person, now);
        let contact = m.opportunities[&id].contact.clone();
        m.contacts.get_mut(&contact).expect("just made").anonymized = true;
        m.set_archived(&id, Some("Withdrew"), at).expect("the seed names only what it made itself");
    }
}
