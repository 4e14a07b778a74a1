//! Passwords: argon2id, a bound on how many are hashed at once, and a delay for those who guess.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

use crate::ids;

/// Shortest and longest password, in characters (OWASP ASVS 5.0, 6.2.1 and 6.2.9).
pub const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

/// Hashing at once: each takes the memory of its parameters.
const AT_ONCE: usize = 2;
/// Failures that cost nothing.
const FREE_FAILURES: u32 = 4;
/// The first delay; each further failure doubles it.
const FIRST_DELAY: Duration = Duration::from_secs(1);
/// The longest delay: nobody can lock someone else out for good.
const LONGEST_DELAY: Duration = Duration::from_secs(15 * 60);
/// Failures are forgotten after so long without another.
const MEMORY: Duration = Duration::from_secs(60 * 60);
/// Addresses whose failures are remembered; beyond, those that are quiet longest are forgotten.
const REMEMBERED: usize = 10_000;

/// Why a password could not be hashed or compared. Never that it was wrong.
#[derive(Debug, thiserror::Error)]
#[error("password hashing: {0}")]
pub struct PasswordError(String);

/// What comparing found.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password, or there is no such account.
    Wrong,
    /// The password.
    Right,
    /// The password, hashed with other parameters than today's: store this hash instead.
    RightButOld(String),
}

/// Hashes and compares passwords.
pub struct Passwords {
    params: Params,
    permits: Arc<Semaphore>,
    /// Compared with when there is no account, so that both take the same time.
    dummy: String,
    failures: Mutex<HashMap<String, Failures>>,
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").field("params", &self.params).finish_non_exhaustive()
    }
}

impl Passwords {
    /// With these parameters.
    ///
    /// # Errors
    /// The parameters are out of argon2's range.
    pub fn new(params: Params) -> Result<Self, PasswordError> {
        let dummy = hash_of_nothing(&params)?;
        Ok(Self { params, permits: Arc::new(Semaphore::new(AT_ONCE)), dummy, failures: Mutex::default() })
    }

    /// The parameters in use: 19 MiB, two passes, one lane (OWASP's password storage cheat sheet; ASVS 5.0, 11.4.2).
    ///
    /// # Panics
    /// Never: the parameters are in argon2's range.
    pub fn default_params() -> Params {
        Params::new(19 * 1024, 2, 1, None).expect("the parameters are in argon2's range")
    }

    /// Whether a new password has an acceptable length.
    ///
    /// # Errors
    /// A sentence that says what is accepted.
    pub fn check_length(password: &str) -> Result<(), String> {
        let length = password.chars().count();
        if LENGTH.contains(&length) {
            return Ok(());
        }
        let (least, most) = (LENGTH.start(), LENGTH.end());
        Err(format!("A password has {least} to {most} characters; this one has {length}."))
    }

    /// A PHC string to be stored.
    ///
    /// # Errors
    /// Hashing failed, for example for want of memory.
    pub async fn hash(&self, password: SecretString) -> Result<String, PasswordError> {
        let params = self.params.clone();
        self.apart(move || hash(&params, password.expose_secret().as_bytes())).await
    }

    /// Compares a password with the stored hash; without one, with a hash that nothing equals, at the same cost.
    ///
    /// # Errors
    /// The stored hash is unreadable, or hashing failed.
    pub async fn verify(&self, password: SecretString, stored: Option<String>) -> Result<Verdict, PasswordError> {
        let exists = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.dummy.clone());
        let params = self.params.clone();
        self.apart(move || compare(&params, &password, &stored, exists)).await
    }

    /// Runs hashing on a thread of its own, when its turn comes.
    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|e| PasswordError(e.to_string()))?;
        let run = move || {
            let result = work();
            drop(permit);
            result
        };
        tokio::task::spawn_blocking(run).await.map_err(|e| PasswordError(e.to_string()))?
    }

    /// Whether `email` may try now; counts the try as a failure until [`Self::succeeded`] says otherwise, so that tries made
    /// at the same time cannot pass together.
    ///
    /// # Errors
    /// How long to wait.
    pub fn admit(&self, email: &str, now: Timestamp) -> Result<(), Duration> {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let known = failures.get(email).copied().filter(|f| now.since(f.last) < MEMORY);
        let before = known.unwrap_or(Failures { count: 0, last: now });
        let wait = delay(before.count).saturating_sub(now.since(before.last));
        if !wait.is_zero() {
            return Err(wait);
        }
        failures.insert(email.to_owned(), Failures { count: before.count.saturating_add(1), last: now });
        if failures.len() > REMEMBERED {
            forget_quietest(&mut failures, now);
        }
        Ok(())
    }

    /// The password was right: the failures before it are forgotten.
    pub fn succeeded(&self, email: &str) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(email);
    }
}

fn forget_quietest(failures: &mut HashMap<String, Failures>, now: Timestamp) {
    failures.retain(|_, f| now.since(f.last) < MEMORY);
    if failures.len() > REMEMBERED {
        let quietest = failures.iter().min_by_key(|(_, f)| f.last).map(|(email, _)| email.clone());
        quietest.and_then(|email| failures.remove(&email));
    }
}

/// The delay after so many failures.
fn delay(failures: u32) -> Duration {
    let Some(beyond) = failures.checked_sub(FREE_FAILURES + 1) else { return Duration::ZERO };
    let factor = 2_u32.checked_pow(beyond).unwrap_or(u32::MAX);
    FIRST_DELAY.saturating_mul(factor).min(LONGEST_DELAY)
}

