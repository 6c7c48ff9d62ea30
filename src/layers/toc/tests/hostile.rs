//! Tables that are missing, broken, or lie.

use super::{
    super::*,
    files, listed,
    pack::{Packed, estargz, footer, gzip, old_footer, zstd_chunked},
    read,
};
use crate::{Kind, layers::FileRead};
use alloc::{
    format,
    string::{String, ToString as _},
    vec,
    vec::Vec,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn kind(layer: &[u8], descriptor: &Descriptor) -> Kind {
    read(layer, descriptor, &Limits::DEFAULT).map(|_| ()).unwrap_err().kind()
}

fn of_table(table: &Value) -> Result<LayerIndex, Error> {
    let packed = Packed { contents: gzip(&[0; 9000]), table: table.clone() };
    let (layer, descriptor) = packed.estargz(&packed.text());
    read(&layer, &descriptor, &Limits::DEFAULT).map(|(index, _)| index)
}

#[test]
fn another_table_than_announced_is_a_digest_mismatch() {
    let packed = estargz(&files(), 4096, 0);
    let (layer, _) = packed.estargz(&packed.text());
    let (_, other) = packed.estargz("{}");
    assert_eq!(kind(&layer, &Descriptor { size: layer.len() as u64, ..other }), Kind::DigestMismatch);
    let packed = zstd_chunked(&files(), 4096);
    let (mut layer, descriptor) = packed.zstd_chunked(&packed.text());
    layer[packed.contents.len() + 20] ^= 1;
    assert_eq!(kind(&layer, &descriptor), Kind::DigestMismatch);
}

#[test]
fn a_footer_says_where_the_table_is() {
    let packed = estargz(&files(), 4096, 0);
    let (layer, descriptor) = packed.estargz(&packed.text());
    let body = &layer[..layer.len() - 51];
    let at = packed.contents.len();
    let with = |footer: Vec<u8>| {
        let layer = [body, &footer].concat();
        let descriptor = Descriptor { size: layer.len() as u64, ..descriptor.clone() };
        (layer, descriptor)
    };
    let (old, described) = with(old_footer(at));
    assert_eq!(listed(&old, &described).listing.len(), files().len() + 1);
    for (footer, expected) in [
        (Vec::new(), Kind::CorruptLayer),
        (footer(at)[1..].to_vec(), Kind::CorruptLayer),
        (footer(body.len()), Kind::CorruptLayer),
        (footer(usize::MAX), Kind::CorruptLayer),
        (footer(at + 1), Kind::CorruptLayer),
        (footer(0), Kind::CorruptLayer),
        (vec![0; 51], Kind::CorruptLayer),
    ] {
        let (layer, described) = with(footer);
        assert_eq!(kind(&layer, &described), expected);
    }
}

#[test]
fn a_zstd_chunked_footer_serves_where_no_annotation_does() {
    let packed = zstd_chunked(&files(), 4096);
    let count = files().len();
    let (layer, mut descriptor) = packed.zstd_chunked(&packed.text());
    descriptor.annotations.remove("io.github.containers.zstd-chunked.manifest-position");
    let (index, ranges) = read(&layer, &descriptor, &Limits::DEFAULT).unwrap();
    assert_eq!((index.listing.len(), ranges), (count, 2));
    for magic in [b"GNUlInUx", b"GnUlInUx"] {
        let (layer, descriptor) = packed.old_zstd_chunked(magic);
        assert_eq!(listed(&layer, &descriptor).listing.len(), count);
    }
    let (layer, descriptor) = packed.old_zstd_chunked(b"somebody");
    assert_eq!(kind(&layer, &descriptor), Kind::CorruptLayer);
}

#[test]
fn annotations_that_cannot_be_are_refused() {
    let packed = zstd_chunked(&files(), 4096);
    let (layer, descriptor) = packed.zstd_chunked(&packed.text());
    let position = "io.github.containers.zstd-chunked.manifest-position";
    let right = descriptor.annotations[position].clone();
    let [offset, packed, length, _] = right.split(':').map(|n| n.parse::<u64>().unwrap()).collect::<Vec<_>>()[..]
    else {
        panic!("{right}")
    };
    for (text, expected) in [
        (String::new(), Kind::Unsupported),
        (format!("{offset}:{packed}:{length}"), Kind::Unsupported),
        (format!("{offset}:{packed}:{length}:1:1"), Kind::Unsupported),
        (format!("-{offset}:{packed}:{length}:1"), Kind::Unsupported),
        (format!("{offset}:{packed}:{length}:2"), Kind::Unsupported),
        (format!("{}:{packed}:{length}:1", u64::MAX), Kind::CorruptLayer),
        (format!("{}:{packed}:{length}:1", layer.len()), Kind::CorruptLayer),
        (format!("7:{packed}:{length}:1"), Kind::CorruptLayer),
        (format!("{offset}:0:{length}:1"), Kind::CorruptLayer),
        (format!("{offset}:{packed}:{}:1", u64::MAX), Kind::LimitExceeded),
        (format!("{offset}:{packed}:{}:1", length - 1), Kind::CorruptLayer),
        (format!("{}:{packed}:{length}:1", offset - 1), Kind::DigestMismatch),
    ] {
        let mut descriptor = descriptor.clone();
        descriptor.annotations.insert(position.into(), text.clone());
        assert_eq!(kind(&layer, &descriptor), expected, "{text}");
    }
    for digest in ["", "sha256:1", "blake3:abcd"] {
        let mut descriptor = descriptor.clone();
        descriptor.annotations.insert("io.github.containers.zstd-chunked.manifest-checksum".into(), digest.into());
        assert!(TocPlan::of(&descriptor, &Limits::DEFAULT).is_err(), "{digest}");
    }
}

#[test]
fn too_few_bytes_are_a_size_mismatch() {
    let packed = estargz(&files(), 4096, 0);
    let (layer, descriptor) = packed.estargz(&packed.text());
    let plan = TocPlan::of(&descriptor, &Limits::DEFAULT).unwrap().unwrap();
    let range = plan.range();
    let error = plan.accept(&layer[range.start as usize..range.end as usize - 1]).unwrap_err();
    assert_eq!(error.kind(), Kind::SizeMismatch);
}

#[test]
fn l05_tables_are_bounded() {
    let packed = estargz(&files(), 4096, 0);
    let entries = packed.table["entries"].as_array().unwrap().len();
    for (layer, descriptor) in [packed.estargz(&packed.text()), packed.zstd_chunked(&packed.text())] {
        for limits in [
            Limits { toc: 1000, ..Limits::DEFAULT },
            Limits { entries: entries - 1, ..Limits::DEFAULT },
            Limits { listing: 500, ..Limits::DEFAULT },
            Limits { json_depth: 2, ..Limits::DEFAULT },
        ] {
            let error = read(&layer, &descriptor, &limits).map(|_| ()).unwrap_err();
            assert_eq!(error.kind(), Kind::LimitExceeded, "{error}");
        }
    }
}

/// A megabyte of table in a kilobyte of layer.
#[test]
fn l01_a_table_that_swells_is_stopped() {
    let text = "{\"version\":1,\"entries\":[".to_string() + &" ".repeat(1 << 20) + "]}";
    let packed = Packed { contents: gzip(b"x"), table: Value::Null };
    for (layer, descriptor) in [packed.estargz(&text), packed.zstd_chunked(&text)] {
        let limits = Limits { toc: 500_000, ..Limits::DEFAULT };
        let error = read(&layer, &descriptor, &limits).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), Kind::LimitExceeded, "{error}");
        assert!(read(&layer, &descriptor, &Limits::DEFAULT).is_ok());
    }
}

