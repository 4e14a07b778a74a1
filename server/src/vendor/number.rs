//! Numbers and ids as vendors really send them.

use serde_json::Value;

/// An id that may be text or a number; blank and null are none.
pub fn id(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A finite number that may be quoted. `Err` if there is something that is no number.
pub fn score(value: Option<&Value>) -> Result<Option<f64>, ()> {
    let number = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    number.filter(|n: &f64| n.is_finite()).map(Some).ok_or(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_may_be_numbers_and_never_blank() {
        for (sent, read) in [
            (json!("98765"), Some("98765")),
            (json!(98765), Some("98765")),
            (json!(" t-1 "), Some("t-1")),
            (json!(""), None),
            (json!(" "), None),
            (json!(null), None),
            (json!({}), None),
            (json!(true), None),
        ] {
            assert_eq!(id(Some(&sent)).as_deref(), read, "{sent}");
        }
        assert_eq!(id(None), None);
    }

    #[test]
    fn scores_may_be_quoted_and_must_be_finite() {
        for (sent, read) in [
            (json!(81), Ok(Some(81.0))),
            (json!(0), Ok(Some(0.0))),
            (json!("81.5"), Ok(Some(81.5))),
            (json!(" 7 "), Ok(Some(7.0))),
            (json!(null), Ok(None)),
            (json!(""), Ok(None)),
            (json!("n/a"), Err(())),
            (json!("NaN"), Err(())),
            (json!("inf"), Err(())),
            (json!([1]), Err(())),
            (json!(true), Err(())),
        ] {
            assert_eq!(score(Some(&sent)), read, "{sent}");
        }
    }
}
