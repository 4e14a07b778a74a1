//! Where two texts differ, letter by letter, for people who look at both.

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// As it stands there.
    pub text: String,
    /// The other text does not have it there.
    pub differs: bool,
}

/// Longer texts are marked as a whole.
const LONGEST: usize = 160;

/// The pieces of both texts: letters of a longest common subsequence agree, whatever their case.
pub fn marks(a: &str, b: &str) -> (Vec<Piece>, Vec<Piece>) {
    let (left, right): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if left.len() > LONGEST || right.len() > LONGEST {
        let whole = |text: &str| vec![Piece { text: text.to_owned(), differs: a != b }];
        return (whole(a), whole(b));
    }
    let width = right.len() + 1;
    let mut common = vec![0_u16; (left.len() + 1) * width];
    for (i, one) in left.iter().enumerate().rev() {
        for (j, two) in right.iter().enumerate().rev() {
            common[i * width + j] = if same(*one, *two) {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut first, mut second) = (Vec::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    while i < left.len() || j < right.len() {
        let both = i < left.len() && j < right.len();
        if both && same(left[i], right[j]) {
            push(&mut first, left[i], false);
            push(&mut second, right[j], false);
            (i, j) = (i + 1, j + 1);
        } else if j == right.len() || both && common[(i + 1) * width + j] >= common[i * width + j + 1] {
            push(&mut first, left[i], true);
            i += 1;
        } else {
            push(&mut second, right[j], true);
            j += 1;
        }
    }
    (first, second)
}

fn same(a: char, b: char) -> bool {
    a == b || a.to_lowercase().eq(b.to_lowercase())
}

fn push(pieces: &mut Vec<Piece>, letter: char, differs: bool) {
    match pieces.last_mut() {
        Some(last) if last.differs == differs => last.text.push(letter),
        _ => pieces.push(Piece { text: letter.to_string(), differs }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(pieces: &[Piece]) -> String {
        pieces.iter().map(|p| if p.differs { format!("[{}]", p.text) } else { p.text.clone() }).collect()
    }

    #[test]
    fn letters_that_the_other_does_not_have_are_marked() {
        for (a, b, left, right) in [
            ("Ada", "ada", "Ada", "ada"),
            ("jon.smith@a.example", "john.smith@a.example", "jon.smith@a.example", "jo[h]n.smith@a.example"),
            ("Müller", "Mueller", "M[ü]ller", "M[ue]ller"),
            ("", "x", "", "[x]"),
            ("", "", "", ""),
        ] {
            let (first, second) = marks(a, b);
            assert_eq!((shown(&first).as_str(), shown(&second).as_str()), (left, right));
        }
    }

    #[test]
    fn an_endless_text_is_marked_as_a_whole() {
        let long = "x".repeat(10_000);
        assert_eq!(marks(&long, "x").0, [Piece { text: long.clone(), differs: true }]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_what_agrees_is_the_same(a in "[a-dA-D.@]{0,40}", b in "[a-dA-D.@]{0,40}") {
            let (first, second) = marks(&a, &b);
            let all = |pieces: &[Piece]| pieces.iter().map(|p| p.text.as_str()).collect::<String>();
            let agree = |pieces: &[Piece]| pieces.iter().filter(|p| !p.differs).map(|p| p.text.to_lowercase()).collect::<String>();
            prop_assert_eq!(all(&first), a);
            prop_assert_eq!(all(&second), b);
            prop_assert_eq!(agree(&first), agree(&second));
        }
    }
}
