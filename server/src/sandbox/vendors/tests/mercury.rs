use std::time::Duration;

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use super::{Bench, json_of};
use crate::sandbox::vendors::{Contract, Faults, REPORT_LINK_LIFE, SendFault};

struct Client {
    bench: Bench,
    token: String,
}

impl Client {
    async fn new() -> Self {
        let bench = Bench::new().await;
        let response = ask_token(&bench, &bench.setting("/pymetrics/client_secret"), "client_credentials").await;
        assert_eq!(response.status(), 201);
        let body = json_of(response).await;
        assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
        Self { token: body["access_token"].as_str().unwrap().to_owned(), bench }
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(&self.token).header("X-Api-Key", self.bench.setting("/pymetrics/api_key"))
    }

    async fn get(&self, path: &str) -> Response {
        self.signed(self.bench.http.get(self.bench.page(path))).send().await.unwrap()
    }

    fn order_request(&self, email: &str, application: &str) -> RequestBuilder {
        let body = json!({
            "candidate": {"email": email, "first_name": "Ana", "last_name": "Ruiz", "external_id": "contact-1"},
            "assessment_id": self.bench.vendor.assessments()[0].id,
            "application_id": application,
            "send_email": true,
            "metadata": {"order": "7"},
        });
        self.signed(self.bench.http.post(self.bench.page("/mercury/v2/orders")).json(&body))
    }

    async fn order(&self, email: &str, application: &str) -> (u16, Value) {
        let response = self.order_request(email, application).send().await.unwrap();
        (response.status().as_u16(), json_of(response).await)
    }

    /// A new order, and its id.
    async fn ordered(&self, email: &str) -> String {
        let (status, body) = self.order(email, "opportunity-1").await;
        assert_eq!(status, 201);
        body["order"]["id"].as_str().unwrap().to_owned()
    }

    async fn read(&self, id: &str) -> Value {
        json_of(self.get(&format!("/mercury/v2/orders/{id}")).await).await
    }
}

async fn ask_token(bench: &Bench, secret: &str, grant: &str) -> Response {
    let body =
        json!({"client_id": bench.setting("/pymetrics/client_id"), "client_secret": secret, "grant_type": grant});
    bench.http.post(bench.page("/mercury/v2/oauth/token")).json(&body).send().await.unwrap()
}

#[tokio::test]
async fn tokens_need_the_secret_and_end_after_an_hour() {
    let client = Client::new().await;
    assert_eq!(ask_token(&client.bench, "wrong", "client_credentials").await.status(), 401);
    let secret = client.bench.setting("/pymetrics/client_secret");
    assert_eq!(ask_token(&client.bench, &secret, "password").await.status(), 400);
    assert!(client.bench.vendor.journal().iter().all(|c| !c.body.contains(&secret)));
    assert_eq!(client.get("/mercury/v2/assessments").await.status(), 200);
    let url = client.bench.page("/mercury/v2/assessments");
    let keyless = client.bench.http.get(&url).bearer_auth(&client.token).send().await.unwrap();
    assert_eq!(keyless.status(), 401);
    let body = json_of(keyless).await;
    assert!(body["request_id"].is_string() && body["message"].is_string());
    assert_eq!(body["recoverable"], false);
    client.bench.vendor.advance(Duration::from_secs(3600));
    assert_eq!(client.get("/mercury/v2/assessments").await.status(), 401);
}

#[tokio::test]
async fn the_assessments_are_of_the_documented_types() {
    let client = Client::new().await;
    let body = json_of(client.get("/mercury/v2/assessments").await).await;
    let types: Vec<_> = body["assessments"].as_array().unwrap().iter().map(|a| a["type"].clone()).collect();
    assert_eq!(types, ["games", "video_interview", "nlr"]);
}

#[tokio::test]
async fn the_same_order_is_created_once() {
    let client = Client::new().await;
    let (status, first) = client.order("ana@example.org", "opportunity-1").await;
    assert_eq!((status, &first["created"]), (201, &json!(true)));
    let (status, again) = client.order("ana@example.org", "opportunity-1").await;
    assert_eq!((status, &again["created"]), (200, &json!(false)));
    assert_eq!(first["order"], again["order"]);
    assert_eq!(first["order"]["status"], "Not Started");
    assert_eq!(first["order"]["ats_type"], "mercury_api");
    assert_eq!(first["order"]["metadata"], json!({"order": "7"}));
    assert_eq!(client.order("ana@example.org", "opportunity-2").await.0, 201);
    assert_eq!(client.bench.vendor.inbox().len(), 2);
    assert_eq!(client.bench.vendor.invitations()[0].contract, Contract::Mercury);
}

#[tokio::test]
async fn mail_goes_out_only_if_asked_for() {
    let client = Client::new().await;
    let body = json!({
        "candidate": {"email": "ana@example.org"},
        "assessment_id": client.bench.vendor.assessments()[1].id,
        "application_id": "o",
    });
    let url = client.bench.page("/mercury/v2/orders");
    let response = client.signed(client.bench.http.post(url).json(&body)).send().await.unwrap();
    assert_eq!(response.status(), 201);
    assert!(json_of(response).await["order"]["invite_link"].as_str().unwrap().contains("/tests/"));
    assert!(client.bench.vendor.inbox().is_empty());
    assert_eq!(client.bench.vendor.invitations()[0].mailed_at, None);
}

