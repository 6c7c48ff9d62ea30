//! Records of a pax header (POSIX.1-2017, pax Interchange Format).
//!
//! ```text
//! record = length " " keyword "=" value "\n"     length counts all of it, itself too
//! ```
//!
//! An empty value takes back what was said before. Known are `path`, `linkpath`, `size`, `uid`, `gid`, `mtime`, attributes
//! (`SCHILY.xattr.*`, `LIBARCHIVE.xattr.*`) and the sparse files of GNU; all else is passed over.

use super::{
    name::Name,
    number::{decimal, seconds, whole},
    sparse::Claim,
    xattr,
};
use crate::layers::Xattr;
use alloc::vec::Vec;

/// What records say of an entry, in place of its header.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    pub(super) path: Option<Name>,
    pub(super) link: Option<Name>,
    pub(super) size: Option<u64>,
    pub(super) uid: Option<i64>,
    pub(super) gid: Option<i64>,
    pub(super) mtime: Option<i64>,
    pub(super) xattrs: Vec<Xattr>,
    pub(super) sparse: Claim,
}

/// Where something is wrong in a block, and what.
pub(super) type Fault = (usize, &'static str);

impl Records {
    /// Reads a block of records on top of what there is; names are cut at `limit`.
    pub(super) fn read(&mut self, block: &[u8], limit: usize) -> Result<(), Fault> {
        let mut at = 0;
        while let Some(rest) = block.get(at..).filter(|rest| !rest.is_empty() && !rest.starts_with(b"\0")) {
            let (length, keyword, value) = record(rest).ok_or((at, "malformed pax record"))?;
            self.apply(keyword, value, limit).map_err(|reason| (at, reason))?;
            at += length;
        }
        Ok(())
    }

    /// Leaves only what may be said of all entries at once.
    pub(super) fn keep_global(&mut self) {
        self.xattrs.clear();
        self.sparse = Claim::default();
    }

    /// True if it would change what an entry is or where it lies.
    pub(super) fn moves(&self) -> bool {
        self.path.is_some() || self.link.is_some() || self.size.is_some()
    }

    fn apply(&mut self, keyword: &[u8], value: &[u8], limit: usize) -> Result<(), &'static str> {
        match keyword {
            b"path" => self.path = Name::new(value, limit),
            b"linkpath" => self.link = Name::new(value, limit),
            b"size" => self.size = unless_empty(value, decimal, "the size in a pax record is no number")?,
            b"uid" => self.uid = unless_empty(value, whole, "the owner in a pax record is no number")?,
            b"gid" => self.gid = unless_empty(value, whole, "the group in a pax record is no number")?,
            b"mtime" => self.mtime = unless_empty(value, seconds, "the time in a pax record is no number")?,
            _ => {
                if let Some(keyword) = keyword.strip_prefix(b"GNU.sparse.") {
                    return self.sparse.apply(keyword, value, limit);
                }
                xattr::apply(&mut self.xattrs, keyword, value);
            }
        }
        Ok(())
    }
}

fn unless_empty<T>(value: &[u8], read: fn(&[u8]) -> Option<T>, wrong: &'static str) -> Result<Option<T>, &'static str> {
    if value.is_empty() { Ok(None) } else { read(value).map(Some).ok_or(wrong) }
}

/// Length, keyword and value of the record that a block begins with.
fn record(block: &[u8]) -> Option<(usize, &[u8], &[u8])> {
    let space = block.iter().take(21).position(|byte| *byte == b' ')?;
    let length = usize::try_from(decimal(block.get(..space)?)?).ok()?;
    let inner = block.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = inner.iter().position(|byte| *byte == b'=')?;
    let (keyword, value) = inner.split_at_checked(equals)?;
    if keyword.is_empty() { None } else { Some((length, keyword, value.get(1..)?)) }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::record as written, *};

    fn read(block: &[u8]) -> Result<Records, Fault> {
        let mut records = Records::default();
        records.read(block, 4096).map(|()| records)
    }

    #[test]
    fn later_records_count_and_empty_ones_take_back() {
        let mut block = written("path", b"a");
        block.extend(written("path", b"b\xff=\n"));
        block.extend(written("uid", b"7"));
        block.extend(written("comment", b"12 x=y"));
        let mut records = read(&block).unwrap();
        assert_eq!(records.path.as_ref().map(Name::bytes), Some(&b"b\xff=\n"[..]));
        assert_eq!(records.uid, Some(7));
        records.read(&written("path", b""), 4096).unwrap();
        assert!(records.path.is_none());
    }

    #[test]
    fn l08_malformed_records_are_refused() {
        for block in [
            &b"5 a=\n"[..],
            b"x path=a\n",
            b" 6 a=b\n",
            b"6 a=b",
            b"6 a=bc",
            b"999 path=a\n",
            b"-6 a=b\n",
            b"5 =a\n",
            b"6 abc\n",
            b"99999999999999999999999 a=b\n",
            b"2 \n",
            b"0 a=b\n",
        ] {
            let refused = read(block).is_err();
            assert_eq!(refused, block != b"5 a=\n", "{block:?}");
        }
        for (keyword, value) in
            [("size", "-1"), ("size", "1.5"), ("size", "99999999999999999999"), ("uid", "x"), ("mtime", "now")]
        {
            assert!(read(&written(keyword, value.as_bytes())).is_err(), "{keyword}={value}");
        }
    }

    #[test]
    fn faults_say_where_they_are() {
        let mut block = written("path", b"abc");
        let begin = block.len();
        block.extend_from_slice(b"rubbish");
        assert_eq!(read(&block).unwrap_err(), (begin, "malformed pax record"));
    }
}
