//! Content as a stream: the next piece is read from disk while the last one is sent.

use alloc::vec::Vec;
use bytes::Bytes;
use core::{
    future::Future as _,
    ops::Range,
    pin::Pin,
    task::{Context, Poll, ready},
};
use futures_core::Stream;
use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
};
use tokio::task::{JoinHandle, spawn_blocking};

/// Bytes read at a time.
const PIECE: usize = 512 << 10;

/// The bytes of some content, from one place to another.
pub(crate) struct ContentStream {
    source: Source,
}

enum Source {
    Chunks(alloc::vec::IntoIter<Bytes>),
    /// A piece is being read.
    Reading(JoinHandle<io::Result<Piece>>),
    Done,
}

/// What was read, and where to read on.
struct Piece {
    bytes: Bytes,
    file: File,
    left: u64,
}

impl ContentStream {
    pub(super) fn of_chunks(chunks: &[Bytes], range: Range<u64>) -> Self {
        let (mut at, mut parts) = (0_u64, Vec::new());
        for chunk in chunks {
            let end = at.saturating_add(chunk.len() as u64);
            let first = range.start.clamp(at, end) - at;
            let last = range.end.clamp(at, end) - at;
            if let (Ok(first), Ok(last)) = (usize::try_from(first), usize::try_from(last))
                && first < last
            {
                parts.push(chunk.slice(first..last));
            }
            at = end;
        }
        Self { source: Source::Chunks(parts.into_iter()) }
    }

    pub(super) fn of_file(mut file: File, range: Range<u64>) -> io::Result<Self> {
        file.seek(SeekFrom::Start(range.start))?;
        Ok(Self { source: next(file, range.end.saturating_sub(range.start)) })
    }
}

fn next(file: File, left: u64) -> Source {
    if left == 0 { Source::Done } else { Source::Reading(spawn_blocking(move || read(file, left))) }
}

fn read(mut file: File, left: u64) -> io::Result<Piece> {
    let wanted = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
    let mut bytes = Vec::with_capacity(wanted);
    (&mut file).take(wanted as u64).read_to_end(&mut bytes)?;
    if bytes.len() < wanted {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Piece { left: left - bytes.len() as u64, bytes: bytes.into(), file })
}

impl Stream for ContentStream {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let read = match &mut self.source {
            Source::Chunks(chunks) => return Poll::Ready(chunks.next().map(Ok)),
            Source::Done => return Poll::Ready(None),
            Source::Reading(reading) => ready!(Pin::new(reading).poll(cx)),
        };
        match read.map_err(io::Error::other).and_then(|read| read) {
            Ok(piece) => {
                self.source = next(piece.file, piece.left);
                Poll::Ready(Some(Ok(piece.bytes)))
            }
            Err(error) => {
                self.source = Source::Done;
                Poll::Ready(Some(Err(error)))
            }
        }
    }
}

/// All of a file, in pieces.
pub(super) fn chunks(mut file: File) -> io::Result<Vec<Bytes>> {
    let mut chunks = Vec::new();
    loop {
        let mut bytes = Vec::with_capacity(PIECE);
        if (&mut file).take(PIECE as u64).read_to_end(&mut bytes)? == 0 {
            return Ok(chunks);
        }
        chunks.push(bytes.into());
    }
}
