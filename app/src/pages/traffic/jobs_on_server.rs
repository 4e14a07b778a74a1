//! The page of jobs, made from the queue.

use std::collections::HashMap;

use domain::job::Work;
use domain::read::{JobFilter, JobRow, JobState, QueueFigures};
use domain::{Timestamp, words};
use server_fn::ServerFn as _;
use uuid::Uuid;

use super::super::on_server::{People, cursor, cursor_text, said};
use super::{JobLine, JobsView, RetryDeadJobs, RetryJob};
use crate::access::{Granted, TRY_AGAIN, clock, store};
use crate::error::AppError;
use crate::pages::on_server::vendor_name;
use crate::query::{self, Query};
use crate::ui::Tab;
use crate::when::when;
use crate::{address, text};

/// Tabs count so far.
const CAP: u32 = 10_000;

/// In the order in which people ask for them.
const TABS: [JobState; 5] = [JobState::Ready, JobState::Running, JobState::Dead, JobState::Cancelled, JobState::Done];

fn filter(query: &Query) -> JobFilter {
    JobFilter {
        state: query.get("state").and_then(|s| JobState::parse(&s)).unwrap_or_default(),
        kind: query.get("kind"),
        after: cursor(query),
    }
}

fn href(list: &str, filter: &JobFilter) -> String {
    let pairs = [
        ("state", Some(filter.state.as_str().to_owned()).filter(|_| filter.state != JobState::default())),
        ("kind", filter.kind.clone()),
        ("after", filter.after.map(cursor_text)),
    ];
    query::address(list, &pairs)
}

/// Where a form leads back to, and says that so many jobs are ready again.
pub fn back(slug: &str, state: &str, kind: &str, revived: u64) -> String {
    let set = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let pairs = [
        ("state", JobState::parse(state).map(|s| s.as_str().to_owned())),
        ("kind", set(kind)),
        ("revived", Some(revived.to_string())),
    ];
    query::address(&address::jobs(slug), &pairs)
}

pub async fn view(granted: &Granted, query: &Query) -> Result<JobsView, AppError> {
    let Granted { viewer, organization } = granted;
    let filter = filter(query);
    let now = clock()?.now();
    let store = store()?;
    let page = store.job_page(organization.id, &filter).await?;
    let figures = store.queue_figures(organization.id, now, CAP).await?;
    let list = address::jobs(&organization.rules.slug);
    let first = JobFilter { after: None, ..filter.clone() };
    let any_kind = JobFilter { kind: None, ..first.clone() };
    let may_retry = viewer.may(TRY_AGAIN) && matches!(filter.state, JobState::Dead | JobState::Cancelled);
    let dead = count(&figures, &first);
    Ok(JobsView {
        slug: organization.rules.slug.clone(),
        organization: organization.rules.name.clone(),
        masked: viewer.sees_masked(),
        queue: queue(&figures, now),
        tabs: TABS.map(|state| tab(&list, &figures, &JobFilter { state, ..first.clone() }, filter.state)).into(),
        state: filter.state.as_str().to_owned(),
        kind: filter.kind.clone().unwrap_or_default(),
        clear: filter.kind.is_some().then(|| href(&list, &any_kind)),
        instant: instant(filter.state).to_owned(),
        nothing: nothing(&filter),
        good: filter.state == JobState::Dead && filter.kind.is_none(),
        may_retry,
        retry_all: if may_retry && filter.state == JobState::Dead { retry_all(dead) } else { String::new() },
        first: filter.after.is_some().then(|| href(&list, &first)),
        next: page.next.map(|after| href(&list, &JobFilter { after: Some(after), ..first.clone() })),
        rows: lines(granted, page.rows, now).await?,
        said: said(query, &[RetryJob::PATH, RetryDeadJobs::PATH], || revived(query)),
        list,
    })
}

