//! The entries of a table, read into a listing.
//!
//! ```text
//! name type size modtime linkName mode uid gid devMajor devMinor xattrs{name: base64}     as in an archive
//! digest                                                                    sha256 of the content
//! offset innerOffset chunkOffset chunkSize chunkDigest                      a piece of it: where it lies, and its sha256
//! ```
//!
//! A file in several pieces is followed by an entry of type `chunk` for each but the first. A `chunkSize` of 0 is the rest.

use super::{Layer, contents::Contents, fields};
use crate::{
    Compression, Digest, Error, LimitExceeded, Limits, ProtocolError,
    document::{Fields, Path},
    json,
    layers::{
        ContentPart, Entry, EntryKind, Flags, LayerFacts, LayerIndex, Listing, RowId, Sha256, Source, Xattr,
        tar::{Seen, clean, depth, escapes},
    },
};
use alloc::{format, string::String, vec::Vec};
use serde_json::Value;

/// What a row takes in a listing, and what one with a link or attributes takes beside that.
const ROW: usize = 96;
const EXTRA: usize = 72;

/// What stands for bytes that are not UTF-8.
const REPLACED: char = '\u{fffd}';

/// What is known of a table beside its text.
pub(super) struct Table<'a> {
    pub(super) source: Source,
    /// Where in the layer there are no contents any more.
    pub(super) end: u64,
    /// The table as an entry of the archive, where it lies, and what its content hashes to.
    pub(super) own: Option<(&'a Listing, u64, &'a Digest)>,
}

pub(super) fn read_table(json: &[u8], layer: Layer, limits: &Limits, table: Table<'_>) -> Result<LayerIndex, Error> {
    let mut rows = Rows::new(limits, &layer.digest);
    let list = Path::Key(&Path::Root, "entries");
    let mut at = 0;
    let rest = json::parse_items(json, "entries", limits, &mut |item| {
        let result = rows.take(item, &Path::Index(&list, at));
        at += 1;
        result
    })?;
    if rest.get("version").and_then(Value::as_u64) != Some(1) {
        return Err(ProtocolError::Unsupported("a table of contents of another version").into());
    }
    rows.end_file(&list)?;
    if let Some((listing, at, digest)) = table.own {
        rows.take_own(listing, at, digest)?;
    }
    let Rows { mut listing, contents, replaced, .. } = rows;
    let checkpoints = contents.finish(&mut listing, table.end)?;
    let facts = LayerFacts {
        digest: layer.digest,
        size: layer.size,
        compression: if table.source == Source::Estargz { Compression::Gzip } else { Compression::Zstd },
        diff_id: None,
        unpacked: None,
        source: table.source,
        partial: None,
        notes: notes(replaced),
    };
    Ok(LayerIndex { facts, listing, checkpoints })
}

fn notes(replaced: usize) -> Vec<String> {
    let note = format!("{replaced} names were not UTF-8, and the table of contents does not tell what they were");
    (replaced > 0).then_some(note).into_iter().collect()
}

struct Rows<'a> {
    limits: &'a Limits,
    listing: Listing,
    contents: Contents,
    seen: Seen,
    path: Vec<u8>,
    /// The file whose pieces are coming.
    file: Option<File>,
    /// Names in which something was replaced.
    replaced: usize,
    items: usize,
    extra: usize,
}

/// A file whose pieces are coming.
struct File {
    row: RowId,
    size: u64,
    came: u64,
    digest: Option<Sha256>,
    pieces: Vec<(u64, Option<Sha256>)>,
}

impl<'a> Rows<'a> {
    fn new(limits: &'a Limits, layer: &Digest) -> Self {
        Self {
            limits,
            listing: Listing::of_layer(layer),
            contents: Contents::default(),
            seen: Seen::default(),
            path: Vec::new(),
            file: None,
            replaced: 0,
            items: 0,
            extra: 0,
        }
    }

    fn take(&mut self, item: Value, path: &Path<'_>) -> Result<(), Error> {
        self.count()?;
        let mut fields = Fields::of(item, path)?;
        let kind = fields.required_string("type")?;
        if kind == "chunk" {
            return self.piece(&mut fields);
        }
        self.end_file(path)?;
        let kind = fields::kind(&kind).ok_or_else(|| Path::Key(path, "type").invalid("an unknown type of entry"))?;
        self.entry(kind, &mut fields)?;
        if self.file.is_some() { self.piece(&mut fields) } else { Ok(()) }
    }

    fn entry(&mut self, kind: EntryKind, fields: &mut Fields<'_>) -> Result<(), Error> {
        let name = fields.required_string("name")?;
        let link = fields.string("linkName")?.unwrap_or_default();
        self.replaced += usize::from(name.contains(REPLACED) || link.contains(REPLACED));
        let (mut flags, link) = self.names(kind, name.as_bytes(), link.as_bytes());
        let size = if kind == EntryKind::File { fields::place(fields, "size")? } else { 0 };
        let (uid, gid) = (fields::id(fields, "uid", &mut flags)?, fields::id(fields, "gid", &mut flags)?);
        let device = match kind {
            EntryKind::CharDevice | EntryKind::BlockDevice => {
                (fields::id(fields, "devMajor", &mut flags)?, fields::id(fields, "devMinor", &mut flags)?)
            }
            _ => (0, 0),
        };
        let xattrs = fields::xattrs(fields)?;
        let digest = fields::sha256(fields, "digest")?;
        let entry = Entry {
            path: &self.path,
            kind,
            mode: (fields::whole(fields, "mode")?.unwrap_or_default() & 0o7777) as u16,
            uid,
            gid,
            mtime: fields::modified(fields)?,
            size,
            stored: size,
            link,
            device,
            xattrs: &xattrs,
            flags,
            offset: 0,
        };
        self.extra += extra(&entry);
        let row = self.listing.push(&entry).ok_or_else(|| self.exceeded())?;
        self.admit(row)?;
        match (kind, size) {
            (EntryKind::File, 0) => self.listing.set_content_digest(row, EMPTY),
            (EntryKind::File, _) => self.file = Some(File { row, size, came: 0, digest, pieces: Vec::new() }),
            _ => {}
        }
        Ok(())
    }

