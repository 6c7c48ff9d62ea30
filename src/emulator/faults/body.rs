//! Bodies that go wrong on their way, streamed.

use super::document::Effect;
use alloc::{collections::VecDeque, vec, vec::Vec};
use axum::body::{Body, BodyDataStream, Bytes};
use core::{num::NonZeroU64, time::Duration};
use futures_util::{StreamExt as _, stream};
use std::io;
use tokio::time::sleep;

/// Bytes of one chunk that follows a body.
const FILLER: usize = 16 << 10;

/// What happens at a place of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Flip,
    Stall(Option<Duration>),
    Truncate,
    Reset,
}

/// What is sent next.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Bytes(Bytes),
    /// For so long, or for ever.
    Pause(Option<Duration>),
    End,
    Reset,
}

/// Cuts a body at the places where something happens.
#[derive(Debug)]
struct Mangler {
    at: u64,
    events: VecDeque<(u64, Event)>,
    append: u64,
}

impl Mangler {
    fn new(effect: &Effect) -> Self {
        let stall = effect.stall.as_ref().map(|stall| (stall.at, Event::Stall(stall.lasts.map(|lasts| lasts.0))));
        let mut events: Vec<_> = [
            effect.flip.map(|at| (at, Event::Flip)),
            stall,
            effect.truncate.map(|at| (at, Event::Truncate)),
            effect.reset.map(|at| (at, Event::Reset)),
        ]
        .into_iter()
        .flatten()
        .collect();
        // A stall comes before what else happens at its place.
        events.sort_by_key(|(at, event)| (*at, !matches!(event, Event::Stall(_))));
        Self { at: 0, events: events.into(), append: effect.append }
    }

    /// What becomes of a chunk.
    fn chunk(&mut self, mut bytes: Bytes) -> Vec<Piece> {
        let mut pieces = Vec::new();
        while let Some(event) = self.next(bytes.len()) {
            let before = usize::try_from(event.0.saturating_sub(self.at)).unwrap_or(usize::MAX);
            self.pass(bytes.split_to(before.min(bytes.len())), &mut pieces);
            match event.1 {
                Event::Flip => {
                    let flipped = bytes.split_to(1).iter().map(|byte| byte ^ 1).collect();
                    self.pass(flipped, &mut pieces);
                }
                other => pieces.push(other.piece()),
            }
        }
        self.pass(bytes, &mut pieces);
        pieces
    }

    /// What comes after the last chunk.
    fn end(&mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut left = self.append;
        while left > 0 {
            let take = left.min(FILLER as u64);
            pieces.extend(self.chunk(Bytes::from(vec![b' '; usize::try_from(take).unwrap_or(FILLER)])));
            left -= take;
        }
        let here = self.at;
        pieces.extend(
            self.events.drain(..).filter(|(at, event)| *at <= here && *event != Event::Flip).map(|(_, e)| e.piece()),
        );
        pieces.push(Piece::End);
        pieces
    }

    fn next(&mut self, length: usize) -> Option<(u64, Event)> {
        let end = self.at.saturating_add(length as u64);
        if self.events.front()?.0 < end { self.events.pop_front() } else { None }
    }

    fn pass(&mut self, bytes: Bytes, pieces: &mut Vec<Piece>) {
        self.at = self.at.saturating_add(bytes.len() as u64);
        if !bytes.is_empty() {
            pieces.push(Piece::Bytes(bytes));
        }
    }
}

impl Event {
    const fn piece(self) -> Piece {
        match self {
            Self::Stall(lasts) => Piece::Pause(lasts),
            Self::Reset => Piece::Reset,
            Self::Truncate | Self::Flip => Piece::End,
        }
    }
}

/// A body to which an effect happens. It knows nothing of its length: hyper would trust it more than the head.
pub(super) fn mangled(body: Body, effect: &Effect) -> Body {
    let flow = Flow {
        source: body.into_data_stream(),
        mangler: Mangler::new(effect),
        pace: effect.pace,
        waiting: VecDeque::new(),
    };
    Body::from_stream(stream::unfold(flow, |mut flow| async move {
        let next = flow.next().await?;
        Some((next, flow))
    }))
}

struct Flow {
    source: BodyDataStream,
    mangler: Mangler,
    pace: Option<NonZeroU64>,
    waiting: VecDeque<Piece>,
}

impl Flow {
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            match self.waiting.pop_front() {
                Some(Piece::Bytes(bytes)) => return Some(Ok(self.paced(bytes).await)),
                Some(Piece::Pause(Some(pause))) => sleep(pause).await,
                Some(Piece::Pause(None)) => core::future::pending().await,
                Some(Piece::End) => return None,
                Some(Piece::Reset) => return Some(Err(io::ErrorKind::ConnectionReset.into())),
                None => match self.source.next().await {
                    Some(Ok(bytes)) => self.waiting.extend(self.mangler.chunk(bytes)),
                    Some(Err(error)) => return Some(Err(io::Error::other(error))),
                    None => self.waiting.extend(self.mangler.end()),
                },
            }
        }
    }

    /// As many of the bytes as a tenth of a second may bring, and at least one; the others wait.
    async fn paced(&mut self, mut bytes: Bytes) -> Bytes {
        let Some(pace) = self.pace else { return bytes };
        let most = usize::try_from((pace.get() / 10).max(1)).unwrap_or(usize::MAX);
        if bytes.len() > most {
            self.waiting.push_front(Piece::Bytes(bytes.split_off(most)));
        }
        sleep(Duration::from_secs(bytes.len() as u64) / u32::try_from(pace.get()).unwrap_or(u32::MAX)).await;
        bytes
    }
}
