//! When a failed job is tried again.

use std::time::Duration;

use crate::remote::RemoteError;

/// Waiting times after the first, second, … failure: some three days in all.
const STEPS: [u64; 11] = [5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// Over how much time calls that were told to wait come back.
pub const SPREAD: Duration = Duration::from_secs(5);

/// Attempts before a job is dead: the first one and one after each step.
pub const ATTEMPTS: i32 = 12;

/// How long to wait after attempt number `attempt` (1 is the first) failed with `error`. `jitter` in `0.0..1.0` spreads the
/// wait by a fifth to either side, so that what failed together does not come back together. What a remote or a rate budget
/// asks for is kept, with up to [`SPREAD`] on top.
pub fn after(attempt: i32, error: &RemoteError, jitter: f64) -> Duration {
    if let RemoteError::RateLimited { retry_after: Some(asked) } = error {
        let least = (*asked).clamp(Duration::from_millis(100), Duration::from_secs(86_400));
        return least + SPREAD.mul_f64(jitter.clamp(0.0, 1.0));
    }
    let step = usize::try_from(attempt.max(1) - 1).unwrap_or(0).min(STEPS.len() - 1);
    Duration::from_secs(STEPS[step]).mul_f64(0.8 + 0.4 * jitter.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_the_remote_asks_for_wins() {
        let asked = RemoteError::RateLimited { retry_after: Some(Duration::from_secs(7)) };
        assert_eq!(after(9, &asked, 0.0), Duration::from_secs(7));
        assert_eq!(after(9, &asked, 1.0), Duration::from_secs(7) + SPREAD);
    }

    proptest! {
        #[test]
        fn waiting_never_gets_shorter_by_more_than_the_jitter(attempt in 1i32..40, a in 0.0..1.0f64, b in 0.0..1.0f64) {
            let error = RemoteError::Unavailable(String::new());
            prop_assert!(after(attempt + 1, &error, a).as_secs_f64() >= after(attempt, &error, b).as_secs_f64() * 0.8 / 1.2);
            prop_assert!(after(attempt, &error, a) <= Duration::from_secs(86_400 * 6 / 5));
        }
    }
}
