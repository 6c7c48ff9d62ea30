//! A layer too large to be held in memory, made once on disk.

use super::layer::noise;
use flate2::{Compress, Compression, Crc, FlushCompress};
use portolan::Digest;
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{BufWriter, Write as _},
    sync::Arc,
};

/// Bytes of each file that is only there to be in the way. No multiple of the distance of checkpoints.
const PIECE: usize = 5 << 20;

pub(crate) struct Large {
    pub(crate) file: Arc<File>,
    pub(crate) size: u64,
    pub(crate) digest: Digest,
    pub(crate) diff_id: Digest,
}

impl Large {
    /// A gzip layer of one member with `wanted` in its middle, and as many other files around it as make `pieces`.
    pub(crate) fn new(pieces: usize, wanted: (&str, &[u8])) -> Self {
        let mut layer = Writer::new();
        let letters = Part::new(letters(PIECE));
        for at in 0..pieces {
            if at == pieces / 2 {
                layer.file(wanted.0, &Part::new(wanted.1.to_vec()));
            }
            layer.file(&format!("piece-{at:03}"), &letters);
        }
        layer.finish()
    }
}

/// Six bits in each byte, so that the layer has the codes of a real one and not only blocks that are stored.
fn letters(length: usize) -> Vec<u8> {
    noise(length).into_iter().map(|byte| b'0' + byte % 64).collect()
}

/// Bytes of an archive, and blocks that make them. Blocks of one part mean nothing before it, and the last of them ends with a byte,
/// so that parts may follow each other, the same one many times: compressing is what would take long.
struct Part {
    length: usize,
    bytes: Vec<u8>,
    blocks: Vec<u8>,
}

impl Part {
    fn new(mut bytes: Vec<u8>) -> Self {
        let length = bytes.len();
        bytes.resize(length.next_multiple_of(512), 0);
        let mut blocks = Vec::with_capacity(bytes.len() + 1024);
        // Not the fastest: that makes a single block of it, where no reading can begin.
        let mut compress = Compress::new(Compression::default(), false);
        compress.compress_vec(&bytes, &mut blocks, FlushCompress::Sync).unwrap();
        assert_eq!(compress.total_in(), bytes.len() as u64);
        Self { length, bytes, blocks }
    }
}

struct Writer {
    out: BufWriter<File>,
    digest: Sha256,
    diff_id: Sha256,
    crc: Crc,
}

impl Writer {
    fn new() -> Self {
        let out = BufWriter::new(tempfile::tempfile().unwrap());
        let mut writer = Self { out, digest: Sha256::new(), diff_id: Sha256::new(), crc: Crc::new() };
        writer.write(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
        writer
    }

    fn file(&mut self, path: &str, content: &Part) {
        let mut header = tar::Header::new_ustar();
        header.set_path(path).unwrap();
        header.set_mode(0o644);
        header.set_size(content.length as u64);
        header.set_cksum();
        self.part(&Part::new(header.as_bytes().to_vec()));
        self.part(content);
    }

    fn part(&mut self, part: &Part) {
        self.diff_id.update(&part.bytes);
        self.crc.update(&part.bytes);
        self.write(&part.blocks);
    }

    fn write(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.out.write_all(bytes).unwrap();
    }

    fn finish(mut self) -> Large {
        self.part(&Part::new(vec![0; 1024]));
        // A last block with nothing in it.
        self.write(&[3, 0]);
        let (sum, amount) = (self.crc.sum(), self.crc.amount());
        self.write(&sum.to_le_bytes());
        self.write(&amount.to_le_bytes());
        let file = self.out.into_inner().unwrap();
        let size = file.metadata().unwrap().len();
        Large { file: Arc::new(file), size, digest: digest(self.digest), diff_id: digest(self.diff_id) }
    }
}

fn digest(hash: Sha256) -> Digest {
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}").parse().unwrap()
}
