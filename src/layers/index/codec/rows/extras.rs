//! What few rows have: links, devices, attributes, digests, holes.

use super::{
    super::{
        IndexError,
        read::{Packed, Plain},
        write::Writer,
    },
    DEVICE, DIGEST, LINK, PARTS, PRINT, REGIONS, STORED, XATTRS,
};
use crate::{
    Limits,
    layers::{ContentPart, EntryRef, Region, Sha256, Xattr, contents::are_regions_of},
};
use alloc::vec::Vec;

/// Bytes of a row's fingerprint and digest.
pub(super) fn plain(entry: EntryRef<'_>) -> usize {
    let print = if entry.print() == 0 { 0 } else { size_of::<u64>() };
    print + entry.content_digest().map_or(0, |digest| digest.len())
}

pub(super) fn write(entry: EntryRef<'_>, more: u8, out: &mut Writer) {
    if more & LINK != 0 {
        out.bytes(entry.link());
    }
    if more & DEVICE != 0 {
        let (major, minor) = entry.device();
        out.varint(major.into());
        out.varint(minor.into());
    }
    if more & XATTRS != 0 {
        out.varint(entry.xattrs().len() as u64);
        for Xattr { name, value } in entry.xattrs() {
            out.bytes(name);
            out.bytes(value);
        }
    }
    if more & STORED != 0 {
        out.varint(entry.stored());
    }
    if more & PRINT != 0 {
        out.plain.extend_from_slice(&entry.print().to_le_bytes());
    }
    if let Some(digest) = entry.content_digest() {
        out.plain.extend_from_slice(&digest);
    }
    if more & PARTS != 0 {
        write_list(entry.content_parts(), out, |part, out| {
            out.varint(part.length);
            out.plain.extend_from_slice(&part.digest);
        });
    }
    if more & REGIONS != 0 {
        write_list(entry.regions(), out, |region, out| {
            out.varint(region.offset);
            out.varint(region.length);
        });
    }
    out.settle();
}

fn write_list<T>(list: &[T], out: &mut Writer, write: impl Fn(&T, &mut Writer)) {
    out.varint(list.len() as u64);
    for item in list {
        write(item, out);
        out.settle();
    }
}

/// All of it, of one row.
#[derive(Default)]
pub(super) struct Extras {
    pub(super) link: Vec<u8>,
    pub(super) device: (u32, u32),
    pub(super) xattrs: Vec<Xattr>,
    pub(super) stored: Option<u64>,
    pub(super) print: u64,
    pub(super) digest: Option<Sha256>,
    pub(super) parts: Vec<ContentPart>,
    pub(super) regions: Vec<Region>,
}

impl Extras {
    pub(super) fn read(
        more: u8,
        packed: &mut Packed<'_>,
        plain: &mut Plain<'_>,
        limits: &Limits,
    ) -> Result<Self, IndexError> {
        let mut extras = Self::default();
        if more & LINK != 0 {
            extras.link = packed.string(limits.path)?;
        }
        if more & DEVICE != 0 {
            extras.device = (packed.number()?, packed.number()?);
        }
        if more & XATTRS != 0 {
            extras.xattrs = read_list(packed, |packed| {
                Ok(Xattr { name: packed.string(limits.pax)?, value: packed.string(limits.pax)? })
            })?;
        }
        if more & STORED != 0 {
            extras.stored = Some(packed.varint()?);
        }
        if more & PRINT != 0 {
            extras.print = u64::from_le_bytes(plain.array()?);
        }
        if more & DIGEST != 0 {
            extras.digest = Some(plain.array()?);
        }
        if more & PARTS != 0 {
            let part = |packed: &mut Packed<'_>| Ok(ContentPart { length: packed.varint()?, digest: plain.array()? });
            extras.parts = read_list(packed, part)?;
        }
        if more & REGIONS != 0 {
            let region = |packed: &mut Packed<'_>| Ok(Region { offset: packed.varint()?, length: packed.varint()? });
            extras.regions = read_list(packed, region)?;
        }
        Ok(extras)
    }

    /// Parts and regions must be those of a body of `stored` bytes and a file of `size`.
    pub(super) fn fit(&self, size: u64, stored: u64) -> bool {
        let total = self.parts.iter().try_fold(0_u64, |total, part| total.checked_add(part.length));
        let parts = self.parts.is_empty() || total == Some(stored);
        parts && are_regions_of(&self.regions, size)
    }
}

fn read_list<T>(
    packed: &mut Packed<'_>,
    mut read: impl FnMut(&mut Packed<'_>) -> Result<T, IndexError>,
) -> Result<Vec<T>, IndexError> {
    let count = packed.varint()?;
    let mut list = Vec::new();
    for _ in 0..count {
        packed.charge(size_of::<T>())?;
        list.push(read(packed)?);
    }
    Ok(list)
}
