//! Where contents lie, and where decompression can begin.
//!
//! A table says where in the layer the gzip member or zstd frame of a content begins, and how many bytes come out of it before the
//! content. It does not say where that is in the uncompressed layer, between headers. So there is a position of our own:
//! contents one after another, in the order in which they lie in the layer, with what comes out of a member before one.

use super::unpacked::broken;
use crate::{
    Error,
    layers::{Checkpoint, CheckpointKind, Listing, RowId, sort::sort_by},
};
use alloc::vec::Vec;

/// Pieces of contents.
#[derive(Default)]
pub(super) struct Contents(Vec<Piece>);

#[derive(Clone, Copy)]
struct Piece {
    /// Where in the layer decompression begins, and how much comes out before it.
    input: u64,
    inner: u64,
    length: u64,
    row: RowId,
    /// Which piece of all, and whether it is the first of its file.
    number: usize,
    first: bool,
}

impl Contents {
    /// Adds a piece of a file; those of one file follow each other.
    pub(super) fn push(&mut self, row: RowId, input: u64, inner: u64, length: u64) {
        let first = self.0.last().is_none_or(|piece| piece.row != row);
        self.0.push(Piece { input, inner, length, row, number: self.0.len(), first });
    }

    /// Says in the listing where contents are. `end` is where in the layer there are none any more.
    pub(super) fn finish(mut self, listing: &mut Listing, end: u64) -> Result<Vec<Checkpoint>, Error> {
        sort_by(&mut self.0, |a, b| (a.input, a.inner).cmp(&(b.input, b.inner)));
        let mut place = Place::default();
        for piece in &self.0 {
            if piece.input >= end {
                return Err(broken(end, "the table of contents names contents behind the last one"));
            }
            let offset = place.next(piece).ok_or_else(|| broken(piece.input, "contents lie upon each other"))?;
            if piece.first {
                listing.set_offset(piece.row, offset);
            } else if place.last != piece.number.checked_sub(1).map(|before| (before, offset)) {
                return Err(broken(piece.input, "the pieces of a file do not lie one after another"));
            }
            place.last = Some((piece.number, offset.saturating_add(piece.length)));
        }
        place.begin(end).ok_or_else(|| broken(end, "contents are too large"))?;
        let Place { checkpoints, .. } = place;
        place_others(listing);
        Ok(checkpoints)
    }
}

/// What has no content is where the content before it ends: a place has to be somewhere.
fn place_others(listing: &mut Listing) {
    let mut end = 0;
    for row in 0..listing.len() as RowId {
        match listing.get(row).map(|entry| (entry.stored(), entry.offset())) {
            Some((0, _)) => listing.set_offset(row, end),
            Some((stored, offset)) => end = offset.saturating_add(stored),
            None => {}
        }
    }
}

/// Goes from content to content.
#[derive(Default)]
struct Place {
    checkpoints: Vec<Checkpoint>,
    /// Bytes of the member under way, as far as they are known.
    length: u64,
    /// The number of the piece before, and its end.
    last: Option<(usize, u64)>,
}

impl Place {
    /// The position of a piece.
    fn next(&mut self, piece: &Piece) -> Option<u64> {
        match self.checkpoints.last() {
            Some(member) if member.input == piece.input => {
                // The same bytes twice would be two files with one content; nobody writes that.
                (piece.inner >= self.length).then_some(())?;
            }
            _ => self.begin(piece.input)?,
        }
        self.length = piece.inner.checked_add(piece.length)?;
        let offset = self.checkpoints.last()?.output.checked_add(piece.inner)?;
        offset.checked_add(piece.length).map(|_| offset)
    }

    /// A member begins.
    fn begin(&mut self, input: u64) -> Option<()> {
        let output = self.checkpoints.last().map_or(Some(0), |member| member.output.checked_add(self.length))?;
        self.checkpoints.push(Checkpoint { input, output, kind: CheckpointKind::Start });
        self.length = 0;
        Some(())
    }
}
