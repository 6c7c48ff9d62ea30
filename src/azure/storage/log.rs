//! The log of a build comes down while it is written: an append blob that grows, and at its end tells how it went.
//!
//! Asked for its length and its metadata, then for the bytes that are new; `x-ms-meta-complete` says that nothing more will
//! come. Before the build begins there may be no blob. This is how `az acr build` follows a log.

use super::SignedUrl;
use crate::{
    ApiError, Error, Stage, TransportError,
    auth::Access,
    http::{Method, Request, ResponseHead},
    op::{Context, Next, Operation, Plan, Portion},
    text::shown,
};
use alloc::{boxed::Box, format, string::String, vec::Vec};
use core::time::Duration;

/// The most that is asked for at once.
const RANGE: u64 = 256 << 10;
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// Empty looks before pauses get longer.
const LOOKS: u32 = 3;
/// A build that says nothing for this long is given up.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// How a build ended, as its log tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogOutcome {
    /// Well.
    Success,
    /// It failed, or the service did.
    Failure(String),
    /// It took too long.
    TimedOut,
    /// Somebody ended it.
    Canceled,
}

impl LogOutcome {
    fn of(value: &str) -> Self {
        match value.trim().to_ascii_lowercase().as_str() {
            "internalerror" | "failed" => Self::Failure(shown(value.trim(), 64)),
            "timedout" => Self::TimedOut,
            "canceled" => Self::Canceled,
            _ => Self::Success,
        }
    }
}

/// Streams a log from its beginning to its end, as it is written. Bytes are what the build wrote: untrusted text, lines ending
/// in CR LF.
///
/// ```
/// use portolan::{azure::storage::{LogRead, SignedUrl}, op::Operation};
/// let op = LogRead::follow(SignedUrl::parse("https://account.example/logs/cf1?sig=s")?);
/// assert_eq!(op.stage(), portolan::Stage::Log);
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Debug)]
pub struct LogRead {
    url: SignedUrl,
    step: Step,
    offset: u64,
    /// Bytes known to be there.
    length: u64,
    outcome: Option<LogOutcome>,
    /// Bytes of the answer under way that were delivered before.
    skip: u64,
    /// Offset when attempts were last counted anew.
    counted: u64,
    looks: u32,
    pause: Duration,
    waited: Duration,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// How long it is, and whether that is all.
    Look,
    /// Bytes that are known to be there.
    Read,
    /// All of a log that is whole.
    Whole,
}

impl LogRead {
    /// Follows a log that grows.
    #[must_use]
    pub fn follow(url: SignedUrl) -> Self {
        Self {
            url,
            step: Step::Look,
            offset: 0,
            length: 0,
            outcome: None,
            skip: 0,
            counted: 0,
            looks: 0,
            pause: FIRST_PAUSE,
            waited: Duration::ZERO,
        }
    }

    /// Reads a log that is whole ([`artifact`](crate::azure::arm::runs::LogLink)).
    #[must_use]
    pub fn whole(url: SignedUrl) -> Self {
        Self { step: Step::Whole, ..Self::follow(url) }
    }

    /// Nothing is new.
    fn idle(&mut self) -> Result<Next<LogOutcome>, Error> {
        self.step = Step::Look;
        self.waited = self.waited.saturating_add(self.pause);
        if self.waited > PATIENCE {
            return Err(TransportError::Stalled("the build says nothing").into());
        }
        self.looks += 1;
        let pause = self.pause;
        if self.looks.is_multiple_of(LOOKS) {
            self.pause = self.pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
        Ok(Next::After(pause))
    }

    fn looked(&mut self, head: &ResponseHead) -> Result<Next<LogOutcome>, Error> {
        self.length = head.content_length()?.unwrap_or(0);
        let complete = |(name, value): (&str, &str)| {
            name.eq_ignore_ascii_case("x-ms-meta-complete").then(|| LogOutcome::of(value))
        };
        self.outcome = head.headers.iter().find_map(complete);
        if self.length > self.offset {
            self.step = Step::Read;
            return Ok(Next::Again);
        }
        match self.outcome.take() {
            Some(outcome) => Ok(Next::Done(outcome)),
            None => self.idle(),
        }
    }

    /// A range has come to its end.
    fn read(&mut self) -> Next<LogOutcome> {
        if self.offset < self.length {
            // Some servers give less than was asked for; one that gives nothing is asked a few times.
            return match self.progressed() {
                true => Next::Again,
                false => Next::Retry(TransportError::Interrupted("the log is shorter than it says".into()).into()),
            };
        }
        self.step = Step::Look;
        // The end was announced before these bytes were asked for: there are no others.
        self.outcome.take().map_or(Next::Again, Next::Done)
    }

    fn range(&self) -> Option<String> {
        match self.step {
            Step::Read => {
                let end = self.length.min(self.offset.saturating_add(RANGE));
                Some(format!("bytes={}-{}", self.offset, end.saturating_sub(1)))
            }
            Step::Whole if self.offset > 0 => Some(format!("bytes={}-", self.offset)),
            _ => None,
        }
    }
}

impl Operation for LogRead {
    type Output = LogOutcome;

    fn stage(&self) -> Stage {
        Stage::Log
    }

    fn access(&self) -> Option<Access> {
        None
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        if self.step == Step::Read && self.offset >= self.length {
            self.step = Step::Look;
        }
        let method = if self.step == Step::Look { Method::Head } else { Method::Get };
        let mut request = self.url.request(method, "", context)?;
        request.headers.push("Accept-Encoding", "identity");
        if let Some(range) = self.range() {
            request.headers.push("Range", range);
        }
        Ok(request)
    }

    fn head(&mut self, head: &ResponseHead, _: &mut Context<'_>) -> Result<Plan, Error> {
        self.skip = if head.status == 206 { 0 } else { self.offset };
        Ok(Plan::Stream)
    }

    fn chunk(&mut self, chunk: &[u8]) -> Result<Portion, Error> {
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(chunk.len());
        self.skip -= skipped as u64;
        self.offset = self.offset.saturating_add((chunk.len() - skipped) as u64);
        if chunk.len() > skipped {
            (self.looks, self.pause, self.waited) = (0, FIRST_PAUSE, Duration::ZERO);
        }
        Ok(Portion { deliver: skipped..chunk.len(), done: false })
    }

    fn resumable(&self) -> bool {
        true
    }

    fn progressed(&mut self) -> bool {
        let progressed = self.offset > self.counted;
        self.counted = self.offset;
        progressed
    }

    fn accept(&mut self, head: ResponseHead, _: Vec<u8>, _: &mut Context<'_>) -> Result<Next<LogOutcome>, Error> {
        match self.step {
            Step::Look => self.looked(&head),
            Step::Read => Ok(self.read()),
            Step::Whole => Ok(Next::Done(LogOutcome::Success)),
        }
    }

    fn refused(&mut self, error: ApiError, _: &mut Context<'_>) -> Result<Next<LogOutcome>, Error> {
        match (error.status, self.step) {
            // Not begun yet.
            (404, Step::Look | Step::Read) if self.offset == 0 => self.idle(),
            // Shorter than it said: look again.
            (416, Step::Read) => self.idle(),
            (416, Step::Whole) if self.offset > 0 => Ok(Next::Done(LogOutcome::Success)),
            _ => Err(Box::new(error).into()),
        }
    }
}
