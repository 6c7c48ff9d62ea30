//! A home region that is down: content goes on, its management does not.

use crate::{
    http::{Answer, send},
    setting::{Setting, manifest, pull},
};
use portolan::{
    azure::context::{Entry, Tar},
    emulator::{Info, Options, Work},
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::sleep;

/// What cannot be done without the home region, below the registry's path.
fn changes() -> Vec<(&'static str, &'static str, Value)> {
    Vec::from([
        ("PATCH", "", json!({ "tags": { "a": "b" } })),
        ("PUT", "", json!({ "location": "eastus", "sku": { "name": "Premium" } })),
        ("DELETE", "", Value::Null),
        ("POST", "/regenerateCredential", json!({ "name": "password" })),
        ("POST", "/generateCredentials", json!({ "tokenId": "none" })),
        ("PUT", "/replications/brazilsouth", json!({ "location": "brazilsouth" })),
        ("PATCH", "/replications/japaneast", json!({ "properties": { "regionEndpointEnabled": false } })),
        ("DELETE", "/replications/japaneast", Value::Null),
        ("PUT", "/scopeMaps/readers", json!({ "properties": { "actions": [] } })),
        ("DELETE", "/tokens/none", Value::Null),
        ("POST", "/listBuildSourceUploadUrl", Value::Null),
        ("POST", "/scheduleRun", json!({ "type": "DockerBuildRequest" })),
        ("POST", "/runs/cf1/cancel", Value::Null),
    ])
}

async fn arm(setting: &Setting, method: &str, rest: &str, body: Value) -> Answer {
    setting.lab.arm("owner", method, &setting.lab.registry_id(rest), body).await
}

/// Puts a context where the registry says, and builds of it; the run's status.
async fn build(setting: &Setting, dockerfile: &str, image: &str) -> Value {
    let place = arm(setting, "POST", "/listBuildSourceUploadUrl", Value::Null).await.json();
    let (host, path) = place["uploadUrl"].as_str().unwrap().trim_start_matches("https://").split_once('/').unwrap();
    let mut tar = Tar::new();
    tar.begin(&Entry::file("Dockerfile", dockerfile.len() as u64)).unwrap();
    tar.write(dockerfile.as_bytes()).unwrap();
    tar.finish().unwrap();
    let archive = String::from_utf8(tar.take()).unwrap();
    let put = send(host, "PUT", &format!("/{path}"), &[("x-ms-blob-type", "BlockBlob")], &archive).await;
    assert_eq!(put.status, 201, "{put:?}");
    let request = json!({
        "type": "DockerBuildRequest", "dockerFilePath": "Dockerfile", "imageNames": [image],
        "platform": { "os": "linux" }, "sourceLocation": place["relativePath"],
    });
    let run = arm(setting, "POST", "/scheduleRun", request).await;
    assert_eq!(run.status, 200, "{run:?}");
    let run = format!("/runs/{}", run.json()["name"].as_str().unwrap());
    loop {
        let status = arm(setting, "GET", &run, Value::Null).await.json()["properties"]["status"].clone();
        if !["Queued", "Started", "Running"].contains(&status.as_str().unwrap()) {
            return status;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_home_region_that_is_down_leaves_content_and_takes_management_away() {
    let work = Work { direct: true, ..Work::default() };
    let setting = Setting::with(Options { lag: Duration::from_millis(10), work, ..Options::default() }).await;
    let (east, japan) = (setting.region("eastus").to_owned(), setting.region("japaneast").to_owned());
    setting.lab.set(json!({ "adminUserEnabled": true })).await;
    let digest = setting.push(&east, "v1", "layer").await;
    setting.settle().await;
    let before = arm(&setting, "GET", "", Value::Null).await.json();
    for how in ["refused", "unavailable"] {
        let off = setting.control("PUT", "/emulator/outages/eastus", &json!({ "how": how }).to_string()).await;
        assert_eq!(off.status, 204);
        for (method, rest, body) in changes() {
            let answer = arm(&setting, method, rest, body).await;
            assert_eq!((answer.status, &*answer.code()), (503, "ServiceUnavailable"), "{method} {rest}: {answer:?}");
            assert_eq!(answer.header("retry-after"), Some("5"), "{method} {rest}");
        }
        for rest in ["", "/replications", "/listUsages", "/runs", "/scopeMaps"] {
            assert_eq!(arm(&setting, "GET", rest, Value::Null).await.status, 200, "{rest}");
        }
        assert_eq!(arm(&setting, "POST", "/listCredentials", Value::Null).await.status, 200);
        assert_eq!(arm(&setting, "GET", "", Value::Null).await.json(), before);
        let there = setting.client(&japan);
        assert_eq!(manifest(&there, "v1").await, Ok(digest.clone()));
        assert_eq!(pull(&there, "layer").await, Ok(()));
    }
    assert_eq!(setting.control("DELETE", "/emulator/outages/eastus", "").await.status, 204);
    assert_eq!(arm(&setting, "POST", "/regenerateCredential", json!({ "name": "password" })).await.status, 200);
    let map = json!({ "properties": { "actions": [] } });
    assert_eq!(arm(&setting, "PUT", "/scopeMaps/readers", map).await.status, 201);
    assert_eq!(arm(&setting, "DELETE", "/replications/japaneast", Value::Null).await.status, 200);
    assert_eq!(build(&setting, "FROM scratch\nCOPY Dockerfile /\n", "base:v1").await, "Succeeded");
    // What another repository has of it is copied.
    let upper = format!("FROM {}/base:v1\nLABEL a=b\n", setting.lab.login_server());
    assert_eq!(build(&setting, &upper, "upper:v1").await, "Succeeded");
    setting.lab.stop().await;
}

#[tokio::test]
async fn another_region_that_is_down_leaves_management() {
    let setting = Setting::start().await;
    setting.set(json!({ "outages": [{ "region": "japaneast" }] })).await;
    setting.lab.set(json!({ "adminUserEnabled": true })).await;
    assert_eq!(arm(&setting, "POST", "/listBuildSourceUploadUrl", Value::Null).await.status, 200);
    assert_eq!(arm(&setting, "DELETE", "/replications/japaneast", Value::Null).await.status, 200);
    setting.lab.stop().await;
}

#[tokio::test]
async fn nothing_is_made_in_a_region_that_is_down() {
    let setting = Setting::start().await;
    setting.set(json!({ "outages": [{ "region": "westeurope" }] })).await;
    let id = setting.lab.registry_id("").replace(&setting.lab.info().registry, "another1");
    let make = async |location: &str| {
        let body = json!({ "location": location, "sku": { "name": "Basic" } });
        setting.lab.arm("owner", "PUT", &id, body).await.status
    };
    assert_eq!(make("West Europe").await, 503);
    assert_eq!(setting.lab.arm("owner", "GET", &id, Value::Null).await.status, 404);
    setting.set(json!({})).await;
    assert_eq!(make("West Europe").await, 201);
    setting.set(json!({ "outages": [{ "region": "westeurope" }] })).await;
    let Info { subscription, resource_group, .. } = setting.lab.info();
    let group = format!("/subscriptions/{subscription}/resourceGroups/{resource_group}");
    assert_eq!(setting.lab.arm("owner", "DELETE", &group, Value::Null).await.status, 503, "a registry of it is there");
    setting.set(json!({})).await;
    assert_eq!(setting.lab.arm("owner", "DELETE", &group, Value::Null).await.status, 202);
    setting.lab.stop().await;
}
