//! What the forms of reviews call.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Who a result would be linked to; empty where nobody is shown beside it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct To {
    pub contact: String,
    pub opportunity: String,
}

/// Decides about a result: `link`, `left`, `snooze` or `unsure`. Leads to the next one.
#[server(prefix = "/app", endpoint = "review-decide")]
pub async fn decide_review(
    slug: String,
    review: String,
    version: i64,
    verdict: String,
    #[server(default)] to: To,
    #[server(default)] alike: String,
    #[server(default)] opened: i64,
) -> Result<(), AppError> {
    use super::on_server::{Form, decide};
    use crate::access::{SETTLE, require};
    let granted = require(SETTLE, &slug).await?;
    decide(&granted, Form { review, version, verdict, to, alike: !alike.is_empty(), opened }).await
}

/// Takes back the decision that made a result what it is. Leads to the result, or to the page `back`.
#[server(prefix = "/app", endpoint = "review-undo")]
pub async fn undo_review(
    slug: String,
    review: String,
    version: i64,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    use super::on_server::undo;
    use crate::access::{SETTLE, require};
    let granted = require(SETTLE, &slug).await?;
    undo(&granted, &review, version, &back).await
}
