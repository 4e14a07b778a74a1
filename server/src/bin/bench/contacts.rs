//! Looking somebody up among a million contacts: from the keys of a person to everybody who was weighed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::audit::Author;
use domain::identity::invented::invent;
use domain::identity::{Person, Prepared, indexed};
use domain::opportunity::Opportunity;
use domain::ports::Store;
use domain::ports::store::Application;
use domain::review::{MOST_COMPARED, MOST_OF_A_KEY, weigh};
use domain::rules::Rules;
use domain::{Personal, Timestamp};
use server::{ids, store};
use uuid::Uuid;

use crate::load::percentiles;
use crate::{Failed, figure};

const CONTACTS: usize = 1_000_000;
/// Invented at a time.
const PORTION: usize = 50_000;
/// Kept in one transaction.
const TOGETHER: usize = 1_000;
const LOOKUPS: usize = 3_000;
/// People behind one address.
const CROWD: usize = 1_000;
const LIMIT: Duration = Duration::from_millis(10);

/// Fills an engine and looks people up. `ASSAY_BENCH_CONTACTS` names a smaller number.
pub async fn contacts(engine: &str, url: &str) -> Result<(), Failed> {
    let wanted = std::env::var("ASSAY_BENCH_CONTACTS").ok().and_then(|n| n.parse().ok()).unwrap_or(CONTACTS);
    println!("\nMatching one result on {engine}: {wanted} contacts");
    store::migrate(url).await?;
    let store = store::connect(url).await?;
    let organization = organization(&*store).await?;
    let started = Instant::now();
    let asked = fill(&*store, organization, wanted).await?;
    println!("filled in {:.0} s", started.elapsed().as_secs_f64());
    let mut times = lookups(&store, organization, &asked).await?;
    let (p50, p99) = percentiles(&mut times);
    let millis = |span: Duration| format!("{:.2} ms", span.as_secs_f64() * 1_000.0);
    figure(&format!("lookup among {wanted} contacts, p99"), millis(p99), "<= 10 ms", p99 <= LIMIT);
    figure("  p50", millis(p50), "", true);
    let agency = vec![person(&agent(7)); LOOKUPS / 10];
    let mut times = lookups(&store, organization, &agency).await?;
    let (_, p99) = percentiles(&mut times);
    figure(&format!("  of an address that {CROWD} share, p99"), millis(p99), "<= 10 ms", p99 <= LIMIT);
    Ok(())
}

async fn organization(store: &dyn Store) -> Result<Uuid, Failed> {
    let slug = format!("contacts-{}", &ids::token()[..8]);
    let application = Application {
        id: ids::row(),
        hook: ids::token(),
        paused: true,
        expected_version: 0,
        rules: Rules::unconnected(slug, "Contacts".into(), "UTC".into()),
        secrets: Vec::new(),
        tests: Vec::new(),
        changes: Vec::new(),
        author: Author::system("bench", Timestamp::EPOCH),
    };
    Ok(store.apply(application).await?.id)
}

/// Keeps people as readings of Lever would; returns some whom a vendor knows, most of them changed a little.
async fn fill(store: &dyn Store, organization: Uuid, wanted: usize) -> Result<Vec<Person>, Failed> {
    let mut asked = Vec::new();
    let mut kept = 0;
    while kept < wanted {
        let all = invent(PORTION.min(wanted - kept), 91_357 + kept as u64);
        let share = LOOKUPS * all.right.len() / wanted + 1;
        asked.extend(all.left.into_iter().take(share));
        let opportunities: Vec<Opportunity> =
            all.right.iter().enumerate().map(|(n, person)| opportunity(kept + n, person)).collect();
        for portion in opportunities.chunks(TOGETHER) {
            store.keep_people(organization, portion).await?;
        }
        kept += all.right.len();
    }
    let crowd: Vec<Opportunity> = (0..CROWD).map(agent).collect();
    store.keep_people(organization, &crowd).await?;
    asked.truncate(LOOKUPS);
    Ok(asked)
}

/// Lever knows names, addresses, numbers and a town; no birthday and no street.
fn opportunity(number: usize, person: &Person) -> Opportunity {
    let whole = format!("{} {}", person.given_name.reveal(), person.surname.reveal());
    let name = if person.full_name.is_blank() { whole } else { person.full_name.reveal().to_owned() };
    Opportunity {
        id: format!("{number:08x}-0000-4000-8000-000000000000"),
        contact: format!("{number:08x}-0000-4000-9000-000000000000"),
        name: Personal::new(name.trim()),
        emails: person.emails.clone(),
        phones: person.phones.clone(),
        location: person.city.clone(),
        stage: "applicant-new".into(),
        stage_changes: Vec::new(),
        archived: None,
        tags: Vec::new(),
        links: Vec::new(),
        posting: None,
        confidential: false,
        anonymized: false,
        created_at: Timestamp::EPOCH,
        url: None,
        read_at: Timestamp::from_millis(1),
    }
}

fn agent(number: usize) -> Opportunity {
    let person = Person {
        full_name: Personal::new(format!("Agent{number} Crowd{number}")),
        emails: vec![Personal::new("everybody@agency.example")],
        ..Person::default()
    };
    opportunity(0x7000_0000 + number, &person)
}

fn person(opportunity: &Opportunity) -> Person {
    domain::contact::Contact::of(opportunity).person()
}

async fn lookups(store: &Arc<dyn Store>, organization: Uuid, people: &[Person]) -> Result<Vec<Duration>, Failed> {
    // Statements are prepared, and the first pages of the index are in memory, as in a running server.
    for person in people.iter().take(50) {
        look(store, organization, person).await?;
    }
    let mut times = Vec::with_capacity(people.len());
    for person in people {
        let began = Instant::now();
        look(store, organization, person).await?;
        times.push(began.elapsed());
    }
    Ok(times)
}

async fn look(store: &Arc<dyn Store>, organization: Uuid, person: &Person) -> Result<(), Failed> {
    let keys = indexed(&Prepared::new(person));
    let found = store.lookup(organization, &keys, MOST_OF_A_KEY, MOST_COMPARED).await?;
    std::hint::black_box(weigh(person, &found.contacts, CONTACTS));
    Ok(())
}
