//! Manifests in and out.

use super::*;

#[tokio::test]
async fn a_manifest_is_given_back_to_the_byte() {
    let registry = Registry::new();
    let config = registry.blob("a", b"{}").await;
    let odd = format!(
        "{{ \"schemaVersion\":2,\n\"layers\": [],\"config\":{{\"mediaType\":\"application/vnd.oci.empty.v1+json\",\"size\":2,\"digest\":\"{config}\"}}}}"
    );
    let digest = Digest::sha256(odd.as_bytes());
    let put = registry.send("PUT", "/v2/a/manifests/t", &[("content-type", MANIFEST)], odd.clone()).await;
    assert_eq!(put.status, StatusCode::CREATED);
    assert_eq!(put.header("location"), format!("/v2/a/manifests/{digest}"));
    for reference in ["t", digest.as_str()] {
        let path = format!("/v2/a/manifests/{reference}");
        let got = registry.ask("GET", &path).await;
        assert_eq!((got.status, &got.body[..]), (StatusCode::OK, odd.as_bytes()));
        assert_eq!(got.header("content-type"), MANIFEST);
        assert_eq!(got.header("docker-content-digest"), digest.as_str());
        let head = registry.ask("HEAD", &path).await;
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
        assert_eq!(head.header("content-length"), odd.len().to_string());
    }
}

#[tokio::test]
async fn what_a_manifest_names_must_be_there() {
    let registry = Registry::new();
    let missing = Digest::sha256(b"missing");
    let image = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "layers": [],
        "config": { "mediaType": "application/vnd.oci.empty.v1+json", "digest": missing, "size": 2 } });
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX,
        "manifests": [{ "mediaType": MANIFEST, "digest": missing, "size": 2 }] });
    for (media_type, body) in [(MANIFEST, image), (INDEX, index)] {
        let put = registry.send("PUT", "/v2/a/manifests/t", &[("content-type", media_type)], body.to_string()).await;
        assert_eq!((put.status, put.code().as_str()), (StatusCode::BAD_REQUEST, "MANIFEST_BLOB_UNKNOWN"));
    }
    registry.blob("elsewhere", b"missing").await;
    let got = registry.ask("GET", "/v2/a/manifests/t").await;
    assert_eq!((got.status, got.code().as_str()), (StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN"));
}

#[tokio::test]
async fn type_and_document_must_agree() {
    let registry = Registry::new();
    let body = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [] }).to_string();
    let put = |media_type: &'static str, body: String| {
        let registry = &registry;
        async move { registry.send("PUT", "/v2/a/manifests/t", &[("content-type", media_type)], body).await }
    };
    assert_eq!(put(MANIFEST, body.clone()).await.code(), "MANIFEST_INVALID");
    assert_eq!(put(INDEX, "{".into()).await.code(), "MANIFEST_INVALID");
    assert_eq!(put(INDEX, body).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_manifest_has_the_digest_it_is_put_under() {
    let registry = Registry::new();
    let body = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [] }).to_string();
    let path = format!("/v2/a/manifests/{}", Digest::sha256(b"other"));
    let put = registry.send("PUT", &path, &[("content-type", INDEX)], body).await;
    assert_eq!((put.status, put.code().as_str()), (StatusCode::BAD_REQUEST, "DIGEST_INVALID"));
}

#[tokio::test]
async fn a_manifest_has_at_most_four_mebibytes() {
    let registry = Registry::new();
    let document = |note: usize| {
        let note = "x".repeat(note);
        json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [], "annotations": { "x": note } }).to_string()
    };
    let most = (4 << 20) - document(0).len();
    let put =
        async |body: String| registry.send("PUT", "/v2/a/manifests/t", &[("content-type", INDEX)], body).await.status;
    assert_eq!(put(document(most)).await, StatusCode::CREATED);
    assert_eq!(put(document(most + 1)).await, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn tags_can_be_set_beside_a_digest() {
    let registry = Registry::new();
    let body = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [] }).to_string();
    let digest = Digest::sha256(body.as_bytes());
    let path = format!("/v2/a/manifests/{digest}?tag=one&tag=two");
    let put = registry.send("PUT", &path, &[("content-type", INDEX)], body).await;
    let tags: Vec<_> = put.headers.get_all("oci-tag").iter().collect();
    assert_eq!(tags, ["one", "two"]);
    assert_eq!(registry.ask("HEAD", "/v2/a/manifests/two").await.header("docker-content-digest"), digest.as_str());
}

