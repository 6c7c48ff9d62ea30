//! Bodies that go wrong, rows T01 to T13.

use super::peer::{Peer, SIZE};
use crate::{Kind, emulator::faults::body::mangled};
use alloc::{format, vec::Vec};
use axum::body::{Body, Bytes, to_bytes};
use futures_util::stream;
use serde_json::{Value, json};
use std::io;
use tokio::time::Instant;

/// Where the second request for the blob began.
fn resumed(peer: &Peer) -> Option<u64> {
    let seen = peer.seen();
    let second = seen.iter().filter(|line| line.starts_with("GET")).nth(1)?;
    second.rsplit_once("bytes=")?.1.split_once('-')?.0.parse().ok()
}

async fn heals(effect: Value) -> Peer {
    let peer = Peer::once(effect.clone()).await;
    assert_eq!(peer.pull().await, Ok(()), "{effect}");
    peer
}

#[tokio::test]
async fn t01_a_connection_that_closes_in_a_blob_is_resumed() {
    for at in [0, 1, SIZE / 2, SIZE - 1] {
        let peer = heals(json!({"reset": at})).await;
        let from = resumed(&peer).unwrap_or(0);
        assert!(from <= at as u64 && at as u64 - from <= 64 << 10, "{at}: resumed at {from}");
    }
}

#[tokio::test]
async fn t02_a_blob_that_ends_early_is_resumed() {
    let peer = heals(json!({"truncate": 1_000_000})).await;
    assert_eq!(resumed(&peer), Some(1_000_000));
    // Without a promised length nobody but the descriptor tells.
    heals(json!({"truncate": 1_000_000, "dropHeaders": ["content-length"]})).await;
}

#[tokio::test]
async fn t03_a_flipped_bit_is_seen_and_the_blob_read_once_more_at_most() {
    let rule = json!({"match": {"path": "/v2/**/blobs/*"}, "effect": {"flip": 1_234_567}});
    let peer = Peer::start(&json!({"rules": [rule]})).await;
    assert_eq!(peer.pull().await.unwrap_err().kind(), Kind::DigestMismatch);
    assert!(peer.seen().iter().all(|line| !line.contains("bytes=")), "{:?}", peer.seen());
    assert!(peer.seen().len() <= 2, "{:?}", peer.seen());
}

#[tokio::test]
async fn t04_a_blob_that_goes_on_too_long_is_refused() {
    let rule = json!({"effect": {"append": 100_000}});
    let peer = Peer::start(&json!({"rules": [rule]})).await;
    assert_eq!(peer.pull().await.unwrap_err().kind(), Kind::SizeMismatch);
}

#[tokio::test(start_paused = true)]
async fn t05_a_blob_that_stalls_is_resumed() {
    let peer = heals(json!({"stall": {"at": 1_000_000}})).await;
    assert_eq!(resumed(&peer), Some(1_000_000));
    let peer = heals(json!({"stall": {"at": 1_000_000, "for": "20s"}})).await;
    assert_eq!(resumed(&peer), None, "a short pause is waited for");
}

#[tokio::test]
async fn t09_a_server_that_ignores_ranges_costs_bytes_only() {
    let rules = json!([
        {"when": {"request": 1}, "effect": {"reset": 1_500_000}},
        {"when": {"request": 2}, "effect": {"ignoreRange": true}},
    ]);
    let peer = Peer::start(&json!({"rules": rules})).await;
    assert_eq!(peer.pull().await, Ok(()));
}

#[tokio::test]
async fn t10_a_range_that_was_not_asked_for_is_not_used() {
    let range = format!("bytes 7-{}/{SIZE}", SIZE - 1);
    let rules = json!([
        {"when": {"request": 1}, "effect": {"reset": 1_500_000}},
        {"when": {"request": 2}, "effect": {"setHeaders": {"Content-Range": range}}},
    ]);
    let peer = Peer::start(&json!({"rules": rules})).await;
    assert_eq!(peer.pull().await, Ok(()));
    let last = peer.seen().last().cloned().unwrap_or_default();
    assert!(!last.contains("bytes="), "from zero: {last}");
}

#[tokio::test]
async fn t11_a_length_that_is_not_the_blobs_is_refused() {
    let rule = json!({"effect": {"contentLength": SIZE + 5}});
    let peer = Peer::start(&json!({"rules": [rule]})).await;
    assert_eq!(peer.pull().await.unwrap_err().kind(), Kind::SizeMismatch);
    let shown = peer.raw("GET", "/v2/a/b/blobs/x").await;
    assert!(shown.contains(&format!("content-length: {}\r\n", SIZE + 5)), "{}", &shown[..200]);
}

#[tokio::test]
async fn t12_t13_a_blob_without_length_or_with_a_made_up_encoding_is_whole() {
    heals(json!({"dropHeaders": ["Content-Length"]})).await;
    heals(json!({"setHeaders": {"Content-Encoding": "identity"}})).await;
    let peer = Peer::once(json!({"dropHeaders": ["Content-Length"]})).await;
    let shown = peer.raw("GET", "/v2/a/b/blobs/x").await;
    assert!(shown.contains("transfer-encoding: chunked") && !shown.contains("content-length"), "{}", &shown[..200]);
}

/// What becomes of forty bytes that come in chunks of a size.
async fn passed(effect: &Value, size: usize) -> Vec<u8> {
    let source: Vec<u8> = (0..40).collect();
    let chunks: Vec<_> = source.chunks(size).map(|c| Ok::<_, io::Error>(Bytes::copy_from_slice(c))).collect();
    let effect = serde_json::from_value(effect.clone()).unwrap();
    to_bytes(mangled(Body::from_stream(stream::iter(chunks)), &effect), 100).await.unwrap().into()
}

#[tokio::test]
async fn chunks_do_not_matter_to_what_goes_wrong() {
    let mut wanted: Vec<u8> = (0..25).collect();
    wanted[10] ^= 1;
    for size in 1..=40 {
        assert_eq!(passed(&json!({"flip": 10, "truncate": 25}), size).await, wanted, "{size}");
        assert_eq!(passed(&json!({"append": 3}), size).await[38..], [38, 39, b' ', b' ', b' '], "{size}");
        assert_eq!(passed(&json!({"flip": 40, "truncate": 41}), size).await.len(), 40, "{size}");
    }
}

#[tokio::test(start_paused = true)]
async fn t06_a_body_comes_at_its_pace_and_pauses_at_its_place() {
    let start = Instant::now();
    assert_eq!(passed(&json!({"pace": 4}), 7).await.len(), 40);
    assert_eq!(start.elapsed().as_secs(), 10);
    assert_eq!(passed(&json!({"stall": {"at": 40, "for": "5s"}}), 7).await.len(), 40);
    assert_eq!(start.elapsed().as_secs(), 15);
}
