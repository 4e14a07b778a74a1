//! What an invitation does by itself, chosen by the plus tags of the candidate's address: `ana+pass+dup@example.org`.

use serde::Serialize;

/// How a test that runs by itself ends.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// Completed with this score of 100.
    Score(f64),
    /// Completed without score and band.
    NoScore,
    /// Completed with the band `High` and no score.
    BandHigh,
    /// Never completed.
    Expire,
}

/// The plus tags of one address. Tags may stand together; unknown ones are ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "one flag for each tag; any of them combine")]
pub struct Behaviour {
    /// `+pass` 92, `+review` 60, `+fail` 20, `+noscore`, `+band-high`, `+expire`; 92 if only other tags are there.
    /// `None`: no known tag, a person takes the test on its page.
    pub ending: Option<Ending>,
    /// `+slow`: completes later than the others.
    pub slow: bool,
    /// `+null`: the send is answered 200 with an id of `null`, and nothing was sent.
    pub null_id: bool,
    /// `+malformed`: complete without the address of the result.
    pub malformed: bool,
    /// `+num`: the id is a JSON number.
    pub numeric_id: bool,
    /// `+401`: the send is refused as unauthorized.
    pub unauthorized: bool,
    /// `+429`: every first attempt is refused with `Retry-After: 2`, the next one succeeds.
    pub limited: bool,
    /// `+500`: the send fails and nothing was sent.
    pub broken: bool,
    /// `+timeout`: the invitation goes out, the answer comes much later.
    pub timeout: bool,
    /// `+dup`: the callback comes twice.
    pub duplicate: bool,
    /// `+late`: the status is complete only some time after the callback.
    pub late: bool,
}

impl Behaviour {
    /// Reads the tags between the first `+` and the `@`; case does not count.
    pub fn of(email: &str) -> Self {
        let local = email.split('@').next().unwrap_or_default().to_ascii_lowercase();
        let mut found = Self::default();
        let mut known = false;
        for tag in local.split('+').skip(1) {
            known |= found.read(tag);
        }
        if known && found.ending.is_none() {
            found.ending = Some(Ending::Score(92.0));
        }
        found
    }

    fn read(&mut self, tag: &str) -> bool {
        match tag {
            "pass" => self.ending = Some(Ending::Score(92.0)),
            "review" => self.ending = Some(Ending::Score(60.0)),
            "fail" => self.ending = Some(Ending::Score(20.0)),
            "noscore" => self.ending = Some(Ending::NoScore),
            "band-high" => self.ending = Some(Ending::BandHigh),
            "expire" => self.ending = Some(Ending::Expire),
            "slow" => self.slow = true,
            "null" => self.null_id = true,
            "malformed" => self.malformed = true,
            "num" => self.numeric_id = true,
            "401" => self.unauthorized = true,
            "429" => self.limited = true,
            "500" => self.broken = true,
            "timeout" => self.timeout = true,
            "dup" => self.duplicate = true,
            "late" => self.late = true,
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_combine_and_their_order_does_not_count() {
        let b = Behaviour::of("ana+dup+Fail@example.org");
        assert_eq!(b.ending, Some(Ending::Score(20.0)));
        assert!(b.duplicate && !b.late);
        assert_eq!(Behaviour::of("ana+fail+dup@example.org"), b);
    }

    #[test]
    fn a_tag_that_names_no_ending_still_completes() {
        assert_eq!(Behaviour::of("ana+num@example.org").ending, Some(Ending::Score(92.0)));
        assert_eq!(Behaviour::of("ana+late+band-high@example.org").ending, Some(Ending::BandHigh));
    }

    #[test]
    fn other_addresses_wait_for_a_person() {
        for email in ["ana@example.org", "ana+newsletter@example.org", "ana@plus+pass.example.org", ""] {
            assert_eq!(Behaviour::of(email), Behaviour::default(), "{email}");
        }
    }
}
