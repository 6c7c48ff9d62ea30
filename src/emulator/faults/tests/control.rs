//! Other faults while the emulator runs.

use super::peer::{Peer, manifest_digest};
use crate::emulator::faults::{Faults, How};
use alloc::{
    format,
    string::{String, ToString as _},
};
use core::time::Duration;
use serde_json::{Value, json};
use tokio::time::sleep;

/// Status and body of an answer.
async fn send(peer: &Peer, method: &str, path: &str, body: &str) -> (u16, String) {
    let answer = peer.send(method, path, "", body).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.into())
}

#[tokio::test]
async fn a_document_is_replaced_and_counts_are_shown() {
    let peer = Peer::start(&json!({})).await;
    let document =
        json!({"rules": [{"name": "teapot", "match": {"path": "/v2/**"}, "effect": {"answer": {"status": 418}}}]});
    assert_eq!(send(&peer, "PUT", "/emulator/faults", &document.to_string()).await.0, 204);
    assert!(peer.raw("GET", "/v2/x").await.starts_with("http/1.1 418"));
    let (status, refused) = send(&peer, "PUT", "/emulator/faults", r#"{"rules": [{}]}"#).await;
    assert!(status == 400 && refused.contains("rules[0]: missing field `effect`"), "{refused}");
    assert!(peer.raw("GET", "/v2/x").await.starts_with("http/1.1 418"), "the one before stays");
    let (_, shown) = send(&peer, "GET", "/emulator/faults", "").await;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["rules"], json!([{"name": "teapot", "matched": 2}]));
}

#[tokio::test]
async fn a_region_is_switched_off_and_on() {
    let peer = Peer::start(&json!({})).await;
    let other = |method, body| send(&peer, method, "/emulator/outages/westus", body);
    assert_eq!(other("PUT", r#"{"how": "unavailable"}"#).await.0, 204);
    assert_eq!(peer.faults.down("westus"), Some(How::Unavailable));
    assert_eq!(other("PUT", r#"{"how": "quietly"}"#).await.0, 400);
    assert_eq!(other("DELETE", "").await.0, 204);
    assert_eq!(peer.faults.down("westus"), None);
    assert_eq!(peer.manifest().await, Ok(manifest_digest()));
}

/// What `GET /emulator/faults` tells, once it tells what is waited for.
async fn until(faults: &Faults, rules: usize, trouble: bool) {
    loop {
        let (count, told) = {
            let state = faults.0.state.borrow();
            (state.document.rules.len(), state.trouble.is_some())
        };
        if (count, told) == (rules, trouble) {
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_is_read_again_when_it_is_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("faults.json");
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    assert!(format!("{}", Faults::from_file(file.clone()).err().unwrap()).contains("faults.json"));
    write("{}");
    let (faults, follow) = Faults::from_file(file.clone()).unwrap();
    let following = tokio::spawn(follow.run());
    write(r#"{"rules": [{"effect": {}}]}"#);
    until(&faults, 1, false).await;
    write(r#"{"rules": [{"effect": {}}, {}]}"#);
    until(&faults, 1, true).await;
    write(r#"{"rules": [{"effect": {}}, {"effect": {}}]}"#);
    until(&faults, 2, false).await;
    std::fs::remove_file(&file).unwrap();
    until(&faults, 2, true).await;
    following.abort();
}
