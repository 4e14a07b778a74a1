//! Signing in and out, settling a send, the theme: all without client code.

use std::time::Duration;

use app::sign_in::DemoSignIn;
use axum::http::StatusCode;
use domain::Clock as _;
use domain::ports::desk::Settlement;
use domain::role::Role;
use secrecy::SecretString;

use super::world::{PASSWORD, email, world, world_with};

#[tokio::test]
async fn a_refusal_does_not_say_which_was_wrong_and_keeps_the_address() {
    let world = world().await;
    let mut browser = world.browser();
    let wrong = browser.sign_in(&email(Role::Admin), "wrong horse battery", "/").await;
    let unknown = browser.sign_in("nobody@example.org", PASSWORD, "/").await;
    for (page, typed) in [(&wrong, "admin@example.org"), (&unknown, "nobody@example.org")] {
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        page.shows("The e-mail address or the password is not right.").shows(&format!("value=\"{typed}\""));
    }
    let same = |body: &str| body.replace("admin@example.org", "X").replace("nobody@example.org", "X");
    assert_eq!(same(&wrong.body), same(&unknown.body));
    assert_eq!(browser.cookie(), None);
}

#[tokio::test]
async fn the_address_is_taken_as_people_type_it_and_next_stays_here() {
    let world = world().await;
    let mut browser = world.browser();
    let answer = browser.sign_in(" Admin@Example.ORG ", PASSWORD, "//evil.example/x").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"));
    let cookie = answer.header("set-cookie");
    for part in ["__Host-assay_session=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let world = world().await;
    let mut browser = world.browser();
    for _ in 0..5 {
        browser.sign_in(&email(Role::Admin), "wrong horse battery", "/").await;
    }
    let answer = browser.sign_in(&email(Role::Admin), PASSWORD, "/").await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(browser.sign_in(&email(Role::Admin), PASSWORD, "/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_in_makes_a_new_session_and_signing_out_ends_it() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Admin).await;
    let first = browser.cookie().unwrap().to_owned();
    browser.sign_in(&email(Role::Recruiter), PASSWORD, "/").await;
    let second = browser.cookie().unwrap().to_owned();
    assert_ne!(first, second);
    let mut thief = world.browser();
    thief.set_cookie(Some(first));
    assert_eq!(thief.get("/o/acme").await.status, StatusCode::SEE_OTHER, "the session before is gone");
    assert_eq!(browser.post("/o/acme", "/sign-out", "").await.location(), "/sign-in");
    thief.set_cookie(Some(second));
    assert_eq!(thief.get("/o/acme").await.status, StatusCode::SEE_OTHER, "signing out ends the session itself");
}

#[tokio::test]
async fn a_session_ends_after_two_idle_hours_and_after_twelve_in_any_case() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Admin).await;
    world.clock.advance(Duration::from_secs(2 * 3_600));
    assert_eq!(browser.get("/o/acme").await.status, StatusCode::SEE_OTHER);
    let mut browser = world.signed_in(Role::Admin).await;
    for _ in 0..11 {
        world.clock.advance(Duration::from_secs(3_600));
        assert_eq!(browser.get("/o/acme").await.status, StatusCode::OK);
    }
    world.clock.advance(Duration::from_secs(3_600));
    assert_eq!(browser.get("/o/acme").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_disabled_account_and_a_new_password_end_sessions_at_once() {
    let world = world().await;
    let by = domain::audit::Author::on_command_line(world.clock.now());
    let mut admin = world.signed_in(Role::Admin).await;
    let mut recruiter = world.signed_in(Role::Recruiter).await;
    let id = |email: String| {
        let store = world.store.clone();
        async move { store.account_by_email(&email).await.unwrap().unwrap().id }
    };
    world.store.switch_account(id(email(Role::Admin)).await, true, &by).await.unwrap();
    assert_eq!(admin.get("/o/acme").await.status, StatusCode::SEE_OTHER);
    let again = admin.sign_in(&email(Role::Admin), PASSWORD, "/").await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    let passwords = server::password::Passwords::new(argon2::Params::new(8, 1, 1, None).unwrap()).unwrap();
    let hash = passwords.hash(SecretString::from("another long password")).await.unwrap();
    world.store.set_password(id(email(Role::Recruiter)).await, hash, &by).await.unwrap();
    assert_eq!(recruiter.get("/o/acme").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Recruiter).await;
    let form = format!("slug=acme&order={}&answer=send-again", world.order);
    for (path, form) in [("/app/settle-send", form.as_str()), ("/sign-out", ""), ("/sign-in", "email=a&password=b")] {
        let answer = browser.post_from_elsewhere(path, form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        answer.shows("another site");
    }
    assert!(world.desk.0.lock().unwrap().is_empty());
    assert_eq!(browser.get("/o/acme").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_recruiter_settles_a_send_without_client_code() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Recruiter).await;
    let from = "/o/acme/candidates/opp-1";
    let form = format!("slug=acme&order={}&answer=arrived&vendor_ref=+pi-9", world.order);
    let answer = browser.post(from, "/app/settle-send", &form).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert!(answer.location().trim_end_matches('?').ends_with(from), "{}", answer.location());
    let arrived = Settlement::Arrived { vendor_ref: Some("pi-9".into()) };
    assert_eq!(*world.desk.0.lock().unwrap(), [(world.order, arrived, email(Role::Recruiter))]);
    let second = browser.post(from, "/app/settle-send", &form).await;
    assert_eq!(second.status, StatusCode::FOUND);
    let back = second.location().strip_prefix("https://assay.example").unwrap().to_owned();
    browser.get(&back).await.shows("Someone was first");
}

#[tokio::test]
async fn a_call_with_nonsense_changes_nothing() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Recruiter).await;
    let kind = "application/x-www-form-urlencoded";
    let nonsense = format!("slug=acme&order={}&answer=perhaps", world.order);
    let answer = browser.call("/app/settle-send", kind, &nonsense).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    let answer = browser.call("/app/settle-send", kind, "slug=acme&order=1&answer=arrived").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(world.desk.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_demo_signs_in_by_button_and_only_there() {
    let offered = DemoSignIn { label: "Recruiter at Acme".into(), email: email(Role::Recruiter) };
    let demo = world_with(|parts| parts.demo = vec![offered]).await;
    let mut browser = demo.browser();
    browser.get("/sign-in").await.shows("Recruiter at Acme");
    let form = |role: Role| format!("email={}&next=/o/acme", app::address::encode(&email(role)));
    let refused = browser.post("/sign-in", "/demo/sign-in", &form(Role::Owner)).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let answer = browser.post("/sign-in", "/demo/sign-in", &form(Role::Recruiter)).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/o/acme"));
    assert_eq!(browser.get("/o/acme").await.status, StatusCode::OK);

    let real = world().await;
    let mut browser = real.browser();
    browser.get("/sign-in").await.hides("look around");
    browser.post("/sign-in", "/demo/sign-in", &form(Role::Recruiter)).await;
    assert_eq!(browser.get("/o/acme").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn filters_are_read_from_the_address() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Recruiter).await;
    browser
        .get("/o/acme/candidates?search=lovelace&state=send-unknown")
        .await
        .shows("opp-1")
        .shows("value=\"lovelace\"");
    let none = browser.get("/o/acme/candidates?state=completed").await;
    none.shows("No candidate matches these filters").shows("Show all candidates").hides("opp-1");
    browser.get("/o/acme/candidates?state=nonsense&after=nonsense").await.shows("opp-1");
}

#[tokio::test]
async fn the_theme_is_kept_in_a_cookie() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Recruiter).await;
    let answer = browser.post("/o/acme/candidates?state=invited", "/theme", "theme=dark").await;
    assert_eq!(answer.location(), "/o/acme/candidates?state=invited");
    assert!(answer.header("set-cookie").starts_with("assay_theme=dark; "));
    let cookie = format!("{}; assay_theme=dark", browser.cookie().unwrap());
    browser.set_cookie(Some(cookie));
    browser.get("/o/acme").await.shows("data-theme=\"dark\"");
}
