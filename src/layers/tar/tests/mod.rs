//! Whole archives, made by hand.

mod damage;
mod formats;
mod names;
mod sparse;

use super::{
    Tar,
    testing::{END, Raw, pax},
};
use crate::{
    Error, Kind, Limits,
    layers::{EntryKind, EntryRef, Flags, Listing},
};
use alloc::{format, string::String, vec::Vec};

/// Lists an archive in chunks of this size.
fn read_in(parts: &[&[u8]], chunk: usize, limits: &Limits) -> (Tar, Result<(), Error>) {
    let mut tar = Tar::new(limits, Listing::new());
    let result = parts.concat().chunks(chunk).try_for_each(|chunk| tar.push(chunk));
    let result = result.and_then(|()| tar.finish());
    (tar, result)
}

fn read(parts: &[&[u8]]) -> Tar {
    let (tar, result) = read_in(parts, 1000, &Limits::DEFAULT);
    result.unwrap();
    tar
}

fn error(parts: &[&[u8]]) -> Error {
    read_in(parts, 1000, &Limits::DEFAULT).1.unwrap_err()
}

/// The one entry of an archive.
fn only(tar: &Tar) -> EntryRef<'_> {
    assert_eq!(tar.listing().len(), 1);
    tar.listing().get(0).unwrap()
}

/// An archive with one entry, made of these blocks.
fn one(parts: &[&[u8]]) -> Tar {
    let tar = read(&[parts, &[&END]].concat());
    assert_eq!(tar.notes(), &[] as &[&str]);
    tar
}

fn paths(listing: &Listing) -> Vec<String> {
    listing.iter().map(|entry| String::from_utf8(entry.path()).unwrap()).collect()
}
