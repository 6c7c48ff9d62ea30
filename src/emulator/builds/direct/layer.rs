//! Nodes into a layer.

use super::tree::{Node, NodeKind};
use crate::{
    Digest,
    azure::context::{Entry, Gzip, Tar},
    digest::Hasher,
    emulator::{
        failure::{Failure, Stop},
        scratch::Scratch,
    },
};
use alloc::{collections::BTreeMap, format, string::String, vec, vec::Vec};
use std::{
    fs::File,
    io::{BufWriter, Read as _, Write as _},
    path::PathBuf,
};

/// A layer that was written.
pub(super) struct Layer {
    pub(super) digest: Digest,
    pub(super) diff_id: Digest,
    pub(super) size: u64,
    pub(super) path: PathBuf,
}

/// Writes a layer of these nodes, in the order of their names.
pub(super) fn write(nodes: &BTreeMap<Vec<u8>, Node>, scratch: &Scratch, stop: &Stop) -> Result<Layer, Failure> {
    let path = scratch.fresh()?;
    let out = BufWriter::new(File::create_new(&path)?);
    let mut writer =
        Writer { tar: Tar::new(), gzip: Gzip::new(), diff: Hasher::sha256(), whole: Hasher::sha256(), size: 0, out };
    for (path, node) in nodes {
        stop.check()?;
        writer.add(path, node, stop)?;
    }
    writer.tar.finish().map_err(broken)?;
    writer.pass()?;
    writer.gzip.finish();
    writer.flush()?;
    writer.out.flush()?;
    Ok(Layer { digest: writer.whole.finish(), diff_id: writer.diff.finish(), size: writer.size, path })
}

struct Writer {
    tar: Tar,
    gzip: Gzip,
    diff: Hasher,
    whole: Hasher,
    size: u64,
    out: BufWriter<File>,
}

impl Writer {
    fn add(&mut self, path: &[u8], node: &Node, stop: &Stop) -> Result<(), Failure> {
        let entry = match &node.kind {
            NodeKind::File { size, .. } => Entry::file(path, *size),
            NodeKind::Directory => Entry::directory(path),
            NodeKind::Link(target) => Entry::link(path, target.as_slice()),
            NodeKind::Other => {
                let name = String::from_utf8_lossy(path);
                return Err(Failure::Failed(format!("'{name}' is a device or a pipe and cannot be copied")));
            }
        };
        let entry = entry.mode(node.mode).modified(node.modified).owner(node.user, node.group);
        self.tar.begin(&entry).map_err(broken)?;
        if let NodeKind::File { content: Some(content), .. } = &node.kind {
            let mut file = File::open(content)?;
            let mut piece = vec![0; 64 << 10];
            loop {
                stop.check()?;
                let read = file.read(&mut piece)?;
                if read == 0 {
                    break;
                }
                self.tar.write(piece.get(..read).unwrap_or_default()).map_err(broken)?;
                self.pass()?;
            }
        }
        self.pass()
    }

    /// From the archive to the compressor.
    fn pass(&mut self) -> Result<(), Failure> {
        let bytes = self.tar.take();
        self.diff.update(&bytes);
        self.gzip.write(&bytes);
        self.flush()
    }

    fn flush(&mut self) -> Result<(), Failure> {
        let bytes = self.gzip.take();
        self.whole.update(&bytes);
        self.size += bytes.len() as u64;
        Ok(self.out.write_all(&bytes)?)
    }
}

fn broken(error: crate::azure::context::ContextError) -> Failure {
    Failure::Failed(format!("{error}"))
}
