//! What is there after a kill.

use super::*;
use crate::emulator::store::{Place, journal::Journal};
use std::{
    fs,
    path::{Path, PathBuf},
};

fn open(folder: &Path) -> Store {
    Store::open(&Place::Folder(folder.into()), "eastus").unwrap()
}

/// As a kill leaves it: whatever is on disk now.
fn killed(folder: &Path, to: &Path) -> PathBuf {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            killed(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
    to.into()
}

async fn some_history(store: &Store) {
    let first = image(store, "a", &["one", "two"], "x").await.unwrap();
    image(store, "a", &["two"], "y").await.unwrap();
    image(store, "b/c", &["three"], "z").await.unwrap();
    store.delete_tag(&name("a"), &tag("one")).await.unwrap();
    store.delete_manifest(&name("a"), &first.digest).await.unwrap();
    store.delete_repository(&name("b/c")).await.unwrap();
    image(store, "b/c", &["four"], "z").await.unwrap();
}

#[tokio::test]
async fn a_store_is_opened_as_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    some_history(&store).await;
    let (before, sequence) = (words(&store), store.sequence());
    drop(store);
    let store = open(folder.path());
    assert_eq!((words(&store), store.sequence()), (before, sequence));
    assert_whole(&store).await;
    image(&store, "a", &["five"], "w").await.unwrap();
    assert!(store.sequence() > sequence);
}

#[tokio::test]
async fn a_journal_torn_at_any_byte_has_all_before() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    some_history(&store).await;
    let journal = fs::read(folder.path().join("journal")).unwrap();
    let whole = store.changes_since(0, usize::MAX);
    let (mut last, mut seen) = (0, 0);
    for cut in (0..journal.len()).step_by(41).chain([journal.len()]) {
        let torn = tempfile::tempdir().unwrap();
        fs::write(torn.path().join("journal"), &journal[..cut]).unwrap();
        let (_, recovered) = Journal::open(torn.path()).unwrap();
        assert!(recovered.last >= last, "cut at {cut}");
        assert!(fs::metadata(torn.path().join("journal")).unwrap().len() <= cut as u64);
        seen += usize::from(recovered.last > last);
        last = recovered.last;
    }
    assert_eq!(last, whole.last().unwrap().sequence);
    assert!(seen > 10, "{seen}");
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill_at_any_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for round in 0..8 {
        let put = image(&store, "a", &["t"], &format!("round {round}")).await.unwrap();
        let (copy, id) = (tempfile::tempdir().unwrap(), store.start_upload(&name("a"), "sha256").unwrap());
        let body = iter([Ok::<_, ()>(Bytes::from_static(b"half"))]);
        store.write_upload(&name("a"), &id, None, body).await.unwrap();
        let again = open(&killed(folder.path(), copy.path()));
        assert_eq!(again.tag(&name("a"), &tag("t")).unwrap().digest, put.digest);
        assert_whole(&again).await;
        assert_eq!(again.upload_position(&name("a"), &id).await.unwrap(), 4);
    }
}

#[tokio::test]
async fn an_upload_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let body = |text: &'static str| iter([Ok::<_, ()>(Bytes::from_static(text.as_bytes()))]);
    let store = open(folder.path());
    let id = store.start_upload(&name("a"), "sha256").unwrap();
    store.write_upload(&name("a"), &id, Some(0), body("hello, ")).await.unwrap();
    drop(store);
    let store = open(folder.path());
    assert_eq!(store.upload_position(&name("a"), &id).await.unwrap(), 7);
    assert!(matches!(store.upload_position(&name("b"), &id).await, Err(StoreError::UploadUnknown)));
    store.write_upload(&name("a"), &id, Some(7), body("world")).await.unwrap();
    let digest = Digest::sha256(b"hello, world");
    store.finish_upload(&name("a"), &id, &digest).await.unwrap();
    assert_eq!(store.blob(&name("a"), &digest).unwrap(), 12);
}

#[tokio::test]
async fn no_name_leads_out_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("store"));
    fs::write(folder.path().join("journal"), "x").unwrap();
    for id in ["../journal", "../../journal", "", ".", "/etc/passwd", &"../".repeat(12)] {
        assert!(matches!(store.upload_position(&name("a"), id).await, Err(StoreError::UploadUnknown)), "{id}");
    }
}

#[tokio::test]
async fn many_push_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let pushes = (0..24).map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            let repository = format!("r{}", number % 3);
            image(&store, &repository, &[&format!("t{number}")], &format!("note {}", number % 5)).await.unwrap()
        })
    });
    let pushes: Vec<_> = pushes.collect();
    for push in pushes {
        push.await.unwrap();
    }
    let copy = tempfile::tempdir().unwrap();
    let again = open(&killed(folder.path(), copy.path()));
    assert_eq!(words(&again), words(&store));
    assert_whole(&again).await;
}

#[tokio::test]
async fn a_snapshot_replaces_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    some_history(&store).await;
    let (changes, last, before) = (store.changes_since(0, usize::MAX), store.sequence(), words(&store));
    drop(store);
    let journal = fs::read(folder.path().join("journal")).unwrap();
    let snapshot = super::super::journal::snapshot(last, changes.into_iter()).unwrap();
    let (mut open_journal, _) = Journal::open(folder.path()).unwrap();
    open_journal.replace(&snapshot).unwrap();
    drop(open_journal);
    assert_eq!(fs::metadata(folder.path().join("journal")).unwrap().len(), 0);
    for rest in [Vec::new(), journal] {
        // With all of the journal, it is a kill right after the rename.
        fs::write(folder.path().join("journal"), rest).unwrap();
        let store = open(folder.path());
        assert_eq!((words(&store), store.sequence()), (before.clone(), last));
        assert_whole(&store).await;
    }
}

#[tokio::test]
async fn a_damaged_snapshot_is_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut snapshot = super::super::journal::snapshot(1, core::iter::empty()).unwrap();
    snapshot.push(0);
    fs::write(folder.path().join("snapshot"), snapshot).unwrap();
    assert!(Store::open(&Place::Folder(folder.path().into()), "eastus").is_err());
}

#[tokio::test]
async fn what_a_kill_left_without_a_name_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let orphan = folder.path().join("blobs/sha256/ab").join("ab".repeat(32));
    fs::create_dir_all(orphan.parent().unwrap()).unwrap();
    let passing = folder.path().join("uploads/new-x");
    for file in [&orphan, &passing] {
        fs::write(file, "x").unwrap();
    }
    drop(open(folder.path()));
    assert!(!orphan.exists() && !passing.exists());
}
