//! What is measured inside one process.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::job::{Finished, JobOutcome, NewJob, Work};
use domain::{Clock as _, Timestamp};
use server::clock::SystemClock;
use server::ids;

use crate::load::{self, Measured, percentiles};
use crate::product::{Product, opportunity};
use crate::{Failed, Folder, bare, figure};

const CONNECTIONS: usize = 64;

fn ms(span: Duration) -> String {
    format!("{:.2} ms", span.as_secs_f64() * 1_000.0)
}

fn rate(m: &Measured) -> String {
    format!("{:.0}/s", m.per_second)
}

/// Deliveries acknowledged after they are on disk.
pub async fn acks(folder: &Folder) -> Result<(), Failed> {
    println!("\nDeliveries acknowledged, {CONNECTIONS} connections");
    let bare = bare::serve(&folder.0.join("bare.db"), bare::Work::Body).await?;
    let signed = bare::serve(&folder.0.join("signed.db"), bare::Work::SignedOnce).await?;
    let product = Product::start(&folder.sqlite("acks.db"), false).await?;
    let bare = acknowledged(bare, "/").await?;
    let signed = acknowledged(signed, "/").await?;
    let ours = acknowledged(product.address, &format!("/hooks/lever/{}", product.hook)).await?;
    figure("bare axum handler, group commit, SQLite FULL", rate(&bare), "a peer", true);
    figure("  p50 / p99", format!("{} / {}", ms(bare.p50), ms(bare.p99)), "", true);
    figure("the same with signature and duplicates", rate(&signed), "a peer", true);
    figure("  p50 / p99", format!("{} / {}", ms(signed.p50), ms(signed.p99)), "", true);
    figure("Assay: signature, duplicates, job; SQLite FULL", rate(&ours), ">= 8,000/s", ours.per_second >= 8_000.0);
    figure("  p50 / p99", format!("{} / {}", ms(ours.p50), ms(ours.p99)), "", true);
    for (name, peer) in [("  share of the bare one", bare), ("  share of the one that does the same", signed)] {
        let share = ours.per_second / peer.per_second;
        figure(name, format!("{share:.2}"), ">= 0.67", share >= 0.67);
    }
    figure("  refused", ours.refused.to_string(), "0", ours.refused == 0);
    product.stop().await;
    Ok(())
}

/// The same deliveries for all, every twentieth a repetition.
async fn acknowledged(address: SocketAddr, path: &str) -> std::io::Result<Measured> {
    let deliveries = |from, to| Arc::new(Product::deliveries_to(path, from, to, 20));
    // A first, unmeasured run opens files and warms caches.
    load::closed(address, deliveries(0, 2_000), CONNECTIONS).await?;
    load::closed(address, deliveries(2_000, 42_000), CONNECTIONS).await
}

/// The same on PostgreSQL.
pub async fn acks_on_postgres(url: &str) -> Result<(), Failed> {
    let product = Product::start(url, false).await?;
    load::closed(product.address, Arc::new(product.deliveries(0, 2_000, 20)), CONNECTIONS).await?;
    let ours = load::closed(product.address, Arc::new(product.deliveries(2_000, 22_000, 20)), CONNECTIONS).await?;
    figure("Assay on PostgreSQL", rate(&ours), ">= 2,500/s", ours.per_second >= 2_500.0);
    figure("  p50 / p99", format!("{} / {}", ms(ours.p50), ms(ours.p99)), "", true);
    product.stop().await;
    Ok(())
}