#[tokio::test]
async fn a_deleted_manifest_takes_its_tags_along() {
    let registry = Registry::new();
    let digest = registry.image("a", "one", "x").await;
    registry.image("a", "two", "x").await;
    registry.image("a", "other", "y").await;
    let by_tag = registry.ask("DELETE", "/v2/a/manifests/one").await;
    assert_eq!((by_tag.status, by_tag.code().as_str()), (StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED"));
    let path = format!("/v2/a/manifests/{digest}");
    assert_eq!(registry.ask("DELETE", &path).await.status, StatusCode::ACCEPTED);
    assert_eq!(registry.ask("DELETE", &path).await.code(), "MANIFEST_UNKNOWN");
    assert_eq!(registry.ask("GET", "/v2/a/tags/list").await.json()["tags"], json!(["other"]));
}

#[tokio::test]
async fn the_last_manifest_takes_the_repository_along() {
    let registry = Registry::new();
    let digest = registry.image("a", "t", "").await;
    registry.ask("DELETE", &format!("/v2/a/manifests/{digest}")).await;
    assert_eq!(registry.ask("GET", "/v2/_catalog").await.json()["repositories"], json!([]));
    assert_eq!(registry.ask("GET", "/v2/a/tags/list").await.code(), "NAME_UNKNOWN");
}

#[tokio::test]
async fn referrers_are_found_by_subject() {
    let registry = Registry::new();
    let subject = Digest::sha256(b"not there yet");
    let config = registry.blob("a", b"{}").await;
    let referrer = |kind: &str| {
        json!({ "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": kind, "layers": [],
            "config": { "mediaType": "application/vnd.oci.empty.v1+json", "digest": config, "size": 2 },
            "subject": { "mediaType": MANIFEST, "digest": subject, "size": 2 },
            "annotations": { "kind": kind } })
    };
    let path = format!("/v2/a/referrers/{subject}");
    let none = registry.ask("GET", &path).await;
    assert_eq!((none.status, none.json()["manifests"].clone()), (StatusCode::OK, json!([])));
    let body = referrer("text/sbom").to_string();
    let put = registry.send("PUT", "/v2/a/manifests/s", &[("content-type", MANIFEST)], body).await;
    assert_eq!(put.header("oci-subject"), subject.as_str());
    let signature = registry.manifest("a", "", &referrer("text/signature")).await;
    let all = registry.ask("GET", &path).await;
    assert_eq!(all.header("content-type"), INDEX);
    assert_eq!(all.json()["manifests"].as_array().unwrap().len(), 2);
    let some = registry.ask("GET", &format!("{path}?artifactType=text/signature")).await;
    assert_eq!(some.header("oci-filters-applied"), "artifactType");
    let wanted = json!([{ "mediaType": MANIFEST, "digest": signature,
        "size": referrer("text/signature").to_string().len(),
        "artifactType": "text/signature", "annotations": { "kind": "text/signature" } }]);
    assert_eq!(some.json()["manifests"], wanted);
    let old = registry.ask("GET", &format!("/oras/artifacts/v1/a/manifests/{subject}/referrers")).await;
    assert_eq!(old.json()["referrers"].as_array().unwrap().len(), 2);
    registry.ask("DELETE", &format!("/v2/a/manifests/{signature}")).await;
    assert_eq!(registry.ask("GET", &path).await.json()["manifests"].as_array().unwrap().len(), 1);
}
