use super::*;
use crate::read::OpenIssue;
use crate::words;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn ago(span: Duration) -> Option<Timestamp> {
    Some(NOW.minus(span))
}

const fn hours(n: u64) -> Duration {
    Duration::from_hours(n)
}

/// Works, and heard from Lever an hour ago.
fn well() -> FleetRow {
    FleetRow { last_delivery: ago(hours(1)), oldest_secret: ago(hours(24)), was_live: true, ..FleetRow::default() }
}

fn issue(cause: &str) -> OpenIssue {
    let opened_at = NOW.minus(hours(2));
    OpenIssue { cause: cause.into(), detail: "Do this.".into(), opened_at, last_seen: NOW, count: 3 }
}

fn with_issues(causes: &[&str]) -> FleetRow {
    FleetRow { issues: causes.iter().map(|c| issue(c)).collect(), ..well() }
}

fn state(facts: &FleetRow) -> State {
    assess(facts, NOW).state
}

fn late(span: Duration) -> FleetRow {
    FleetRow { backlog: 3, oldest_due: ago(span), ..well() }
}

fn failed(failed: i64, of: i64) -> FleetRow {
    let mut facts = well();
    (facts.failed[23], facts.deliveries[23], facts.still_failing) = (failed, of, failed);
    facts
}

#[test]
fn an_organization_with_nothing_to_see_to_is_healthy() {
    assert_eq!(assess(&well(), NOW), Health::default());
}

#[test]
fn one_that_nothing_has_come_from_is_being_set_up() {
    let health = assess(&FleetRow { created_at: NOW, ..FleetRow::default() }, NOW);
    assert_eq!((health.state, health.causes), (State::SettingUp, vec![Cause::NothingYet { since: NOW }]));
}

#[test]
fn one_that_was_never_live_is_being_set_up_whatever_is_stored_already() {
    let made = FleetRow { paused: true, created_at: NOW, ..FleetRow::default() };
    let verified = FleetRow { last_delivery: ago(hours(1)), oldest_secret: ago(hours(2)), ..made.clone() };
    for facts in [made.clone(), verified] {
        let health = assess(&facts, NOW);
        assert_eq!((health.state, health.causes), (State::SettingUp, vec![Cause::NotLive]), "{facts:?}");
    }
    for stopped in [FleetRow { was_live: true, ..made.clone() }, FleetRow { last_completed: ago(hours(1)), ..made }] {
        assert_eq!(assess(&stopped, NOW).causes, [Cause::Paused], "{stopped:?}");
    }
}

#[test]
fn a_vendor_is_called_by_its_name() {
    let vendors = vec![("py".to_owned(), "Py Tests".to_owned())];
    let facts = FleetRow { vendors, ..with_issues(&["vendor.py.credential", "vendor.gone.unavailable"]) };
    let said: Vec<String> = assess(&facts, NOW).causes.iter().map(words::cause).collect();
    assert!(said[0].starts_with("Py Tests refuses the key") && said[1].starts_with("gone does not"), "{said:?}");
}

#[test]
fn failures_are_over_once_one_of_their_kind_is_accepted() {
    assert_eq!(state(&FleetRow { still_failing: 0, ..failed(20, 30) }), State::Healthy);
    assert_eq!(state(&FleetRow { still_failing: 6, ..failed(20, 30) }), State::Degraded);
}

#[test]
fn a_refused_key_is_failing_also_while_it_is_set_up_or_paused() {
    for facts in [
        with_issues(&["lever.credential"]),
        FleetRow { paused: true, ..with_issues(&["vendor.py.credential"]) },
        FleetRow { last_delivery: None, ..with_issues(&["vendor.py.credential"]) },
    ] {
        assert_eq!(state(&facts), State::Failing);
    }
}

#[test]
fn work_is_late_after_ten_minutes_and_stalled_after_an_hour() {
    for (span, expected) in [
        (LATE - Duration::from_secs(1), State::Healthy),
        (LATE, State::Degraded),
        (STALLED - Duration::from_secs(1), State::Degraded),
        (STALLED, State::Failing),
    ] {
        assert_eq!(state(&late(span)), expected, "{span:?}");
    }
}

#[test]
fn paused_hides_waiting_and_silence_and_nothing_else() {
    let paused = |facts| FleetRow { paused: true, ..facts };
    assert_eq!(state(&paused(late(STALLED))), State::Paused);
    assert_eq!(state(&paused(FleetRow { last_delivery: ago(SILENT), ..well() })), State::Paused);
    assert_eq!(state(&paused(FleetRow { dead_jobs: 1, ..well() })), State::Degraded);
}

#[test]
fn failed_deliveries_count_by_their_share_and_a_few_are_noise() {
    for (bad, of, expected) in [
        (4, 4, State::Healthy),
        (5, 51, State::Healthy),
        (5, 50, State::Degraded),
        (5, 11, State::Degraded),
        (5, 10, State::Failing),
    ] {
        assert_eq!(state(&failed(bad, of)), expected, "{bad} of {of}");
    }
}

