//! Blobs on their way in.

use super::*;

const HELLO: &[u8] = b"hello, world";

async fn start(registry: &Registry) -> String {
    let answer = registry.ask("POST", "/v2/a/blobs/uploads/").await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert_eq!(answer.header("range"), "0-0");
    assert_eq!(answer.header("docker-upload-uuid").len(), 36);
    let location = answer.header("location");
    assert!(location.starts_with("/v2/a/blobs/uploads/"), "{location}");
    assert!(location.contains("?_nouploadcache=false&_state="), "{location}");
    location.into()
}

async fn patch(registry: &Registry, location: &str, range: &str, bytes: &'static [u8]) -> Answer {
    let length = bytes.len().to_string();
    registry.send("PATCH", location, &[("content-range", range), ("content-length", &length)], bytes).await
}

#[tokio::test]
async fn a_blob_comes_in_chunks() {
    let registry = Registry::new();
    let location = start(&registry).await;
    let first = patch(&registry, &location, "0-4", &HELLO[..5]).await;
    assert_eq!((first.status, first.header("range")), (StatusCode::ACCEPTED, "0-4"));
    let second = patch(&registry, first.header("location"), "5-6", &HELLO[5..7]).await;
    assert_eq!((second.status, second.header("range")), (StatusCode::ACCEPTED, "0-6"));
    let status = registry.ask("GET", &location).await;
    assert_eq!((status.status, status.header("range")), (StatusCode::NO_CONTENT, "0-6"));
    let digest = Digest::sha256(HELLO);
    let done = registry.send("PUT", &format!("{location}&digest={digest}"), &[], &HELLO[7..]).await;
    assert_eq!(done.status, StatusCode::CREATED);
    assert_eq!(done.header("location"), format!("/v2/a/blobs/{digest}"));
    assert_eq!(done.header("docker-content-digest"), digest.as_str());
    assert_eq!(registry.ask("GET", &location).await.code(), "BLOB_UPLOAD_UNKNOWN");
    let head = registry.ask("HEAD", &format!("/v2/a/blobs/{digest}")).await;
    assert_eq!((head.status, head.header("content-length")), (StatusCode::OK, "12"));
}

