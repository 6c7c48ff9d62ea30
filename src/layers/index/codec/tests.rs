//! What is written is read, and nothing else is.

use super::*;
use crate::{
    Compression,
    layers::{
        Checkpoint, CheckpointKind, ContentPart, Entry, EntryKind, EntryRef, Flags, LayerFacts, Listing, Region,
        Source, Xattr,
    },
};
use alloc::{format, string::String, vec};
use proptest::prelude::*;

/// All that an entry has, owned.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    path: Vec<u8>,
    kind: EntryKind,
    numbers: Numbers,
    link: Vec<u8>,
    device: (u32, u32),
    xattrs: Vec<Xattr>,
    digest: Option<[u8; 32]>,
    parts: Vec<ContentPart>,
    regions: Vec<Region>,
}

#[derive(Clone, Debug, PartialEq)]
struct Numbers {
    mode: u16,
    ids: (u32, u32),
    mtime: i64,
    size: u64,
    offset: u64,
    stored: u64,
    flags: Flags,
    print: u64,
}

impl Row {
    fn of(entry: EntryRef<'_>) -> Self {
        Self {
            path: entry.path(),
            kind: entry.kind(),
            numbers: Numbers {
                mode: entry.mode(),
                ids: (entry.uid(), entry.gid()),
                mtime: entry.mtime(),
                size: entry.size(),
                offset: entry.offset(),
                stored: entry.stored(),
                flags: entry.flags(),
                print: entry.print(),
            },
            link: entry.link().into(),
            device: entry.device(),
            xattrs: entry.xattrs().into(),
            digest: entry.content_digest(),
            parts: entry.content_parts().into(),
            regions: entry.regions().into(),
        }
    }

    fn push(&self, listing: &mut Listing) {
        let Numbers { mode, ids: (uid, gid), mtime, size, offset, stored, flags, print } = self.numbers;
        let entry = Entry {
            path: &self.path,
            kind: self.kind,
            mode,
            uid,
            gid,
            mtime,
            size,
            offset,
            stored,
            link: &self.link,
            device: self.device,
            xattrs: &self.xattrs,
            flags,
        };
        let id = listing.push(&entry).unwrap();
        listing.set_print(id, print);
        self.digest.iter().for_each(|digest| listing.set_content_digest(id, *digest));
        if !self.parts.is_empty() {
            listing.set_content_parts(id, self.parts.clone());
        }
        if !self.regions.is_empty() {
            listing.set_regions(id, self.regions.clone());
        }
    }
}

fn paths() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        Just(b"usr".to_vec()),
        Just(b"lib".to_vec()),
        prop::collection::vec(any::<u8>().prop_filter("a slash", |b| *b != b'/'), 1..9)
            .prop_filter("dots", |part| part != b"." && part != b".."),
    ];
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.join(&b'/'))
}

fn rows() -> impl Strategy<Value = Row> {
    let numbers =
        (0..0o10000_u16, any::<(u32, u32)>(), any::<i64>(), any::<(u64, u64)>(), 0..1_u64 << 60, any::<u16>());
    let numbers = numbers.prop_map(|(mode, ids, mtime, (size, print), offset, flags)| {
        let (stored, flags) = (size >> 4, Flags::from_bits(flags));
        Numbers { mode, ids, mtime, size, offset, stored, flags, print }
    });
    let bytes = || prop::collection::vec(any::<u8>(), 0..20);
    let xattr = (bytes(), bytes()).prop_map(|(name, value)| Xattr { name, value });
    let parts = prop::collection::vec((0..1_u64 << 50, any::<[u8; 32]>()), 0..3);
    let regions = prop::collection::vec((0..1_u64 << 30, 0..1_u64 << 30), 0..3);
    let kinds = prop::sample::select(EntryKind::ALL.to_vec());
    let some = (bytes(), any::<(u32, u32)>(), prop::collection::vec(xattr, 0..3), any::<Option<[u8; 32]>>());
    (paths(), kinds, numbers, some, parts, regions).prop_map(|(path, kind, mut numbers, some, parts, regions)| {
        let (link, device, xattrs, digest) = some;
        let parts: Vec<_> = parts.into_iter().map(|(length, digest)| ContentPart { length, digest }).collect();
        if !parts.is_empty() {
            numbers.stored = parts.iter().map(|part| part.length).sum();
        }
        let mut end = 0;
        let mut region = |(gap, length)| {
            let offset = end + gap;
            end = offset + length;
            Region { offset, length }
        };
        let regions: Vec<_> = regions.into_iter().map(&mut region).collect();
        numbers.size = numbers.size.max(end);
        Row { path, kind, numbers, link, device, xattrs, digest, parts, regions }
    })
}

