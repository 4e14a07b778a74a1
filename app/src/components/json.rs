//! JSON as it was received: folded, keys in order, numbers digit by digit. (`serde_json` would round large numbers and
//! would weigh more in the client bundle than this reader.)

use std::iter::Peekable;
use std::str::Chars;

use leptos::prelude::*;

/// A value; numbers and texts as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`, `true`, `false` or a number.
    Plain(String),
    /// A text, its escapes resolved.
    Text(String),
    /// Values in order.
    List(Vec<Value>),
    /// Values by key; sorted when shown.
    Object(Vec<(String, Value)>),
}

/// So deep may values be nested.
const DEEPEST: usize = 64;

/// Reads a JSON text; none where it is not JSON, or nested more than 64 deep.
pub fn parse(text: &str) -> Option<Value> {
    let mut rest = text.chars().peekable();
    let value = value(&mut rest, 0)?;
    space(&mut rest);
    rest.next().is_none().then_some(value)
}

type Rest<'a> = Peekable<Chars<'a>>;

fn space(rest: &mut Rest<'_>) {
    while rest.next_if(|c| matches!(c, ' ' | '\t' | '\r' | '\n')).is_some() {}
}

fn value(rest: &mut Rest<'_>, depth: usize) -> Option<Value> {
    space(rest);
    match *rest.peek()? {
        _ if depth > DEEPEST => None,
        '{' => items(rest, '}', |rest| {
            space(rest);
            let key = string(rest)?;
            space(rest);
            rest.next_if_eq(&':')?;
            Some((key, value(rest, depth + 1)?))
        })
        .map(Value::Object),
        '[' => items(rest, ']', |rest| value(rest, depth + 1)).map(Value::List),
        '"' => string(rest).map(Value::Text),
        _ => plain(rest),
    }
}

fn items<T>(rest: &mut Rest<'_>, end: char, mut item: impl FnMut(&mut Rest<'_>) -> Option<T>) -> Option<Vec<T>> {
    rest.next();
    space(rest);
    let mut found = Vec::new();
    if rest.next_if_eq(&end).is_some() {
        return Some(found);
    }
    loop {
        found.push(item(rest)?);
        space(rest);
        match rest.next()? {
            ',' => {}
            c if c == end => return Some(found),
            _ => return None,
        }
    }
}

fn plain(rest: &mut Rest<'_>) -> Option<Value> {
    let mut word = String::new();
    while let Some(c) = rest.next_if(|c| c.is_ascii_alphanumeric() || "+-.".contains(*c)) {
        word.push(c);
    }
    let is_number = word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) && word.parse::<f64>().is_ok();
    (is_number || ["null", "true", "false"].contains(&word.as_str())).then_some(Value::Plain(word))
}

fn string(rest: &mut Rest<'_>) -> Option<String> {
    rest.next_if_eq(&'"')?;
    let mut text = String::new();
    loop {
        match rest.next()? {
            '"' => return Some(text),
            '\\' => text.push(escape(rest)?),
            c => text.push(c),
        }
    }
}

fn escape(rest: &mut Rest<'_>) -> Option<char> {
    Some(match rest.next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => return unicode(rest),
        c @ ('"' | '\\' | '/') => c,
        _ => return None,
    })
}

/// A code unit of UTF-16, or two where one is half of a pair. Half a pair alone is shown as a replacement character.
fn unicode(rest: &mut Rest<'_>) -> Option<char> {
    let first = unit(rest)?;
    let mut after = rest.clone();
    if (0xD800..0xDC00).contains(&first) && after.next() == Some('\\') && after.next() == Some('u') {
        let second = unit(&mut after)?;
        if let Some(Ok(c)) = char::decode_utf16([first, second]).next() {
            *rest = after;
            return Some(c);
        }
    }
    Some(char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn unit(rest: &mut Rest<'_>) -> Option<u16> {
    let digits: String = (0..4).map_while(|_| rest.next_if(char::is_ascii_hexdigit)).collect();
    (digits.len() == 4).then(|| u16::from_str_radix(&digits, 16).ok()).flatten()
}

/// A JSON text, folded. What is no JSON is shown as it is.
#[component]
pub fn JsonView(
    /// As received.
    #[prop(into)]
    json: String,
    /// What it is: "the payload".
    #[prop(into)]
    what: String,
) -> AnyView {
    let body = match parse(&json) {
        Some(value) => node(None, value, 0),
        None => view! { <pre>{json.clone()}</pre> }.into_any(),
    };
    view! {
        <div class="code-block">
            <super::CopyButton text=json what=what.clone()/>
            <div class="json-body" tabindex="0" role="region" aria-label=format!("JSON of {what}")>{body}</div>
        </div>
    }
    .into_any()
}

/// So deep it is unfolded from the beginning.
const OPEN: usize = 2;

fn node(key: Option<String>, value: Value, depth: usize) -> AnyView {
    let name = key.map(|key| view! { <span class="json-key">{key}</span>": " });
    let (open, close, count, inner) = match value {
        Value::Plain(word) => {
            return view! { <div class="json-line">{name}<span class="json-plain">{word}</span></div> }.into_any();
        }
        Value::Text(text) => {
            return view! { <div class="json-line">{name}<span class="json-text">{format!("{text:?}")}</span></div> }
                .into_any();
        }
        Value::List(items) => {
            let inner = items.into_iter().map(|v| (None, v)).collect::<Vec<_>>();
            ("[", "]", inner.len(), inner)
        }
        Value::Object(mut pairs) => {
            pairs.sort_by(|a, b| a.0.cmp(&b.0));
            ("{", "}", pairs.len(), pairs.into_iter().map(|(k, v)| (Some(k), v)).collect())
        }
    };
    if inner.is_empty() {
        return view! { <div class="json-line">{name}{open}{close}</div> }.into_any();
    }
    let inner = inner.into_iter().map(|(key, value)| node(key, value, depth + 1)).collect_view();
    view! {
        <details class="json-node" open=depth < OPEN>
            <summary>{name}{open}<span class="json-count">{format!(" {count} ")}</span>{close}</summary>
            {inner}
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_as_written() {
        let read = parse("[12345678901234567890123, 1e400, -0.10]").unwrap();
        let plain = |w: &str| Value::Plain(w.to_owned());
        assert_eq!(read, Value::List(vec![plain("12345678901234567890123"), plain("1e400"), plain("-0.10")]));
    }

    #[test]
    fn texts_are_resolved() {
        assert_eq!(parse(r#""a\n\u00e9\ud83d\ude00\"""#), Some(Value::Text("a\né😀\"".to_owned())));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let deep = "[".repeat(100_000);
        for text in ["", "{", "[1,]", "{\"a\" 1}", "nul", "1 2", "\"a", deep.as_str()] {
            assert_eq!(parse(text), None, "{text:.20}");
        }
    }
}
