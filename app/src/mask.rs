//! Names for those who may not see them: initials and a short mark that tells two people apart.

/// `Ada Lovelace` becomes `A. L. · 3f2a9c`. The mark comes from the opportunity's id, not from the name, so that it cannot
/// be found by trying names.
pub fn mask(name: &str, opportunity: &str) -> String {
    let initials: Vec<String> = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphabetic()))
        .take(3)
        .map(|c| format!("{}.", c.to_uppercase()))
        .collect();
    let mark = mark(opportunity);
    if initials.is_empty() { mark } else { format!("{} · {mark}", initials.join(" ")) }
}

/// Six hexadecimal digits that stand for an id (FNV-1a, folded to 24 bits).
fn mark(id: &str) -> String {
    let hash = id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{:06x}", (hash ^ (hash >> 24) ^ (hash >> 48)) & 0x00ff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_name_keeps_initials_only() {
        let masked = mask("Ada King Lovelace", "opp-1");
        assert!(masked.starts_with("A. K. L. · "), "{masked}");
        assert!(!masked.contains("Lovelace") && masked.ends_with(&mark("opp-1")));
        assert_eq!(mask("  ", "opp-1"), mark("opp-1"));
        assert_eq!(mask("(élise) 'o", "x").split(" · ").next(), Some("É. O."));
    }

    #[test]
    fn two_people_with_the_same_initials_are_told_apart() {
        assert_ne!(mask("Ada Lovelace", "opp-1"), mask("Ann Lee", "opp-2"));
        assert_eq!(mask("Ada Lovelace", "opp-1"), mask("Ann Lee", "opp-1"));
    }
}
