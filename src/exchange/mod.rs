//! One operation carried through: auth, retry, redirects, body rules. Sans-IO.
//!
//! ```text
//!            ┌───────────── retry, resume, replay, next hop, next page ─────────────┐
//!            v                                                                      │
//!  Ready ── permit, gate, slot ──> Sent ── head ──> Body ── end ──> judged ─────────┤
//!    │                                                                              └──> Finished
//!    └── token absent: the same circle for the token service first
//! ```
//!
//! Rules: only one request is under way at a time; every attempt begins at the registry (signed redirect targets
//! expire); whatever the exchange holds of the [`Session`] is given back when it ends or is [abandoned](Exchange::abandon).

mod answer;
mod backoff;
mod body;
mod pace;
mod redirect;
mod sending;
mod step;

#[cfg(feature = "azure")]
pub(crate) use answer::correlation;
pub use step::{Event, Step, Wait};

use crate::{
    AuthError, Cause, Error, Session, Stage, Tick,
    auth::{Fetch, Sent},
    http::{Method, ResponseHead, Url},
    op::Operation,
};
use alloc::{boxed::Box, string::String, vec::Vec};
use body::Reading;
use core::{ops::Range, time::Duration};
use pace::Pace;
use redirect::Hops;

/// Longest time between two looks at a session that somebody else should change.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

/// An [`Operation`] on its way.
///
/// ```
/// use core::time::Duration;
/// use portolan::{Exchange, Session, Step, Tick, Event, op::Ping, http::ResponseHead};
/// # let config = portolan::RegistryConfig::new("https://registry.example".parse()?);
/// let mut session = Session::new(config);
/// let mut exchange = Exchange::new(Ping::new(), &mut session);
/// let tick = Tick { monotonic: Duration::ZERO, unix: 0, random: 0 };
/// let Step::Send(request) = exchange.poll(&mut session, tick) else { panic!() };
/// assert_eq!(request.url.as_str(), "https://registry.example/v2/");
/// let head = ResponseHead { status: 200, headers: [("Content-Length", "0")].into_iter().collect() };
/// exchange.handle(&mut session, tick, Event::Head(head));
/// exchange.handle(&mut session, tick, Event::End);
/// let Step::Done(Ok(pong)) = exchange.poll(&mut session, tick) else { panic!() };
/// assert!(!pong.authenticated);
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
pub struct Exchange<O: Operation> {
    id: u64,
    op: O,
    phase: Phase<O::Output>,
    leg: Leg,
    asked: Option<Asked>,
    hops: Hops,
    follow: bool,
    attempt: u32,
    not_before: Option<Duration>,
    waiting_since: Option<Duration>,
    queued_since: Option<Duration>,
    token: Option<Box<Fetch>>,
    token_attempt: u32,
    token_requests: u32,
    /// The token in use was fetched for this very request.
    fresh: bool,
    /// 401 answers to a bearer token since the last success.
    refusals: u32,
    discovery: Discovery,
    pace: Pace,
    /// Number of the newest token when this began, and whether one that stood behind another was renewed.
    #[cfg(feature = "azure")]
    renewed: (u64, bool),
}

enum Phase<T> {
    Ready,
    Sent,
    Body(Box<Reading>),
    Finished(Option<Result<T, Error>>),
}

/// Whose answer is awaited.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leg {
    Main,
    Token,
    Ping,
}

/// Asking `/v2/` for a challenge that the real request did not get (GCR, Artifact Registry).
enum Discovery {
    NotYet,
    Under(Box<Error>),
    Done,
}

/// What was sent last.
struct Asked {
    method: Method,
    repeatable: bool,
    url: Url,
    sent: Sent,
    serial: Option<u64>,
}

