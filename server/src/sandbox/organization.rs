//! The file of an organization that lives between the sandboxes: for the demo and for tests.

use std::io;
use std::path::Path;

use super::lever::LeverSandbox;
use super::vendors::VendorSandbox;

/// Writes the secrets into `folder` and returns the file's text, which refers to them. `rows` are its trigger stages.
///
/// # Errors
/// The folder cannot be written.
pub fn file(
    lever: &LeverSandbox,
    vendors: &VendorSandbox,
    folder: &Path,
    slug: &str,
    name: &str,
    rows: &str,
) -> io::Result<String> {
    let connection = vendors.connection();
    let text = |field: &str| connection["greenhouse"][field].as_str().unwrap_or_default().to_owned();
    let secret = |file: &str, value: &str| -> io::Result<String> {
        let path = folder.join(format!("{slug}-{file}"));
        std::fs::write(&path, value)?;
        Ok(path.display().to_string())
    };
    Ok(format!(
        r#"[organization]
slug = "{slug}"
name = "{name}"
timezone = "Europe/Berlin"

[lever]
base_url = "{base}"
api_key = {{ file = "{lever_key}" }}
webhook_token = {{ file = "{token}" }}
perform_as = "{perform_as}"

[[vendor]]
id = "py"
kind = "greenhouse-assessment"
name = "Py"
tag_prefix = "Py"
score_scale = [0, 100]
api_key = {{ file = "{py_key}" }}
list_tests_url = "{list}"
send_test_url = "{send}"
test_status_url = "{status}"
response_error_url = "{error}"
{rows}"#,
        base = lever.base_url(),
        lever_key = secret("lever-key", lever.api_key())?,
        token = secret("lever-token", lever.webhook_token())?,
        perform_as = lever.perform_as(),
        py_key = secret("py-key", &text("api_key"))?,
        list = text("list_tests_url"),
        send = text("send_test_url"),
        status = text("test_status_url"),
        error = text("response_error_url"),
    ))
}
