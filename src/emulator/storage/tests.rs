use super::{BlobName, Permission, Storage};
use crate::emulator::clock::Instant;
use alloc::{format, string::String, sync::Arc, vec::Vec};
use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use core::time::Duration;
use tower::ServiceExt as _;

struct Held {
    storage: Arc<Storage>,
    _folder: tempfile::TempDir,
}

fn held() -> Held {
    let folder = tempfile::tempdir().unwrap();
    Held { storage: Arc::new(Storage::open(folder.path()).unwrap()), _folder: folder }
}

fn name() -> BlobName {
    BlobName::new("tasks/source/202611260000/a.tar.gz").unwrap()
}

fn soon() -> Instant {
    Instant::now().after(Duration::from_secs(60))
}

impl Held {
    fn link(&self, permission: Permission) -> String {
        self.storage.link("", &name(), permission, soon())
    }

    async fn ask(
        &self,
        method: &str,
        link: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request = Request::builder().method(method).uri(link);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(String::from(body))).unwrap();
        let answer = Arc::clone(&self.storage).router().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        (parts.status, parts.headers, to_bytes(body, 1 << 20).await.unwrap().to_vec())
    }
}

fn code(body: &[u8]) -> String {
    let text = core::str::from_utf8(body).unwrap();
    text.split("<Code>").nth(1).unwrap().split('<').next().unwrap().into()
}

#[tokio::test]
async fn what_was_put_is_got() {
    let held = held();
    let put = held.link(Permission::Write);
    let headers = [("x-ms-blob-type", "BlockBlob"), ("content-type", "application/gzip"), ("x-ms-meta-a", "b")];
    assert_eq!(held.ask("PUT", &put, &headers, "0123456789").await.0, 201);
    let get = held.link(Permission::Read);
    let (status, headers, body) = held.ask("GET", &get, &[], "").await;
    assert_eq!((status, &*body), (StatusCode::OK, &b"0123456789"[..]));
    assert_eq!(
        (&headers["content-type"], &headers["x-ms-meta-a"]),
        (&"application/gzip".parse().unwrap(), &"b".parse().unwrap())
    );
    let (status, headers, body) = held.ask("HEAD", &get, &[], "").await;
    assert_eq!((status, &headers["content-length"], body.len()), (StatusCode::OK, &"10".parse().unwrap(), 0));
    let (status, headers, body) = held.ask("GET", &get, &[("x-ms-range", "bytes=4-9999")], "").await;
    assert_eq!(
        (status, &headers["content-range"], &*body),
        (StatusCode::PARTIAL_CONTENT, &"bytes 4-9/10".parse().unwrap(), &b"456789"[..])
    );
    let (status, _, body) = held.ask("GET", &get, &[("range", "bytes=10-")], "").await;
    assert_eq!((status.as_u16(), code(&body)), (416, "InvalidRange".into()));
}

#[tokio::test]
async fn links_open_only_what_they_say() {
    let held = held();
    let put = held.link(Permission::Write);
    let get = held.link(Permission::Read);
    let over = held.storage.link("", &name(), Permission::Read, Instant::now());
    let other = get.replace("a.tar.gz", "b.tar.gz");
    for (method, link, status, said) in [
        ("GET", &*put, 403, "AuthorizationPermissionMismatch"),
        ("PUT", &*get, 403, "AuthorizationPermissionMismatch"),
        ("GET", &*over, 403, "AuthenticationFailed"),
        ("GET", &*other, 403, "AuthenticationFailed"),
        ("GET", &get.replace("sp=r", "sp=cw"), 403, "AuthenticationFailed"),
        ("GET", &get.replace("se=2", "se=3"), 403, "AuthenticationFailed"),
        ("GET", "/portolan/tasks/source/202611260000/a.tar.gz", 403, "AuthenticationFailed"),
        ("GET", "/portolan/tasks/..%2f..%2fkey", 403, "AuthenticationFailed"),
        ("GET", &*get, 404, "BlobNotFound"),
        ("DELETE", &*put, 400, "UnsupportedOperation"),
        ("PUT", &*put, 400, "MissingRequiredHeader"),
    ] {
        let (answered, headers, body) = held.ask(method, link, &[], "").await;
        assert_eq!((answered.as_u16(), code(&body)), (status, said.into()), "{method} {link}");
        assert_eq!(headers["x-ms-error-code"], said);
    }
    let (status, _, body) = held.ask("GET", &get, &[("authorization", "Bearer x")], "").await;
    assert_eq!((status.as_u16(), code(&body)), (400, "InvalidAuthenticationInfo".into()));
}

