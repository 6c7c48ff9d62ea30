//! Rows of the fault table that a pull through login server and data endpoint must hold.

use crate::setting::{Setting, layer, manifest, pull};
use portolan::{Kind, emulator::Options};
use serde_json::json;
use std::fs;

#[tokio::test]
async fn t01_t02_t03_bytes_that_go_wrong_at_the_data_endpoint_are_healed_or_seen() {
    let setting = Setting::start().await;
    let layer = layer();
    let home = setting.lab.login_server().to_owned();
    setting.push(&home, "v1", &layer).await;
    let client = setting.client(&home);
    let at_data = json!({ "endpoints": ["data"], "path": "/**" });
    for effect in [json!({"reset": 0}), json!({"reset": 700_000}), json!({"truncate": layer.len() - 1})] {
        setting.set(json!({"rules": [{"match": at_data, "when": {"request": 1}, "effect": effect}]})).await;
        assert_eq!(pull(&client, &layer).await, Ok(()), "{effect}");
        let told = setting.control("GET", "/emulator/faults", "").await.json();
        assert_eq!(told["rules"][0]["matched"], 2, "asked once more: {effect}");
    }
    setting.set(json!({"rules": [{"match": at_data, "effect": {"flip": 9}}]})).await;
    assert_eq!(pull(&client, &layer).await.unwrap_err().kind(), Kind::DigestMismatch);
    setting.lab.stop().await;
}

#[tokio::test]
async fn h01_a14_429_of_registry_and_token_service_is_waited_for() {
    let setting = Setting::start().await;
    let home = setting.lab.login_server().to_owned();
    let digest = setting.push(&home, "v1", "layer").await;
    for path in ["/v2/**/manifests/*", "/oauth2/token"] {
        let rule =
            json!({"match": {"path": path}, "when": {"request": 1}, "effect": {"throttle": {"retryAfter": "1s"}}});
        setting.set(json!({"rules": [rule]})).await;
        assert_eq!(manifest(&setting.client(&home), "v1").await, Ok(digest.clone()), "{path}");
        let told = setting.control("GET", "/emulator/faults", "").await.json();
        assert!(told["rules"][0]["matched"].as_u64() >= Some(2), "{path}: {told}");
    }
    setting.lab.stop().await;
}

#[tokio::test]
async fn h06_a_token_that_expires_is_renewed() {
    let setting = Setting::start().await;
    let home = setting.lab.login_server().to_owned();
    let digest = setting.push(&home, "v1", "layer").await;
    let client = setting.client(&home);
    assert_eq!(manifest(&client, "v1").await, Ok(digest.clone()));
    let path = json!({"path": "/v2/**/manifests/*"});
    setting.set(json!({"rules": [{"match": path, "when": {"request": 1}, "effect": {"expireToken": true}}]})).await;
    assert_eq!(manifest(&client, "v1").await, Ok(digest));
    setting.set(json!({"rules": [{"match": path, "effect": {"expireToken": true}}]})).await;
    assert_eq!(manifest(&client, "v1").await.unwrap_err().kind(), Kind::Unauthorized);
    setting.lab.stop().await;
}

#[tokio::test]
async fn callers_are_told_apart_by_name() {
    let setting = Setting::start().await;
    let home = setting.lab.login_server().to_owned();
    let digest = setting.push(&home, "v1", "layer").await;
    let pulling = &setting.lab.service("acrpull").object_id;
    let rule =
        json!({"match": {"path": "/v2/**/manifests/*", "callers": [pulling]}, "effect": {"answer": {"status": 404}}});
    setting.set(json!({"rules": [rule]})).await;
    assert_eq!(manifest(&setting.client(&home), "v1").await.unwrap_err().kind(), Kind::NotFound);
    assert_eq!(setting.status(&home, digest.as_str()).await, 200, "the owner is somebody else");
    setting.lab.stop().await;
}

#[tokio::test]
async fn arm_and_the_authority_have_faults_too() {
    let setting = Setting::start().await;
    let rule = |kind: &str| json!({"match": {"endpoints": [kind]}, "effect": {"throttle": {"retryAfter": "30s"}}});
    setting.set(json!({"rules": [rule("arm")]})).await;
    let answer = setting.lab.arm("owner", "GET", &setting.lab.registry_id(""), json!(null)).await;
    assert_eq!(
        (answer.status, answer.header("retry-after"), answer.code().as_str()),
        (429, Some("30"), "TOOMANYREQUESTS")
    );
    setting.set(json!({"rules": [rule("authority")]})).await;
    let answer = setting.lab.entra(&[]).await;
    assert_eq!((answer.status, answer.code().as_str()), (429, "temporarily_unavailable"));
    setting.lab.stop().await;
}

#[tokio::test]
async fn faults_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("faults.json");
    fs::write(&file, r#"{"rules": [{"match": {"path": "/v2/"}, "effect": {"answer": {"status": 418}}}]}"#).unwrap();
    let setting = Setting::with(Options { faults: Some(file.clone()), ..Options::default() }).await;
    let home = setting.lab.login_server().to_owned();
    assert_eq!(setting.call(&home, "GET", "/v2/", "").await.status, 418);
    fs::write(&file, "{}").unwrap();
    while setting.call(&home, "GET", "/v2/", "").await.status != 200 {}
    setting.lab.stop().await;
    fs::write(&file, r#"{"rules": {}}"#).unwrap();
    let refused = portolan::emulator::Emulator::start(Options { faults: Some(file), ..Options::default() }).await;
    assert!(refused.err().unwrap().to_string().contains("rules: invalid type"));
}

#[tokio::test]
async fn what_is_left_of_calls_to_the_token_service_is_told() {
    let setting = Setting::start().await;
    let answer = setting.lab.token(None, "registry:catalog:*").await;
    let left = answer.header("x-ms-ratelimit-remaining-calls-per-second");
    assert_eq!(left, Some("333.31"), "{answer:?}");
    setting.lab.stop().await;
}
