//! Layers and images from a few words.

use super::super::{EntryKind, ImageTree, Listing};
use crate::{Digest, Limits, layers::Entry};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// A layer from lines: `d PATH [MODE]`, `f PATH SIZE [PRINT]`, `s PATH TARGET`, `h PATH TARGET`, `c PATH`. Bodies lie one after another.
pub(in super::super::super) fn layer(lines: &[&str]) -> Listing {
    let mut listing = Listing::new();
    let mut offset = 0;
    for line in lines {
        let words: Vec<&str> = line.split(' ').collect();
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        let size: u64 = if word(0) == "f" { word(2).parse().unwrap_or(0) } else { 0 };
        let (kind, mode) = match word(0) {
            "d" => (EntryKind::Directory, u16::from_str_radix(word(2), 8).unwrap_or(0o755)),
            "f" => (EntryKind::File, 0o644),
            "s" => (EntryKind::Symlink, 0o777),
            "h" => (EntryKind::Hardlink, 0o644),
            "c" => (EntryKind::CharDevice, 0o600),
            other => panic!("{other}?"),
        };
        let link = if matches!(word(0), "s" | "h") { word(2) } else { "" };
        let path = if word(1) == "." { "" } else { word(1) };
        let row = listing.push(&Entry {
            path: path.as_bytes(),
            kind,
            mode,
            size,
            stored: size,
            offset,
            link: link.as_bytes(),
            ..Entry::default()
        });
        listing.set_print(row.unwrap(), word(3).parse().unwrap_or(size));
        offset += 512 + size;
    }
    listing
}

pub(in super::super::super) fn digest(number: usize) -> Digest {
    Digest::sha256(number.to_string().as_bytes())
}

pub(in super::super::super) fn image(layers: &[&[&str]]) -> ImageTree {
    let mut tree = ImageTree::new(&Limits::DEFAULT);
    for (number, lines) in layers.iter().enumerate() {
        assert_eq!(tree.push_layer(digest(number), layer(lines)), Ok(number));
    }
    tree
}

/// The merged view, a line for each path, in order: what it is, its path, its size, permissions or target, its layer.
pub(in super::super) fn shown(tree: &ImageTree) -> Vec<String> {
    let mut rest: Vec<_> = tree.children(0).collect();
    let mut lines = Vec::new();
    while let Some(node) = rest.pop() {
        let entry = tree.entry(node).unwrap();
        let means = tree.meaning(entry.id()).unwrap();
        let path = String::from_utf8(entry.path()).unwrap();
        let layer = tree.layer_of(entry.id()).unwrap();
        let link = String::from_utf8(entry.link().into()).unwrap();
        lines.push(match entry.kind() {
            EntryKind::Directory => format!("{path}/ {:o} {layer}", entry.mode()),
            EntryKind::File => format!("{path} {} {layer}", entry.size()),
            EntryKind::Symlink => format!("{path} -> {link} {layer}"),
            EntryKind::Hardlink if means.id() == entry.id() => format!("{path} = ? {layer}"),
            EntryKind::Hardlink => format!("{path} = {} {layer}", means.size()),
            _ => format!("{path} device {layer}"),
        });
        rest.extend(tree.children(node));
    }
    lines.sort();
    lines
}