    /// Reads names as those of an archive are read; returns the target of a link, cut if it is too long.
    fn names<'b>(&mut self, kind: EntryKind, name: &[u8], link: &'b [u8]) -> (Flags, &'b [u8]) {
        let limit = self.limits.path;
        let mut flags = clean(name.get(..limit).unwrap_or(name), &mut self.path);
        let depth = match kind {
            EntryKind::Hardlink => 0,
            EntryKind::Symlink => depth(&self.path),
            _ => return (flags | cut(name.len() > limit), b""),
        };
        if escapes(link, depth) {
            flags.insert(Flags::LINK_ESCAPES);
        }
        if link.contains(&0) {
            flags.insert(Flags::NUL);
        }
        (flags | cut(name.len().max(link.len()) > limit), link.get(..limit).unwrap_or(link))
    }

    /// One piece of the file under way.
    fn piece(&mut self, fields: &mut Fields<'_>) -> Result<(), Error> {
        let path = fields.path();
        let wrong = |key, reason| Path::Key(path, key).invalid(reason);
        let file = self.file.as_mut().ok_or_else(|| wrong("type", "a chunk without its file"))?;
        if fields::place(fields, "chunkOffset")? != file.came {
            return Err(wrong("chunkOffset", "not where the chunk before ends"));
        }
        let left = file.size - file.came;
        let length = match fields::place(fields, "chunkSize")? {
            0 => left,
            length => length,
        };
        if length > left || left == 0 {
            return Err(wrong("chunkSize", "more than the file has"));
        }
        let digest = fields::sha256(fields, "chunkDigest")?;
        let (offset, inner) = (fields::place(fields, "offset")?, fields::place(fields, "innerOffset")?);
        self.contents.push(file.row, offset, inner, length);
        file.came += length;
        file.pieces.push((length, digest));
        Ok(())
    }

    /// All pieces of the file under way must have come.
    fn end_file(&mut self, path: &Path<'_>) -> Result<(), Error> {
        let Some(file) = self.file.take() else { return Ok(()) };
        if file.came != file.size {
            return Err(path.invalid("the chunks of the file before are not all of it"));
        }
        let single = match file.pieces.as_slice() {
            [(_, digest)] => *digest,
            _ => None,
        };
        if let Some(digest) = file.digest.or(single) {
            self.listing.set_content_digest(file.row, digest);
        }
        let part = |(length, digest): &(u64, Option<Sha256>)| Some(ContentPart { length: *length, digest: (*digest)? });
        let parts = file.pieces.iter().map(part).collect::<Option<Vec<_>>>();
        if let Some(parts) = parts.filter(|parts| parts.len() > 1) {
            self.listing.set_content_parts(file.row, parts);
        }
        Ok(())
    }

    /// The table itself, which its text leaves out.
    fn take_own(&mut self, listing: &Listing, at: u64, digest: &Digest) -> Result<(), Error> {
        for entry in listing.iter() {
            self.count()?;
            let path = entry.path();
            let own = Entry {
                path: &path,
                kind: entry.kind(),
                mode: entry.mode(),
                uid: entry.uid(),
                gid: entry.gid(),
                mtime: entry.mtime(),
                size: entry.size(),
                stored: entry.size(),
                flags: entry.flags(),
                ..Entry::default()
            };
            let row = self.listing.push(&own).ok_or_else(|| self.exceeded())?;
            self.admit(row)?;
            self.listing.set_print(row, entry.print());
            if let Some(digest) = digest.to_sha256() {
                self.listing.set_content_digest(row, digest);
            }
            self.contents.push(row, at, entry.offset(), entry.size());
        }
        Ok(())
    }

    fn admit(&mut self, row: RowId) -> Result<(), Error> {
        let node = self.listing.get(row).map(|entry| entry.node());
        if node.is_some_and(|node| self.seen.insert(node)) {
            self.listing.add_flags(row, Flags::REPEATED);
        }
        let memory = self.listing.paths().memory() + self.listing.len() * ROW;
        if memory.saturating_add(self.extra) > self.limits.listing {
            return Err(LimitExceeded { which: "memory of a listing", limit: self.limits.listing as u64 }.into());
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), Error> {
        self.items += 1;
        if self.items > self.limits.entries { Err(self.exceeded()) } else { Ok(()) }
    }

    fn exceeded(&self) -> Error {
        LimitExceeded { which: "entries of a table of contents", limit: self.limits.entries as u64 }.into()
    }
}

/// sha256 of nothing.
const EMPTY: Sha256 = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41,
    0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

fn cut(cut: bool) -> Flags {
    if cut { Flags::CUT } else { Flags::default() }
}

/// Bytes that an entry takes beside its row and its path.
fn extra(entry: &Entry<'_>) -> usize {
    let xattrs: usize =
        entry.xattrs.iter().map(|xattr| xattr.name.len() + xattr.value.len() + size_of::<Xattr>()).sum();
    match entry.link.len() + xattrs {
        0 => 0,
        bytes => bytes + EXTRA,
    }
}
