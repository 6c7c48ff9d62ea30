//! What is seen of a push elsewhere, and when.

use super::fleet::{Fleet, dump, push, push_blob, repository, tag, tagged};
use crate::emulator::{
    faults::How,
    replication::{Settings, router},
    store::{Place, Store, change::Subject},
};
use alloc::{sync::Arc, vec};
use axum::body::{Body, to_bytes};
use core::time::Duration;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tower::ServiceExt as _;

const SECOND: Duration = Duration::from_secs(1);
const LAG: Settings = Settings { lag: Duration::from_secs(10), bandwidth: None, order: crate::emulator::Order::Kept };

#[tokio::test(start_paused = true)]
async fn g01_a_push_is_seen_elsewhere_after_the_lag() {
    let fleet = Fleet::new(LAG);
    let digest = push(fleet.store("eastus"), "app", "v1", b"layer").await.unwrap();
    sleep(9 * SECOND).await;
    assert_eq!(tagged(fleet.store("japaneast"), "app", "v1"), None);
    let status = fleet.replication.status("japaneast").unwrap();
    // Two blobs, a manifest, a tag.
    assert_eq!((status.changes, status.caught_up()), (4, false));
    assert!(status.bytes > 37 + 5, "{status:?}");
    assert!(fleet.replication.status("eastus").unwrap().caught_up());
    sleep(2 * SECOND).await;
    assert_eq!(tagged(fleet.store("japaneast"), "app", "v1"), Some(digest.clone()));
    assert_eq!(tagged(fleet.store("westeurope"), "app", "v1"), Some(digest));
    assert!(fleet.replication.status("japaneast").unwrap().caught_up());
    fleet.assert_agreed().await;
}