#[tokio::test]
async fn chunks_out_of_order_are_refused_and_can_be_resumed() {
    let registry = Registry::new();
    let location = start(&registry).await;
    patch(&registry, &location, "0-4", &HELLO[..5]).await;
    for range in ["0-4", "6-7", "4-5"] {
        let bytes = if range == "0-4" { &HELLO[..5] } else { &HELLO[..2] };
        let answer = patch(&registry, &location, range, bytes).await;
        assert_eq!(answer.status, StatusCode::RANGE_NOT_SATISFIABLE, "{range}");
        assert_eq!(answer.header("range"), "0-4");
        assert_eq!(answer.header("location"), location);
    }
    let short = patch(&registry, &location, "5-9", &HELLO[5..7]).await;
    assert_eq!((short.status, short.code().as_str()), (StatusCode::BAD_REQUEST, "SIZE_INVALID"));
    assert_eq!(patch(&registry, &location, "x", b"").await.status, StatusCode::BAD_REQUEST);
    let digest = Digest::sha256(HELLO);
    let done = registry.send("PUT", &format!("{location}&digest={digest}"), &[], &HELLO[5..]).await;
    assert_eq!(done.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_blob_comes_at_once() {
    let registry = Registry::new();
    let digest = registry.blob("a", HELLO).await;
    let location = start(&registry).await;
    let put = registry.send("PUT", &format!("{location}&digest={digest}"), &[], HELLO).await;
    assert_eq!(put.status, StatusCode::CREATED);
}

#[tokio::test]
async fn other_bytes_are_no_blob() {
    let registry = Registry::new();
    let other = Digest::sha256(b"other");
    let post = registry.send("POST", &format!("/v2/a/blobs/uploads/?digest={other}"), &[], HELLO).await;
    assert_eq!((post.status, post.code().as_str()), (StatusCode::BAD_REQUEST, "DIGEST_INVALID"));
    let location = start(&registry).await;
    for digest in [other.as_str(), "sha256:short", "blake3:ab", ""] {
        let location = if digest == other.as_str() { &location } else { &start(&registry).await };
        let put = registry.send("PUT", &format!("{location}&digest={digest}"), &[], HELLO).await;
        assert_eq!((put.status, put.code().as_str()), (StatusCode::BAD_REQUEST, "DIGEST_INVALID"), "{digest}");
    }
    assert_eq!(registry.ask("GET", &location).await.status, StatusCode::NOT_FOUND);
    assert_eq!(registry.ask("HEAD", &format!("/v2/a/blobs/{other}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn sha512_is_an_algorithm_too() {
    let registry = Registry::new();
    let mut hasher = crate::digest::Hasher::for_algorithm("sha512").unwrap();
    hasher.update(HELLO);
    let digest = hasher.finish();
    let asked = registry.ask("POST", "/v2/a/blobs/uploads/?digest-algorithm=sha512").await;
    for location in [asked.header("location"), &start(&registry).await] {
        let put = registry.send("PUT", &format!("{location}&digest={digest}"), &[], HELLO).await;
        assert_eq!(put.status, StatusCode::CREATED);
    }
    assert_eq!(registry.ask("HEAD", &format!("/v2/a/blobs/{digest}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_location_is_used_as_it_was_given() {
    let registry = Registry::new();
    let location = start(&registry).await;
    let (bare, _) = location.split_once('?').unwrap();
    assert_eq!(registry.ask("GET", bare).await.code(), "BLOB_UPLOAD_UNKNOWN");
    let elsewhere = location.replace("/v2/a/", "/v2/b/");
    assert_eq!(registry.ask("GET", &elsewhere).await.code(), "BLOB_UPLOAD_UNKNOWN");
    assert_eq!(registry.ask("GET", &location).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn an_upload_can_be_cancelled() {
    let registry = Registry::new();
    let location = start(&registry).await;
    assert_eq!(registry.ask("DELETE", &location).await.status, StatusCode::NO_CONTENT);
    for method in ["GET", "DELETE", "PATCH"] {
        assert_eq!(registry.ask(method, &location).await.code(), "BLOB_UPLOAD_UNKNOWN", "{method}");
    }
}

#[tokio::test]
async fn a_blob_is_mounted_from_where_one_may_pull() {
    let registry = Registry::new();
    let digest = registry.blob("a", HELLO).await;
    let mounted = registry.ask("POST", &format!("/v2/b/blobs/uploads/?mount={digest}&from=a")).await;
    assert_eq!(mounted.status, StatusCode::CREATED);
    assert_eq!(mounted.header("location"), format!("/v2/b/blobs/{digest}"));
    assert_eq!(registry.ask("HEAD", &format!("/v2/b/blobs/{digest}")).await.status, StatusCode::OK);
    let missing = Digest::sha256(b"missing");
    for query in [format!("mount={missing}&from=a"), format!("mount={digest}&from=c"), format!("mount={digest}")] {
        let answer = registry.ask("POST", &format!("/v2/d/blobs/uploads/?{query}")).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{query}");
        assert!(answer.header("location").contains("_state="));
    }
}

#[tokio::test]
async fn who_wants_to_mount_is_told_both_scopes() {
    let registry = Registry::new();
    let digest = Digest::sha256(HELLO);
    let path = format!("/v2/b/blobs/uploads/?mount={digest}&from=a");
    let answer = send(&registry.global, "POST", &path, &[], "").await;
    let challenge = answer.header("www-authenticate");
    assert!(challenge.ends_with(",scope=\"repository:b:pull,push repository:a:pull\""), "{challenge}");
}

/// Lets everybody push to `mine`, and pull from there alone.
struct Mine;

impl Gate for Mine {
    fn authorize(&self, _: &str, _: Option<&str>, needs: &[Need<'_>]) -> Result<Caller, Denial> {
        let mine = |need: &Need<'_>| matches!(need, Need::Repository("mine", _));
        if needs.iter().all(mine) { Ok(Caller { name: "me".into() }) } else { Err(Denial::Scope) }
    }
}

#[tokio::test]
async fn a_blob_is_not_mounted_from_where_one_may_not_pull() {
    let site = Arc::new(Site::new("test".into(), LOGIN.into(), Arc::new(Mine)).unwrap());
    let store = Store::open(&Place::Memory, "eastus").unwrap();
    site.add(Arc::new(Region::new(store.clone(), LOGIN.into(), String::new())));
    let theirs = "theirs".parse().unwrap();
    let id = store.start_upload(&theirs, "sha256").unwrap();
    let body = futures_util::stream::iter([Ok::<_, ()>(Bytes::from_static(HELLO))]);
    store.write_upload(&theirs, &id, None, body).await.unwrap();
    let digest = Digest::sha256(HELLO);
    store.finish_upload(&theirs, &id, &digest).await.unwrap();
    let router = router(site, Endpoint::Global);
    let path = format!("/v2/mine/blobs/uploads/?mount={digest}&from=theirs");
    assert_eq!(send(&router, "POST", &path, &[], "").await.status, StatusCode::ACCEPTED);
    assert_eq!(send(&router, "HEAD", &format!("/v2/mine/blobs/{digest}"), &[], "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_broke_off_can_be_resumed() {
    let registry = Registry::new();
    let location = start(&registry).await;
    let parts = [Ok(Bytes::from_static(&HELLO[..7])), Err(std::io::Error::other("gone"))];
    let broken = Body::from_stream(futures_util::stream::iter(parts));
    assert_eq!(registry.send("PATCH", &location, &[], broken).await.code(), "BLOB_UPLOAD_INVALID");
    assert_eq!(registry.ask("GET", &location).await.header("range"), "0-6");
    let rest = patch(&registry, &location, "7-11", &HELLO[7..]).await;
    assert_eq!(rest.status, StatusCode::ACCEPTED);
    let done = registry.ask("PUT", &format!("{location}&digest={}", Digest::sha256(HELLO))).await;
    assert_eq!(done.status, StatusCode::CREATED);
}
