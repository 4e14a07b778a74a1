//! Pages over a large past: a hundred thousand candidates with a million decisions.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::sign_in::DemoSignIn;
use domain::Personal;
use domain::ports::store::Account;
use domain::role::Role;
use domain::{Clock as _, Timestamp};
use server::clock::SystemClock;
use server::ids;
use server::sandbox::history::History;
use sqlx::{Connection as _, Executor as _, PgConnection};

use crate::load::{self, percentiles};
use crate::product::Product;
use crate::{Failed, bare, figure};

/// Set `ASSAY_BENCH_CANDIDATES` for a shorter run.
const CANDIDATES: usize = 100_000;
/// Decisions of each candidate about earlier visits.
const EARLIER: u32 = 9;
/// Each page is loaded so often, one after the other.
const LOADS: usize = 200;
const CONNECTIONS: usize = 25;
const EMAIL: &str = "bench@example.com";
const WATCHER: &str = "watcher@example.com";

/// What a bare Leptos page does on this machine.
pub async fn peer() -> Result<(), Failed> {
    println!("\nBare Leptos pages, six cells a row, {CONNECTIONS} connections");
    for (rows, loads) in [(50, 6_000), (1_000, 1_000)] {
        let address = bare::leptos(rows).await?;
        let page = vec![load::get("/", ""); loads];
        let many = load::closed(address, Arc::new(page), CONNECTIONS).await?;
        figure(&format!("{rows} rows, made up"), format!("{:.0}/s", many.per_second), "the peer", many.refused == 0);
    }
    Ok(())
}

/// Server time of every page, and how many pages of fifty rows a second.
pub async fn pages(engine: &str, url: &str) -> Result<(), Failed> {
    let candidates = std::env::var("ASSAY_BENCH_CANDIDATES").ok().map_or(Ok(CANDIDATES), |n| n.parse())?;
    println!("\nPages on {engine}: {candidates} candidates, {} decisions", candidates * (EARLIER as usize + 1));
    let people = [EMAIL, WATCHER].map(|email| DemoSignIn { label: email.into(), email: email.into() });
    let product = Product::start_with(url, false, people.into()).await?;
    let started = Instant::now();
    let opportunity = fill(&product, candidates).await?;
    settle(url).await?;
    println!("filled in {:.0} s", started.elapsed().as_secs_f64());
    let (own, watching) = (sign_in(&product, EMAIL).await?, sign_in(&product, WATCHER).await?);
    let of = |rest: &str| format!("/o/bench{rest}");
    let pages = [
        ("Home", of(""), &own),
        ("Candidates", of("/candidates"), &own),
        ("Candidates, by state and stage", of("/candidates?state=completed&stage=phone-screen-passed"), &own),
        ("Candidates, by part of a name", of("/candidates?search=an"), &own),
        ("Candidate", of(&format!("/candidates/{opportunity}")), &own),
        ("Trigger stages", of("/triggers"), &own),
        ("Deliveries", of("/deliveries"), &own),
        ("Jobs", of("/jobs"), &own),
        ("Fleet", "/".to_owned(), &watching),
        ("Preferences", "/preferences".to_owned(), &own),
    ];
    for (name, path, cookie) in pages {
        let p95 = p95(&product, &load::get(&path, cookie)).await?;
        let words = format!("{:.1} ms", p95.as_secs_f64() * 1_000.0);
        figure(&format!("{name}, p95"), words, "< 50 ms", p95 < Duration::from_millis(50));
    }
    let list = vec![load::get(&of("/candidates"), &own); 6_000];
    let many = load::closed(product.address, Arc::new(list), CONNECTIONS).await?;
    let rate = format!("{:.0}/s", many.per_second);
    figure("fifty rows with their reads, 25 connections", rate, ">= 1,500/s", many.per_second >= 1_500.0);
    let p99 = format!("{:.1} ms", many.p99.as_secs_f64() * 1_000.0);
    figure("  p99", p99, "<= 40 ms", many.p99 <= Duration::from_millis(40));
    figure("  refused", many.refused, "0", many.refused == 0);
    product.stop().await;
    Ok(())
}

/// What PostgreSQL does by itself within minutes of a great change: until then it looks into the table for each row of an index,
/// and then does it beside the first pages.
async fn settle(url: &str) -> Result<(), Failed> {
    if url.starts_with("postgres") {
        PgConnection::connect(url).await?.execute("VACUUM (ANALYZE)").await?;
    }
    Ok(())
}

/// Writes the past; returns one of its opportunities.
async fn fill(product: &Product, candidates: usize) -> Result<String, Failed> {
    let store = &product.assay.cx.store;
    let organization = store.organization("bench").await?;
    let history = History { earlier_visits: EARLIER, ..History::of(&organization, &[], candidates, SystemClock.now()) };
    history.write(&**store).await?;
    for (email, role, of) in [(EMAIL, Role::SuperAdmin, Some(organization.id)), (WATCHER, Role::AccountManager, None)] {
        let account = Account {
            id: ids::row(),
            email: Personal::new(email),
            role,
            organization: of,
            password_hash: String::new(),
            disabled: false,
        };
        store.create_account(account, &domain::audit::Author::system("bench", Timestamp::EPOCH)).await?;
    }
    let page = store.candidates(organization.id, &domain::read::CandidateFilter::default(), 1).await?;
    Ok(page.rows.into_iter().next().ok_or("no candidate")?.opportunity)
}

/// Signs in by the button of the demo; returns the cookie.
async fn sign_in(product: &Product, email: &str) -> Result<String, Failed> {
    let body = format!("email={}", email.replace('@', "%40"));
    let request = format!(
        "POST /demo/sign-in HTTP/1.1\r\nhost: bench\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = load::once(product.address, request.as_bytes()).await?;
    let cookie = answer.lines().find_map(|l| l.strip_prefix("set-cookie: ")?.split(';').next().map(str::to_owned));
    Ok(cookie.ok_or("nobody was signed in")?)
}

async fn p95(product: &Product, request: &load::Request) -> Result<Duration, Failed> {
    let measured = load::closed(product.address, Arc::new(vec![Arc::clone(request); 20]), 1).await?;
    if measured.refused > 0 {
        return Err(format!("{} of 20 were refused", measured.refused).into());
    }
    let mut times = Vec::with_capacity(LOADS);
    for _ in 0..LOADS / 20 {
        times.extend(load::timed(product.address, request, 20).await?);
    }
    let _ = percentiles(&mut times);
    Ok(times[times.len() * 95 / 100])
}