impl<O: Operation> Exchange<O> {
    /// Begins; nothing is sent before the first poll.
    pub fn new(op: O, session: &mut Session) -> Self {
        Self {
            id: session.new_id(),
            op,
            phase: Phase::Ready,
            leg: Leg::Main,
            asked: None,
            hops: Hops::default(),
            follow: false,
            attempt: 0,
            not_before: None,
            waiting_since: None,
            queued_since: None,
            token: None,
            token_attempt: 0,
            token_requests: 0,
            fresh: false,
            refusals: 0,
            discovery: Discovery::NotYet,
            pace: Pace::default(),
            #[cfg(feature = "azure")]
            renewed: (session.auth.cache.last_serial(), false),
        }
    }

    /// What to do next.
    pub fn poll(&mut self, session: &mut Session, tick: Tick) -> Step<Result<O::Output, Error>> {
        loop {
            match &mut self.phase {
                Phase::Ready => {
                    if let Some(step) = self.ready(session, tick) {
                        return step;
                    }
                }
                Phase::Sent => self.misuse("polled before the head of the answer"),
                Phase::Body(_) => {
                    self.pace.ask(tick.monotonic);
                    return Step::Read(session.limits.idle);
                }
                Phase::Finished(result) => {
                    session.release(self.id);
                    return Step::Done(
                        result.take().unwrap_or_else(|| Err(Error::new(Cause::Misuse("polled after the end")))),
                    );
                }
            }
        }
    }

    /// Takes an event; returns which bytes of a chunk belong to the caller.
    ///
    /// Delivered bytes are not verified until the exchange ends well.
    pub fn handle(&mut self, session: &mut Session, tick: Tick, event: Event<'_>) -> Range<usize> {
        let phase = core::mem::replace(&mut self.phase, Phase::Ready);
        match (phase, event) {
            (Phase::Sent, Event::Head(head)) => self.on_head(session, tick, head),
            (Phase::Sent, Event::Failed(error)) => self.on_failure(session, tick, error),
            (Phase::Body(reading), Event::Chunk(chunk)) => return self.on_chunk(session, tick, reading, chunk),
            (Phase::Body(reading), Event::End) => self.on_end(session, tick, *reading),
            (Phase::Body(reading), Event::Failed(error)) => self.on_broken(session, tick, *reading, error),
            _ => self.misuse("an event that was not asked for"),
        }
        0..0
    }

    /// Gives back whatever the exchange holds. For drivers that drop it before its end.
    pub fn abandon(&mut self, session: &mut Session) {
        session.release(self.id);
    }

    /// The head of an answer whose body is being streamed.
    pub fn streaming(&self) -> Option<&ResponseHead> {
        match &self.phase {
            Phase::Body(reading) => reading.streaming(),
            _ => None,
        }
    }

    fn finish(&mut self, result: Result<O::Output, Error>) {
        self.phase = Phase::Finished(Some(result));
    }

    fn misuse(&mut self, what: &'static str) {
        self.finish(Err(Error::new(Cause::Misuse(what))));
    }

    /// Ends with an error of the leg under way.
    fn fail(&mut self, session: &mut Session, tick: Tick, error: impl Into<Error>) {
        let host = self.asked.as_ref().map(|a| a.url.origin().authority()).unwrap_or_default();
        let stage = if self.leg == Leg::Token { Stage::Token } else { self.op.stage() };
        let error = error.into().at(stage, &host);
        if let Some(plan) = self.token.take() {
            session.auth.cache.fail(&plan.key(), error.clone(), tick.monotonic);
        }
        self.finish(Err(error));
    }

    fn collected(reading: Reading) -> (ResponseHead, Vec<u8>) {
        (reading.head, reading.buffer)
    }

    fn unauthorized(&self, session: &Session, sent: Sent, detail: String) -> AuthError {
        session.auth.refusal(sent, detail)
    }
}

impl<O: Operation> core::fmt::Debug for Exchange<O> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Exchange").field("id", &self.id).field("stage", &self.op.stage()).finish_non_exhaustive()
    }
}
