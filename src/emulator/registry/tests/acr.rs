//! ACR's own API.

use super::*;

const REPOSITORY: &str = "/acr/v1/team%2Fapp";

async fn patch(registry: &Registry, path: &str, body: &Value) -> Answer {
    registry.send("PATCH", path, &[("content-type", "application/json")], body.to_string()).await
}

#[tokio::test]
async fn a_repository_has_counts_and_times() {
    let registry = Registry::new();
    registry.image("team/app", "one", "x").await;
    registry.image("team/app", "two", "x").await;
    registry.image("team/app", "three", "y").await;
    let shown = registry.ask("GET", REPOSITORY).await.json();
    assert_eq!((&shown["registry"], &shown["imageName"]), (&json!(LOGIN), &json!("team/app")));
    assert_eq!((&shown["manifestCount"], &shown["tagCount"]), (&json!(2), &json!(3)));
    let all = json!({ "deleteEnabled": true, "writeEnabled": true, "readEnabled": true, "listEnabled": true });
    assert_eq!(shown["changeableAttributes"], all);
    for key in ["createdTime", "lastUpdateTime"] {
        let time = shown[key].as_str().unwrap();
        assert!(time.len() == 28 && time.ends_with('Z'), "{time}");
    }
    assert_eq!(registry.ask("GET", "/acr/v1/none").await.code(), "NAME_UNKNOWN");
}

#[tokio::test]
async fn a_repository_is_deleted_whole() {
    let registry = Registry::new();
    let digest = registry.image("team/app", "one", "").await;
    let deleted = registry.ask("DELETE", REPOSITORY).await;
    assert_eq!(deleted.status, StatusCode::ACCEPTED);
    assert_eq!(deleted.json(), json!({ "manifestsDeleted": [digest], "tagsDeleted": ["one"] }));
    assert_eq!(registry.ask("DELETE", REPOSITORY).await.status, StatusCode::NOT_FOUND);
    registry.image("team/app", "one", "").await;
    assert_eq!(registry.ask("GET", REPOSITORY).await.json()["tagCount"], json!(1));
}

#[tokio::test]
async fn tags_are_shown_and_removed() {
    let registry = Registry::new();
    let digest = registry.image("team/app", "one", "x").await;
    let other = registry.image("team/app", "two", "y").await;
    let shown = registry.ask("GET", &format!("{REPOSITORY}/_tags/one")).await.json();
    assert_eq!((&shown["tag"]["digest"], &shown["tag"]["signed"]), (&json!(digest), &json!(false)));
    let of_one = registry.ask("GET", &format!("{REPOSITORY}/_tags?digest={other}")).await.json();
    assert_eq!(of_one["tags"].as_array().unwrap().len(), 1);
    assert_eq!(of_one["tags"][0]["name"], "two");
    let removed = registry.ask("DELETE", &format!("{REPOSITORY}/_tags/one")).await;
    assert_eq!((removed.status, removed.body.len()), (StatusCode::ACCEPTED, 0));
    assert_eq!(removed.header("x-ms-request-id").len(), 36);
    assert_eq!(registry.ask("GET", &format!("{REPOSITORY}/_tags/one")).await.code(), "TAG_UNKNOWN");
    let manifest = registry.ask("GET", &format!("{REPOSITORY}/_manifests/{digest}")).await.json();
    assert!(manifest["manifest"].get("tags").is_none());
}

#[tokio::test]
async fn manifests_say_what_they_run_on() {
    let registry = Registry::new();
    let bytes = br#"{"architecture":"arm64","os":"linux"}"#;
    let config = registry.blob("a", bytes).await;
    let layer = registry.blob("a", b"layer").await;
    let image = json!({ "schemaVersion": 2, "mediaType": MANIFEST,
        "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": config, "size": bytes.len() },
        "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": layer, "size": 5 }] });
    let digest = registry.manifest("a", "one", &image).await;
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [{ "mediaType": MANIFEST,
        "digest": digest, "size": image.to_string().len(), "platform": { "os": "linux", "architecture": "arm64" } }] });
    let list = registry.manifest("a", "all", &index).await;
    let shown = registry.ask("GET", &format!("/acr/v1/a/_manifests/{digest}")).await.json()["manifest"].clone();
    assert_eq!((&shown["architecture"], &shown["os"]), (&json!("arm64"), &json!("linux")));
    assert_eq!(shown["imageSize"], json!(bytes.len() + 5));
    assert_eq!(shown["mediaType"], MANIFEST);
    assert_eq!(shown["configMediaType"], "application/vnd.oci.image.config.v1+json");
    assert_eq!(shown["tags"], json!(["one"]));
    let shown = registry.ask("GET", &format!("/acr/v1/a/_manifests/{list}")).await.json()["manifest"].clone();
    assert_eq!(shown["references"], json!([{ "digest": digest, "architecture": "arm64", "os": "linux" }]));
    assert!(shown.get("architecture").is_none());
}