/// How many jobs of a state, and of a kind where one is given; no further than the cap.
fn count(figures: &QueueFigures, filter: &JobFilter) -> i64 {
    let counted = figures.counts.iter().filter(|c| c.state == filter.state);
    let of_kind = counted.filter(|c| filter.kind.as_ref().is_none_or(|kind| *kind == c.kind));
    of_kind.map(|c| c.count).sum()
}

fn tab(list: &str, figures: &QueueFigures, filter: &JobFilter, shown: JobState) -> Tab {
    let (count, word) = (count(figures, filter), words::job_state(filter.state));
    let beyond = count >= i64::from(CAP);
    Tab {
        href: href(list, filter),
        word: if beyond { format!("{word} (10,000+)") } else { word.to_owned() },
        count: (!beyond).then_some(count),
        current: filter.state == shown,
    }
}

fn queue(figures: &QueueFigures, now: Timestamp) -> String {
    match figures.oldest_due {
        Some(since) => format!("The oldest due job has waited for {}.", words::span(now.since(since))),
        None => "No job is due.".to_owned(),
    }
}

const fn instant(state: JobState) -> &'static str {
    match state {
        JobState::Ready => "Next run",
        JobState::Running => "Held",
        JobState::Done | JobState::Dead | JobState::Cancelled => "Ended",
    }
}

fn nothing(filter: &JobFilter) -> (String, String) {
    let (title, sentence) = match (filter.state, &filter.kind) {
        (_, Some(_)) => ("No job of this kind here", "Jobs of other kinds may be."),
        (JobState::Ready, None) => {
            ("Nothing waits", "Jobs appear here when something is to be done, and leave when it is.")
        }
        (JobState::Running, None) => {
            ("Nothing runs", "A job runs for a second or so: most are done before anyone looks.")
        }
        (JobState::Dead, None) => ("No job is dead", "Whatever failed came through when it was tried again."),
        (JobState::Cancelled, None) => {
            ("Nothing was given up", "A job is cancelled when nothing can come of it any more.")
        }
        (JobState::Done, None) => ("Nothing was done yet", "Finished jobs are kept for fourteen days."),
    };
    (title.to_owned(), sentence.to_owned())
}

fn retry_all(dead: i64) -> String {
    match dead {
        0 => String::new(),
        1 => "Try the dead job again".to_owned(),
        n if n >= i64::from(CAP) => "Try all dead jobs again (10,000 or more)".to_owned(),
        n => format!("Try all {n} dead jobs again"),
    }
}

/// Those that stayed dead are still in the list.
fn revived(query: &Query) -> Option<String> {
    let revived: i64 = query.get("revived")?.parse().ok()?;
    Some(match revived {
        0 => "No job was made ready: other jobs do the same already.".to_owned(),
        n => format!("{} tried again.", text::count(n, "job is", "jobs are")),
    })
}

async fn lines(granted: &Granted, rows: Vec<JobRow>, now: Timestamp) -> Result<Vec<JobLine>, AppError> {
    let order = |row: &JobRow| match row.work {
        Some(Work::Send { order } | Work::Poll { order }) => Some(order),
        _ => None,
    };
    let orders: Vec<Uuid> = rows.iter().filter_map(order).collect();
    let ordered_for = store()?.ordered_for(granted.organization.id, &orders).await?;
    let ordered_for: HashMap<Uuid, String> = ordered_for.into_iter().collect();
    let opportunity = |row: &JobRow| match &row.work {
        Some(Work::Follow { opportunity } | Work::WriteBack { opportunity, .. }) => Some(opportunity.clone()),
        Some(Work::Send { order } | Work::Poll { order }) => ordered_for.get(order).cloned(),
        Some(Work::InvitePresent(asked)) => Some(asked.opportunity.clone()),
        Some(Work::Sync | Work::Contacts | Work::Resolve) | None => None,
    };
    let people = People::of(granted, rows.iter().filter_map(opportunity).collect()).await?;
    let line = |row: JobRow| {
        let about = opportunity(&row);
        line(granted, row, about.map(|id| people.who(&id)), now)
    };
    Ok(rows.into_iter().map(line).collect())
}

