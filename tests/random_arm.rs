//! ARM, an authority and a registry that answer anything, in any order: an exchange ends, and neither secret nor token goes
//! anywhere but where it may.
#![cfg(all(feature = "azure", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]

use portolan::{
    Event, Exchange, Limits, RegistryConfig, Session, Step, Tick, TransportError,
    auth::Credential,
    azure::{
        ArmConfig, Cloud,
        acr::{Change, Order, tag},
        arm::{groups, registries, runs, tasks},
        entra::{DeviceCode, Entra},
        storage::{LogRead, PutBlob, SignedUrl},
    },
    http::{Body, Request, ResponseHead},
    op::{Operation, Tags},
};
use proptest::prelude::*;
use std::time::Duration;

/// The secret of the identity: for the authority alone.
const SECRET: &str = "hunter2";
/// Every token that any answer gives.
const TOKEN: &str = "tokentoken";
const ARM: &str = "https://arm.example";
const AUTHORITY: &str = "https://login.example";
const REGISTRY: &str = "https://registry.example";
/// Requests after which an exchange that has not ended is taken to be endless.
const ENOUGH: usize = 20_000;

#[derive(Clone, Debug)]
enum Answer {
    Head { status: u16, fields: Vec<(&'static str, &'static str)>, chunks: Vec<Vec<u8>>, broken: bool },
    Nothing(u8),
}

fn field() -> impl Strategy<Value = (&'static str, &'static str)> {
    let any = |name: &'static str, values: &'static [&'static str]| {
        prop::sample::select(values).prop_map(move |value| (name, value))
    };
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
        any("Location", addresses),
        any("Azure-AsyncOperation", addresses),
        any("Retry-After", &["0", "1", "86400", "soon"]),
        any(
            "WWW-Authenticate",
            &[
                "Bearer realm=\"https://registry.example/oauth2/token\",service=\"registry.example\"",
                "Bearer realm=\"https://evil.example/oauth2/token\",service=\"registry.example\"",
                "Bearer realm=\"https://arm.example/oauth2/token\"",
                "Bearer authorization_uri=\"https://evil.example\"",
                "Basic realm=x",
            ]
        ),
        any("Link", &["</acr/v1/a/b/_tags?last=1>; rel=\"next\"", "<https://evil.example/>; rel=next"]),
        any("Content-Type", &["application/json", "text/html"]),
        any("Content-Length", &["0", "5", "70000", "x"]),
        any("Content-Range", &["bytes 0-4/5", "junk"]),
        any("x-ms-meta-complete", &["successful", "failed"]),
        any("x-ms-correlation-request-id", &["1111", "\u{1b}[31m"]),
    ]
}

fn answer() -> impl Strategy<Value = Answer> {
    let status = prop::sample::select(&[
        0_u16, 200, 200, 200, 200, 201, 202, 202, 204, 206, 302, 307, 400, 401, 401, 403, 404, 404, 409, 416, 429, 500,
        503,
    ]);
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
    let head = (status, prop::collection::vec(field(), 0..4), prop::collection::vec(chunk, 0..2), any::<bool>());
    prop_oneof![
        8 => head.prop_map(|(status, fields, chunks, broken)| Answer::Head { status, fields, chunks, broken }),
        1 => (0..6_u8).prop_map(Answer::Nothing),
    ]
}

fn failure(kind: u8) -> TransportError {
    match kind {
        0 => TransportError::Connect("x".into()),
        1 => TransportError::Interrupted("x".into()),
        2 => TransportError::Timeout("x"),
        3 => TransportError::Tls("x".into()),
        4 => TransportError::Name("x".into()),
        _ => TransportError::Stalled("x"),
    }
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
    let mut exchange = Exchange::new(op, session);
    let (mut now, mut requests) = (Duration::ZERO, 0);
    let mut body: Vec<Vec<u8>> = Vec::new();
    let mut broken = false;
    for step in 0..200_000_u32 {
        let tick = Tick { monotonic: now, unix: 1_000, random: step.wrapping_mul(2_654_435_761) };
        match exchange.poll(session, tick) {
            Step::Done(result) => return result,
            Step::Wait(wait) => now += wait.at_most,
            Step::Send(request) => {
                check(&request, own);
                requests += 1;
                assert!(requests < ENOUGH, "endless");
                match answers[requests % answers.len()].clone() {
                    Answer::Nothing(kind) => {
                        exchange.handle(session, tick, Event::Failed(failure(kind)));
                    }
                    Answer::Head { status, fields, chunks, broken: b } => {
                        (body, broken) = (chunks, b);
                        let headers = fields.into_iter().collect();
                        exchange.handle(session, tick, Event::Head(ResponseHead { status, headers }));
                    }
                }
            }
            Step::Read(_) => {
                let event = match body.pop() {
                    Some(ref chunk) => {
                        exchange.handle(session, tick, Event::Chunk(chunk));
                        continue;
                    }
                    None if broken => Event::Failed(TransportError::Interrupted("x".into())),
                    None => Event::End,
                };
                exchange.handle(session, tick, event);
            }
        }
    }
    panic!("endless");
}

fn checked<T>(result: Result<T, portolan::Error>) {
    if let Err(error) = result {
        let text = format!("{error} {error:?}");
        assert!(!text.contains(SECRET), "{text}");
        assert!(!error.to_string().chars().any(char::is_control), "{error}");
    }
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
    fn arm_ends_and_keeps_its_secrets(answers in prop::collection::vec(answer(), 1..12), refresh in any::<bool>()) {
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
    fn a_registry_ends_and_keeps_the_identitys_secrets(answers in prop::collection::vec(answer(), 1..12), refresh in any::<bool>()) {
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
    fn signing_in_ends(answers in prop::collection::vec(answer(), 1..12)) {
        let cloud = Cloud::custom(ARM, AUTHORITY, "https://management.example", "azurecr.example").unwrap();
        let mut session = Session::anonymous(AUTHORITY.parse().unwrap(), Limits::DEFAULT);
        let code = DeviceCode::new(&cloud, "contoso", "app").unwrap();
        if let Ok(login) = drive(code, &mut session, AUTHORITY, &answers) {
            checked(drive(login.poll(), &mut session, AUTHORITY, &answers));
        }
    }
}
