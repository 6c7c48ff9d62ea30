//! ARM, an authority and a registry that answer anything, in any order: an exchange ends, and neither secret nor token goes
//! anywhere but where it may.
#![cfg(all(feature = "azure", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]

#[path = "random/mod.rs"]
mod random;

use portolan::{
    Limits, RegistryConfig, Session,
    auth::Credential,
    azure::{
        ArmConfig, Cloud,
        acr::{Change, Order, tag},
        arm::{groups, registries, runs, tasks},
        entra::{DeviceCode, Entra},
        storage::{LogRead, PutBlob, SignedUrl},
    },
    http::{Body, Request},
    op::{Operation, Tags},
};
use proptest::prelude::*;
use random::{Answer, Field, Patience, field as any_of};

/// The secret of the identity: for the authority alone.
const SECRET: &str = "hunter2";
/// Every token that any answer gives.
const TOKEN: &str = "tokentoken";
const ARM: &str = "https://arm.example";
const AUTHORITY: &str = "https://login.example";
const REGISTRY: &str = "https://registry.example";
const PATIENCE: Patience = Patience { requests: 20_000, steps: 200_000 };

fn field() -> impl Strategy<Value = Field> {
    let addresses: &[&str] = &[
        "/subscriptions/s/operationresults/x",
        "https://arm.example/status?t=1",
        "https://evil.example/x",
        "http://arm.example/",
        "//evil.example",
        "https://127.0.0.1/",
        "::",
    ];
    prop_oneof![
        any_of("Location", addresses),
        any_of("Azure-AsyncOperation", addresses),
        any_of("Retry-After", &["0", "1", "86400", "soon"]),
        any_of(
            "WWW-Authenticate",
            &[
                "Bearer realm=\"https://registry.example/oauth2/token\",service=\"registry.example\"",
                "Bearer realm=\"https://evil.example/oauth2/token\",service=\"registry.example\"",
                "Bearer realm=\"https://arm.example/oauth2/token\"",
                "Bearer authorization_uri=\"https://evil.example\"",
                "Basic realm=x",
            ]
        ),
        any_of("Link", &["</acr/v1/a/b/_tags?last=1>; rel=\"next\"", "<https://evil.example/>; rel=next"]),
        any_of("Content-Type", &["application/json", "text/html"]),
        any_of("Content-Length", &["0", "5", "70000", "x"]),
        any_of("Content-Range", &["bytes 0-4/5", "junk"]),
        any_of("x-ms-meta-complete", &["successful", "failed"]),
        any_of("x-ms-correlation-request-id", &["1111", "\u{1b}[31m"]),
    ]
}

