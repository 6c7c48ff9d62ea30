use super::*;
use crate::{
    Compression, Digest, MediaType,
    layers::{Entry, LayerFacts, Listing, Source},
};
use std::time::Duration;

fn layer(name: &str) -> Descriptor {
    Descriptor::new(MediaType::OCI_LAYER_GZIP, Digest::sha256(name.as_bytes()), name.len() as u64)
}

fn index(layer: &Descriptor) -> LayerIndex {
    let mut listing = Listing::new();
    listing.push(&Entry { path: b"etc/hostname", ..Entry::default() });
    let facts = LayerFacts {
        digest: layer.digest.clone(),
        size: layer.size,
        compression: Compression::Gzip,
        diff_id: None,
        unpacked: Some(1024),
        source: Source::Layer,
        partial: None,
        notes: Vec::new(),
    };
    LayerIndex { facts, listing, checkpoints: Vec::new() }
}

fn me(user: &str) -> Identity {
    let credential = crate::auth::Credential::new(user, "secret").unwrap();
    Identity::new(&"https://registry.example".parse().unwrap(), Some(&credential))
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().map(|entry| fs::read_dir(entry.unwrap().path()).unwrap().count()).sum()
}

#[test]
fn what_was_stored_is_found_by_who_stored_it() {
    let folder = tempfile::tempdir().unwrap();
    let cache = IndexCache::new(folder.path().join("new"));
    let layer = layer("a");
    cache.store(&me("me"), &index(&layer)).unwrap();
    let found = cache.load(&me("me"), &layer, &Limits::DEFAULT).unwrap();
    assert_eq!(found.facts.digest, layer.digest);
    assert!(cache.load(&me("you"), &layer, &Limits::DEFAULT).is_none());
    assert_eq!(count(&folder.path().join("new")), 1, "nothing is left beside it");
}

#[test]
fn what_is_broken_or_partial_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let cache = IndexCache::new(folder.path());
    let layer = layer("a");
    let mut partial = index(&layer);
    partial.facts.partial = Some(crate::Cause::Misuse("cut").into());
    cache.store(&me("me"), &partial).unwrap();
    assert!(cache.load(&me("me"), &layer, &Limits::DEFAULT).is_none());

    cache.store(&me("me"), &index(&layer)).unwrap();
    let path = cache.path(&me("me"), layer.digest.as_str());
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();
    assert!(cache.load(&me("me"), &layer, &Limits::DEFAULT).is_none());
    assert!(!path.exists());
}

#[test]
fn the_longest_unused_gives_way() {
    let folder = tempfile::tempdir().unwrap();
    let size = index(&layer("0")).encode().unwrap().len() as u64;
    let cache = IndexCache::new(folder.path()).with_limit(size * 2 + size / 2);
    for name in ["0", "1"] {
        cache.store(&me("me"), &index(&layer(name))).unwrap();
        let path = cache.path(&me("me"), layer(name).digest.as_str());
        let age = Duration::from_secs(if name == "0" { 20 } else { 10 });
        File::open(path).unwrap().set_modified(SystemTime::now() - age).unwrap();
    }
    assert!(cache.load(&me("me"), &layer("0"), &Limits::DEFAULT).is_some(), "which makes it the latest used");
    cache.store(&me("me"), &index(&layer("2"))).unwrap();
    let kept = |name| cache.load(&me("me"), &layer(name), &Limits::DEFAULT).is_some();
    assert_eq!((kept("0"), kept("1"), kept("2")), (true, false, true));
}

#[cfg(unix)]
#[test]
fn others_on_the_machine_see_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let cache = IndexCache::new(folder.path().join("cache"));
    cache.store(&me("me"), &index(&layer("a"))).unwrap();
    let path = cache.path(&me("me"), layer("a").digest.as_str());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
}