#[tokio::test]
async fn blocks_become_a_blob_in_the_order_of_their_list() {
    let held = held();
    let put = held.link(Permission::Write);
    for (id, body) in [("QQ%3D%3D", "one"), ("Qg%3D%3D", "two"), ("Qw%3D%3D", "unused")] {
        assert_eq!(held.ask("PUT", &format!("{put}&comp=block&blockid={id}"), &[], body).await.0, 201);
    }
    let list =
        "<?xml version='1.0' encoding='utf-8'?>\n<BlockList><Latest>Qg==</Latest><Latest>QQ==</Latest></BlockList>";
    let missing = list.replace("QQ==", "RA==");
    let (status, _, body) = held.ask("PUT", &format!("{put}&comp=blocklist"), &[], &missing).await;
    assert_eq!((status.as_u16(), code(&body)), (400, "InvalidBlockList".into()));
    assert_eq!(held.ask("PUT", &format!("{put}&comp=blocklist"), &[], list).await.0, 201);
    assert_eq!(held.ask("GET", &held.link(Permission::Read), &[], "").await.2, b"twoone");
    let (status, _, body) =
        held.ask("PUT", &put, &[("x-ms-blob-type", "BlockBlob"), ("if-none-match", "*")], "again").await;
    assert_eq!((status.as_u16(), code(&body)), (409, "BlobAlreadyExists".into()));
}

#[tokio::test]
async fn a_log_grows_and_is_complete() {
    let held = held();
    held.storage.create_log(&name()).unwrap();
    let get = held.link(Permission::Read);
    let (_, headers, _) = held.ask("HEAD", &get, &[], "").await;
    assert_eq!(
        (&headers["content-length"], &headers["x-ms-blob-type"]),
        (&"0".parse().unwrap(), &"AppendBlob".parse().unwrap())
    );
    held.storage.append(&name(), b"a line\r\n").unwrap();
    held.storage.describe(&name(), "complete", "failed").unwrap();
    let (_, headers, body) = held.ask("GET", &get, &[("x-ms-range", "bytes=0-4095")], "").await;
    assert_eq!((&headers["x-ms-meta-complete"], &*body), (&"failed".parse().unwrap(), &b"a line\r\n"[..]));
    let folder = BlobName::new("tasks/source").unwrap();
    held.storage.sweep(&folder, Instant::now().before(Duration::from_secs(60))).unwrap();
    assert_eq!(held.ask("HEAD", &get, &[], "").await.0, 200);
    held.storage.sweep(&folder, soon()).unwrap();
    held.storage.sweep(&folder, soon()).unwrap();
    assert_eq!(held.ask("GET", &get, &[], "").await.0, 404);
}

#[test]
fn links_outlive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let until = soon();
    let link = || Storage::open(folder.path()).unwrap().link("https://127.0.0.1:1", &name(), Permission::Read, until);
    assert_eq!(link(), link());
    assert!(link().starts_with("https://127.0.0.1:1/portolan/tasks/source/202611260000/a.tar.gz?sv="));
}

#[test]
fn n01_names_of_blobs_stay_in_their_folder() {
    for name in ["", "a", "a/", "/a", "a/../b", "a/.b", "a//b", "a/b c", "a/b\\c", "a/%2e", "a/é"] {
        assert!(BlobName::new(name).is_none(), "{name}");
    }
    assert!(BlobName::new("a/b_c-D.1").is_some());
}
