//! Space that is given back, and space that is not.

use super::*;
use crate::emulator::store::{Place, Unpaced};
use core::time::Duration;
use std::{fs, path::Path};

fn open(folder: &Path, region: &str) -> Store {
    Store::open(&Place::Folder(folder.into()), region).unwrap()
}

fn files(folder: &Path) -> usize {
    let count = |entry: fs::DirEntry| if entry.file_type().unwrap().is_dir() { files(&entry.path()) } else { 1 };
    fs::read_dir(folder).unwrap().map(|entry| count(entry.unwrap())).sum()
}

#[tokio::test]
async fn what_nothing_names_is_removed_after_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), "eastus");
    let blobs = folder.path().join("blobs");
    let put = image(&store, "a", &["t"], "x").await.unwrap();
    image(&store, "b", &["t"], "y").await.unwrap();
    assert_eq!((files(&blobs), store.usage()), (5, store.usage()));
    assert_eq!(store.reclaim(Duration::ZERO).await.unwrap(), 0);
    store.delete_manifest(&name("a"), &put.digest).await.unwrap();
    // The manifest goes at once; who asked for its blobs may still want them.
    assert_eq!(store.reclaim(Duration::from_secs(60)).await.unwrap(), 1);
    assert_eq!(files(&blobs), 4);
    assert!(store.blob(&name("a"), &Digest::sha256(b"x")).is_ok());
    assert_eq!(store.reclaim(Duration::ZERO).await.unwrap(), 1);
    assert_eq!(files(&blobs), 3);
    assert!(store.blob(&name("a"), &Digest::sha256(b"x")).is_err());
    assert_whole(&store).await;
}

#[tokio::test]
async fn what_went_stays_gone_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), "eastus");
    image(&store, "a", &["t"], "x").await.unwrap();
    image(&store, "b", &["t"], "y").await.unwrap();
    store.delete_repository(&name("a")).await.unwrap();
    store.reclaim(Duration::ZERO).await.unwrap();
    let (before, usage) = (words(&store), store.usage());
    drop(store);
    let store = open(folder.path(), "eastus");
    assert_eq!((words(&store), store.usage()), (before, usage));
    assert_whole(&store).await;
}

#[tokio::test]
async fn regions_on_one_disk_share_files() {
    let folder = tempfile::tempdir().unwrap();
    let (east, japan) = (open(&folder.path().join("e"), "eastus"), open(&folder.path().join("j"), "japaneast"));
    image(&east, "a", &["t"], "x").await.unwrap();
    for change in east.changes_since(0, usize::MAX) {
        japan.apply(&change, &east, &Unpaced).await.unwrap();
    }
    assert_eq!(words(&japan), words(&east));
    east.delete_repository(&name("a")).await.unwrap();
    east.reclaim(Duration::ZERO).await.unwrap();
    assert_eq!(files(&folder.path().join("e/blobs")), 0);
    assert_whole(&japan).await;
}

#[tokio::test]
async fn content_comes_from_memory_and_disk_alike() {
    let folder = tempfile::tempdir().unwrap();
    let disk = open(folder.path(), "eastus");
    let memory = Store::open(&Place::Memory, "japaneast").unwrap();
    image(&disk, "a", &["t"], "x").await.unwrap();
    image(&memory, "b", &["t"], "y").await.unwrap();
    for (from, to) in [(&disk, &memory), (&memory, &disk)] {
        for change in from.changes_since(0, usize::MAX) {
            to.apply(&change, from, &Unpaced).await.unwrap();
        }
    }
    assert_eq!(words(&disk), words(&memory));
    assert_whole(&disk).await;
    assert_whole(&memory).await;
}

#[tokio::test]
async fn parts_are_read_from_memory_and_disk_alike() {
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = (0..2_000_000_u32).map(|number| (number % 251) as u8).collect();
    let memory = Store::open(&Place::Memory, "eastus").unwrap();
    for store in [open(folder.path(), "eastus"), memory] {
        let digest = blob(&store, "a", &bytes).await.unwrap();
        for range in [0..2_000_000, 0..0, 699..701, 524_287..524_290, 1_999_999..2_000_000, 700..1_400_000] {
            let read = store.open_content(&digest, range.clone()).unwrap().collect().await;
            assert_eq!(read, bytes[range.start as usize..range.end as usize]);
        }
    }
}