#[test]
fn unknown_sends_dead_jobs_issues_and_silence_degrade() {
    for facts in [
        FleetRow { unknown_sends: 1, ..well() },
        FleetRow { dead_jobs: 1, ..well() },
        with_issues(&["lever.stage.x"]),
        with_issues(&["vendor.py.unavailable"]),
        FleetRow { last_delivery: ago(SILENT), ..well() },
    ] {
        assert_eq!(state(&facts), State::Degraded, "{facts:?}");
    }
}

#[test]
fn reviews_and_an_old_key_are_listed_and_break_nothing() {
    let health = assess(&FleetRow { reviews: 2, oldest_secret: ago(OLD_KEY), ..well() }, NOW);
    assert_eq!(health.state, State::Healthy);
    assert_eq!(health.causes, [Cause::Reviews { count: 2 }, Cause::OldKey { since: NOW.minus(OLD_KEY) }]);
    assert!(health.attention > 0);
}

#[test]
fn the_most_urgent_organization_comes_first_however_many_small_things_others_have() {
    let many =
        FleetRow { dead_jobs: 9, reviews: 9, paused: true, ..with_issues(&["a", "b", "c", "lever.unavailable"]) };
    let rows = [
        ("healthy", well()),
        ("new", FleetRow::default()),
        ("many", many),
        ("key", with_issues(&["lever.credential"])),
        ("paused", FleetRow { paused: true, ..well() }),
        ("reviews", FleetRow { reviews: 1, ..well() }),
        ("Also healthy", well()),
    ];
    let rows = rows.map(|(name, row)| FleetRow { name: name.to_owned(), ..row });
    let judged = by_need(rows.into(), NOW);
    assert!(judged.iter().all(|(row, health)| *health == assess(row, NOW)));
    let order: Vec<&str> = judged.iter().map(|(row, _)| row.name.as_str()).collect();
    assert_eq!(order, ["key", "many", "reviews", "paused", "new", "Also healthy", "healthy"]);
}

#[test]
fn a_state_reads_back_from_its_name() {
    for state in State::ALL {
        assert_eq!(State::parse(state.as_str()), Some(state));
        assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
    }
    assert_eq!(State::parse("fine"), None);
    assert!(State::ALL.is_sorted_by(|a, b| a > b), "the worst first");
}

#[test]
fn an_organization_is_found_by_its_name_and_slug_whatever_the_case() {
    let row = FleetRow { slug: "acme-eu".into(), name: "Äcme Europe".into(), ..FleetRow::default() };
    for text in ["", " EUROPE ", "äCME", "-eu"] {
        assert!(row.is_called(text), "{text:?}");
    }
    assert!(!row.is_called("asia"));
    let day = FleetRow { deliveries: [2; 24], failed: [1; 24], ..row }.day();
    assert_eq!(day, (24, 48));
}

#[test]
fn every_cause_is_a_sentence_that_says_what_to_do() {
    let since = NOW.minus(hours(3));
    let connection = || "vendor.py".to_owned();
    for (cause, said, next) in [
        (Cause::Credential { connection: connection(), since }, "refuses the key", "Store"),
        (Cause::Credential { connection: "lever".into(), since }, "Lever refuses", "Store"),
        (Cause::Unavailable { connection: connection(), since }, "py does not answer", "by itself"),
        (Cause::Issue { key: "x".into(), detail: "Do this.".into(), since }, "Do this.", "Do this."),
        (Cause::Stalled { waiting: 1, since }, "1 job waits", "worker"),
        (Cause::Late { waiting: 1_000, since }, "1000 jobs or more wait", "worker"),
        (Cause::DeliveriesFail { failed: 5, of: 6 }, "5 of 6", "signature token"),
        (Cause::SomeDeliveriesFail { failed: 5, of: 20 }, "5 of 20", "Look"),
        (Cause::UnknownSends { count: 2 }, "2 sends", "say"),
        (Cause::DeadJobs { count: 1 }, "1 job failed", "again"),
        (Cause::Silent { since }, "Nothing has come", "Lever"),
        (Cause::Reviews { count: 1 }, "1 result needs", "Decide"),
        (Cause::Paused, "Paused", "Resume"),
        (Cause::NotLive, "Not live yet", "Connections"),
        (Cause::NothingYet { since }, "Nothing has come", "webhook"),
        (Cause::OldKey { since }, "key", "new one"),
    ] {
        let sentence = words::cause(&cause);
        assert!(sentence.contains(said) && sentence.contains(next), "{sentence}");
        assert!(sentence.ends_with('.'), "{sentence}");
    }
}

#[test]
fn the_health_of_an_organization_is_one_sentence() {
    assert_eq!(words::health(&assess(&well(), NOW)), "Everything works.");
    let one = words::health(&assess(&FleetRow { dead_jobs: 1, ..well() }, NOW));
    assert!(one.starts_with("1 job failed") && !one.contains("more"), "{one}");
    let two = words::health(&assess(&FleetRow { dead_jobs: 1, reviews: 3, ..well() }, NOW));
    assert!(two.starts_with("1 job failed") && two.ends_with(" And 1 more."), "{two}");
}
