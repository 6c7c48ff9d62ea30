//! An entry, put together from its header and what was said before.

use super::{
    class::Class,
    header::{BLOCK, Header},
    path,
    pending::Pending,
    sparse::Parts,
};
use crate::layers::{Entry, EntryKind, Flags, Xattr};
use alloc::vec::Vec;

/// The largest size that a header can say in octal; what is larger is in a record only.
const OCTAL: u64 = 0o777_7777_7777;

const WRONG: &str = "a field of a header is no number";

/// An entry whose header came.
#[derive(Default)]
pub(super) struct Draft {
    /// Where its header begins.
    pub(super) at: u64,
    /// Where its body begins.
    pub(super) offset: u64,
    /// Bytes of its body.
    pub(super) stored: u64,
    /// For sparse files.
    pub(super) parts: Option<Parts>,
    size: u64,
    name: Vec<u8>,
    path: Vec<u8>,
    link: Vec<u8>,
    xattrs: Vec<Xattr>,
    kind: EntryKind,
    mode: u16,
    uid: u32,
    gid: u32,
    mtime: i64,
    device: (u32, u32),
    flags: Flags,
}

impl Draft {
    /// Reads what is said of an entry; `at` is where its header begins.
    pub(super) fn read(
        &mut self,
        at: u64,
        header: Header<'_>,
        pending: &Pending,
        limit: usize,
    ) -> Result<(), &'static str> {
        let (kind, body, flags) = match Class::of(header.kind()) {
            Class::Entry { kind, body, flags } => (kind, body, flags),
            _ => (EntryKind::File, true, Flags::default()),
        };
        (self.kind, self.flags) = (kind, flags);
        (self.at, self.offset) = (at, at.saturating_add(BLOCK as u64));
        self.read_name(header, pending, limit);
        self.read_link(header, pending, limit);
        self.read_numbers(header, pending)?;
        self.read_size(header, pending, body)?;
        self.xattrs.clone_from(&pending.records().xattrs);
        Ok(())
    }

    /// The entry as it is to be listed.
    pub(super) fn entry(&self) -> Entry<'_> {
        Entry {
            path: &self.path,
            kind: self.kind,
            mode: self.mode,
            uid: self.uid,
            gid: self.gid,
            mtime: self.mtime,
            size: if self.kind == EntryKind::File { self.size } else { 0 },
            offset: self.offset,
            stored: if self.kind == EntryKind::File { self.stored } else { 0 },
            link: &self.link,
            device: self.device,
            xattrs: &self.xattrs,
            flags: self.flags,
        }
    }

    /// Checks what the parts of a sparse file claim.
    pub(super) fn check_parts(&self) -> Result<(), &'static str> {
        self.parts.as_ref().map_or(Ok(()), |parts| parts.check(self.size, self.stored))
    }

    /// Bytes that it takes in a listing beside its row and its path.
    pub(super) fn extra(&self) -> usize {
        let xattrs = self.xattrs.iter().map(|xattr| xattr.name.len() + xattr.value.len() + size_of::<Xattr>());
        self.link.len() + xattrs.sum::<usize>() + self.parts.as_ref().map_or(0, Parts::memory)
    }

    fn read_name(&mut self, header: Header<'_>, pending: &Pending, limit: usize) {
        self.name.clear();
        match pending.name() {
            Some(name) => {
                self.name.extend_from_slice(name.bytes());
                self.flags.insert(name.flags);
            }
            None => header.write_name(&mut self.name),
        }
        if self.name.len() > limit {
            self.name.truncate(limit);
            self.flags.insert(Flags::CUT);
        }
        let odd = path::clean(&self.name, &mut self.path);
        self.flags.insert(odd);
        // How tar before POSIX wrote directories.
        if self.kind == EntryKind::File && self.name.ends_with(b"/") {
            self.kind = EntryKind::Directory;
        }
    }

    fn read_link(&mut self, header: Header<'_>, pending: &Pending, limit: usize) {
        self.link.clear();
        let depth = match self.kind {
            EntryKind::Hardlink => 0,
            EntryKind::Symlink => path::depth(&self.path),
            _ => return,
        };
        let (link, odd) = match pending.link() {
            Some(name) => (name.bytes(), name.flags),
            None => (header.link(), Flags::default()),
        };
        self.link.extend(link.iter().take(limit));
        self.flags.insert(odd);
        if link.len() > limit {
            self.flags.insert(Flags::CUT);
        }
        if link.contains(&0) {
            self.flags.insert(Flags::NUL);
        }
        if path::escapes(link, depth) {
            self.flags.insert(Flags::LINK_ESCAPES);
        }
    }

    fn read_numbers(&mut self, header: Header<'_>, pending: &Pending) -> Result<(), &'static str> {
        let records = pending.records();
        let mode = header.mode().ok_or(WRONG)? & 0o7777;
        self.mode = u16::try_from(mode).unwrap_or_default();
        let (uid, gid) = (header.uid().ok_or(WRONG)?, header.gid().ok_or(WRONG)?);
        self.uid = self.id(records.uid.unwrap_or(uid));
        self.gid = self.id(records.gid.unwrap_or(gid));
        self.mtime = records.mtime.unwrap_or(header.mtime().ok_or(WRONG)?);
        self.device = match self.kind {
            EntryKind::CharDevice | EntryKind::BlockDevice => {
                let (major, minor) = header.device().ok_or(WRONG)?;
                (self.id(major), self.id(minor))
            }
            _ => (0, 0),
        };
        Ok(())
    }

    fn id(&mut self, value: i64) -> u32 {
        u32::try_from(value).unwrap_or_else(|_| {
            self.flags.insert(Flags::ID_CLAMPED);
            u32::MAX
        })
    }

    fn read_size(&mut self, header: Header<'_>, pending: &Pending, body: bool) -> Result<(), &'static str> {
        let said = header.size().ok_or("the size in a header is no number")?;
        let records = pending.records();
        self.stored = if body { records.size.unwrap_or(said) } else { 0 };
        if body && self.stored != said && self.stored <= OCTAL {
            self.flags.insert(Flags::SIZE_CONFLICT);
        }
        self.size = self.stored;
        self.parts = None;
        if self.kind != EntryKind::File {
            return Ok(());
        }
        if Class::of(header.kind()) == Class::Sparse {
            self.size = header.real_size().ok_or("the size of a sparse file is no number")?;
            let mut parts = Parts::default();
            parts.table(header.parts())?;
            self.parts = Some(parts);
        } else if let Some(size) = records.sparse.size {
            self.size = size;
            self.parts = Some(records.sparse.parts.clone());
        }
        if self.parts.is_some() {
            self.flags.insert(Flags::SPARSE);
        }
        Ok(())
    }
}
