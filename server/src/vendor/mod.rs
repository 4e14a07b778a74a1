//! Assessment vendors: one client per contract. A vendor's JSON never leaves its folder.

mod greenhouse;
mod number;
mod pymetrics;

use std::sync::Arc;

use domain::Clock;
use domain::ports::AssessmentClient;
use domain::rules::{Contract, Vendor};
use secrecy::SecretString;

pub use greenhouse::{GreenhouseClient, check_api_key};
pub use pymetrics::PymetricsClient;

use crate::remote::{Budget, Http};

/// Invitations that may go at once within `send_rate`: none beyond the rate, vendors count in short windows.
pub const SEND_BURST: u32 = 1;

/// The name of the budget of a vendor's invitations.
pub fn send_budget_name(organization: uuid::Uuid, vendor: &str) -> String {
    format!("send:{organization}:{vendor}")
}

/// The client of one vendor. `secret` gives a credential by its field, see [`Contract::secrets`]; `sends` is
/// [`Budget::unlimited`] without a `send_rate`. Keep the client: it holds connections and tokens.
///
/// # Errors
/// A sentence that names the vendor and what is wrong with its settings.
pub fn client(
    vendor: &Vendor,
    secret: impl Fn(&str) -> Option<SecretString>,
    http: &Http,
    sends: Budget,
    clock: Arc<dyn Clock>,
) -> Result<Arc<dyn AssessmentClient>, String> {
    let named = |why: String| format!("vendor {:?}: {why}", vendor.id);
    let secret = |field: &str| secret(field).ok_or_else(|| named(format!("{field} is not stored")));
    let client: Arc<dyn AssessmentClient> = match &vendor.contract {
        Contract::GreenhouseAssessment {
            list_tests_url, send_test_url, test_status_url, response_error_url, ..
        } => {
            let urls = [list_tests_url, send_test_url, test_status_url, response_error_url].map(String::as_str);
            let urls = greenhouse::Urls::parse(urls, http.allows_private()).map_err(named)?;
            Arc::new(GreenhouseClient::new(http.clone(), urls, secret("api_key")?, sends, clock))
        }
        Contract::Pymetrics { base_url, send_email, .. } => {
            let credentials = pymetrics::Credentials {
                client_id: secret("client_id")?,
                client_secret: secret("client_secret")?,
                api_key: secret("api_key")?,
            };
            let client = PymetricsClient::new(http.clone(), base_url, credentials, *send_email, sends, clock);
            Arc::new(client.map_err(named)?)
        }
    };
    Ok(client)
}