#[test]
fn j04_a_table_is_read_in_one_way() {
    let packed = Packed { contents: gzip(b"x"), table: Value::Null };
    for text in [
        "",
        "[]",
        "{\"version\":1,\"entries\":[]} ",
        "{\"version\":1,\"entries\":[],\"version\":1}",
        "{\"version\":1,\"entries\":[{\"name\":\"a\",\"type\":\"dir\",\"type\":\"reg\"}]}",
    ] {
        let (layer, descriptor) = packed.estargz(text);
        let result = read(&layer, &descriptor, &Limits::DEFAULT).map(|_| ());
        if text.ends_with(' ') {
            assert!(result.is_ok(), "{text}");
        } else {
            assert_eq!(result.unwrap_err().kind(), Kind::InvalidJson, "{text}");
        }
    }
}

#[test]
fn tables_that_contradict_themselves_are_refused() {
    let file = |more: Value| {
        let mut entry = json!({ "name": "a", "type": "reg", "size": 10, "offset": 5 });
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "version": 1, "entries": [entry] })
    };
    assert!(of_table(&file(json!({}))).is_ok());
    assert!(of_table(&file(json!({ "unknown": { "a": [1] }, "xattrs": null }))).is_ok());
    for more in [
        json!({ "size": -1 }),
        json!({ "size": 1.5 }),
        json!({ "size": "10" }),
        json!({ "size": 18_446_744_073_709_551_615_u64 }),
        json!({ "offset": -5 }),
        json!({ "chunkOffset": 1 }),
        json!({ "chunkSize": 11 }),
        json!({ "chunkSize": 9 }),
        json!({ "type": "file" }),
        json!({ "type": null }),
        json!({ "name": null }),
        json!({ "modtime": "yesterday" }),
        json!({ "xattrs": { "a": "?" } }),
        json!({ "mode": true }),
    ] {
        let error = of_table(&file(more.clone())).unwrap_err();
        assert_eq!(error.kind(), Kind::InvalidDocument, "{more}: {error}");
    }
    assert_eq!(of_table(&file(json!({ "digest": "sha256:1" }))).unwrap_err().kind(), Kind::InvalidDigest);
    assert_eq!(of_table(&file(json!({ "offset": 1_u64 << 40 }))).unwrap_err().kind(), Kind::CorruptLayer);
    assert_eq!(of_table(&json!({ "entries": [] })).unwrap_err().kind(), Kind::Unsupported);
    assert_eq!(of_table(&json!({ "version": 2, "entries": [] })).unwrap_err().kind(), Kind::Unsupported);
    let chunk = json!({ "name": "a", "type": "chunk", "offset": 1, "chunkSize": 1 });
    assert_eq!(of_table(&json!({ "version": 1, "entries": [chunk] })).unwrap_err().kind(), Kind::InvalidDocument);
}

