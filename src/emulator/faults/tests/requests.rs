//! Answers that go wrong, rows H01 to H10, J09 and G03.

use super::peer::{Peer, manifest_digest};
use crate::{Kind, emulator::faults::How};
use alloc::format;
use core::time::Duration;
use serde_json::{Value, json};
use tokio::time::Instant;

async fn always(effect: Value) -> Peer {
    Peer::start(&json!({"rules": [{"match": {"path": "/v2/*/**"}, "effect": effect}]})).await
}

/// Reads the manifest, and says how long that took on the test's own clock.
async fn waited(peer: &Peer) -> Duration {
    let start = Instant::now();
    assert_eq!(peer.manifest().await, Ok(manifest_digest()));
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn h01_nothing_is_asked_before_the_time_that_a_429_names() {
    let peer = Peer::once(json!({"throttle": {"retryAfter": "7s"}})).await;
    assert!(waited(&peer).await >= Duration::from_secs(7));
    assert_eq!(peer.seen().len(), 1, "the first one did not come through");
    let peer = Peer::once(json!({"throttle": {"retryAfter": "9s", "date": true}})).await;
    // Dates have whole seconds.
    assert!(waited(&peer).await >= Duration::from_secs(8));
}

#[tokio::test(start_paused = true)]
async fn h02_a_day_is_not_waited_for() {
    let peer = always(json!({"throttle": {"retryAfter": "24h"}})).await;
    let start = Instant::now();
    assert_eq!(peer.manifest().await.unwrap_err().kind(), Kind::RateLimited);
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn h03_a_429_without_a_time_or_json_is_tried_again() {
    let peer = Peer::once(json!({"throttle": {"plain": true}})).await;
    assert!(waited(&peer).await > Duration::ZERO);
    let peer = always(json!({"throttle": {}})).await;
    assert_eq!(peer.manifest().await.unwrap_err().kind(), Kind::RateLimited);
    let shown = peer.raw("GET", "/v2/a/b/tags/list").await;
    assert!(shown.starts_with("http/1.1 429") && shown.contains("toomanyrequests"), "{shown}");
    assert!(!shown.contains("retry-after"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn h04_a_storm_of_503_is_unavailable() {
    let peer = always(json!({"answer": {"status": 503, "body": {"errors": []}, "headers": {"X-Storm": "yes"}}})).await;
    assert_eq!(peer.manifest().await.unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(peer.seen(), [""; 0], "nothing is carried out");
    let shown = peer.raw("GET", "/v2/a/b/tags/list").await;
    assert!(shown.contains("x-storm: yes") && shown.contains("application/json"), "{shown}");
}

#[tokio::test]
async fn h06_an_expired_token_is_what_the_registry_sees() {
    let peer = always(json!({"expireToken": true})).await;
    let answer = peer.send("GET", "/v2/a/b/tags/list", "Authorization: Bearer good\r\n", "").await;
    assert!(answer.starts_with("http/1.1 401"), "{answer}");
    let answer = peer.raw("GET", "/v2/a/b/manifests/v1").await;
    assert!(answer.starts_with("http/1.1 200"), "who sends none has none that expires: {answer}");
}

#[tokio::test]
async fn h10_a_login_page_is_no_manifest() {
    let page = json!({"status": 200, "headers": {"Content-Type": "text/html"}, "body": "<html>"});
    let peer = always(json!({"answer": page})).await;
    assert_eq!(peer.manifest().await.unwrap_err().kind(), Kind::UnexpectedContentType);
}

#[tokio::test]
async fn j09_a_digest_header_that_lies_is_an_error_and_one_that_lacks_is_none() {
    let peer = always(json!({"dropHeaders": ["Docker-Content-Digest"]})).await;
    assert_eq!(peer.manifest().await, Ok(manifest_digest()));
    let wrong = format!("sha256:{}", "0".repeat(64));
    let peer = always(json!({"setHeaders": {"Docker-Content-Digest": wrong}})).await;
    assert_eq!(peer.manifest().await.unwrap_err().kind(), Kind::DigestMismatch);
}

#[tokio::test(start_paused = true)]
async fn t07_an_answer_that_comes_late_is_waited_for_within_bounds() {
    let peer = Peer::once(json!({"delay": "20s"})).await;
    assert!(waited(&peer).await >= Duration::from_secs(20));
    let peer = always(json!({"delay": "20m"})).await;
    assert_eq!(peer.manifest().await.unwrap_err().kind(), Kind::Timeout);
}

#[tokio::test(start_paused = true)]
async fn a_connection_without_an_answer_is_tried_again() {
    let peer = Peer::once(json!({"hangUp": true})).await;
    waited(&peer).await;
    let peer = always(json!({"hangUp": true})).await;
    assert_eq!(peer.raw("GET", "/v2/a/b/tags/list").await, "");
    assert_eq!(peer.manifest().await.unwrap_err().kind(), Kind::Network);
}

#[tokio::test(start_paused = true)]
async fn g03_a_region_that_is_down_answers_503_or_not_at_all() {
    let peer = Peer::start(&json!({})).await;
    waited(&peer).await;
    peer.faults.switch_off("eastus", How::Unavailable);
    assert!(peer.raw("GET", "/v2/").await.starts_with("http/1.1 503"));
    assert_eq!(peer.manifest().await.unwrap_err().kind(), Kind::Unavailable);
    peer.faults.switch_off("eastus", How::Refused);
    assert_eq!(peer.raw("GET", "/v2/").await, "");
    assert_eq!(peer.manifest().await.unwrap_err().kind(), Kind::Network);
    peer.faults.switch_on("eastus");
    waited(&peer).await;
}

#[tokio::test]
async fn a_head_keeps_its_length_and_has_no_body() {
    let peer = always(json!({"flip": 0, "truncate": 1})).await;
    let shown = peer.raw("HEAD", "/v2/a/b/manifests/v1").await;
    assert!(shown.contains("content-length: 88\r\n") && shown.ends_with("\r\n\r\n"), "{shown}");
}

#[tokio::test]
async fn escaped_paths_match_as_they_read() {
    let rule = json!({"match": {"path": "/v2/a/b/manifests/*:*"}, "effect": {"answer": {"status": 418}}});
    let peer = Peer::start(&json!({"rules": [rule]})).await;
    assert!(peer.raw("GET", "/v2/a%2Fb/manifests/sha256%3A1").await.starts_with("http/1.1 418"));
    assert!(peer.raw("GET", "/v2/a%2Fb/manifests/v1").await.starts_with("http/1.1 200"));
}

#[tokio::test]
async fn a_caller_is_known_by_name() {
    let rule = json!({"match": {"callers": ["admin"]}, "effect": {"answer": {"status": 418}}});
    let peer = Peer::start(&json!({"rules": [rule]})).await;
    let ask = async |lines: &str| peer.send("GET", "/v2/a/b/manifests/v1", lines, "").await;
    assert!(ask("X-Caller: admin\r\n").await.starts_with("http/1.1 418"));
    assert!(ask("X-Caller: other\r\n").await.starts_with("http/1.1 200"));
}
