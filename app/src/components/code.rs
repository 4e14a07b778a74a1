//! Texts for machines, and what changed in a text.

use leptos::prelude::*;

use super::button::CopyButton;

/// A text as it is, with a button that copies it.
#[component]
pub fn CodeBlock(
    /// In full.
    #[prop(into)]
    code: String,
    /// What it is: "the request".
    #[prop(into)]
    what: String,
) -> AnyView {
    let label = capital(&what);
    view! {
        <div class="code-block">
            <CopyButton text=code.clone() what/>
            // Wide lines are scrolled to, also with keys.
            <pre tabindex="0" role="region" aria-label=label><code>{code}</code></pre>
        </div>
    }
    .into_any()
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A piece of a text and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// In the old one only.
    Gone(String),
    /// In the new one only.
    New(String),
}

/// Two texts in one line: what is only in the first, and what is only in the second, marked.
#[component]
pub fn DiffText(
    /// In order.
    pieces: Vec<Piece>,
) -> AnyView {
    let pieces = pieces.into_iter().map(|piece| match piece {
        Piece::Same(text) => text.into_any(),
        Piece::Gone(text) => view! { <del class="diff-gone">{text}</del> }.into_any(),
        Piece::New(text) => view! { <ins class="diff-new">{text}</ins> }.into_any(),
    });
    view! { <span class="diff-text">{pieces.collect_view()}</span> }.into_any()
}

/// The pieces of two texts by character: a longest common subsequence. Meant for names and addresses; of texts whose
/// lengths multiply to more than a million characters it says only that one became the other.
pub fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let (a, b): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let mut out: Vec<Piece> = Vec::new();
    for (old, new) in common(&a, &b) {
        let (piece, c) = match (old, new) {
            (Some(c), Some(_)) => (Piece::Same(String::new()), c),
            (Some(c), None) => (Piece::Gone(String::new()), c),
            (None, Some(c)) => (Piece::New(String::new()), c),
            (None, None) => continue,
        };
        match (out.last_mut(), piece) {
            (Some(Piece::Same(text)), Piece::Same(_))
            | (Some(Piece::Gone(text)), Piece::Gone(_))
            | (Some(Piece::New(text)), Piece::New(_)) => text.push(*c),
            (_, Piece::Same(_)) => out.push(Piece::Same(c.to_string())),
            (_, Piece::Gone(_)) => out.push(Piece::Gone(c.to_string())),
            (_, Piece::New(_)) => out.push(Piece::New(c.to_string())),
        }
    }
    out
}

/// The lines of two texts.
pub fn line_pieces(old: &str, new: &str) -> Vec<Piece> {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let piece = |pair: (Option<&&str>, Option<&&str>)| match pair {
        (Some(line), Some(_)) => Piece::Same((*line).to_owned()),
        (Some(line), None) => Piece::Gone((*line).to_owned()),
        (None, line) => Piece::New(line.map(|l| (*l).to_owned()).unwrap_or_default()),
    };
    common(&a, &b).into_iter().map(piece).collect()
}

/// Pairs what both have, in order; the rest stands alone, what is gone before what is new.
fn common<'a, T: PartialEq>(a: &'a [T], b: &'a [T]) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    const MOST: usize = 1_000_000;
    if a.len().saturating_mul(b.len()) > MOST {
        return a.iter().map(|x| (Some(x), None)).chain(b.iter().map(|y| (None, Some(y)))).collect();
    }
    let mut length = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for (i, x) in a.iter().enumerate().rev() {
        for (j, y) in b.iter().enumerate().rev() {
            length[i][j] = if x == y { length[i + 1][j + 1] + 1 } else { length[i + 1][j].max(length[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            out.push((Some(&a[i]), Some(&b[j])));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && length[i + 1][j] >= length[i][j + 1]) {
            out.push((Some(&a[i]), None));
            i += 1;
        } else {
            out.push((None, Some(&b[j])));
            j += 1;
        }
    }
    out
}

/// Two texts by line: what was removed, what was added, and what stayed.
#[component]
pub fn Diff(
    /// What is compared: "the rules, version 3 and 4".
    #[prop(into)]
    what: String,
    /// From [`line_pieces`].
    lines: Vec<Piece>,
) -> AnyView {
    let removed = lines.iter().filter(|l| matches!(l, Piece::Gone(_))).count();
    let added = lines.iter().filter(|l| matches!(l, Piece::New(_))).count();
    let lines = lines.into_iter().map(|line| {
        let (class, sign, said, text) = match line {
            Piece::Same(text) => ("diff-line", " ", "", text),
            Piece::Gone(text) => ("diff-line diff-gone", "−", "removed: ", text),
            Piece::New(text) => ("diff-line diff-new", "+", "added: ", text),
        };
        view! {
            <div class=class>
                <span class="diff-sign" aria-hidden="true">{sign}</span>
                <span class="visually-hidden">{said}</span>
                <code>{text}</code>
            </div>
        }
    });
    let lines = lines.collect_view();
    view! {
        <figure class="diff">
            <figcaption>{capital(&what)}<span class="muted">{format!("{added} added, {removed} removed")}</span></figcaption>
            <div class="diff-lines" tabindex="0" role="region" aria-label=format!("Changes in {what}")>{lines}</div>
        </figure>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_changed_in_a_name_is_found() {
        let same = |t: &str| Piece::Same(t.to_owned());
        assert_eq!(pieces("jon", "john"), [same("jo"), Piece::New("h".to_owned()), same("n")]);
        assert_eq!(line_pieces("a\nb", "a\nc"), [same("a"), Piece::Gone("b".to_owned()), Piece::New("c".to_owned())]);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_back(old in "[abc]{0,12}", new in "[abc]{0,12}") {
            let (mut first, mut second) = (String::new(), String::new());
            for piece in pieces(&old, &new) {
                match piece {
                    Piece::Same(t) => { first += &t; second += &t; }
                    Piece::Gone(t) => first += &t,
                    Piece::New(t) => second += &t,
                }
            }
            prop_assert_eq!((first, second), (old, new));
        }
    }
}