#[tokio::test]
async fn reading_a_completed_order_fulfils_it() {
    let client = Client::new().await;
    let id = client.ordered("ana+review@example.org").await;
    assert!(client.bench.vendor.complete_by_address(&id));
    let list = json_of(client.get("/mercury/v2/orders?job_application_id=opportunity-1").await).await;
    assert_eq!(list["orders"][0]["status"], "Completed");
    let order = client.read(&id).await;
    assert_eq!(order["status"], "Fulfilled");
    assert_eq!(order["results"][0]["score"], 60.0);
    assert!(order["results"][0].get("band").is_none() && order.get("reports").is_none());
    let list = json_of(client.get("/mercury/v2/orders?candidate_id=contact-1").await).await;
    assert_eq!(list["orders"][0]["status"], "Fulfilled");
    assert!(client.bench.vendor.queued_callbacks().is_empty(), "this contract has no callback");
    assert_eq!(client.get("/mercury/v2/orders").await.status(), 400);
    assert_eq!(client.get("/mercury/v2/orders/none").await.status(), 404);
}

#[tokio::test]
async fn endings_have_the_words_of_the_contract() {
    let client = Client::new().await;
    let band = client.ordered("ana+band-high@example.org").await;
    let expired = client.ordered("ben+expire@example.org").await;
    let malformed = client.ordered("cem+malformed@example.org").await;
    let declined = client.ordered("dia@example.org").await;
    client.bench.vendor.advance(Duration::from_secs(5));
    client.bench.vendor.start_test(&declined);
    assert_eq!(client.read(&declined).await["status"], "In Progress");
    client.bench.vendor.decline(&declined);
    let result = client.read(&band).await["results"][0].clone();
    assert_eq!((result.get("score"), &result["band"]), (None, &json!("High")));
    assert_eq!(client.read(&expired).await["status"], "Expired");
    assert_eq!(client.read(&declined).await["status"], "Rejected");
    assert!(client.read(&malformed).await.get("status").is_none());
}

#[tokio::test]
async fn a_report_link_expires_and_cannot_be_changed() {
    let client = Client::new().await;
    let id = client.ordered("ana+pass@example.org").await;
    client.bench.vendor.complete_by_address(&id);
    let order = json_of(client.get(&format!("/mercury/v2/orders/{id}?report=true")).await).await;
    assert_eq!(order["reports"][0]["report_type"], "recruiter-report");
    let link = order["reports"][0]["download_url"].as_str().unwrap();
    assert_eq!(order["recruiter_report"], link);
    let open = async |link: &str| client.bench.http.get(link).send().await.unwrap();
    let page = open(link).await;
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("92"));
    assert_eq!(open(&link.replace("recruiter-report", "development-report")).await.status(), 403);
    client.bench.vendor.advance(REPORT_LINK_LIFE + Duration::from_secs(1));
    assert_eq!(open(link).await.status(), 403);
    let fresh = client.read(&id).await["recruiter_report"].as_str().unwrap().to_owned();
    assert_eq!(open(&fresh).await.status(), 200);
}

#[tokio::test]
async fn factors_exist_once_there_is_a_score() {
    let client = Client::new().await;
    let id = client.ordered("ana+fail@example.org").await;
    let path = format!("/mercury/v2/factorContent/{id}");
    assert_eq!(client.get(&path).await.status(), 400);
    client.bench.vendor.complete_by_address(&id);
    let body = json_of(client.get(&path).await).await;
    assert_eq!(body["order"]["id"], id);
    assert_eq!(body["factors"][0]["model_directions"][0]["direction"], "low");
    assert_eq!(client.get("/mercury/v2/factorContent/none").await.status(), 404);
}

#[tokio::test]
async fn a_lost_answer_is_found_again_by_repeating_the_order() {
    let client = Client::new().await;
    client.bench.vendor.set_faults(Faults {
        send: SendFault::DropConnection,
        send_times: Some(1),
        ..Faults::default()
    });
    assert!(client.order_request("ana@example.org", "o").send().await.is_err());
    assert_eq!(client.order("ana@example.org", "o").await.0, 200);
    let hurry = Duration::from_millis(300);
    let lost = client.order_request("ben+timeout@example.org", "o").timeout(hurry).send().await;
    assert!(lost.unwrap_err().is_timeout());
    assert_eq!(client.order("ben+timeout@example.org", "o").await.0, 200);
    assert_eq!(client.bench.vendor.inbox().len(), 2);
}

#[tokio::test]
async fn errors_say_whether_repeating_may_help() {
    let client = Client::new().await;
    let (status, body) = client.order("ana+429@example.org", "o").await;
    assert_eq!((status, &body["recoverable"]), (429, &json!(true)));
    assert_eq!(client.order("ana+429@example.org", "o").await.0, 201);
    for (tag, expected) in [("401", 401), ("500", 500)] {
        let (status, body) = client.order(&format!("ana+{tag}@example.org"), "o").await;
        assert_eq!((status, &body["recoverable"]), (expected, &json!(false)));
    }
    let url = client.bench.page("/mercury/v2/orders");
    let body = json!({"assessment_id": "unknown", "application_id": "o", "candidate": {"email": "a@b.example"}});
    let response = client.signed(client.bench.http.post(url).json(&body)).send().await.unwrap();
    assert_eq!(response.status(), 400);
}