#[test]
fn contents_upon_each_other_are_refused() {
    let file = |offset: u64, inner: u64, size: u64| json!({ "name": "a", "type": "reg", "size": size, "offset": offset, "innerOffset": inner });
    let table =
        |entries: &[Value]| of_table(&json!({ "version": 1, "entries": entries })).map(|_| ()).map_err(|e| e.kind());
    assert_eq!(table(&[file(5, 0, 10), file(5, 10, 10)]), Ok(()));
    assert_eq!(table(&[file(9, 0, 10), file(5, 0, 10)]), Ok(()));
    assert_eq!(table(&[file(5, 0, 10), file(5, 9, 10)]), Err(Kind::CorruptLayer));
    assert_eq!(table(&[file(5, 0, 10), file(5, 0, 10)]), Err(Kind::CorruptLayer));
    assert_eq!(table(&[file(5, u64::MAX >> 1, u64::MAX >> 1), file(6, u64::MAX >> 1, 9)]), Err(Kind::CorruptLayer));
    let chunk = |at: u64, offset: u64| json!({ "type": "chunk", "chunkOffset": at, "offset": offset });
    let mut first = file(5, 0, 20);
    first["chunkSize"] = 10.into();
    assert_eq!(table(&[first.clone(), chunk(10, 7)]), Ok(()));
    assert_eq!(table(&[first.clone(), chunk(10, 4)]), Err(Kind::CorruptLayer));
    assert_eq!(table(&[first.clone(), chunk(9, 7)]), Err(Kind::InvalidDocument));
    assert_eq!(table(&[first.clone(), file(6, 0, 1)]), Err(Kind::InvalidDocument));
    assert_eq!(table(&[first.clone(), chunk(10, 8), file(7, 0, 1)]), Err(Kind::CorruptLayer));
    assert_eq!(table(&[first]), Err(Kind::InvalidDocument));
}