fn checkpoints(gzip: bool) -> impl Strategy<Value = Vec<Checkpoint>> {
    let block = (0..8_u8, any::<u8>(), prop::collection::vec(any::<u8>(), 0..40));
    let block = block.prop_map(|(bits, byte, window)| CheckpointKind::Block { bits, byte, window });
    let kind = prop_oneof![Just(CheckpointKind::Start), block];
    let one = (0..1_u64 << 40, 0..1_u64 << 40, kind);
    let one = one.prop_map(|(input, output, kind)| Checkpoint { input, output, kind });
    prop::collection::vec(one, 0..5).prop_map(move |mut list| {
        list.retain(|one| gzip || one.kind == CheckpointKind::Start);
        // Each as far from the one before.
        list.iter_mut().fold((0, 0), |(input, output), one| {
            (one.input, one.output) = (one.input + input, one.output + output);
            (one.input, one.output)
        });
        list
    })
}

fn indexes() -> impl Strategy<Value = LayerIndex> {
    let forms = [Compression::Gzip, Compression::Zstd, Compression::Uncompressed];
    let sources = [Source::Layer, Source::Estargz, Source::ZstdChunked];
    let facts = (prop::sample::select(forms.to_vec()), prop::sample::select(sources.to_vec()), any::<(bool, bool)>());
    let notes = prop::collection::vec("[ -~]{0,30}", 0..3);
    (facts, notes, prop::collection::vec(rows(), 0..40)).prop_flat_map(|(facts, notes, rows)| {
        let (compression, source, (diff_id, unpacked)) = facts;
        let facts = LayerFacts {
            digest: Digest::sha256(b"layer"),
            size: 1 << 50,
            compression,
            diff_id: diff_id.then(|| Digest::sha256(b"tar")),
            unpacked: unpacked.then_some(u64::MAX - 1),
            source,
            partial: None,
            notes,
        };
        let mut listing = Listing::new();
        rows.iter().for_each(|row| row.push(&mut listing));
        checkpoints(compression == Compression::Gzip).prop_map(move |checkpoints| LayerIndex {
            facts: facts.clone(),
            listing: listing.clone(),
            checkpoints,
        })
    })
}

fn decoded(bytes: &[u8]) -> Result<LayerIndex, IndexError> {
    LayerIndex::decode(bytes, &Digest::sha256(b"layer"), 1 << 50, &Limits::DEFAULT)
}

fn sealed(mut body: Vec<u8>) -> Vec<u8> {
    let seal = XxHash64::oneshot(0, &body);
    body.extend_from_slice(&seal.to_le_bytes());
    body
}

