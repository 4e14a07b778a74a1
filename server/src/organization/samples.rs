//! Organization files that tests share.

/// The least there can be.
pub(super) const SMALL: &str = r#"[organization]
slug = "acme"
name = "Acme"
timezone = "Europe/Berlin"

[lever]
base_url = "https://api.lever.co/v1"
api_key = { env = "ACME_LEVER_KEY" }
webhook_token = { env = "ACME_LEVER_TOKEN" }
perform_as = "user-1"
"#;

/// Everything there can be.
pub(super) const FULL: &str = r##"[organization]
slug = "acme"                       # never changes
name = "Acme"
timezone = "Europe/Berlin"

[lever]
base_url = "https://api.lever.co/v1/"
api_key = { env = "ACME_LEVER_KEY" }
webhook_token = [{ env = "T1" }, { file = "/run/t2" }]
perform_as = "user-1"

[[vendor]]
id = "py"
kind = "greenhouse-assessment"
name = "Py"
tag_prefix = "Py"
score_scale = [0, 100]
send_rate = "5/s"
api_key = { env = "ACME_PY_KEY" }
list_tests_url = "https://vendor.example/list_tests"
send_test_url = "https://vendor.example/send_test"
test_status_url = "https://vendor.example/test_status"
response_error_url = "https://vendor.example/response_error"

[[vendor]]
id = "games"
kind = "pymetrics"
name = "Pymetrics"
tag_prefix = "Pymetrics"
base_url = "https://api.pymetrics.example"
client_id = { env = "PM_ID" }
client_secret = { file = "/run/pm" }
api_key = { env = "PM_KEY" }
send_email = true

[[trigger_stage]]
stage = "Phone Screen Passed"
vendor = "py"
default_test = "Backend screen"
pass_at = 80
fail_at = 40.5
postings = ["posting-1", "Designer"]
cooldown = "180d"

[[trigger_stage]]
stage = "stage-2"
vendor = "games"
enabled = false
default_test = "game-1"
pass_bands = ["Highly recommended", "Recommended"]
fail_bands = ["Not recommended"]
"##;

/// One row of each kind, and all of them.
pub(super) const ALL: [(&str, &str); 2] = [("small.toml", SMALL), ("full.toml", FULL)];