#[tokio::test(start_paused = true)]
async fn bytes_take_their_time() {
    let fleet = Fleet::new(Settings { bandwidth: Some(1_000), ..Settings::default() });
    let start = Instant::now();
    push_blob(fleet.store("eastus"), &repository("app"), &vec![7; 30_000]).await.unwrap();
    fleet.settle().await;
    let took = start.elapsed();
    assert!(took >= 30 * SECOND && took < 31 * SECOND, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn g02_tags_differ_for_a_while() {
    let fleet = Fleet::new(Settings::default());
    fleet.set(&json!({"links": [{"to": "westeurope", "tagLag": "60s"}]}));
    let first = push(fleet.store("eastus"), "app", "v1", b"one").await.unwrap();
    sleep(61 * SECOND).await;
    let second = push(fleet.store("eastus"), "app", "v1", b"two").await.unwrap();
    sleep(SECOND).await;
    let seen = |region| tagged(fleet.store(region), "app", "v1");
    assert_eq!((seen("japaneast"), seen("westeurope")), (Some(second.clone()), Some(first)));
    let target = crate::ReferenceTarget::Digest(second.clone());
    assert!(fleet.store("westeurope").manifest(&repository("app"), &target).is_ok(), "the manifest itself is there");
    sleep(60 * SECOND).await;
    assert_eq!(seen("westeurope"), Some(second));
}

#[tokio::test(start_paused = true)]
async fn deleted_content_is_still_served_elsewhere_for_a_while() {
    let fleet = Fleet::new(Settings::default());
    fleet.set(&json!({"links": [{"deleteLag": "60s"}]}));
    let digest = push(fleet.store("eastus"), "app", "v1", b"layer").await.unwrap();
    fleet.settle().await;
    fleet.store("japaneast").delete_manifest(&repository("app"), &digest).await.unwrap();
    sleep(59 * SECOND).await;
    assert_eq!(tagged(fleet.store("japaneast"), "app", "v1"), None);
    assert_eq!(tagged(fleet.store("eastus"), "app", "v1"), Some(digest));
    fleet.settle().await;
    assert_eq!(tagged(fleet.store("eastus"), "app", "v1"), None);
    fleet.assert_agreed().await;
}

#[tokio::test(start_paused = true)]
async fn g04_a_manifest_may_come_before_its_blobs() {
    let fleet = Fleet::new(Settings::default());
    fleet.set(&json!({"links": [{"to": "japaneast", "blobLag": "30s"}]}));
    let digest = push(fleet.store("eastus"), "app", "v1", b"layer").await.unwrap();
    let (name, blob) = (repository("app"), crate::Digest::sha256(b"layer"));
    sleep(29 * SECOND).await;
    let there = fleet.store("japaneast");
    assert_eq!(tagged(there, "app", "v1"), Some(digest));
    assert!(there.blob(&name, &blob).is_err(), "incomplete");
    assert!(fleet.store("westeurope").blob(&name, &blob).is_ok());
    assert!(!fleet.replication.status("japaneast").unwrap().caught_up());
    fleet.settle().await;
    fleet.assert_agreed().await;
}

#[tokio::test(start_paused = true)]
async fn nothing_travels_while_a_link_is_paused_or_a_region_down() {
    let fleet = Fleet::new(Settings::default());
    fleet.set(&json!({"links": [{"from": "eastus", "to": "japaneast", "paused": true}]}));
    fleet.faults.switch_off("westeurope", How::Refused);
    let digest = push(fleet.store("eastus"), "app", "v1", b"layer").await.unwrap();
    push(fleet.store("westeurope"), "other", "v1", b"layer").await.unwrap();
    sleep(300 * SECOND).await;
    let seen = |region, name| tagged(fleet.store(region), name, "v1");
    assert_eq!((seen("japaneast", "app"), seen("westeurope", "app")), (None, None));
    assert_eq!((seen("eastus", "other"), seen("japaneast", "other")), (None, None));
    assert!(fleet.replication.status("japaneast").unwrap().oldest < SECOND, "the wall clock stands still here");
    fleet.set(&json!({}));
    sleep(SECOND).await;
    assert_eq!((seen("japaneast", "app"), seen("westeurope", "app")), (Some(digest), None));
    fleet.faults.switch_on("westeurope");
    fleet.settle().await;
    fleet.assert_agreed().await;
}

#[tokio::test(start_paused = true)]
async fn a_large_blob_is_interrupted_by_an_outage_and_comes_afterwards() {
    let fleet = Fleet::new(Settings { bandwidth: Some(1_000), ..Settings::default() });
    let blob = push_blob(fleet.store("eastus"), &repository("app"), &vec![7; 30_000]).await.unwrap();
    sleep(10 * SECOND).await;
    fleet.faults.switch_off("japaneast", How::Unavailable);
    sleep(60 * SECOND).await;
    assert!(fleet.store("westeurope").blob(&repository("app"), &blob).is_ok());
    assert!(fleet.store("japaneast").blob(&repository("app"), &blob).is_err());
    fleet.faults.switch_on("japaneast");
    fleet.settle().await;
    assert!(fleet.store("japaneast").blob(&repository("app"), &blob).is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_last_writer_wins_everywhere() {
    let fleet = Fleet::new(LAG);
    push(fleet.store("eastus"), "app", "v1", b"one").await.unwrap();
    push(fleet.store("japaneast"), "app", "v1", b"two").await.unwrap();
    let last = push(fleet.store("westeurope"), "app", "v1", b"three").await.unwrap();
    let lock = serde_json::from_value(json!({"writeEnabled": false})).unwrap();
    fleet.store("westeurope").set_attributes(&repository("app"), Subject::Tag(tag("v1")), lock).await.unwrap();
    fleet.settle().await;
    for store in fleet.stores.values() {
        assert_eq!(tagged(store, "app", "v1").as_ref(), Some(&last), "{}", store.region());
        assert!(!store.attributes(&repository("app"), &Subject::Tag(tag("v1"))).write_enabled);
    }
    fleet.assert_agreed().await;
}

#[tokio::test(start_paused = true)]
async fn a_new_region_gets_all_that_the_others_have_and_is_ready_then() {
    let mut fleet = Fleet::new(LAG);
    push(fleet.store("eastus"), "app", "v1", b"one").await.unwrap();
    push(fleet.store("japaneast"), "tool", "v1", b"two").await.unwrap();
    fleet.settle().await;
    fleet.set(&json!({"links": [{"to": "brazilsouth", "bandwidth": 100}]}));
    fleet.add(Store::open(&Place::Memory, "brazilsouth").unwrap());
    sleep(SECOND).await;
    assert!(!fleet.replication.status("brazilsouth").unwrap().synced);
    assert!(fleet.replication.status("eastus").unwrap().synced, "the others are not affected");
    fleet.settle().await;
    sleep(SECOND).await;
    assert!(fleet.replication.status("brazilsouth").unwrap().synced);
    fleet.assert_agreed().await;
    push(fleet.store("brazilsouth"), "app", "v2", b"three").await.unwrap();
    sleep(SECOND).await;
    let status = fleet.replication.status("eastus").unwrap();
    assert!(status.synced && !status.caught_up(), "ready once is ready: {status:?}");
}

#[tokio::test(start_paused = true)]
async fn a_region_hands_over_what_it_has_before_it_goes_and_others_carry_it_on() {
    let mut fleet = Fleet::new(Settings { lag: 3_600 * SECOND, ..Settings::default() });
    fleet.set(&json!({"links": [{"from": "japaneast", "to": "westeurope", "paused": true}]}));
    let digest = push(fleet.store("japaneast"), "app", "v1", b"layer").await.unwrap();
    fleet.replication.remove("japaneast").await;
    fleet.stores.remove("japaneast");
    assert_eq!(fleet.replication.status("japaneast"), None);
    assert_eq!(tagged(fleet.store("eastus"), "app", "v1"), Some(digest.clone()));
    assert_eq!(tagged(fleet.store("westeurope"), "app", "v1"), None, "it could not be reached");
    fleet.add(Store::open(&Place::Memory, "brazilsouth").unwrap());
    fleet.settle().await;
    assert_eq!(tagged(fleet.store("westeurope"), "app", "v1"), Some(digest));
    fleet.assert_agreed().await;
}

#[tokio::test(start_paused = true)]
async fn nothing_echoes_between_regions() {
    let fleet = Fleet::new(Settings::default());
    push(fleet.store("eastus"), "app", "v1", b"layer").await.unwrap();
    fleet.settle().await;
    let numbers = || fleet.stores.values().map(Store::sequence).collect::<vec::Vec<_>>();
    let before = numbers();
    sleep(60 * SECOND).await;
    assert_eq!(numbers(), before);
    assert_eq!(dump(fleet.store("eastus")).len(), 4);
}

#[tokio::test(start_paused = true)]
async fn how_far_regions_are_behind_is_told() {
    let fleet = Fleet::new(LAG);
    push(fleet.store("eastus"), "app", "v1", b"layer").await.unwrap();
    fleet.faults.switch_off("japaneast", How::Refused);
    sleep(11 * SECOND).await;
    let replication = fleet.replication.clone();
    let router = router(Arc::new(move || vec![replication.clone()]));
    let request = axum::http::Request::get("/emulator/replication").body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    let told: Value = serde_json::from_slice(&to_bytes(response.into_body(), 1 << 20).await.unwrap()).unwrap();
    let told = &told["registries"][0];
    assert_eq!(told["registry"], "demo");
    let one = |list: &str, key: &str, name: &str| {
        told[list].as_array().unwrap().iter().find(|entry| entry[key] == name).cloned().unwrap()
    };
    assert_eq!(one("regions", "region", "westeurope")["caughtUp"], true);
    assert_eq!(one("regions", "region", "japaneast")["changes"], 4);
    assert_eq!(told["links"].as_array().unwrap().len(), 6);
    assert_eq!(one("links", "from", "japaneast")["blocked"], true);
}
