//! The conformance suite of the store: every case runs on SQLite, and on PostgreSQL where `ASSAY_TEST_POSTGRES_URL` names a
//! server. Each case gets a database of its own.

#[cfg(test)]
mod accounts;
mod audit;
#[cfg(test)]
mod effects;
#[cfg(test)]
mod engines;
#[cfg(test)]
mod fleet;
#[cfg(test)]
mod inbox;
#[cfg(test)]
mod matching;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod queue;
#[cfg(test)]
mod results;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod traffic;

/// Lists cases once and makes a test of each on both engines.
macro_rules! cases {
    ($($group:ident: [$($case:ident),* $(,)?]),* $(,)?) => {
        #[cfg(test)]
        mod on_sqlite {
            $(mod $group { $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let database = super::super::engines::Database::sqlite().await;
                    super::super::$group::$case(&*database.store().await).await;
                    database.remove().await;
                }
            )* })*
        }

        #[cfg(test)]
        mod on_postgres {
            $(mod $group { $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let Some(database) = super::super::engines::Database::postgres().await else { return };
                    super::super::$group::$case(&*database.store().await).await;
                    database.remove().await;
                }
            )* })*
        }
    };
}

cases! {
    inbox: [
        a_delivery_is_stored_with_its_job_and_read_back,
        a_repeated_token_stores_nothing_and_counts_on_the_first,
        the_same_token_twice_in_one_batch_is_one_delivery,
        a_repeated_token_with_another_body_is_suspicious,
        the_same_token_of_another_organization_is_another_delivery,
        only_the_latest_hundred_refused_are_kept,
        failed_lists_refused_not_understood_and_suspicious_only,
        a_replay_puts_the_delivery_back_and_queues_its_job,
        a_job_can_be_claimed_while_its_delivery_is_stored,
        a_job_that_joins_another_is_not_claimed_with_its_delivery,
        many_deliveries_at_once_are_told_apart,
        a_zero_character_in_a_body_fails_nobody,
        handled_deliveries_and_finished_jobs_are_pruned_and_others_stay,
    ],
    queue: [
        two_jobs_with_one_key_are_one_and_run_at_the_earlier_time,
        a_waiting_send_keeps_its_backoff,
        a_job_asked_for_while_it_runs_runs_again,
        a_snoozed_job_asked_for_again_is_ready_at_once_and_a_failed_one_waits,
        a_job_claimed_anew_is_not_ended_by_its_former_holder,
        an_expired_lease_is_rescued_and_counted_until_it_is_dead,
        a_renewed_lease_is_not_rescued_and_a_lost_one_is_not_renewed,
        a_released_job_is_ready_as_before,
        failures_count_up_and_start_again_after_success,
        the_ends_of_runs_are_counted_by_state,
        a_dead_job_is_revived_unless_another_took_its_place,
        claims_are_fair_between_organizations,
        organizations_take_turns_when_there_are_more_than_jobs_to_claim,
        what_someone_waits_for_comes_first,
        nothing_is_claimed_before_its_time,
        eight_claimers_never_share_a_job,
        a_conflict_costs_only_the_guilty_run,
        one_job_twice_in_a_batch_ends_once,
        a_budget_never_lets_more_through_than_burst_and_rate,
        a_held_budget_lets_nothing_through_and_then_its_pace,
        what_a_dead_process_held_is_ready_now_though_its_lease_lasts,
        who_would_wait_too_long_takes_no_place,
    ],
    effects: [
        an_older_reading_never_replaces_a_newer_one,
        an_entry_is_decided_once,
        of_decisions_that_come_together_the_latest_is_shown,
        a_decision_that_invited_nobody_gives_way_and_one_that_invited_stays,
        an_order_of_one_round_is_planned_once,
        an_order_moves_only_from_the_state_it_was_seen_in,
        an_order_never_moves_back,
        a_result_is_kept_and_shown,
        closing_touches_only_waiting_deliveries_of_the_opportunity,
        a_catalogue_keeps_missing_tests_as_retired,
        an_issue_is_opened_once_and_counted_until_it_is_closed,
        results_are_marked_written_and_calls_noted,
        effects_of_one_run_are_all_kept_or_none,
        a_job_may_queue_itself_again,
    ],
    orders: [
        a_send_begins_once_out_of_many_tries,
        a_send_does_not_begin_for_a_lost_claim,
        facts_hold_orders_decisions_and_tests,
        an_order_is_found_by_its_report_address,
        unfinished_orders_are_those_that_need_a_job,
        decided_entries_are_found_for_a_list,
        the_last_decision_of_each_opportunity_is_listed,
    ],
    setup: [
        an_organization_is_created_and_changed_in_versions,
        a_change_on_an_old_version_is_a_conflict_and_changes_nothing,
        every_version_is_kept_with_its_author,
        secrets_are_replaced_as_a_whole,
        to_pause_with_a_change_is_one_change_and_on_record,
        an_organization_goes_with_everything_but_the_record,
        a_sample_that_was_connected_stays,
        secrets_are_encrypted_anew_only_as_they_were_read,
        pausing_shows_in_the_versions,
        a_migrated_database_is_ready,
    ],
    accounts: [
        an_address_is_taken_once,
        a_new_password_ends_the_sessions_of_that_person_only,
        a_disabled_person_has_no_session,
        a_disabled_person_s_link_for_a_new_password_opens_nothing,
        an_expired_session_is_gone_and_pruned,
        a_session_key_is_created_once_and_may_be_saved_again,
        accounts_are_listed_with_the_slug_of_their_organization,
        preferences_are_kept_for_each_person,
        the_last_owner_and_the_last_super_admin_stay,
        a_link_is_used_once_and_makes_the_account_it_says,
        of_two_who_use_a_link_at_once_one_gets_the_account,
        a_link_for_a_new_password_ends_the_sessions,
        a_person_s_sessions_are_listed_and_ended,
    ],
    audit: [
        every_change_is_on_record_with_who_and_where,
        entries_are_found_by_act_by_person_and_in_pages,
        chains_are_whole_also_after_changes_at_the_same_time,
    ],
    pages: [
        candidates_come_newest_first_in_pages_without_gap_or_repetition,
        candidates_are_found_by_part_of_the_name_or_whole_address,
        candidates_are_filtered_by_state_and_outcome,
        candidates_are_filtered_by_stage_and_by_whether_they_wait_for_someone,
        candidates_come_in_pages_of_any_size_and_are_counted_up_to_a_cap,
        an_order_without_a_reading_is_listed,
        a_row_shows_what_is_there_letter_for_letter,
        home_counts_and_names_what_needs_a_person,
        one_candidate_is_shown_with_orders_and_timeline,
        other_organizations_are_never_shown,
    ],
    results: [
        results_are_those_of_a_vendor_newest_first,
        the_past_of_a_row_is_told_newest_first_with_its_results,
        trigger_figures_count_what_became_of_entries,
        every_result_counts_on_its_day,
    ],
    traffic: [
        deliveries_come_newest_first_in_pages_without_gap_or_repetition,
        deliveries_are_filtered_by_status_failure_event_and_opportunity,
        events_are_counted_with_the_last_that_was_accepted,
        a_page_looks_through_ten_thousand_deliveries_and_says_where_to_go_on,
        deliveries_and_jobs_of_others_are_neither_shown_nor_changed,
        names_are_read_by_opportunity_and_whom_orders_are_for,
        waiting_jobs_come_by_their_time_whatever_their_kind,
        ended_jobs_come_latest_first_and_running_ones_with_their_lease,
        the_queue_is_counted_by_state_and_kind_up_to_a_cap,
        a_dead_job_of_the_organization_is_revived,
        all_dead_jobs_are_revived_once_for_each_key_unless_the_place_is_taken,
        thousands_of_dead_jobs_are_revived_in_portions,
    ],
    matching: [
        contacts_are_found_by_what_was_read_last,
        people_who_are_only_known_are_no_candidates,
        a_crowd_behind_one_address_finds_nobody_and_is_told,
        a_merged_contact_is_gone_and_what_was_taught_of_it_stays,
        a_result_is_stored_once_by_its_reference,
        a_step_is_made_once_from_what_was_read,
        waiting_results_come_in_their_order_and_later_ones_later,
        only_exactly_the_same_person_is_alike,
        a_contact_that_gets_an_address_wakes_who_waits_for_it,
        two_people_at_one_result_see_each_other,
        a_result_that_was_taken_back_says_nothing_and_is_to_be_taken_out,
        a_mark_only_moves_on,
    ],
    fleet: [
        the_fleet_has_one_row_for_each_organization,
        a_row_of_the_fleet_counts_what_its_organization_has,
        the_last_day_s_deliveries_are_counted_by_hour,
        a_failed_delivery_is_over_once_one_of_its_event_is_accepted,
        what_was_never_live_is_no_paused_organization,
        a_great_backlog_is_counted_up_to_the_cap,
    ],
}
