//! What a kill leaves, and how it goes on from there.

use super::fleet::{Fleet, REGIONS, assert_whole, dump, push, tagged};
use crate::emulator::{
    faults::Faults,
    lock::patiently,
    replication::{
        Replication, Settings,
        book::{Book, Entry},
    },
    store::{Place, Store},
};
use alloc::{format, string::String, vec::Vec};
use core::time::Duration;
use serde_json::json;
use std::path::Path;
use tokio::time::sleep;

const LAG: Settings = Settings { lag: Duration::from_secs(10), bandwidth: None, order: crate::emulator::Order::Kept };

#[test]
fn a_book_that_says_nothing_begins_at_the_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let book = Book::of(Some(&folder.path().join("replication")), "a", "b");
    assert_eq!(book.read(), Entry::default());
    let entry = Entry { position: 7, synced: true };
    book.write(entry).unwrap();
    assert_eq!(book.read(), entry);
    std::fs::write(folder.path().join("replication/a-b"), "{\"posi").unwrap();
    assert_eq!(book.read(), Entry::default());
    book.remove();
    book.remove();
    Book::of(None, "a", "b").write(entry).unwrap();
    assert_eq!(Book::of(None, "a", "b").read(), Entry::default());
}

#[tokio::test(start_paused = true)]
async fn what_was_on_its_way_comes_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut fleet = Fleet::with_book(LAG, Some(folder.path().into()));
    push(fleet.store("eastus"), "app", "v1", b"one").await.unwrap();
    fleet.settle().await;
    sleep(Duration::from_secs(1)).await;
    let position = |to: &str| Book::of(Some(folder.path()), "eastus", to).read().position;
    assert_eq!((position("japaneast"), position("westeurope")), (4, 4));
    let second = push(fleet.store("eastus"), "app", "v1", b"two").await.unwrap();
    sleep(Duration::from_secs(5)).await;
    fleet.restart();
    assert!(!fleet.replication.status("japaneast").unwrap().caught_up());
    assert!(fleet.replication.status("japaneast").unwrap().synced, "ready once is ready, after a restart too");
    fleet.settle().await;
    assert_eq!(tagged(fleet.store("japaneast"), "app", "v1"), Some(second));
    fleet.assert_agreed().await;
}

#[tokio::test(start_paused = true)]
async fn blobs_that_follow_their_manifest_come_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut fleet = Fleet::with_book(Settings::default(), Some(folder.path().into()));
    fleet.set(&json!({"links": [{"blobLag": "30s"}]}));
    push(fleet.store("eastus"), "app", "v1", b"layer").await.unwrap();
    sleep(Duration::from_secs(5)).await;
    fleet.restart();
    fleet.settle().await;
    fleet.assert_agreed().await;
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_another_one_is_read_from_its_beginning() {
    let folder = tempfile::tempdir().unwrap();
    Book::of(Some(folder.path()), "eastus", "japaneast").write(Entry { position: 1_000, synced: true }).unwrap();
    let fleet = Fleet::with_book(Settings::default(), Some(folder.path().into()));
    push(fleet.store("eastus"), "app", "v1", b"layer").await.unwrap();
    fleet.settle().await;
    fleet.assert_agreed().await;
}

async fn open(folder: &Path) -> (Vec<Store>, Replication) {
    let mut stores = Vec::new();
    for name in REGIONS {
        let place = Place::Folder(folder.join(name));
        // What the links before were at takes a moment to end.
        stores.push(patiently(|| Store::open(&place, name)).await.unwrap());
    }
    let replication = Replication::new("demo", Some(folder.join("links")), Settings::default(), Faults::default());
    stores.iter().for_each(|store| replication.add(store.clone()));
    (stores, replication)
}

/// On disk, in real time: stores and links are closed in the middle of pushes, and opened again.
#[tokio::test(flavor = "multi_thread")]
async fn regions_on_disk_agree_after_any_number_of_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    for round in 0..8 {
        let (stores, replication) = open(folder.path()).await;
        for (number, store) in stores.iter().enumerate() {
            let (name, tag) = (format!("app{number}"), format!("v{round}"));
            let digest = push(store, &name, &tag, format!("layer {round} {number}").as_bytes()).await.unwrap();
            acknowledged.push((name, tag, digest));
        }
        drop((stores, replication));
    }
    let (stores, replication) = open(folder.path()).await;
    while REGIONS.iter().any(|name| !replication.status(name).unwrap().caught_up()) {
        sleep(Duration::from_millis(20)).await;
    }
    for store in &stores {
        assert_whole(store).await;
        for (name, tag, digest) in &acknowledged {
            assert_eq!(tagged(store, name, tag).as_ref(), Some(digest), "{} {name}:{tag}", store.region());
        }
    }
    let dumps: Vec<Vec<String>> = stores.iter().map(dump).collect();
    assert!(dumps.iter().all(|one| *one == dumps[0]), "{dumps:#?}");
}
