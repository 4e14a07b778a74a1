//! Evidence in sentences. They name no value: whoever sees them may see the values beside them.

use super::person::{Field, Level};
use super::resolve::Reason;
use super::score::Clue;

/// One line of evidence in words, without its number.
pub fn sentence(clue: Clue) -> String {
    match clue {
        Clue::Prior => "before looking: one person among everybody".to_owned(),
        Clue::Exchanged => "given name and surname are exchanged".to_owned(),
        Clue::Household => "members of one family share this too".to_owned(),
        Clue::Field { field, level, is_shared } => {
            let text = of_field(field, level);
            match (is_shared && level >= Level::Rewritten, field) {
                (false, _) => text,
                (true, Field::Email) => format!("{text}; this e-mail belongs to several profiles"),
                (true, Field::Phone) => format!("{text}; this number belongs to several profiles"),
                (true, _) => format!("{text}; it is a frequent one"),
            }
        }
    }
}

/// Why an answer is what it is, in words.
pub fn why(reason: Reason) -> &'static str {
    match reason {
        Reason::Clear => "one strong answer",
        Reason::Tie => "several are nearly equally good; a tie is never a match",
        Reason::NotTheirOwn => "what agrees is also what namesakes or members of one family share",
        Reason::Middling => "not enough agrees to be sure",
        Reason::Claimed => "somebody else is as good a match for the same profile",
        Reason::Nobody => "nobody is near enough",
    }
}

fn of_field(field: Field, level: Level) -> String {
    let special = match (field, level) {
        (Field::Email, Level::Same) => "same e-mail address",
        (Field::Email, Level::Rewritten) => "same address after removing dots, labels and other names of the provider",
        (Field::Email, Level::Typo) => "the e-mail addresses are a slip of the keys apart",
        (Field::Email, Level::Part) => "same name at another e-mail provider",
        (Field::Email, Level::Different) => "the e-mail addresses differ, as they do for many",
        (Field::Phone, Level::Rewritten) => "same number, written without its country code",
        (Field::BirthDate, Level::Rewritten) => "same date with day and month exchanged",
        (Field::BirthDate, Level::Typo) => "the dates of birth are one digit apart",
        (Field::BirthDate, Level::Part) => "the year agrees, and the day or the month",
        (Field::GivenName, Level::Short) => "one name is a short form of the other",
        (Field::GivenName | Field::Surname, Level::Rewritten) => "same name in another spelling",
        (Field::GivenName | Field::Surname, Level::Initial) => "an initial stands for the name",
        (Field::GivenName | Field::Surname, Level::Part) => "one name is a part of the other",
        (Field::Street, Level::Similar) => "same street, another house number",
        (Field::Street, Level::Part) => "same street, a house number on one side only",
        (Field::ExternalId, Level::Same) => "same external id",
        _ => return plain(field, level),
    };
    special.to_owned()
}

fn plain(field: Field, level: Level) -> String {
    match level {
        Level::Missing => format!("{field}: not known on both sides"),
        Level::Different => format!("{field}: they contradict each other"),
        Level::Similar => format!("{field}: they resemble each other"),
        Level::Initial => format!("{field}: one is the initial of the other"),
        Level::Part => format!("{field}: one is a part of the other"),
        Level::Typo => format!("{field}: a slip of the keys apart"),
        Level::Short => format!("{field}: one is short for the other"),
        Level::Rewritten => format!("{field}: the same in another spelling"),
        Level::Same => format!("same {field}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_agreement_of_a_field_has_its_own_sentence() {
        let mut seen = HashSet::new();
        for field in Field::ALL {
            for level in Level::ALL {
                for is_shared in [false, true] {
                    let text = sentence(Clue::Field { field, level, is_shared });
                    assert!(!text.is_empty());
                    if !is_shared
                        && !text.starts_with("same name in")
                        && !text.contains("a part")
                        && !text.contains("initial")
                    {
                        assert!(seen.insert(text.clone()), "{text}");
                    }
                }
            }
        }
        let email = Clue::Field { field: Field::Email, level: Level::Rewritten, is_shared: true };
        assert!(sentence(email).ends_with("this e-mail belongs to several profiles"));
    }
}
