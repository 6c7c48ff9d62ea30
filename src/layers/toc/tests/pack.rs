//! Layers with a table of contents, put together as the tools do it.

use crate::{Descriptor, Digest, MediaType, layers::EntryKind};
use alloc::{
    format,
    string::{String, ToString as _},
    vec,
    vec::Vec,
};
use serde_json::{Value, json};
use std::io::Write as _;

/// A file of an archive.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) kind: EntryKind,
    pub(super) content: Vec<u8>,
    pub(super) link: String,
    pub(super) mode: u32,
    pub(super) uid: u64,
    pub(super) mtime: u64,
    pub(super) device: (u32, u32),
    pub(super) xattr: Option<(String, Vec<u8>)>,
}

impl File {
    pub(super) fn new(name: &str, kind: EntryKind) -> Self {
        let (name, link) = (String::from(name), String::new());
        Self {
            name,
            kind,
            content: Vec::new(),
            link,
            mode: 0o755,
            uid: 0,
            mtime: 1_566_297_043,
            device: (0, 0),
            xattr: None,
        }
    }

    pub(super) fn with(name: &str, content: &[u8]) -> Self {
        Self { content: content.into(), mode: 0o644, ..Self::new(name, EntryKind::File) }
    }

    /// Its headers, as they are in an archive.
    pub(super) fn headers(&self) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        if let Some((name, value)) = &self.xattr {
            let name = format!("SCHILY.xattr.{name}");
            builder.append_pax_extensions([(name.as_str(), value.as_slice())]).unwrap();
        }
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(match self.kind {
            EntryKind::File => tar::EntryType::Regular,
            EntryKind::Directory => tar::EntryType::Directory,
            EntryKind::Symlink => tar::EntryType::Symlink,
            EntryKind::Hardlink => tar::EntryType::Link,
            EntryKind::CharDevice => tar::EntryType::Char,
            EntryKind::BlockDevice => tar::EntryType::Block,
            EntryKind::Fifo => tar::EntryType::Fifo,
        });
        header.as_mut_bytes()[..self.name.len()].copy_from_slice(self.name.as_bytes());
        header.as_mut_bytes()[157..157 + self.link.len()].copy_from_slice(self.link.as_bytes());
        header.set_mode(self.mode);
        header.set_uid(self.uid);
        header.set_gid(7);
        header.set_mtime(self.mtime);
        header.set_size(self.content.len() as u64);
        header.set_device_major(self.device.0).unwrap();
        header.set_device_minor(self.device.1).unwrap();
        header.set_cksum();
        let mut bytes = builder.into_inner().unwrap();
        bytes.truncate(bytes.len() - 1024);
        bytes.extend_from_slice(header.as_bytes());
        bytes
    }

    fn padding(&self) -> Vec<u8> {
        vec![0; self.content.len().wrapping_neg() % 512]
    }

    /// What every table says of it.
    pub(super) fn entry(&self) -> Value {
        let mut entry = json!({
            "name": self.name,
            "type": match self.kind {
                EntryKind::File => "reg",
                EntryKind::Directory => "dir",
                EntryKind::Symlink => "symlink",
                EntryKind::Hardlink => "hardlink",
                EntryKind::CharDevice => "char",
                EntryKind::BlockDevice => "block",
                EntryKind::Fifo => "fifo",
            },
            "modtime": "2019-08-20T10:30:43Z",
            "mode": 0o100_000 | self.mode,
            "uid": self.uid,
            "gid": 7,
            "userName": "somebody",
        });
        if !self.link.is_empty() {
            entry["linkName"] = self.link.as_str().into();
        }
        if self.device != (0, 0) {
            (entry["devMajor"], entry["devMinor"]) = (self.device.0.into(), self.device.1.into());
        }
        if let Some((name, value)) = &self.xattr {
            use ::base64::Engine as _;
            entry["xattrs"] = json!({ name: ::base64::engine::general_purpose::STANDARD.encode(value) });
        }
        entry
    }
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn skippable(bytes: &[u8]) -> Vec<u8> {
    [&[0x50, 0x2a, 0x4d, 0x18][..], &(bytes.len() as u32).to_le_bytes(), bytes].concat()
}

/// Writes one member after another.
struct Members {
    layer: Vec<u8>,
    open: Vec<u8>,
    pack: fn(&[u8]) -> Vec<u8>,
}

impl Members {
    fn close(&mut self) {
        if !self.open.is_empty() {
            let member = (self.pack)(&core::mem::take(&mut self.open));
            self.layer.extend(member);
        }
    }

    /// Begins a member if the one under way has so many bytes; says where it is, and how far it has come.
    fn place(&mut self, least: usize) -> (usize, usize) {
        if self.open.len() >= least {
            self.close();
        }
        (self.layer.len(), self.open.len())
    }
}

fn sha(bytes: &[u8]) -> Value {
    Digest::sha256(bytes).to_string().into()
}

/// A layer, and the text of its table.
#[derive(Clone)]
pub(super) struct Packed {
    /// All before the table.
    pub(super) contents: Vec<u8>,
    pub(super) table: Value,
}

