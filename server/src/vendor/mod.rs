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
            let api_key = secret("api_key")?;
            check_api_key(&api_key).map_err(|why| named(format!("api_key: {why}")))?;
            Arc::new(GreenhouseClient::new(http.clone(), urls, api_key, sends, clock))
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

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::rules::SecretSource;

    use super::*;
    use crate::clock::ManualClock;

    fn vendor(contract: Contract) -> Vendor {
        let (id, name, tag_prefix) = ("v1".into(), "V".into(), "V".into());
        Vendor { id, name, tag_prefix, score_scale: None, send_rate: None, contract }
    }

    fn source() -> SecretSource {
        SecretSource::Env("X".into())
    }

    fn greenhouse(host: &str) -> Vendor {
        let url = |path: &str| format!("https://{host}/{path}");
        vendor(Contract::GreenhouseAssessment {
            list_tests_url: url("list"),
            send_test_url: url("send"),
            test_status_url: url("status"),
            response_error_url: url("errors"),
            api_key: source(),
        })
    }

    fn pymetrics(base_url: &str) -> Vendor {
        let (client_id, client_secret, api_key) = (source(), source(), source());
        let base_url = base_url.to_owned();
        vendor(Contract::Pymetrics { base_url, client_id, client_secret, api_key, send_email: true })
    }

    fn build(
        vendor: &Vendor,
        secret: impl Fn(&str) -> Option<SecretString>,
    ) -> Result<Arc<dyn AssessmentClient>, String> {
        let clock = Arc::new(ManualClock::at(Timestamp::EPOCH));
        client(vendor, secret, &Http::new(false).unwrap(), Budget::unlimited(), clock)
    }

    #[test]
    fn a_contract_gets_its_client() {
        let secret = |_: &str| Some("k".into());
        assert!(!build(&greenhouse("v.example"), secret).unwrap().capabilities().idempotent_send);
        assert!(build(&pymetrics("https://v.example"), secret).unwrap().capabilities().idempotent_send);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_vendor() {
        let good = |_: &str| Some("k".into());
        let long = |_: &str| Some("k".repeat(171).into());
        let only_id = |field: &str| (field == "client_id").then(|| "k".into());
        for (result, says) in [
            (build(&greenhouse("v.example"), |_| None), "api_key"),
            (build(&greenhouse("v.example"), long), "171"),
            (build(&greenhouse("10.0.0.1"), good), "list_tests_url"),
            (build(&pymetrics("https://v.example"), only_id), "client_secret"),
            (build(&pymetrics("http://v.example"), good), "base_url"),
        ] {
            let error = result.unwrap_err();
            assert!(error.contains("\"v1\"") && error.contains(says), "{says}: {error}");
        }
    }
}