/// From the webhook to the question at Lever that follows from it.
pub async fn end_to_end(folder: &Folder) -> Result<(), Failed> {
    println!("\nDelivered end to end: webhook, stored, job, Lever asked, committed");
    let product = Product::start(&folder.sqlite("e2e.db"), true).await?;
    run_through(&product, 0, 2_000).await?;
    let (from, to) = (2_000, 22_000);
    let (took, acked) = run_through(&product, from, to).await?;
    let per_second = (to - from) as f64 / took.as_secs_f64();
    figure("closed loop, SQLite FULL", format!("{per_second:.0}/s"), ">= 4,000/s", per_second >= 4_000.0);
    figure("  acknowledged meanwhile", rate(&acked), "", true);

    let (from, to) = (30_000, 31_500);
    let requests = product.deliveries(from, to, 0);
    let due = load::open(product.address, Arc::new(requests), 100, 16).await?;
    all_arrived(&product, from, to).await?;
    let mut times: Vec<Duration> = {
        let arrivals = product.arrivals.lock().expect("nobody panics while holding this");
        (from..to).zip(&due).map(|(n, due)| arrivals[&opportunity(n)].saturating_duration_since(*due)).collect()
    };
    let (p50, p99) = percentiles(&mut times);
    figure("at 100 a second, from the scheduled time: p50", ms(p50), "<= 2 ms", p50 <= Duration::from_millis(2));
    figure("  p99", ms(p99), "<= 4 ms", p99 <= Duration::from_millis(4));
    product.stop().await;
    Ok(())
}

/// Delivers and waits until every job of it is committed.
async fn run_through(product: &Product, from: usize, to: usize) -> Result<(Duration, Measured), Failed> {
    let requests = product.deliveries(from, to, 0);
    let started = Instant::now();
    let acked = load::closed(product.address, Arc::new(requests), CONNECTIONS).await?;
    all_arrived(product, from, to).await?;
    loop {
        let counts = product.assay.cx.store.job_counts().await?;
        if counts.ready + counts.running == 0 {
            return Ok((started.elapsed(), acked));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn all_arrived(product: &Product, from: usize, to: usize) -> Result<(), Failed> {
    let deadline = Instant::now() + Duration::from_secs(60);
    let last = opportunity(to - 1);
    loop {
        {
            let arrivals = product.arrivals.lock().expect("nobody panics while holding this");
            if arrivals.contains_key(&last) && (from..to).all(|n| arrivals.contains_key(&opportunity(n))) {
                return Ok(());
            }
        }
        if Instant::now() > deadline {
            let counts = product.assay.cx.store.job_counts().await?;
            return Err(format!("not everything was delivered within a minute: {counts:?}").into());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Claiming with few and with a million rows waiting.
pub async fn claims(folder: &Folder) -> Result<(), Failed> {
    println!("\nClaim and finish, 32 at a time");
    let product = Product::start(&folder.sqlite("claims.db"), false).await?;
    let store = Arc::clone(&product.assay.cx.store);
    let organization = store.organization("bench").await?.id;
    let now = SystemClock.now();
    let fill = async |count: usize| -> Result<(), Failed> {
        for chunk in 0..count / 5_000 {
            let job = |n: usize| NewJob {
                id: ids::row(),
                organization,
                work: Work::Follow { opportunity: format!("{}-{chunk}-{n}", ids::row()) },
                run_at: now,
            };
            store.enqueue((0..5_000).map(job).collect()).await?;
        }
        Ok(())
    };
    fill(20_000).await?;
    let few = claim_rate(&*store, 10_000, now).await?;
    fill(1_000_000).await?;
    let many = claim_rate(&*store, 10_000, now).await?;
    figure("with 20,000 waiting", format!("{few:.0}/s"), "", true);
    figure("with 1,000,000 waiting", format!("{many:.0}/s"), "falls by less than a fifth", many >= few * 0.8);
    Ok(())
}

async fn claim_rate(store: &dyn domain::ports::Store, jobs: usize, now: Timestamp) -> Result<f64, Failed> {
    let started = Instant::now();
    let mut done = 0;
    while done < jobs {
        let claimed =
            store.claim(32, now.plus(Duration::from_secs(1)), now.plus(Duration::from_secs(60)), None).await?;
        done += claimed.len();
        let end = |c: &domain::job::Claimed| Finished {
            job: c.id,
            attempt: c.attempt,
            outcome: JobOutcome::Done,
            effects: Vec::new(),
            at: now,
        };
        store.finish(claimed.iter().map(end).collect()).await?;
    }
    Ok(done as f64 / started.elapsed().as_secs_f64())
}
