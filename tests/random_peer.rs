//! A peer that answers anything, in any order: an exchange ends, and no secret goes anywhere but where it may.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]

#[path = "random/mod.rs"]
mod random;

use portolan::{
    Digest, Limits, RegistryConfig, Session,
    auth::Credential,
    http::{Body, Request},
    op::{BlobRead, ManifestGet, ManifestHead, Operation, Pager, Referrers, Tags},
};
use proptest::prelude::*;
use random::{Answer, Field, Patience, field as any_of};

const SECRET: &str = "hunter2";
const PATIENCE: Patience = Patience { requests: 2_000, steps: 50_000 };

fn field() -> impl Strategy<Value = Field> {
    prop_oneof![
        any_of(
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
        any_of(
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
        any_of("Retry-After", &["0", "1", "86400", "soon"]),
        any_of("Link", &["<?last=1>; rel=\"next\"", "<?last=2>; rel=next", "<https://evil.example/>; rel=next", "<"]),
        any_of("Content-Type", &["application/json", "text/html", "application/vnd.oci.image.index.v1+json", "\u{1b}"]),
        any_of("Content-Length", &["0", "5", "99999999999999999999", "x"]),
        any_of("Content-Range", &["bytes 0-4/5", "bytes 3-4/5", "bytes 2-4/*", "junk"]),
        any_of("Content-Encoding", &["gzip", "identity"]),
        any_of("Docker-Content-Digest", &["sha256:00", "junk", ""]),
    ]
}

fn answers() -> impl Strategy<Value = Vec<Answer>> {
    let statuses = &[
        0, 200, 200, 200, 201, 204, 206, 206, 301, 302, 307, 400, 401, 401, 403, 404, 405, 406, 416, 429, 500, 503, 700,
    ];
    let chunk = prop_oneof![
        Just(b"hello".to_vec()),
        Just(br#"{"token":"t","expires_in":1}"#.to_vec()),
        Just(br#"{"tags":["a","b"]}"#.to_vec()),
        Just(br#"{"schemaVersion":2,"manifests":[]}"#.to_vec()),
        prop::collection::vec(any::<u8>(), 0..9),
    ];
    random::answers(statuses, field(), chunk)
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
    random::drive(op, session, answers, PATIENCE, check)
}

fn checked<T>(result: Result<T, portolan::Error>) {
    random::checked(result, SECRET);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_exchange_ends_and_keeps_its_secrets(answers in answers(), identity in any::<bool>()) {
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
