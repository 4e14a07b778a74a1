//! Who sees which page, and what surrounds every page.

use app::access::{PAGES, PROTECTED};
use axum::http::StatusCode;
use domain::Personal;
use domain::audit::Author;
use domain::ports::store::{Link, LinkPurpose};
use domain::role::{Right, Role};
use uuid::Uuid;

use super::traffic::{DEAD_JOB, DELIVERY, with_traffic};
use super::world::{NAME, NAME_AS_HTML, NOON, OPPORTUNITY, PASSWORD, World, email, world, world_with};

const HOME: &str = "/o/acme";
const LIST: &str = "/o/acme/candidates";
const CANDIDATE: &str = "/o/acme/candidates/opp-1";

#[tokio::test]
async fn someone_who_is_not_signed_in_is_led_to_signing_in_and_back() {
    let world = world().await;
    let mut browser = world.browser();
    let answer = browser.get("/o/acme/candidates?state=invited").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/sign-in?next=%2Fo%2Facme%2Fcandidates%3Fstate%3Dinvited");
    browser.get(answer.location()).await.shows("value=\"/o/acme/candidates?state=invited\"");
    let answer = browser.sign_in(&email(Role::Admin), PASSWORD, "/o/acme/candidates?state=invited").await;
    assert_eq!(answer.location(), "/o/acme/candidates?state=invited");
}

#[tokio::test]
async fn people_of_an_organization_see_its_pages_with_names() {
    let world = world().await;
    for role in [Role::SuperAdmin, Role::Admin, Role::Recruiter] {
        let mut browser = world.signed_in(role).await;
        let start = browser.get("/").await;
        assert_eq!((start.status, start.location()), (StatusCode::FOUND, HOME), "{role:?}");
        let home = browser.get(HOME).await;
        assert_eq!(home.status, StatusCode::OK);
        home.shows("1 send with an unknown end.")
            .shows(NAME_AS_HTML)
            .shows("it is the default of this stage")
            .hides(NAME);
        let list = browser.get(LIST).await;
        list.shows(NAME_AS_HTML).shows("Unclear whether it arrived").shows("Phone Screen Passed").hides(NAME);
        let candidate = browser.get(CANDIDATE).await;
        assert_eq!(candidate.status, StatusCode::OK);
        candidate.shows("the connection broke").shows("It arrived").shows("Send again").shows("Open in Lever");
        candidate.shows("21 Nov 2026, 13:00 CET").shows("datetime=\"2026-11-21T12:00:00Z\"").hides(NAME);
    }
}

#[tokio::test]
async fn those_who_watch_see_organizations_and_masked_people() {
    let world = world().await;
    for role in [Role::Owner, Role::AccountManager] {
        let mut browser = world.signed_in(role).await;
        browser.get("/").await.shows("Acme").shows("Other Company").shows("1 send with an unknown end.");
        for path in [HOME, LIST, CANDIDATE] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{role:?} {path}");
            page.shows("A. L. · ")
                .hides("Lovelace")
                .hides("ada@example.com")
                .hides("hire.lever.example")
                .hides("It arrived");
        }
        browser.get("/o/acme/candidates?search=Lovelace").await.shows("A. L. · ").hides("Name or e-mail");
        browser.get("/o/acme/candidates?search=Nobody").await.shows("A. L. · ");
    }
}

