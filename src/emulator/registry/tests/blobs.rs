//! Blobs on their way out.

use super::*;

const HELLO: &[u8] = b"0123456789";

async fn redirected(registry: &Registry) -> String {
    let digest = registry.blob("a", HELLO).await;
    let answer = registry.ask("GET", &format!("/v2/a/blobs/{digest}")).await;
    assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT);
    let location = answer.header("location");
    location.strip_prefix("http://data.eastus:443").expect("the region's data endpoint").into()
}

#[tokio::test]
async fn blobs_are_at_the_data_endpoint() {
    let registry = Registry::new();
    let path = redirected(&registry).await;
    let answer = send(&registry.data, "GET", &path, &[], "").await;
    assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, HELLO));
    assert_eq!(answer.header("content-length"), "10");
    assert_eq!(answer.header("accept-ranges"), "bytes");
    let head = send(&registry.data, "HEAD", &path, &[], "").await;
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (StatusCode::OK, "10", 0));
}

#[tokio::test]
async fn the_data_endpoint_gives_parts() {
    let registry = Registry::new();
    let path = redirected(&registry).await;
    let part = send(&registry.data, "GET", &path, &[("range", "bytes=2-4")], "").await;
    assert_eq!((part.status, &part.body[..]), (StatusCode::PARTIAL_CONTENT, &b"234"[..]));
    assert_eq!(part.header("content-range"), "bytes 2-4/10");
    assert_eq!(part.header("content-length"), "3");
    let beyond = send(&registry.data, "GET", &path, &[("range", "bytes=10-")], "").await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    let etag = part.header("etag");
    let same = send(&registry.data, "GET", &path, &[("range", "bytes=2-4"), ("if-range", etag)], "").await;
    assert_eq!(same.status, StatusCode::PARTIAL_CONTENT);
    let other = send(&registry.data, "GET", &path, &[("range", "bytes=2-4"), ("if-range", "\"x\"")], "").await;
    assert_eq!((other.status, other.body.len()), (StatusCode::OK, 10));
}

#[tokio::test]
async fn credentials_do_not_belong_at_the_data_endpoint() {
    let registry = Registry::new();
    let path = redirected(&registry).await;
    let answer = send(&registry.data, "GET", &path, &[("authorization", "Bearer all")], "").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.header("content-type"), "application/xml");
    let text = core::str::from_utf8(&answer.body).unwrap();
    assert!(text.contains("<Code>InvalidAuthenticationInfo</Code>"), "{text}");
}

#[tokio::test]
async fn only_signed_addresses_are_good() {
    let registry = Registry::new();
    let path = redirected(&registry).await;
    let other = registry.blob("a", b"other").await;
    let forged = [
        path.replace(Digest::sha256(HELLO).encoded(), other.encoded()),
        path.replace("se=2", "se=3"),
        path.replace("sig=", "sig=A"),
        path.split('?').next().unwrap().into(),
    ];
    for path in forged {
        let answer = send(&registry.data, "GET", &path, &[], "").await;
        assert!([StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&answer.status), "{path}");
    }
    let japan = router(Arc::clone(&registry.site), Endpoint::Data("japaneast".into()));
    assert_eq!(send(&japan, "GET", &path, &[], "").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn names_and_digests_may_come_encoded() {
    let registry = Registry::new();
    let digest = registry.blob("library/hello", HELLO).await;
    let encoded = digest.as_str().replace(':', "%3A");
    let answer = registry.ask("HEAD", &format!("/v2/library%2Fhello/blobs/{encoded}")).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_blob_belongs_to_repositories() {
    let registry = Registry::new();
    let digest = registry.blob("a", HELLO).await;
    let elsewhere = registry.ask("GET", &format!("/v2/b/blobs/{digest}")).await;
    assert_eq!((elsewhere.status, elsewhere.code().as_str()), (StatusCode::NOT_FOUND, "BLOB_UNKNOWN"));
}

#[tokio::test]
async fn blobs_can_be_deleted_unless_they_are_needed() {
    let registry = Registry::new();
    let path = format!("/v2/a/blobs/{}", registry.blob("a", HELLO).await);
    assert_eq!(registry.ask("DELETE", &path).await.status, StatusCode::ACCEPTED);
    assert_eq!(registry.ask("GET", &path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(registry.ask("DELETE", &path).await.status, StatusCode::NOT_FOUND);
    registry.image("a", "t", "").await;
    let config = format!("/v2/a/blobs/{}", Digest::sha256(b"{}"));
    assert_eq!(registry.ask("DELETE", &config).await.status, StatusCode::METHOD_NOT_ALLOWED);
}