#[test]
fn l09_names_that_are_not_utf_8_are_noted() {
    let table = json!({ "version": 1, "entries": [
        { "name": "caf\u{fffd}", "type": "dir" }, { "name": "a", "type": "symlink", "linkName": "\u{fffd}" }] });
    let notes = of_table(&table).unwrap().facts.notes;
    assert_eq!(notes, ["2 names were not UTF-8, and the table of contents does not tell what they were"]);
}

#[test]
fn l06_names_are_clamped_to_the_root() {
    let table = json!({ "version": 1, "entries": [
        { "name": "../../etc/passwd", "type": "dir", "uid": -1, "gid": 1_u64 << 40 },
        { "name": "/a\u{0}b/", "type": "symlink", "linkName": "../../x" },
        { "name": "x".repeat(5000), "type": "hardlink", "linkName": "y".repeat(5000) }] });
    let index = of_table(&table).unwrap();
    let shown = |row| {
        let entry = index.listing.get(row).unwrap();
        (entry.path().len(), entry.link().len(), entry.flags().words().collect::<Vec<_>>())
    };
    assert_eq!(shown(0), (10, 0, vec!["escapes", "id-clamped"]));
    assert_eq!(shown(1), (3, 7, vec!["absolute", "link-escapes", "nul"]));
    assert_eq!(shown(2), (4096, 4096, vec!["cut"]));
}

fn any_entry() -> impl Strategy<Value = Value> {
    let kinds =
        prop::sample::select(vec!["reg", "reg", "chunk", "chunk", "dir", "symlink", "hardlink", "char", "what"]);
    let numbers = prop::array::uniform5(prop_oneof![4 => 0..30_i64, 1 => any::<i64>()]);
    (kinds, "[a-c/.]{0,6}", numbers, any::<u8>()).prop_map(|(kind, name, numbers, with)| {
        let mut entry = json!({ "type": kind, "name": name, "linkName": name });
        for (bit, key) in ["size", "offset", "innerOffset", "chunkOffset", "chunkSize"].iter().enumerate() {
            if with & 1 << bit != 0 {
                entry[*key] = numbers[bit].into();
            }
        }
        entry
    })
}

proptest! {
    #[test]
    fn any_bytes_are_harmless(bytes in prop::collection::vec(any::<u8>(), 0..300), announced: bool) {
        let (_, mut descriptor) = Packed { contents: bytes.clone(), table: Value::Null }.estargz("");
        if announced {
            let name = "io.containers.zstd-chunked.manifest-checksum".into();
            descriptor.annotations.insert(name, Digest::sha256(&bytes).to_string());
        }
        descriptor.size = bytes.len() as u64;
        prop_assert!(read(&bytes, &descriptor, &Limits::DEFAULT).is_err());
    }

    #[test]
    fn any_entries_are_harmless(entries in prop::collection::vec(any_entry(), 0..6)) {
        let packed = Packed { contents: gzip(&[7; 300]), table: json!({ "version": 1, "entries": entries }) };
        let (layer, descriptor) = packed.estargz(&packed.text());
        let Ok((index, _)) = read(&layer, &descriptor, &Limits::DEFAULT) else { return Ok(()) };
        let bytes = index.encode().unwrap();
        prop_assert!(LayerIndex::decode(&bytes, &descriptor.digest, descriptor.size, &Limits::DEFAULT).is_ok());
        for row in 0..index.listing.len() as u32 {
            let Ok(mut read) = FileRead::plan(&index, row, Some(1000), &Limits::DEFAULT) else { continue };
            let range = read.range();
            prop_assert!(range.end <= layer.len() as u64);
            let _ = read.push(&layer[range.start as usize..range.end as usize], &mut |_| {});
            let _ = read.finish();
        }
    }
}
