//! eStargz: where its table is, and the archive's entry for it.

use super::{
    Layer, TocNext, TocPlan,
    entries::{Table, read_table},
    unpacked::{broken, too_large, unpacked, verify},
};
use crate::{
    Compression, Digest, Error, Limits,
    layers::{EntryKind, Listing, Source, tar::Tar},
};

use core::ops::Range;

/// A gzip member without content, whose extra field says where the table is.
const FOOTER: usize = 51;
/// The same of the first version, whose extra field is not as RFC 1952 has it.
const OLD_FOOTER: usize = 47;

/// Asked for at first: in a small layer the table is in it, and the second range is saved.
const TAIL: u64 = 32 << 10;

/// The table as a file.
const NAME: &[u8] = b"stargz.index.json";

/// What is asked for.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// The end of the layer, where the footer is.
    Tail { digest: Digest, range: Range<u64> },
    /// The gzip members of the table, without the footer.
    Table { digest: Digest, range: Range<u64> },
}

impl Step {
    pub(super) fn tail(digest: Digest, size: u64) -> Self {
        Self::Tail { digest, range: size.saturating_sub(TAIL)..size }
    }

    pub(super) fn range(&self) -> Range<u64> {
        match self {
            Self::Tail { range, .. } | Self::Table { range, .. } => range.clone(),
        }
    }

    pub(super) fn accept(self, layer: Layer, limits: Limits, bytes: &[u8]) -> Result<TocNext, Error> {
        match self {
            Self::Tail { digest, range } => {
                let (at, footer) = find_footer(bytes)
                    .ok_or_else(|| broken(range.end.saturating_sub(FOOTER as u64), "no footer of an eStargz layer"))?;
                let end = range.end.saturating_sub(footer as u64);
                if at >= end {
                    return Err(broken(end, "the footer points behind itself"));
                }
                if end - at > limits.toc as u64 {
                    return Err(too_large(&limits));
                }
                let step = Self::Table { digest, range: at..end };
                match inside(bytes, &range, &(at..end)) {
                    Some(table) => step.accept(layer, limits, table),
                    None => Ok(TocNext::More(TocPlan { layer, limits, step: super::Step::Estargz(step) })),
                }
            }
            Self::Table { digest, range } => read(layer, &limits, bytes, range, &digest),
        }
    }
}

/// The part of what is there that is `wanted`, if all of it is.
fn inside<'a>(bytes: &'a [u8], range: &Range<u64>, wanted: &Range<u64>) -> Option<&'a [u8]> {
    let begin = usize::try_from(wanted.start.checked_sub(range.start)?).ok()?;
    let end = usize::try_from(wanted.end.checked_sub(range.start)?).ok()?;
    bytes.get(begin..end)
}

/// Where the table is, and how long the footer.
fn find_footer(tail: &[u8]) -> Option<(u64, usize)> {
    let new = tail.last_chunk::<FOOTER>().and_then(|footer| {
        let extra = footer.strip_prefix(b"\x1f\x8b\x08\x04")?.get(6..)?.strip_prefix(b"\x1a\0SG\x16\0")?;
        position(extra)
    });
    let old = || {
        let footer = tail.last_chunk::<OLD_FOOTER>()?;
        position(footer.strip_prefix(b"\x1f\x8b\x08\x04")?.get(6..)?.strip_prefix(b"\x16\0")?)
    };
    new.map(|at| (at, FOOTER)).or_else(|| old().map(|at| (at, OLD_FOOTER)))
}

/// Sixteen hexadecimal digits, and a word that says whose they are.
fn position(extra: &[u8]) -> Option<u64> {
    let (digits, rest) = extra.split_at_checked(16)?;
    let digits = core::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u64::from_str_radix(digits, 16).ok().filter(|_| rest.starts_with(b"STARGZ"))
}

fn read(layer: Layer, limits: &Limits, bytes: &[u8], range: Range<u64>, digest: &Digest) -> Result<TocNext, Error> {
    let Range { start: at, end } = range;
    let archive = unpacked(bytes, at, Compression::Gzip, limits)?;
    let own = own_entry(&archive, at, limits)?;
    let json = own.iter().next().and_then(|entry| {
        let begin = usize::try_from(entry.offset()).ok()?;
        archive.get(begin..begin.checked_add(usize::try_from(entry.size()).ok()?)?)
    });
    let json = json.ok_or_else(|| broken(at, "the table of contents is cut short"))?;
    verify(json, digest)?;
    let table = Table { source: Source::Estargz, end, own: Some((&own, at, digest)) };
    read_table(json, layer, limits, table).map(TocNext::Index)
}

/// The listing of an archive that holds the table and nothing else.
fn own_entry(archive: &[u8], at: u64, limits: &Limits) -> Result<Listing, Error> {
    let mut tar = Tar::new(limits, Listing::new());
    tar.push(archive)?;
    tar.finish()?;
    let listing = tar.into_listing();
    let named = |listing: &Listing| {
        listing.len() == 1 && listing.iter().all(|entry| entry.kind() == EntryKind::File && entry.path() == NAME)
    };
    if named(&listing) { Ok(listing) } else { Err(broken(at, "there is no stargz.index.json where the footer points")) }
}
