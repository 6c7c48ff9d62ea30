//! Who may come in, and what is said to the others.

use super::*;
use crate::{emulator::site::CameBy, http::Scheme};

#[tokio::test]
async fn the_challenge_names_realm_service_and_scope() {
    let registry = Registry::new();
    for (path, scope) in [
        ("/v2/", ""),
        ("/v2/_catalog", ",scope=\"registry:catalog:*\""),
        ("/v2/a/b/manifests/x", ",scope=\"repository:a/b:pull\""),
        ("/acr/v1/a/_tags", ",scope=\"repository:a:metadata_read\""),
    ] {
        let answer = send(&registry.global, "GET", path, &[], "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let wanted = format!("Bearer realm=\"http://{LOGIN}/oauth2/token\",service=\"{LOGIN}\"{scope}");
        assert_eq!(answer.header("www-authenticate"), wanted);
        assert_eq!(answer.code(), "UNAUTHORIZED");
    }
    let push = send(&registry.global, "POST", "/v2/a/blobs/uploads/", &[], "").await;
    assert!(push.header("www-authenticate").ends_with(",scope=\"repository:a:pull,push\""));
}

#[tokio::test]
async fn the_body_says_what_was_missing() {
    let registry = Registry::new();
    let answer = send(&registry.global, "GET", "/acr/v1/a", &[], "").await;
    let detail = json!([{ "Type": "repository", "Name": "a", "Action": "metadata_read" }]);
    assert_eq!(answer.json()["errors"][0]["detail"], detail);
    let base = send(&registry.global, "GET", "/v2/", &[], "").await;
    assert!(base.json()["errors"][0]["detail"].is_null());
}

#[tokio::test]
async fn unusable_tokens_are_told_from_weak_ones() {
    let registry = Registry::new();
    let ask = async |word: &str, path: &str| send(&registry.global, "GET", path, &[("authorization", word)], "").await;
    let invalid = ask("Bearer bad", "/v2/").await;
    assert!(invalid.header("www-authenticate").ends_with(",error=\"invalid_token\""));
    let weak = ask("Bearer a", "/v2/b/manifests/x").await;
    assert!(weak.header("www-authenticate").ends_with(",error=\"insufficient_scope\""));
    assert_eq!(ask("Bearer far", "/v2/").await.status, StatusCode::FORBIDDEN);
    assert_eq!(ask("Bearer a", "/v2/").await.status, StatusCode::OK);
    assert_eq!(ask("Bearer a", "/v2/_catalog").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nothing_is_answered_without_asking_the_gate() {
    let registry = Registry::new();
    let digest = registry.image("a", "t", "").await;
    let (blob, id) = (Digest::sha256(b"{}"), "0".repeat(36));
    let paths = [
        "/v2/".into(),
        "/v2/_catalog".into(),
        "/v2/a/tags/list".into(),
        "/v2/a/manifests/t".into(),
        format!("/v2/a/blobs/{blob}"),
        "/v2/a/blobs/uploads/".into(),
        format!("/v2/a/blobs/uploads/{id}"),
        format!("/v2/a/referrers/{digest}"),
        format!("/oras/artifacts/v1/a/manifests/{digest}/referrers"),
        "/acr/v1/_catalog".into(),
        "/acr/v1/a".into(),
        "/acr/v1/a/_tags".into(),
        "/acr/v1/a/_tags/t".into(),
        "/acr/v1/a/_manifests".into(),
        format!("/acr/v1/a/_manifests/{digest}"),
    ];
    for path in paths {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] {
            let answer = send(&registry.global, method, &path, &[], "").await;
            let refused = [StatusCode::UNAUTHORIZED, StatusCode::METHOD_NOT_ALLOWED];
            assert!(refused.contains(&answer.status), "{method} {path}: {}", answer.status);
        }
    }
    assert_eq!(registry.ask("GET", "/v2/a/manifests/t").await.status, StatusCode::OK);
}

#[tokio::test]
async fn answers_carry_what_acr_adds() {
    let registry = Registry::new();
    let answer = registry.ask("GET", "/v2/").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("docker-distribution-api-version"), "registry/2.0");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("server"), "AzureContainerRegistry");
    assert_eq!(answer.header("x-ms-correlation-request-id").len(), 36);
    assert_eq!(answer.headers.get_all("access-control-expose-headers").iter().count(), 4);
}

#[tokio::test]
async fn the_realm_is_https_for_who_came_by_https() {
    let registry = Registry::new();
    let mut request = Request::builder().uri("/v2/").body(Body::empty()).unwrap();
    request.extensions_mut().insert(CameBy(Scheme::Https));
    let response = registry.global.clone().oneshot(request).await.unwrap();
    let challenge = response.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.starts_with("Bearer realm=\"https://"), "{challenge}");
}

#[tokio::test]
async fn the_global_endpoint_goes_where_it_may() {
    let registry = Registry::new();
    registry.image("a", "t", "").await;
    let status = async || registry.ask("GET", "/v2/a/manifests/t").await.status;
    let (home, other) = (registry.site.region("eastus").unwrap(), registry.site.region("japaneast").unwrap());
    assert_eq!(status().await, StatusCode::OK);
    home.set_routed(false);
    assert_eq!(status().await, StatusCode::NOT_FOUND);
    other.set_routed(false);
    assert_eq!(status().await, StatusCode::SERVICE_UNAVAILABLE);
    let own = router(Arc::clone(&registry.site), Endpoint::Region("eastus".into()));
    let at_own = send(&own, "GET", "/v2/a/manifests/t", &[("authorization", "Bearer all")], "").await;
    assert_eq!(at_own.status, StatusCode::OK);
    let challenge = send(&own, "GET", "/v2/", &[], "").await;
    assert!(challenge.header("www-authenticate").contains(&format!("realm=\"http://{}/", home.login_server)));
}

#[tokio::test]
async fn what_follows_no_grammar_is_refused_by_name() {
    let registry = Registry::new();
    for (path, code) in [
        ("/v2/A/tags/list", "NAME_INVALID"),
        ("/v2/a/blobs/sha256:1", "DIGEST_INVALID"),
        ("/v2/a/manifests/.x", "TAG_INVALID"),
        ("/v2/a/tags/list?n=x", "PAGINATION_NUMBER_INVALID"),
    ] {
        let answer = registry.ask("GET", path).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, code), "{path}");
    }
    assert_eq!(registry.ask("GET", "/v2/a").await.status, StatusCode::NOT_FOUND);
}