/// As stargz-snapshotter does it: pieces of `chunk` bytes, members of at least `least`.
pub(super) fn estargz(files: &[File], chunk: usize, least: usize) -> Packed {
    let mut members = Members { layer: Vec::new(), open: Vec::new(), pack: gzip };
    let mut entries = Vec::new();
    for file in files {
        members.open.extend(file.headers());
        let mut entry = file.entry();
        if file.kind == EntryKind::File {
            entry["digest"] = sha(&file.content);
        }
        if !file.content.is_empty() {
            entry["size"] = file.content.len().into();
        }
        let mut written = 0;
        for piece in file.content.chunks(chunk) {
            let (offset, inner) = members.place(least);
            entry["offset"] = offset.into();
            if inner > 0 {
                entry["innerOffset"] = inner.into();
            }
            if written > 0 {
                entry["chunkOffset"] = written.into();
            }
            written += piece.len();
            if piece.len() == chunk {
                entry["chunkSize"] = piece.len().into();
            }
            entry["chunkDigest"] = sha(piece);
            members.open.extend_from_slice(piece);
            entries.push(core::mem::replace(&mut entry, json!({ "name": file.name, "type": "chunk" })));
        }
        if file.content.is_empty() {
            entries.push(entry);
        }
        members.open.extend(file.padding());
    }
    members.close();
    Packed { contents: members.layer, table: json!({ "version": 1, "entries": entries }) }
}

/// As containers/storage does it: frames for pieces, which are named only where there are several.
pub(super) fn zstd_chunked(files: &[File], chunk: usize) -> Packed {
    let mut members = Members { layer: Vec::new(), open: Vec::new(), pack: zstd };
    let mut entries = Vec::new();
    for file in files {
        members.open.extend(file.headers());
        let mut entry = file.entry();
        if !file.content.is_empty() {
            entry["size"] = file.content.len().into();
            entry["digest"] = sha(&file.content);
        }
        let single = file.content.len() <= chunk;
        let mut written = 0;
        for piece in file.content.chunks(chunk) {
            entry["offset"] = members.place(1).0.into();
            members.open.extend_from_slice(piece);
            if !single {
                entry["chunkSize"] = piece.len().into();
                entry["chunkDigest"] = sha(piece);
                if piece.iter().all(|byte| *byte == 0) {
                    entry["chunkType"] = "zeros".into();
                }
            }
            if written > 0 {
                entry["chunkOffset"] = written.into();
            }
            written += piece.len();
            members.close();
            entry["endOffset"] = members.layer.len().into();
            entries.push(core::mem::replace(&mut entry, json!({ "name": file.name, "type": "chunk" })));
        }
        if file.content.is_empty() {
            entries.push(entry);
        }
        members.open.extend(file.padding());
    }
    members.open.extend([0; 1024]);
    members.close();
    Packed { contents: members.layer, table: json!({ "version": 1, "entries": entries, "tarSplitDigest": "sha256:0" }) }
}

impl Packed {
    pub(super) fn text(&self) -> String {
        self.table.to_string()
    }

    /// The layer with this text as its table, and its descriptor.
    pub(super) fn estargz(&self, text: &str) -> (Vec<u8>, Descriptor) {
        let own = File { mode: 0, mtime: 0, ..File::with("stargz.index.json", text.as_bytes()) };
        let archive = [own.headers(), text.as_bytes().into(), own.padding(), vec![0; 1024]].concat();
        let mut layer = self.contents.clone();
        layer.extend(gzip(&archive));
        layer.extend(footer(self.contents.len()));
        let mut descriptor = described(MediaType::OCI_LAYER_GZIP, &layer);
        let digest = Digest::sha256(text.as_bytes()).to_string();
        descriptor.annotations.insert("containerd.io/snapshot/stargz/toc.digest".into(), digest);
        (layer, descriptor)
    }

    pub(super) fn zstd_chunked(&self, text: &str) -> (Vec<u8>, Descriptor) {
        let table = zstd(text.as_bytes());
        let offset = self.contents.len() + 8;
        let mut layer = self.contents.clone();
        layer.extend(skippable(&table));
        let split = layer.len() + 8;
        layer.extend(skippable(b"tar-split"));
        let numbers = [offset, table.len(), text.len(), 1, split, 9, 9];
        let footer: Vec<u8> = numbers.iter().flat_map(|number| (*number as u64).to_le_bytes()).collect();
        layer.extend(skippable(&[&footer[..], b"GNUlInUx"].concat()));
        let mut descriptor = described(MediaType::OCI_LAYER_ZSTD, &layer);
        let name = |what| format!("io.github.containers.zstd-chunked.manifest-{what}");
        descriptor.annotations.insert(name("checksum"), Digest::sha256(&table).to_string());
        descriptor.annotations.insert(name("position"), format!("{offset}:{}:{}:1", table.len(), text.len()));
        (layer, descriptor)
    }

    /// As it was at first: no tar-split data, and a shorter footer.
    pub(super) fn old_zstd_chunked(&self, magic: &[u8; 8]) -> (Vec<u8>, Descriptor) {
        let text = self.text();
        let table = zstd(text.as_bytes());
        let mut layer = self.contents.clone();
        let numbers = [layer.len() + 8, table.len(), text.len(), 1];
        layer.extend(skippable(&table));
        let footer: Vec<u8> = numbers.iter().flat_map(|number| (*number as u64).to_le_bytes()).collect();
        layer.extend(skippable(&[&footer[..], magic].concat()));
        let mut descriptor = described(MediaType::OCI_LAYER_ZSTD, &layer);
        let name = "io.containers.zstd-chunked.manifest-checksum".into();
        descriptor.annotations.insert(name, Digest::sha256(&table).to_string());
        (layer, descriptor)
    }
}

fn described(media_type: MediaType, layer: &[u8]) -> Descriptor {
    Descriptor::new(media_type, Digest::sha256(layer), layer.len() as u64)
}

/// The end of an eStargz layer.
pub(super) fn footer(table: usize) -> Vec<u8> {
    let mut footer = vec![0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 26, 0, b'S', b'G', 22, 0];
    footer.extend(format!("{table:016x}STARGZ").bytes());
    footer.extend([1, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(footer.len(), 51);
    footer
}

/// The end of a layer of the first version.
pub(super) fn old_footer(table: usize) -> Vec<u8> {
    let mut footer = footer(table);
    footer.drain(12..16);
    footer[10] = 22;
    footer
}
