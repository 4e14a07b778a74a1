//! A browser without scripts: keeps cookies, sends what a browser sends with a form of the page itself.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use tower::ServiceExt as _;

pub struct Browser {
    app: Router,
    cookie: Option<String>,
}

pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(self.body.contains(text), "{text:?} is not on the page:\n{}", self.text());
        self
    }

    /// What the page says, without its markup.
    fn text(&self) -> String {
        let content = self.body.split_once("<main").map_or(self.body.as_str(), |(_, content)| content);
        let parts = content.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text).trim());
        parts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" | ")
    }

    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(!self.body.contains(text), "{text:?} is on the page:\n{}", self.text());
        self
    }
}

impl Browser {
    pub const fn new(app: Router) -> Self {
        Self { app, cookie: None }
    }

    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    pub fn set_cookie(&mut self, cookie: Option<String>) {
        self.cookie = cookie;
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Page {
        let asks_page = !request.headers_ref().unwrap().contains_key(header::ACCEPT);
        let request = if asks_page { request.header(header::ACCEPT, "text/html") } else { request };
        let request = request.header(header::HOST, "assay.example");
        let request = match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        };
        let response: Response<Body> = self.app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            if pair.contains("assay_session") {
                self.cookie = Some(pair.to_owned()).filter(|p| !p.ends_with('='));
            }
        }
        let body = String::from_utf8(to_bytes(body, 4 << 20).await.unwrap().to_vec()).unwrap();
        // Marks for the browser's half, which people do not see.
        Page { status: parts.status, headers: parts.headers, body: body.replace("<!>", "") }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path), String::new()).await
    }

    /// Sends a form of the page `from`.
    pub async fn post(&mut self, from: &str, path: &str, form: &str) -> Page {
        let referer = format!("https://assay.example{from}");
        let request = Request::post(path).header(header::REFERER, referer).header("sec-fetch-site", "same-origin");
        self.send(request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"), form.to_owned()).await
    }

    /// Sends a form of the page `from`, and goes where it leads.
    pub async fn submit(&mut self, path: &str, form: &str, from: &str) -> Page {
        let answer = self.post(from, path, form).await;
        assert!(answer.status.is_redirection(), "{path}: {} {}", answer.status, answer.body);
        let place = answer.location().trim_start_matches("https://assay.example").to_owned();
        self.get(&place).await
    }

    /// Sends a form of another site.
    pub async fn post_from_elsewhere(&mut self, path: &str, form: &str) -> Page {
        let request =
            Request::post(path).header("sec-fetch-site", "cross-site").header(header::ORIGIN, "https://evil.example");
        self.send(request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"), form.to_owned()).await
    }

    /// Calls a server function the way the client code does.
    pub async fn call(&mut self, path: &str, content_type: &str, body: &str) -> Page {
        let request =
            Request::post(path).header("sec-fetch-site", "same-origin").header(header::CONTENT_TYPE, content_type);
        let request = request.header(header::ACCEPT, "application/json");
        self.send(request, body.to_owned()).await
    }

    pub async fn sign_in(&mut self, email: &str, password: &str, next: &str) -> Page {
        let encode = app::address::encode;
        let form = format!("email={}&password={}&next={}", encode(email), encode(password), encode(next));
        self.post("/sign-in", "/sign-in", &form).await
    }
}
