//! Regions that lag, that are down, that come and go.

use crate::setting::{REPOSITORY, Setting, manifest, pull};
use portolan::{Kind, emulator::Options};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::sleep;

#[tokio::test]
async fn g01_a_push_is_unknown_elsewhere_until_it_has_come() {
    let setting = Setting::with(Options { lag: Duration::from_secs(3_600), ..Options::default() }).await;
    let (east, japan) = (setting.region("eastus").to_owned(), setting.region("japaneast").to_owned());
    let digest = setting.push(&east, "v1", "layer").await;
    assert_eq!(manifest(&setting.client(&east), "v1").await, Ok(digest.clone()));
    let there = setting.client(&japan);
    assert_eq!(manifest(&there, "v1").await.unwrap_err().kind(), Kind::NotFound);
    let told = setting.control("GET", "/emulator/replication", "").await.json();
    let behind =
        told["registries"][0]["regions"].as_array().unwrap().iter().find(|r| r["region"] == "japaneast").unwrap();
    assert_eq!((&behind["caughtUp"], &behind["changes"]), (&json!(false), &json!(4)), "{told}");
    setting.set(json!({"links": [{"lag": "10ms"}]})).await;
    setting.settle().await;
    assert_eq!(manifest(&there, "v1").await, Ok(digest));
    assert_eq!(pull(&there, "layer").await, Ok(()));
    setting.lab.stop().await;
}

#[tokio::test]
async fn g04_a_manifest_whose_blobs_have_not_come_is_incomplete() {
    let setting = Setting::start().await;
    setting.set(json!({"links": [{"lag": "1ms", "blobLag": "1h"}]})).await;
    let (east, japan) = (setting.region("eastus").to_owned(), setting.region("japaneast").to_owned());
    let digest = setting.push(&east, "v1", "layer").await;
    while setting.status(&japan, "v1").await != 200 {
        sleep(Duration::from_millis(10)).await;
    }
    let there = setting.client(&japan);
    assert_eq!(manifest(&there, "v1").await, Ok(digest));
    assert_eq!(pull(&there, "layer").await.unwrap_err().kind(), Kind::NotFound);
    setting.set(json!({})).await;
    setting.settle().await;
    assert_eq!(pull(&there, "layer").await, Ok(()));
    setting.lab.stop().await;
}

#[tokio::test]
async fn the_login_server_leaves_a_region_that_is_down_and_comes_back() {
    let setting = Setting::start().await;
    let (home, east) = (setting.lab.login_server().to_owned(), setting.region("eastus").to_owned());
    setting.push(&home, "v1", "layer").await;
    setting.settle().await;
    setting.set(json!({"routing": {"failover": "1h"}})).await;
    let off = async |how: &str| {
        setting.control("PUT", "/emulator/outages/eastus", &json!({"how": how}).to_string()).await.status
    };
    assert_eq!(off("unavailable").await, 204);
    let seen = |host: &str| {
        let (client, host) = (setting.client(host), host.to_owned());
        async move { (manifest(&client, "v1").await.map_err(|error| error.kind()), host).0 }
    };
    assert_eq!(seen(&home).await.unwrap_err(), Kind::Unavailable, "routing has not followed yet");
    assert_eq!(seen(&east).await.unwrap_err(), Kind::Unavailable);
    setting.set(json!({"routing": {"failover": "0s"}})).await;
    assert_eq!(seen(&home).await.map(|_| ()), Ok(()), "japaneast answers");
    // What is pushed meanwhile is there when the region is back.
    let second = setting.push(&home, "v2", "other").await;
    assert_eq!(setting.control("DELETE", "/emulator/outages/eastus", "").await.status, 204);
    setting.settle().await;
    assert_eq!(manifest(&setting.client(&east), "v2").await, Ok(second));
    assert_eq!(off("refused").await, 204);
    assert_eq!(seen(&east).await.unwrap_err(), Kind::Network);
    setting.lab.stop().await;
}

#[tokio::test]
async fn a_push_that_is_split_across_regions_fails() {
    let setting = Setting::with(Options { lag: Duration::from_secs(3_600), ..Options::default() }).await;
    setting.set(json!({"routing": {"spread": true}})).await;
    let home = setting.lab.login_server().to_owned();
    let mut statuses = Vec::new();
    for _ in 0..2 {
        let started = setting.call(&home, "POST", &format!("/v2/{REPOSITORY}/blobs/uploads/"), "").await;
        let location = started.header("location").unwrap().to_owned();
        statuses.push(setting.call(&home, "PATCH", &location, "bytes").await.status);
    }
    assert!(statuses.contains(&404), "{statuses:?}");
    setting.lab.stop().await;
}

/// `displayStatus` of a region, as ARM has it.
async fn display_status(setting: &Setting, region: &str) -> Value {
    let path = setting.lab.registry_id(&format!("/replications/{region}"));
    setting.lab.arm("owner", "GET", &path, json!(null)).await.json()["properties"]["status"]["displayStatus"].clone()
}

#[tokio::test]
async fn a_new_region_is_syncing_until_it_has_everything() {
    let setting = Setting::start().await;
    let home = setting.lab.login_server().to_owned();
    let digest = setting.push(&home, "v1", "layer").await;
    setting.set(json!({"links": [{"to": "brazilsouth", "paused": true}]})).await;
    let path = setting.lab.registry_id("/replications/brazilsouth");
    let made = setting.lab.arm("owner", "PUT", &path, json!({"location": "brazilsouth"})).await;
    assert_eq!(made.status, 201, "{made:?}");
    while display_status(&setting, "brazilsouth").await != "Syncing" {
        sleep(Duration::from_millis(50)).await;
    }
    setting.set(json!({})).await;
    while display_status(&setting, "brazilsouth").await != "Ready" {
        sleep(Duration::from_millis(50)).await;
    }
    setting
        .set(json!({"outages": [{"region": "eastus"}, {"region": "japaneast"}], "routing": {"failover": "0s"}}))
        .await;
    assert_eq!(manifest(&setting.client(&home), "v1").await, Ok(digest), "the new region answers alone");
    setting.lab.stop().await;
}
