//! Properties: any archive that the `tar` crate writes lists as it was written; chunks and damage change nothing else.

use super::*;
use alloc::string::String;
use proptest::{collection::vec, prelude::*};
use tar::{Builder, EntryType, Header};

#[derive(Clone, Debug)]
struct Item {
    path: String,
    kind: EntryKind,
    content: Vec<u8>,
    link: String,
    numbers: (u16, u32, u32, u32),
}

/// A name as archives have them: often short, at times too long for a header, at times in other letters.
fn name() -> impl Strategy<Value = String> {
    let part = prop_oneof![4 => "[a-z.]{1,8}x", 1 => "[a-zé漢 ]{1,60}x", 1 => "[a-z]{90,120}"];
    vec(part, 1..5).prop_map(|parts| parts.join("/"))
}

fn item() -> impl Strategy<Value = Item> {
    let kind = prop::sample::select(&EntryKind::ALL[..]);
    let numbers = (0_u16..0o10000, any::<u32>(), any::<u32>(), any::<u32>());
    (name(), kind, vec(any::<u8>(), 0..1500), name(), numbers).prop_map(|(path, kind, content, link, numbers)| {
        let content = if kind == EntryKind::File { content } else { Vec::new() };
        Item { path, kind, content, link, numbers }
    })
}

fn has_link(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Symlink | EntryKind::Hardlink)
}

fn header(item: &Item, gnu: bool) -> Header {
    let mut header = if gnu { Header::new_gnu() } else { Header::new_ustar() };
    let (mode, uid, gid, mtime) = item.numbers;
    header.set_entry_type(match item.kind {
        EntryKind::File => EntryType::Regular,
        EntryKind::Directory => EntryType::Directory,
        EntryKind::Symlink => EntryType::Symlink,
        EntryKind::Hardlink => EntryType::Link,
        EntryKind::CharDevice => EntryType::Char,
        EntryKind::BlockDevice => EntryType::Block,
        EntryKind::Fifo => EntryType::Fifo,
    });
    header.set_mode(u32::from(mode));
    header.set_uid(u64::from(uid));
    header.set_gid(u64::from(gid));
    header.set_mtime(u64::from(mtime));
    header.set_size(item.content.len() as u64);
    header.set_device_major(uid % 100).unwrap();
    header.set_device_minor(gid % 100).unwrap();
    header
}

/// With GNU's long names, or with pax records for all that has them.
fn write(items: &[Item], pax: bool) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for item in items {
        let mut header = header(item, !pax);
        if pax {
            let path = item.path.as_bytes();
            let link = has_link(item.kind).then_some(("linkpath", item.link.as_bytes()));
            builder.append_pax_extensions([("path", path)].into_iter().chain(link)).unwrap();
            header.set_path("short").unwrap();
            header.set_cksum();
            builder.append(&header, &*item.content).unwrap();
        } else if has_link(item.kind) {
            builder.append_link(&mut header, &item.path, &item.link).unwrap();
        } else {
            builder.append_data(&mut header, &item.path, &*item.content).unwrap();
        }
    }
    builder.into_inner().unwrap()
}

fn check(item: &Item, entry: crate::layers::EntryRef<'_>, layer: &[u8]) {
    let (mode, uid, gid, mtime) = item.numbers;
    assert_eq!(entry.path(), item.path.as_bytes());
    assert_eq!((entry.kind(), entry.mode(), entry.mtime()), (item.kind, mode, i64::from(mtime)));
    assert_eq!((entry.uid(), entry.gid()), (uid, gid));
    assert_eq!((entry.size(), entry.stored()), (item.content.len() as u64, item.content.len() as u64));
    let link = if has_link(item.kind) { item.link.as_bytes() } else { b"" };
    assert_eq!(entry.link(), link);
    if matches!(item.kind, EntryKind::CharDevice | EntryKind::BlockDevice) {
        assert_eq!(entry.device(), (uid % 100, gid % 100));
    }
    if item.kind == EntryKind::File {
        let begin = entry.offset() as usize;
        assert_eq!(&layer[begin..begin + item.content.len()], &*item.content);
        assert_eq!(entry.print(), twox_hash::XxHash64::oneshot(0, &item.content));
    }
}

/// All there is to see of an index, but for its checkpoints.
fn seen(index: &LayerIndex) -> String {
    let entries: Vec<_> = index.listing.iter().map(|entry| alloc::format!("{entry:?}")).collect();
    [entries.join("\n"), alloc::format!("{:?}", index.facts)].join("\n")
}

/// The same in one piece and in chunks.
fn check_chunks(layer: &[u8], chunk: usize) {
    let options = ScanOptions { size: Some(layer.len() as u64), ..options(layer) };
    let [whole, pieces] = [usize::MAX, chunk].map(|chunk| seen(&scan_with(options.clone(), layer, chunk)));
    assert_eq!(whole, pieces);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_archive_lists_as_it_was_written(items in vec(item(), 0..12), pax in any::<bool>(), chunk in 1_usize..3000) {
        let archive = write(&items, pax);
        for layer in [gzip(&archive), zstd(&archive), archive.clone()] {
            let index = scan(&layer, chunk);
            prop_assert_eq!(&index.facts.partial, &None);
            prop_assert_eq!(index.listing.len(), items.len());
            items.iter().zip(index.listing.iter()).for_each(|(item, entry)| check(item, entry, &archive));
        }
    }

    #[test]
    fn damage_is_no_panic_and_the_same_in_all_chunks(
        items in vec(item(), 1..6), pax in any::<bool>(), at in any::<prop::sample::Index>(),
        damage in vec(any::<u8>(), 1..8), chunk in 1_usize..3000,
    ) {
        let mut layer = write(&items, pax);
        let at = at.index(layer.len());
        layer.iter_mut().skip(at).zip(&damage).for_each(|(to, from)| *to = *from);
        for layer in [gzip(&layer), layer] {
            check_chunks(&layer, chunk);
        }
    }

    #[test]
    fn any_bytes_at_all_are_no_panic(layer in vec(any::<u8>(), 0..2000), chunk in 1_usize..700) {
        check_chunks(&layer, chunk);
    }
}