#[tokio::test]
async fn a_limited_person_is_told_why_there_is_nothing() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Limited).await;
    for path in [HOME, LIST] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        page.shows("No posting is assigned to you")
            .hides("/o/acme/deliveries")
            .hides("/o/acme/jobs")
            .hides("Lovelace")
            .hides("ada@example.com");
    }
    assert_eq!(browser.get(CANDIDATE).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_organization_does_not_exist_for_its_neighbours() {
    let world = world().await;
    for role in [Role::SuperAdmin, Role::Admin, Role::Recruiter, Role::Limited] {
        let mut browser = world.signed_in(role).await;
        for path in [
            "/o/other",
            "/o/other/candidates",
            "/o/other/candidates/opp-1",
            "/o/other/deliveries",
            "/o/other/jobs",
            "/o/none",
            "/nowhere",
        ] {
            // They read no traffic at all.
            if role == Role::Limited && (path.ends_with("/deliveries") || path.ends_with("/jobs")) {
                continue;
            }
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{role:?} {path}");
            page.shows("There is nothing at this address").hides("Other Company");
        }
    }
    let page = world.signed_in(Role::Admin).await.get("/o/acme/candidates/opp-2").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_may_not_is_told_who_can_give_the_role() {
    let world = world().await;
    for (role, path, next) in [
        (Role::SuperAdmin, "/instance", "an owner of this instance can give that role"),
        (Role::AccountManager, "/instance", "an owner of this instance can give that role"),
        (Role::Recruiter, "/o/acme/triggers", "a super admin of your organization can give that role"),
        (Role::AccountManager, "/o/acme/triggers/new", "This needs a super admin; ask one of them"),
    ] {
        let page = world.signed_in(role).await.get(path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        page.shows(next).hides("ask a super admin for the role");
    }
}

#[tokio::test]
async fn the_navigation_calls_an_organization_by_its_name() {
    let world = world().await;
    let page = world.signed_in(Role::Owner).await.get("/o/other").await;
    page.shows("<p class=\"nav-group\">Other Company</p>").shows("Owners and managers").shows("Instance audit");
}

#[tokio::test]
async fn a_report_that_is_not_there_is_a_page() {
    let world = world().await;
    let page = world.browser().get("/reports/nothing").await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::NOT_FOUND, "no-store"));
    page.shows("There is no such report.").shows("<h1>No report</h1>").shows("Go to the start page");
}

/// Whom the functions about people are about.
struct People {
    recruiter: Uuid,
    link: Uuid,
    review: Uuid,
}

impl People {
    async fn of(world: &World) -> Self {
        let recruiter = world.store.account_by_email(&email(Role::Recruiter)).await.unwrap().unwrap().id;
        let acme = world.organization("acme").await;
        let link = Link {
            id: server::ids::unguessable(),
            purpose: LinkPurpose::Invite,
            email: Personal::new("zoe@example.org"),
            role: Role::Admin,
            organization: Some(acme),
            account: None,
            by: "test".into(),
            created_at: NOON,
            expires_at: NOON.plus(std::time::Duration::from_secs(3_600)),
        };
        world.store.make_link(link.clone(), &Author::system("test", NOON)).await.unwrap();
        Self { recruiter, link: link.id, review: world.review("acme").await }
    }
}

/// A server function's kind of body and its fields; its organization is the first of them.
fn arguments(path: &str, slug: &str, order: &str, people: &People) -> String {
    match path {
        "/app/preferences-save" => "timezone=&theme=system&density=compact".to_owned(),
        "/app/sessions-end" => "session=".to_owned(),
        "/app/instance-address" | "/app/sample-add" | "/app/sample-remove" => String::new(),
        "/app/instance-mail" => "to=x@example.org".to_owned(),
        "/app/organization-create" => "name=New&slug=new&timezone=UTC".to_owned(),
        "/app/enablement-step" => format!("slug={slug}&integration=py&step=requested"),
        "/app/enablement-ask" => format!("slug={slug}&integration=py"),
        "/app/lever-key" => format!("slug={slug}&place=other&other=http://127.0.0.1:9/v1&key=k"),
        "/app/lever-user" => format!("slug={slug}&user=u"),
        "/app/hook-token" => format!("slug={slug}&token=t"),
        "/app/history-restore" => format!("slug={slug}&version=1&to=1"),
        "/app/hook-token-remove" => format!("slug={slug}&code=none"),
        "/app/hooks-create" | "/app/hooks-remove" | "/app/lever-key-remove" | "/app/go-live" | "/app/pause" => {
            format!("slug={slug}")
        }
        "/app/vendor-save" => format!("slug={slug}&vendor[kind]=greenhouse-assessment"),
        "/app/vendor-remove" => format!("slug={slug}&vendor=none"),
        "/app/person-invite" => format!("slug={slug}&email=new@example.org&role=admin"),
        "/app/person-role" => format!("slug={slug}&account={}&role=admin", people.recruiter),
        "/app/person-switch" => format!("slug={slug}&account={}&to=off", people.recruiter),
        "/app/person-reset" => format!("slug={slug}&account={}", people.recruiter),
        "/app/link-remove" => format!("slug={slug}&link={}", people.link),
        "/app/delivery-replay" => format!("slug={slug}&delivery={DELIVERY}"),
        "/app/job-retry" => format!("slug={slug}&job={DEAD_JOB}&state=dead"),
        "/app/jobs-retry-dead" => format!("slug={slug}"),
        "/app/send-anew" => format!("slug={slug}&opportunity={OPPORTUNITY}&order={order}"),
        "/app/review-decide" => format!("slug={slug}&review={}&version=2&verdict=left", people.review),
        "/app/review-undo" => format!("slug={slug}&review={}&version=2", people.review),
        "/app/results-import" => format!("slug={slug}&vendor=py&rows="),
        "/app/apply-rules" => format!("slug={slug}&opportunity={OPPORTUNITY}"),
        "/app/trigger-mend-tag" => format!("slug={slug}&row=stage-1~py&opportunity=opp-1&test=Backend+screen"),
        "/app/identify-order" => format!("slug={slug}&order={order}&vendor_ref=pi-1"),
        "/app/settle-send" => format!("slug={slug}&order={order}&answer=arrived&vendor_ref="),
        "/app/trigger-save" => format!("slug={slug}&version=1&row=&draft[stage]=s&draft[vendor]=py"),
        "/app/trigger-remove" => format!("slug={slug}&version=1&row=stage-1~py"),
        "/app/trigger-switch" => format!("slug={slug}&version=1&row=stage-1~py&to=off"),
        "/app/trigger-undo" => format!("slug={slug}&version=2&to=1"),
        "/app/trigger-tests" => format!("slug={slug}&vendor=py"),
        "/app/trigger-invite-present" => format!("slug={slug}&row=stage-1~py&opportunities[]=opp-1"),
        other => panic!("{other} is protected, and this test does not know how to call it"),
    }
}

#[tokio::test]
async fn every_server_function_needs_its_right() {
    const FORM: &str = "application/x-www-form-urlencoded";
    for role in Role::ALL {
        for (path, rights) in PROTECTED {
            let world = with_traffic(world().await).await;
            let mut browser = world.signed_in(role).await;
            let people = People::of(&world).await;
            let body = arguments(path, "acme", &world.order.to_string(), &people);
            let page = browser.call(path, FORM, &body).await;
            let expected = match rights.iter().any(|r| role.may(*r)) {
                // Nothing answers in this test, and nothing is connected: what was allowed says so.
                true if ["/app/instance-address", "/app/instance-mail", "/app/lever-key"].contains(path) => {
                    StatusCode::BAD_GATEWAY
                }
                true if [
                    "/app/lever-user",
                    "/app/hooks-create",
                    "/app/hooks-remove",
                    "/app/lever-key-remove",
                    "/app/vendor-save",
                    "/app/go-live",
                    "/app/history-restore",
                    "/app/sample-remove",
                ]
                .contains(path) =>
                {
                    StatusCode::UNPROCESSABLE_ENTITY
                }
                // Nothing was pasted, and nothing was decided.
                true if ["/app/results-import", "/app/review-undo"].contains(path) => StatusCode::UNPROCESSABLE_ENTITY,
                // Nobody has requested it.
                true if *path == "/app/enablement-ask" => StatusCode::CONFLICT,
                true if ["/app/hook-token-remove", "/app/vendor-remove"].contains(path) => StatusCode::NOT_FOUND,
                true => StatusCode::OK,
                false => StatusCode::FORBIDDEN,
            };
            assert_eq!(page.status, expected, "{role:?} {path}: {}", page.body);
            let body = arguments(path, "other", &world.order.to_string(), &people);
            let is_of_one = body.contains("slug=other");
            if role.is_of_organization() && is_of_one && expected != StatusCode::FORBIDDEN {
                assert_eq!(browser.call(path, FORM, &body).await.status, StatusCode::NOT_FOUND, "{role:?} {path}");
            }
            let signed_out = world.browser().call(path, FORM, &body).await;
            assert_eq!(signed_out.status, StatusCode::UNAUTHORIZED, "{path}");
        }
    }
}

/// The address of a page of an organization.
fn address(pattern: &str, slug: &str, review: &str) -> String {
    let delivery = DELIVERY.to_string();
    let known = [
        ("{slug}", slug),
        ("{opportunity}", OPPORTUNITY),
        ("{row}", "stage-1~py"),
        ("{delivery}", &delivery),
        ("{review}", review),
    ];
    let path = known.iter().fold(pattern.to_owned(), |path, (name, value)| path.replace(name, value));
    assert!(!path.contains('{'), "{pattern} has a part that this test does not know");
    path
}

#[tokio::test]
async fn every_page_needs_its_right() {
    let world = with_traffic(world().await).await;
    let review = &world.review("acme").await.to_string();
    for role in Role::ALL {
        let mut browser = world.signed_in(role).await;
        for (pattern, rights) in PAGES {
            let page = browser.get(&address(pattern, "acme", review)).await;
            let expected = match rights.iter().any(|r| role.may(*r)) {
                // The start page leads people of an organization to their own.
                false if *pattern == "/" => StatusCode::FOUND,
                false => StatusCode::FORBIDDEN,
                true if role == Role::Limited && pattern.contains("/{opportunity}") => StatusCode::NOT_FOUND,
                true if role == Role::Limited && pattern.contains("/{review}") => StatusCode::NOT_FOUND,
                true => StatusCode::OK,
            };
            assert_eq!(page.status, expected, "{role:?} {pattern}");
            if role.is_of_organization() && pattern.contains("{slug}") && expected != StatusCode::FORBIDDEN {
                let page = browser.get(&address(pattern, "other", review)).await;
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{role:?} {pattern}");
                page.hides("Other Company");
            }
        }
    }
    for (pattern, _) in PAGES {
        let page = world.browser().get(&address(pattern, "acme", review)).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{pattern}");
        assert!(page.location().starts_with("/sign-in"), "{pattern}");
    }
}

#[tokio::test]
async fn no_page_and_no_server_function_is_without_an_entry() {
    drop(world().await);
    let sorted = |mut all: Vec<String>| {
        all.sort_unstable();
        all
    };
    let listed = |entries: &[(&str, &[Right])]| sorted(entries.iter().map(|(path, _)| (*path).to_owned()).collect());
    let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    assert_eq!(sorted(functions), listed(PROTECTED));
    let pages = leptos_axum::generate_route_list(app::App).iter().map(|page| page.path().to_owned()).collect();
    assert_eq!(sorted(pages), listed(PAGES));
}

#[tokio::test]
async fn every_page_has_its_headers_and_no_script_without_a_nonce() {
    let world = world_with(|parts| {
        let file = |name: &str| format!("/pkg/{name}");
        parts.bundle = Some(app::Bundle { js: file("a.js"), wasm: file("a.wasm"), css: file("a.css") });
    })
    .await;
    let mut browser = world.signed_in(Role::Admin).await;
    let paths = [
        HOME,
        LIST,
        CANDIDATE,
        "/o/acme/triggers",
        "/o/acme/deliveries",
        "/o/acme/jobs",
        "/preferences",
        "/nowhere",
        "/o/other",
    ];
    for path in paths {
        let page = browser.get(path).await;
        let policy = page.header("content-security-policy");
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        assert!(policy.contains("object-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        let tags: Vec<&str> = page.body.split("<script").skip(1).map(|s| s.split('>').next().unwrap()).collect();
        assert!(!tags.is_empty(), "the page loads no client code");
        assert!(tags.iter().all(|tag| tag.contains(&format!("nonce=\"{nonce}\""))), "{path}: {tags:?}");
        page.shows("/pkg/a.js").shows("/pkg/a.wasm").shows("/pkg/a.css").hides(" style=").hides("<style");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
        assert!(page.header("strict-transport-security").starts_with("max-age="));
        assert_eq!(page.header("x-request-id").len(), 32);
    }
    let page = browser.get("/sign-in").await;
    assert_eq!(page.location(), "/", "who is signed in need not sign in");
    let page = world.browser().get("/sign-in").await;
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    page.hides("<script");
}