fn line(granted: &Granted, row: JobRow, who: Option<super::Who>, now: Timestamp) -> JobLine {
    let rules = &granted.organization.rules;
    let vendor = match &row.work {
        Some(Work::WriteBack { vendor, .. }) => vendor_name(rules, vendor),
        Some(Work::InvitePresent(asked)) => vendor_name(rules, &asked.vendor),
        _ => String::new(),
    };
    let (at, distance) = distance(&row, now);
    JobLine {
        id: row.id.to_string(),
        work: words::work(&row.kind).to_owned(),
        vendor,
        who,
        distance,
        at: when(at, &rules.timezone),
        runs: runs(&row),
        error: row.last_error.unwrap_or_default(),
    }
}

/// The instant that matters, and how far away it is.
fn distance(row: &JobRow, now: Timestamp) -> (Timestamp, String) {
    let ago = |at: Timestamp| format!("{} ago", words::span(now.since(at)));
    match (row.state, row.leased_until, row.finished_at) {
        (JobState::Ready, ..) if row.run_at > now => (row.run_at, format!("in {}", words::span(row.run_at.since(now)))),
        (JobState::Ready, ..) => (row.run_at, format!("due for {}", words::span(now.since(row.run_at)))),
        (JobState::Running, Some(until), _) if until > now => {
            (until, format!("for {} more", words::span(until.since(now))))
        }
        (JobState::Running, Some(until), _) => (until, format!("let go {}", ago(until))),
        (_, _, Some(ended)) => (ended, ago(ended)),
        _ => (row.run_at, ago(row.run_at)),
    }
}

fn runs(row: &JobRow) -> String {
    let runs = text::count(row.attempt.into(), "run", "runs");
    match row.failures {
        0 => runs,
        n => format!("{runs}, {}", text::count(n.into(), "failure", "failures")),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_262_400_000);

    fn row(state: JobState) -> JobRow {
        JobRow {
            id: Uuid::from_u128(1),
            kind: "send".into(),
            work: Some(Work::Send { order: Uuid::from_u128(2) }),
            state,
            attempt: 3,
            failures: 2,
            run_at: NOW.plus(Duration::from_secs(301)),
            leased_until: None,
            last_error: None,
            finished_at: None,
        }
    }

    #[test]
    fn the_next_run_is_said_in_words() {
        assert_eq!(distance(&row(JobState::Ready), NOW).1, "in 5 min");
        let due = JobRow { run_at: NOW.minus(Duration::from_secs(40)), ..row(JobState::Ready) };
        assert_eq!(distance(&due, NOW).1, "due for 40 s");
        let held = JobRow { leased_until: Some(NOW.plus(Duration::from_secs(9))), ..row(JobState::Running) };
        assert_eq!(distance(&held, NOW).1, "for 9 s more");
        assert_eq!(distance(&held, NOW.plus(Duration::from_secs(69))).1, "let go 1 min ago");
        let ended = JobRow { finished_at: Some(NOW.minus(Duration::from_secs(7_200))), ..row(JobState::Dead) };
        assert_eq!(distance(&ended, NOW), (NOW.minus(Duration::from_secs(7_200)), "2 h ago".to_owned()));
        assert_eq!(runs(&ended), "3 runs, 2 failures");
    }

    #[test]
    fn buttons_and_messages_say_the_number() {
        assert_eq!((retry_all(0), retry_all(12)), (String::new(), "Try all 12 dead jobs again".to_owned()));
        let said = |revived| revived_of(&format!("revived={revived}"));
        assert_eq!(said("1").as_deref(), Some("1 job is tried again."));
        assert_eq!(said("12").as_deref(), Some("12 jobs are tried again."));
        assert_eq!(said("many"), None);
        assert_eq!(back("acme", "dead", "", 2), "/o/acme/jobs?state=dead&revived=2");
        assert_eq!(back("acme", "//evil", "a b", 1), "/o/acme/jobs?kind=a%20b&revived=1");
    }

    fn revived_of(query: &str) -> Option<String> {
        revived(&Query::parse(query))
    }
}
