//! Layers made on the spot.

use flate2::{Compression, write::GzEncoder};
use portolan::Digest;
use serde_json::json;
use std::io::Write as _;

pub(crate) type File<'a> = (&'a str, &'a [u8]);

pub(crate) fn file<'a>(path: &'a str, content: &'a [u8]) -> File<'a> {
    (path, content)
}

/// Bytes that do not compress, always the same.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let mut bytes: Vec<u8> = std::iter::repeat_with(word).take(length.div_ceil(8)).flatten().collect();
    bytes.truncate(length);
    bytes
}

#[derive(Clone)]
pub(crate) struct Layer {
    pub(crate) bytes: Vec<u8>,
    pub(crate) diff_id: Digest,
    /// Digest of its table of contents, which the manifest announces.
    pub(crate) toc: Option<Digest>,
}

impl Layer {
    pub(crate) fn gzip(files: &[File<'_>]) -> Self {
        let archive = tar(files);
        Self { bytes: gzip(&archive), diff_id: Digest::sha256(&archive), toc: None }
    }

    /// As eStargz tools write it: a gzip member for each part, a table of contents, and where that begins.
    pub(crate) fn estargz(files: &[File<'_>]) -> Self {
        let (mut bytes, mut archive, mut entries) = (Vec::new(), Vec::new(), Vec::new());
        for (name, content) in files {
            let whole = tar(&[(name, content)]);
            let (header, rest) = whole.split_at(512);
            let body = &rest[..content.len().next_multiple_of(512)];
            let digest = Digest::sha256(content).to_string();
            bytes.extend(gzip(header));
            entries.push(json!({ "name": name, "type": "reg", "size": content.len(), "mode": 0o644,
                "digest": digest, "chunkDigest": digest, "offset": bytes.len() }));
            bytes.extend(gzip(body));
            archive.extend([header, body].concat());
        }
        let toc = json!({ "version": 1, "entries": entries }).to_string();
        let (start, last) = (bytes.len(), tar(&[("stargz.index.json", toc.as_bytes())]));
        bytes.extend(gzip(&last));
        bytes.extend(footer(start));
        archive.extend(last);
        Self { bytes, diff_id: Digest::sha256(&archive), toc: Some(Digest::sha256(toc.as_bytes())) }
    }

    /// Only so many bytes of it, by their own digest.
    pub(crate) fn cut(mut self, length: usize) -> Self {
        self.bytes.truncate(length);
        self
    }

    pub(crate) fn with_diff_id_of(mut self, other: &[u8]) -> Self {
        self.diff_id = Digest::sha256(other);
        self
    }
}

fn tar(files: &[File<'_>]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        archive.append_data(&mut header, path, *content).unwrap();
    }
    archive.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// What ends an eStargz layer: an empty gzip member, whose extra field says where the table of contents begins.
fn footer(start: usize) -> Vec<u8> {
    let begin = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 26, 0, b'S', b'G', 22, 0];
    let end = [1, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0];
    [&begin[..], format!("{start:016x}STARGZ").as_bytes(), &end].concat()
}