fn answers() -> impl Strategy<Value = Vec<Answer>> {
    let statuses = &[
        0, 200, 200, 200, 200, 201, 202, 202, 204, 206, 302, 307, 400, 401, 401, 403, 404, 404, 409, 416, 429, 500, 503,
    ];
    let text = |text: &str| Just(text.as_bytes().to_vec());
    let chunk = prop_oneof![
        text(r#"{"access_token":"tokentoken","refresh_token":"tokentoken","expires_in":1}"#),
        text(r#"{"refresh_token":"tokentoken"}"#),
        text(r#"{"error":"authorization_pending","error_description":"tokentoken?"}"#),
        text(r#"{"user_code":"A","device_code":"tokentoken","verification_uri":"x","interval":0,"expires_in":30}"#),
        text(r#"{"id":"/x","name":"x","properties":{"provisioningState":"Creating"}}"#),
        text(r#"{"id":"/x","name":"x","properties":{"provisioningState":"Succeeded","status":"Running"}}"#),
        text(r#"{"status":"InProgress"}"#),
        text(r#"{"status":"Failed","error":{"code":"X","message":"\u001b"}}"#),
        text(r#"{"value":[{"id":"/x","name":"x"}],"nextLink":"https://arm.example/next?n=1"}"#),
        text(r#"{"value":[],"nextLink":"https://evil.example/next"}"#),
        text(r#"{"uploadUrl":"http://evil.example/","relativePath":"x"}"#),
        prop::collection::vec(any::<u8>(), 0..9),
    ];
    random::answers(statuses, field(), chunk)
}

/// The secret is for the authority; tokens are for `own` and, to be exchanged, for nobody else.
fn check(request: &Request, own: &str) {
    let origin = request.url.origin().to_string();
    let body = match &request.body {
        Body::Form(text) | Body::Json(text) => text.expose().to_string(),
        _ => String::new(),
    };
    let shown = request.authorization.as_ref().map(|value| value.expose().to_string()).unwrap_or_default();
    assert!(origin == AUTHORITY || !(body.contains(SECRET) || shown.contains(SECRET)), "the secret for {origin}");
    assert!(origin == own || shown.is_empty(), "a token for {origin}");
    // A refresh token of the authority's goes back there.
    assert!(origin == own || origin == AUTHORITY || !body.contains(TOKEN), "a token in a body for {origin}");
    for text in request.headers.iter().map(|(_, value)| value).chain([request.url.as_str()]) {
        assert!(!text.contains(SECRET) && !text.contains(TOKEN) && !text.contains(['\r', '\n']), "{text}");
    }
}

fn drive<O: Operation>(
    op: O,
    session: &mut Session,
    own: &str,
    answers: &[Answer],
) -> Result<O::Output, portolan::Error> {
    random::drive(op, session, answers, PATIENCE, |request| check(request, own))
}

fn checked<T>(result: Result<T, portolan::Error>) {
    random::checked(result, SECRET);
}

fn identity(cloud: &Cloud, refresh: bool) -> Entra {
    match refresh {
        true => Entra::refresh_token(cloud, "contoso", "app", SECRET).unwrap(),
        false => Entra::client_secret(cloud, "contoso", "app", SECRET).unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arm_ends_and_keeps_its_secrets(answers in answers(), refresh in any::<bool>()) {
        let cloud = Cloud::custom(ARM, AUTHORITY, "https://management.example", "azurecr.example").unwrap();
        let mut session = Session::arm(ArmConfig::new(cloud.clone(), identity(&cloud, refresh)));
        let id = "00000000-0000-0000-0000-000000000001/g/mycontainerregistry".parse().unwrap();
        let group = "00000000-0000-0000-0000-000000000001/g".parse().unwrap();
        checked(drive(registries::create(&id, "eastus", &Default::default()), &mut session, ARM, &answers));
        checked(drive(groups::delete(&group), &mut session, ARM, &answers));
        checked(drive(tasks::upload_target(&id), &mut session, ARM, &answers));
        checked(drive(runs::wait(&id, &"cf1".parse().unwrap()), &mut session, ARM, &answers));
        let mut list = groups::list(&group.subscription);
        for _ in 0..20 {
            let Some(op) = list.next_page() else { break };
            let Ok(page) = list.accept(drive(op, &mut session, ARM, &answers), &Limits::DEFAULT) else { break };
            if page.truncated.is_some() { break }
        }
        let storage = || SignedUrl::parse("https://storage.example/x?sig=s").unwrap();
        checked(drive(PutBlob::new(storage(), b"hello".as_slice().into()), &mut session, ARM, &answers));
        checked(drive(LogRead::follow(storage()), &mut session, ARM, &answers));
    }

    #[test]
    fn a_registry_ends_and_keeps_the_identitys_secrets(answers in answers(), refresh in any::<bool>()) {
        let cloud = Cloud::custom(ARM, AUTHORITY, "https://management.example", "azurecr.example").unwrap();
        let mut config = RegistryConfig::new(REGISTRY.parse().unwrap());
        config.credential = Some(Credential::Entra(Box::new(identity(&cloud, refresh).for_registries())));
        let mut session = Session::new(config);
        let repository = "a/b".parse().unwrap();
        checked(drive(tag::update(&repository, &"v1".parse().unwrap(), Change::lock()), &mut session, REGISTRY, &answers));
        checked(drive(tag::delete(&repository, &"v1".parse().unwrap()), &mut session, REGISTRY, &answers));
        let op = tag::list(&repository, Order::NewestFirst, None, None).next_page().unwrap();
        checked(drive(op, &mut session, REGISTRY, &answers));
        let op = portolan::op::Pager::new(Tags::of(&repository), None, Limits::DEFAULT).next_page().unwrap();
        checked(drive(op, &mut session, REGISTRY, &answers));
    }

    #[test]
    fn signing_in_ends(answers in answers()) {
        let cloud = Cloud::custom(ARM, AUTHORITY, "https://management.example", "azurecr.example").unwrap();
        let mut session = Session::anonymous(AUTHORITY.parse().unwrap(), Limits::DEFAULT);
        let code = DeviceCode::new(&cloud, "contoso", "app").unwrap();
        if let Ok(login) = drive(code, &mut session, AUTHORITY, &answers) {
            checked(drive(login.poll(), &mut session, AUTHORITY, &answers));
        }
    }
}