fn argon(params: &Params) -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
}

fn hash(params: &Params, password: &[u8]) -> Result<String, PasswordError> {
    let salt = ids::random::<16>();
    let hash: PasswordHash =
        argon(params).hash_password_with_salt(password, &salt).map_err(|e| PasswordError(e.to_string()))?;
    Ok(hash.to_string())
}

/// Random bytes in the place of a hash: comparing costs what it costs with a real one, and nothing was hashed for it, which
/// would take 19 MiB of memory at every start and leave them with the allocator.
fn hash_of_nothing(params: &Params) -> Result<String, PasswordError> {
    let failed = |e: &dyn fmt::Display| PasswordError(e.to_string());
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: params.try_into().map_err(|e| failed(&e))?,
        salt: Some(Salt::new(&ids::random::<16>()).map_err(|e| failed(&e))?),
        hash: Some(Output::new(&ids::random::<32>()).map_err(|e| failed(&e))?),
    };
    Ok(hash.to_string())
}

fn compare(params: &Params, password: &SecretString, stored: &str, exists: bool) -> Result<Verdict, PasswordError> {
    use argon2::password_hash::Error;
    let parsed = PasswordHash::new(stored).map_err(|e| PasswordError(e.to_string()))?;
    match argon(params).verify_password(password.expose_secret().as_bytes(), &parsed) {
        Ok(()) if !exists => Ok(Verdict::Wrong),
        Ok(()) if is_current(params, &parsed) => Ok(Verdict::Right),
        Ok(()) => Ok(Verdict::RightButOld(hash(params, password.expose_secret().as_bytes())?)),
        Err(Error::PasswordInvalid) => Ok(Verdict::Wrong),
        Err(other) => Err(PasswordError(other.to_string())),
    }
}

fn is_current(params: &Params, stored: &PasswordHash) -> bool {
    let costs = |p: &Params| (p.m_cost(), p.t_cost(), p.p_cost());
    stored.algorithm == Algorithm::Argon2id.ident()
        && Params::try_from(stored).is_ok_and(|used| costs(&used) == costs(params))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap(passes: u32) -> Passwords {
        Passwords::new(Params::new(8, passes, 1, None).unwrap()).unwrap()
    }

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[tokio::test]
    async fn a_password_verifies_and_another_does_not() {
        let passwords = cheap(1);
        let stored = passwords.hash(secret("correct horse battery")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{stored}");
        let right = passwords.verify(secret("correct horse battery"), Some(stored.clone())).await.unwrap();
        let wrong = passwords.verify(secret("correct horse batterz"), Some(stored)).await.unwrap();
        assert_eq!((right, wrong), (Verdict::Right, Verdict::Wrong));
    }

    #[tokio::test]
    async fn without_an_account_nothing_is_right() {
        let passwords = cheap(1);
        let verdict = passwords.verify(secret("correct horse battery"), None).await.unwrap();
        assert_eq!(verdict, Verdict::Wrong);
        let costs = passwords.dummy.rsplit_once('$').unwrap();
        let real = passwords.hash(secret("correct horse battery")).await.unwrap();
        let real = real.rsplit_once('$').unwrap();
        assert_eq!(costs.0.len(), real.0.len(), "the same parameters and length of salt, or time tells them apart");
        assert_eq!(costs.1.len(), real.1.len(), "the same length of hash");
    }

    #[tokio::test]
    async fn other_parameters_ask_for_a_new_hash() {
        let stored = cheap(1).hash(secret("correct horse battery")).await.unwrap();
        let verdict = cheap(2).verify(secret("correct horse battery"), Some(stored)).await.unwrap();
        assert!(matches!(verdict, Verdict::RightButOld(new) if new.contains("t=2")));
    }

    #[test]
    fn the_default_parameters_are_those_of_the_cheat_sheet() {
        let params = Passwords::default_params();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19_456, 2, 1));
    }

    #[test]
    fn from_the_fifth_failure_on_each_doubles_the_delay() {
        let passwords = cheap(1);
        let mut now = Timestamp::from_millis(1_000_000);
        for _ in 0..5 {
            assert_eq!(passwords.admit("a@example.org", now), Ok(()));
        }
        let mut waits = Vec::new();
        for _ in 0..12 {
            let wait = passwords.admit("a@example.org", now).unwrap_err();
            waits.push(wait.as_secs());
            now = now.plus(wait);
            assert_eq!(passwords.admit("a@example.org", now), Ok(()));
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(passwords.admit("b@example.org", now), Ok(()), "another account is not delayed");
        passwords.succeeded("a@example.org");
        assert_eq!(passwords.admit("a@example.org", now), Ok(()));
    }

    #[test]
    fn failures_are_forgotten_after_an_hour_of_quiet() {
        let passwords = cheap(1);
        let now = Timestamp::from_millis(1_000_000);
        for _ in 0..5 {
            passwords.admit("a@example.org", now).unwrap();
        }
        let later = now.plus(MEMORY);
        for _ in 0..5 {
            assert_eq!(passwords.admit("a@example.org", later), Ok(()));
        }
    }

    #[test]
    fn a_length_outside_the_bounds_is_explained() {
        assert!(Passwords::check_length("elevenchars").unwrap_err().contains("12 to 128"));
        assert_eq!(Passwords::check_length("twelve chars"), Ok(()));
        assert_eq!(Passwords::check_length(&"ü".repeat(128)), Ok(()));
        assert!(Passwords::check_length(&"x".repeat(129)).is_err());
    }
}