fn small() -> LayerIndex {
    let mut listing = Listing::new();
    for at in 0..50 {
        let path = format!("usr/share/file-{at}");
        listing.push(&Entry { path: path.as_bytes(), size: at, stored: at, ..Entry::default() });
    }
    let block = CheckpointKind::Block { bits: 3, byte: 0xe0, window: vec![7; 100] };
    LayerIndex {
        facts: LayerFacts {
            digest: Digest::sha256(b"layer"),
            size: 1 << 50,
            compression: Compression::Gzip,
            diff_id: None,
            unpacked: Some(1 << 30),
            source: Source::Layer,
            partial: None,
            notes: vec![String::from("odd")],
        },
        listing,
        checkpoints: vec![
            Checkpoint { input: 0, output: 0, kind: CheckpointKind::Start },
            Checkpoint { input: 9, output: 50_000, kind: block },
        ],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_index_comes_back_as_it_was(index in indexes()) {
        let back = decoded(&index.encode().unwrap()).unwrap();
        prop_assert_eq!(&back.facts, &index.facts);
        prop_assert_eq!(&back.checkpoints, &index.checkpoints);
        let all = |index: &LayerIndex| index.listing.iter().map(Row::of).collect::<Vec<_>>();
        prop_assert_eq!(all(&back), all(&index));
    }

    #[test]
    fn a_flipped_bit_is_noticed(index in indexes(), at: prop::sample::Index, bit in 0..8_u8) {
        let mut bytes = index.encode().unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        prop_assert!(decoded(&bytes).is_err());
    }

    #[test]
    fn a_missing_end_is_noticed(index in indexes(), at: prop::sample::Index) {
        let bytes = index.encode().unwrap();
        prop_assert!(decoded(&bytes[..at.index(bytes.len())]).is_err());
    }

    #[test]
    fn any_bytes_are_harmless(bytes: Vec<u8>) {
        prop_assert!(decoded(&bytes).is_err());
        let mut body = [&MAGIC[..], &VERSION.to_le_bytes()].concat();
        body.extend(bytes);
        prop_assert!(decoded(&sealed(body)).is_err());
    }

    /// Somebody wrote it who knows the checksum.
    #[test]
    fn a_change_with_a_right_checksum_is_harmless(index in indexes(), at: prop::sample::Index, byte: u8) {
        let mut bytes = index.encode().unwrap();
        bytes.truncate(bytes.len() - SEAL);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = decoded(&sealed(bytes));
    }

    /// The same, inside of the deflated columns.
    #[test]
    fn any_columns_are_harmless(mut columns: Vec<u8>, plain: Vec<u8>, known: bool) {
        if known {
            // A beginning that is right leads further in.
            columns.splice(0..0, [1, 0, 0, 0, 0, 2, 0, 0, 255, 255]);
        }
        let packed = miniz_oxide::deflate::compress_to_vec(&columns, 1);
        let mut body = [&MAGIC[..], &VERSION.to_le_bytes()].concat();
        write::text(Digest::sha256(b"layer").as_str(), &mut body);
        write::varint(1 << 50, &mut body);
        write::varint(packed.len() as u64, &mut body);
        body.extend(packed);
        body.extend(plain);
        let _ = decoded(&sealed(body));
    }
}

#[test]
fn it_belongs_to_one_layer() {
    let bytes = small().encode().unwrap();
    let other = |digest: &[u8], size| {
        LayerIndex::decode(&bytes, &Digest::sha256(digest), size, &Limits::DEFAULT).map(|_| ()).unwrap_err()
    };
    assert_eq!(other(b"other", 1 << 50), IndexError::OtherLayer);
    assert_eq!(other(b"layer", 1), IndexError::OtherLayer);
}

#[test]
fn another_version_says_so() {
    let mut bytes = small().encode().unwrap();
    bytes[MAGIC.len()] = 2;
    let error = decoded(&bytes).map(|_| ()).unwrap_err();
    assert_eq!(error, IndexError::Version(2));
    assert_eq!(format!("{error}"), "the index has format 2, and this program reads format 1");
}

#[test]
fn what_is_partial_is_not_kept() {
    let mut index = small();
    index.facts.partial = Some(crate::LayerError { offset: 1, unpacked: false, reason: "cut" }.into());
    assert_eq!(index.encode(), None);
}

#[test]
fn l05_more_entries_than_allowed_are_refused() {
    let bytes = small().encode().unwrap();
    let limits = Limits { entries: 49, ..Limits::DEFAULT };
    let error = LayerIndex::decode(&bytes, &Digest::sha256(b"layer"), 1 << 50, &limits).map(|_| ()).unwrap_err();
    assert!(matches!(error, IndexError::Limit(_)), "{error}");
}

/// 40 MB of zeros in 40 KB: the columns of an index that claims more than it may.
#[test]
fn l01_a_bomb_is_stopped() {
    let mut columns = vec![1, 0, 0, 0, 0];
    write::varint(1_000_000, &mut columns);
    columns.resize(40 << 20, 0);
    let packed = miniz_oxide::deflate::compress_to_vec(&columns, 1);
    let mut body = [&MAGIC[..], &VERSION.to_le_bytes()].concat();
    write::text(Digest::sha256(b"layer").as_str(), &mut body);
    write::varint(1 << 50, &mut body);
    write::varint(packed.len() as u64, &mut body);
    body.extend(packed);
    let limits = Limits { listing: 1 << 20, ..Limits::DEFAULT };
    let bytes = sealed(body);
    let error = LayerIndex::decode(&bytes, &Digest::sha256(b"layer"), 1 << 50, &limits).map(|_| ()).unwrap_err();
    assert!(matches!(error, IndexError::Limit(_)), "{error}");
}

#[test]
fn names_that_lead_out_are_refused() {
    for path in ["../etc/passwd", "/etc", "a//b", "a/./b", "a/..", "a/"] {
        let mut columns = vec![1, 0, 0, 0, 0, 1, 0, 0, 0, path.len() as u8];
        columns.extend(path.as_bytes());
        columns.extend([0; 8]);
        let packed = miniz_oxide::deflate::compress_to_vec(&columns, 1);
        let mut body = [&MAGIC[..], &VERSION.to_le_bytes()].concat();
        write::text(Digest::sha256(b"layer").as_str(), &mut body);
        write::varint(1 << 50, &mut body);
        write::varint(packed.len() as u64, &mut body);
        body.extend(packed);
        let error = decoded(&sealed(body)).map(|_| ()).unwrap_err();
        assert_eq!(error, IndexError::Malformed("a path that cannot be"), "{path}");
    }
}

#[test]
fn a_listing_takes_a_few_bytes_for_each_entry() {
    let mut listing = Listing::new();
    let mut offset = 512;
    for at in 0..100_000_u64 {
        let path = format!("usr/lib/node_modules/package-{}/lib/file-{}.js", at / 50, at % 50);
        let size = at * 7919 % 5000;
        listing.push(&Entry { path: path.as_bytes(), size, stored: size, offset, mode: 0o644, ..Entry::default() });
        offset = (offset + size).next_multiple_of(512) + 512;
    }
    let index = LayerIndex { facts: LayerFacts { unpacked: None, ..small().facts }, listing, checkpoints: Vec::new() };
    let bytes = index.encode().unwrap();
    assert!(bytes.len() / index.listing.len() < 4, "{} bytes", bytes.len());
    assert_eq!(decoded(&bytes).unwrap().listing.len(), 100_000);
}
