//! Archives made by hand, so that they can be wrong.

use alloc::{format, vec::Vec};

/// A header block in the making.
#[derive(Clone)]
pub(in crate::layers) struct Raw(pub(in crate::layers) [u8; 512]);

impl Raw {
    /// A file without content, ustar.
    pub(in crate::layers) fn new(name: &[u8], kind: u8) -> Self {
        let mut raw = Self([0; 512]);
        raw.put(0, name).put(100, b"0000644\0").put(108, b"0000000\0").put(116, b"0000000\0");
        raw.put(124, b"00000000000\0").put(136, b"00000000000\0").put(257, b"ustar\x0000");
        raw.0[156] = kind;
        raw
    }

    /// Overwrites a field.
    pub(in crate::layers) fn put(&mut self, at: usize, bytes: &[u8]) -> &mut Self {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    pub(in crate::layers) fn size(&mut self, size: usize) -> &mut Self {
        self.put(124, format!("{size:011o}\0").as_bytes())
    }

    pub(in crate::layers) fn gnu(&mut self) -> &mut Self {
        self.put(257, b"ustar  \0")
    }

    /// The block, with its checksum.
    pub(in crate::layers) fn block(&mut self) -> Vec<u8> {
        self.put(148, b"        ");
        let sum: u32 = self.0.iter().map(|byte| u32::from(*byte)).sum();
        self.put(148, format!("{sum:06o}\0 ").as_bytes());
        self.0.to_vec()
    }

    /// The block and a body, filled up.
    pub(in crate::layers) fn with(&mut self, body: &[u8]) -> Vec<u8> {
        let mut bytes = self.size(body.len()).block();
        bytes.extend_from_slice(body);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
        bytes
    }
}

/// A record of a pax header, with its length.
pub(in crate::layers) fn record(keyword: &str, value: &[u8]) -> Vec<u8> {
    let inner = 3 + keyword.len() + value.len();
    let digits = |n: usize| format!("{n}").len();
    let length = (1..).map(|n| inner + n).find(|length| digits(*length) == length - inner).unwrap();
    [format!("{length} {keyword}=").as_bytes(), value, b"\n"].concat()
}

/// A pax header with these records.
pub(in crate::layers) fn pax(kind: u8, records: &[(&str, &[u8])]) -> Vec<u8> {
    let body: Vec<u8> = records.iter().flat_map(|(keyword, value)| record(keyword, value)).collect();
    Raw::new(b"pax", kind).with(&body)
}

/// What ends an archive.
pub(in crate::layers) const END: [u8; 1024] = [0; 1024];