#[tokio::test]
async fn locks_hold() {
    let registry = Registry::new();
    let digest = registry.image("a", "t", "x").await;
    let (tag, manifest) = ("/acr/v1/a/_tags/t".to_string(), format!("/acr/v1/a/_manifests/{digest}"));
    let refused = async |method: &str, path: &str| {
        let answer = registry.ask(method, path).await;
        assert_eq!(answer.code(), "REGISTRY_DISALLOWED_OPERATION", "{method} {path}");
        let message = answer.json()["errors"][0]["message"].as_str().unwrap().to_string();
        assert!(message.starts_with("The operation is disallowed on this registry, repository or image."));
    };
    for (path, lock) in [
        (&tag, json!({ "writeEnabled": false })),
        (&tag, json!({ "deleteEnabled": false })),
        (&manifest, json!({ "deleteEnabled": false })),
        (&"/acr/v1/a".into(), json!({ "writeEnabled": false })),
    ] {
        let locked = patch(&registry, path, &lock).await;
        assert_eq!(locked.status, StatusCode::OK, "{:?}", locked.body);
        refused("DELETE", &format!("/v2/a/manifests/{digest}")).await;
        refused("DELETE", &manifest).await;
        refused("DELETE", "/acr/v1/a").await;
        if *path != manifest {
            refused("DELETE", &tag).await;
        }
        let open = json!({ "writeEnabled": true, "deleteEnabled": true });
        patch(&registry, path, &open).await;
    }
    patch(&registry, &manifest, &json!({ "readEnabled": false })).await;
    refused("GET", "/v2/a/manifests/t").await;
    patch(&registry, &manifest, &json!({ "readEnabled": true })).await;
    assert_eq!(registry.ask("DELETE", &manifest).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_locked_tag_does_not_move() {
    let registry = Registry::new();
    registry.image("a", "t", "x").await;
    let shown = patch(&registry, "/acr/v1/a/_tags/t", &json!({ "writeEnabled": false })).await.json();
    assert_eq!(shown["tag"]["changeableAttributes"]["writeEnabled"], json!(false));
    let body = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [] }).to_string();
    let put = async |tag: &str| {
        let path = format!("/v2/a/manifests/{tag}");
        registry.send("PUT", &path, &[("content-type", INDEX)], body.clone()).await
    };
    assert_eq!(put("t").await.code(), "REGISTRY_DISALLOWED_OPERATION");
    assert_eq!(put("u").await.status, StatusCode::CREATED);
    patch(&registry, "/acr/v1/a", &json!({ "writeEnabled": false })).await;
    assert_eq!(put("u").await.code(), "REGISTRY_DISALLOWED_OPERATION");
    assert_eq!(registry.ask("POST", "/v2/a/blobs/uploads/").await.code(), "REGISTRY_DISALLOWED_OPERATION");
}

#[tokio::test]
async fn what_is_not_to_be_listed_is_not() {
    let registry = Registry::new();
    let digest = registry.image("a", "t", "x").await;
    registry.image("a", "u", "y").await;
    registry.image("b", "t", "").await;
    let hide = json!({ "listEnabled": false });
    patch(&registry, "/acr/v1/b", &hide).await;
    assert_eq!(registry.ask("GET", "/v2/_catalog").await.json()["repositories"], json!(["a"]));
    patch(&registry, "/acr/v1/a/_tags/t", &hide).await;
    assert_eq!(registry.ask("GET", "/v2/a/tags/list").await.json()["tags"], json!(["u"]));
    patch(&registry, &format!("/acr/v1/a/_manifests/{digest}"), &hide).await;
    let listed = registry.ask("GET", "/acr/v1/a/_manifests").await.json();
    assert_eq!(listed["manifests"].as_array().unwrap().len(), 1);
    assert_eq!(registry.ask("GET", "/v2/a/manifests/t").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_patch_is_an_object_about_something_that_is_there() {
    let registry = Registry::new();
    registry.image("a", "t", "").await;
    for body in ["", "[]", "{", "{\"writeEnabled\":3}"] {
        let answer = registry.send("PATCH", "/acr/v1/a", &[], body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
    }
    let lock = json!({ "writeEnabled": false });
    assert_eq!(patch(&registry, "/acr/v1/none", &lock).await.code(), "NAME_UNKNOWN");
    assert_eq!(patch(&registry, "/acr/v1/a/_tags/none", &lock).await.code(), "TAG_UNKNOWN");
    assert_eq!(registry.store("eastus").await.sequence(), 3);
}
