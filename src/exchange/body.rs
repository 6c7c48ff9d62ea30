//! Reading an answer: the head decides how, the chunks are counted, the end is judged.

use super::{Exchange, Leg, Phase, redirect::exceeded};
use crate::{
    Error, Session, Tick, TransportError,
    http::{Method, ResponseHead},
    op::{Operation, Plan},
};
use alloc::{boxed::Box, string::String, vec::Vec};
use core::ops::Range;

/// A body under way.
pub(super) struct Reading {
    pub(super) head: ResponseHead,
    pub(super) buffer: Vec<u8>,
    mode: Mode,
    received: u64,
    /// What the framing promises.
    promised: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// More than the limit is an error.
    Collect(usize),
    /// An answer that says no: more than the limit is not read.
    Words(usize),
    Stream,
}

impl Reading {
    pub(super) fn streaming(&self) -> Option<&ResponseHead> {
        (self.mode == Mode::Stream).then_some(&self.head)
    }
}

impl<O: Operation> Exchange<O> {
    pub(super) fn on_head(&mut self, session: &mut Session, tick: Tick, head: ResponseHead) {
        if let Err(error) = self.begin_body(session, tick, head) {
            self.fail(session, tick, error);
        }
    }

    fn begin_body(&mut self, session: &mut Session, tick: Tick, head: ResponseHead) -> Result<(), Error> {
        let oversized = head.check(&session.limits);
        if oversized.is_err() && (200..300).contains(&head.status) {
            return oversized;
        }
        let bodiless = self.asked.as_ref().is_some_and(|a| a.method == Method::Head) || head.status == 0;
        if bodiless {
            self.judge(session, tick, head, Vec::new());
            return Ok(());
        }
        let promised = head.content_length();
        let promised = if head.is_encoded() { None } else { promised? };
        let mode = match self.mode(session, &head) {
            Ok(mode) => mode,
            Err(error) if self.leg == Leg::Main => {
                let next = self.op.unacceptable(error);
                self.go_on(session, tick, next);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        if let (Mode::Collect(limit), Some(size)) = (mode, promised)
            && size > limit as u64
        {
            return Err(exceeded("answer body", limit));
        }
        self.phase = Phase::Body(Box::new(Reading { head, buffer: Vec::new(), mode, received: 0, promised }));
        Ok(())
    }

    fn mode(&mut self, session: &mut Session, head: &ResponseHead) -> Result<Mode, Error> {
        if !(200..300).contains(&head.status) {
            return Ok(Mode::Words(session.limits.error_body));
        }
        match self.leg {
            Leg::Token => Ok(Mode::Collect(session.limits.token_response)),
            Leg::Ping => Ok(Mode::Words(session.limits.error_body)),
            Leg::Main => {
                self.refusals = 0;
                self.fresh = false;
                Ok(match self.op.head(head, &mut session.context())? {
                    Plan::Collect(limit) => Mode::Collect(limit),
                    Plan::Stream => Mode::Stream,
                })
            }
        }
    }

    pub(super) fn on_chunk(
        &mut self,
        session: &mut Session,
        tick: Tick,
        mut reading: Box<Reading>,
        chunk: &[u8],
    ) -> Range<usize> {
        reading.received += chunk.len() as u64;
        session.traffic.got_on(tick.monotonic);
        if let Err(error) = self.pace.answer(chunk.len(), tick.monotonic, &session.limits) {
            self.on_broken(session, tick, *reading, error);
            return 0..0;
        }
        match reading.mode {
            Mode::Stream => self.stream(session, tick, reading, chunk),
            Mode::Collect(limit) if reading.buffer.len() + chunk.len() > limit => {
                self.fail(session, tick, exceeded("answer body", limit));
                0..0
            }
            Mode::Words(limit) if reading.buffer.len() + chunk.len() > limit => {
                let room = limit - reading.buffer.len();
                reading.buffer.extend(chunk.iter().take(room));
                self.close(session, tick, *reading);
                0..0
            }
            Mode::Collect(_) | Mode::Words(_) => {
                reading.buffer.extend_from_slice(chunk);
                self.phase = Phase::Body(reading);
                0..0
            }
        }
    }

    fn stream(&mut self, session: &mut Session, tick: Tick, reading: Box<Reading>, chunk: &[u8]) -> Range<usize> {
        match self.op.chunk(chunk) {
            Ok(portion) => {
                if portion.done {
                    self.close(session, tick, *reading);
                } else {
                    self.phase = Phase::Body(reading);
                }
                portion.deliver
            }
            Err(error) => {
                self.fail(session, tick, error);
                0..0
            }
        }
    }

    pub(super) fn on_end(&mut self, session: &mut Session, tick: Tick, reading: Reading) {
        let short = reading.promised.is_some_and(|promised| reading.received < promised);
        if short {
            let error = TransportError::Interrupted(String::from("the body ended before its Content-Length"));
            return self.on_broken(session, tick, reading, error);
        }
        self.close(session, tick, reading);
    }

    fn close(&mut self, session: &mut Session, tick: Tick, reading: Reading) {
        let (head, body) = Self::collected(reading);
        self.judge(session, tick, head, body);
    }

    /// The body broke off. Words of refusal are judged by what there is of them.
    pub(super) fn on_broken(&mut self, session: &mut Session, tick: Tick, reading: Reading, error: TransportError) {
        if error == TransportError::Aborted {
            return self.fail(session, tick, error);
        }
        match reading.mode {
            Mode::Words(_) => self.close(session, tick, reading),
            Mode::Collect(_) => self.on_failure(session, tick, error),
            Mode::Stream if self.op.resumable() => self.resume(session, tick, error.into()),
            Mode::Stream => self.fail(session, tick, error),
        }
    }

    /// A stream goes on with another request, unless it makes no progress.
    fn resume(&mut self, session: &mut Session, tick: Tick, error: Error) {
        if self.op.progressed() {
            self.count_anew();
        }
        if self.attempt + 1 >= session.limits.attempts_without_progress {
            return self.fail(session, tick, error);
        }
        self.again(session, tick, error, None);
    }
}
