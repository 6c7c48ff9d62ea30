//! A peer that answers anything, in any order: an exchange ends, and no secret goes anywhere but where it may.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]

use portolan::{
    Digest, Event, Exchange, Limits, RegistryConfig, Session, Step, Tick, TransportError,
    auth::Credential,
    http::{Body, Request, ResponseHead},
    op::{BlobRead, ManifestGet, ManifestHead, Operation, Pager, Referrers, Tags},
};
use proptest::prelude::*;
use std::time::Duration;

const SECRET: &str = "hunter2";

/// Requests after which an exchange that has not ended is taken to be endless.
const ENOUGH: usize = 2_000;

#[derive(Clone, Debug)]
enum Answer {
    Head { status: u16, fields: Vec<(&'static str, String)>, chunks: Vec<Vec<u8>>, broken: bool },
    Nothing(u8),
}

fn field() -> impl Strategy<Value = (&'static str, String)> {
    let any = |name: &'static str, values: &'static [&'static str]| {
        prop::sample::select(values).prop_map(move |value| (name, value.to_owned()))
    };
    prop_oneof![
        any(
            "Location",
            &[
                "https://storage.example/x",
                "/y",
                "https://registry.example:1/z",
                "http://registry.example/",
                "//evil.example",
                "::",
                "https://127.0.0.1/"
            ]
        ),
        any(
            "WWW-Authenticate",
            &[
                "Basic realm=x",
                "Bearer realm=\"https://registry.example/token\",service=\"s\"",
                "Bearer realm=\"https://evil.example/token\"",
                "Bearer realm=\"http://registry.example/token\"",
                "Bearer realm=\"/t\",scope=\"repository:a/b:pull,metadata_read repository:c:push\"",
                "Bearer",
                "\"",
            ]
        ),
        any("Retry-After", &["0", "1", "86400", "soon"]),
        any("Link", &["<?last=1>; rel=\"next\"", "<?last=2>; rel=next", "<https://evil.example/>; rel=next", "<"]),
        any("Content-Type", &["application/json", "text/html", "application/vnd.oci.image.index.v1+json", "\u{1b}"]),
        any("Content-Length", &["0", "5", "99999999999999999999", "x"]),
        any("Content-Range", &["bytes 0-4/5", "bytes 3-4/5", "bytes 2-4/*", "junk"]),
        any("Content-Encoding", &["gzip", "identity"]),
        any("Docker-Content-Digest", &["sha256:00", "junk", ""]),
    ]
}

fn answer() -> impl Strategy<Value = Answer> {
    let status = prop::sample::select(&[
        0_u16, 200, 200, 200, 201, 204, 206, 206, 301, 302, 307, 400, 401, 401, 403, 404, 405, 406, 416, 429, 500, 503,
        700,
    ]);
    let chunk = prop_oneof![
        Just(b"hello".to_vec()),
        Just(br#"{"token":"t","expires_in":1}"#.to_vec()),
        Just(br#"{"tags":["a","b"]}"#.to_vec()),
        Just(br#"{"schemaVersion":2,"manifests":[]}"#.to_vec()),
        prop::collection::vec(any::<u8>(), 0..9),
    ];
    let head = (status, prop::collection::vec(field(), 0..4), prop::collection::vec(chunk, 0..3), any::<bool>());
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

/// Only the registry's own origin may see the credential, or tokens got with it.
fn check(request: &Request) {
    let own = request.url.origin().to_string() == "https://registry.example";
    let form = matches!(&request.body, Body::Form(form) if form.expose().contains(SECRET));
    assert!(own || (request.authorization.is_none() && !form), "a secret for {}", request.url);
    assert!(!request.url.as_str().contains(SECRET));
    assert!(request.headers.iter().all(|(name, value)| {
        !value.contains(SECRET) && !value.contains(['\r', '\n']) && !name.eq_ignore_ascii_case("cookie")
    }));
}

fn drive<O: Operation>(op: O, session: &mut Session, answers: &[Answer]) -> Result<O::Output, portolan::Error> {
    let mut exchange = Exchange::new(op, session);
    let (mut now, mut requests) = (Duration::ZERO, 0);
    let mut body: Vec<Vec<u8>> = Vec::new();
    let mut broken = false;
    for step in 0..50_000_u32 {
        let tick = Tick { monotonic: now, unix: 1_000, random: step.wrapping_mul(2_654_435_761) };
        match exchange.poll(session, tick) {
            Step::Done(result) => return result,
            Step::Wait(wait) => now += wait.at_most,
            Step::Send(request) => {
                check(&request);
                requests += 1;
                assert!(requests < ENOUGH, "endless");
                match answers[requests % answers.len()].clone() {
                    Answer::Nothing(kind) => {
                        exchange.handle(session, tick, Event::Failed(failure(kind)));
                    }
                    Answer::Head { status, fields, chunks, broken: b } => {
                        (body, broken) = (chunks, b);
                        let headers = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
                        exchange.handle(session, tick, Event::Head(ResponseHead { status, headers }));
                    }
                }
            }
            Step::Read(_) => {
                let event = match body.pop() {
                    Some(ref chunk) => {
                        let delivered = exchange.handle(session, tick, Event::Chunk(chunk));
                        assert!(delivered.end <= chunk.len() && delivered.start <= delivered.end);
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_exchange_ends_and_keeps_its_secrets(answers in prop::collection::vec(answer(), 1..12), identity in any::<bool>()) {
        let mut config = RegistryConfig::new("https://registry.example".parse().unwrap());
        config.credential = Some(match identity {
            true => Credential::identity_token("", SECRET).unwrap(),
            false => Credential::new("me", SECRET).unwrap(),
        });
        let mut session = Session::new(config);
        let (repository, digest) = ("a/b".parse().unwrap(), Digest::sha256(b"hello"));
        checked(drive(ManifestGet::new(&repository, "v1".parse().unwrap()), &mut session, &answers));
        checked(drive(ManifestHead::new(&repository, "v1".parse().unwrap()), &mut session, &answers));
        checked(drive(BlobRead::new(&repository, &digest, Some(5)).unwrap(), &mut session, &answers));
        checked(drive(Referrers::of(&repository, &digest, None), &mut session, &answers));
        let mut pager = Pager::new(Tags::of(&repository), None, Limits::DEFAULT);
        for _ in 0..20 {
            let Some(op) = pager.next_page() else { break };
            let Ok(page) = pager.accept(drive(op, &mut session, &answers)) else { break };
            if page.truncated.is_some() { break }
        }
    }
}
