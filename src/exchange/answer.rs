//! What a whole answer means: success, refusal, challenge, redirect, overload.

use super::{Asked, Discovery, Exchange, Leg, Phase, backoff::backoff};
use crate::{
    ApiError, AuthError, Error, ProtocolError, Session, Stage, Tick, TransportError,
    auth::{Challenge, Sent, TokenNext, Verdict},
    http::{ResponseHead, retry_after},
    op::{Context, Next, Operation},
};
use alloc::{boxed::Box, string::ToString, vec::Vec};
use core::time::Duration;

impl<O: Operation> Exchange<O> {
    pub(super) fn judge(&mut self, session: &mut Session, tick: Tick, head: ResponseHead, body: Vec<u8>) {
        session.traffic.leave(self.id);
        match self.leg {
            Leg::Main => self.judge_main(session, tick, head, body),
            Leg::Ping => self.judge_ping(session, tick, &head),
            Leg::Token => self.judge_token(session, tick, &head, &body),
        }
    }

    fn judge_main(&mut self, session: &mut Session, tick: Tick, head: ResponseHead, body: Vec<u8>) {
        let Some(asked) = self.asked.take() else { return self.misuse("an answer without a request") };
        let ours = asked.url.origin() == session.endpoint().origin();
        let readable = asked.method.is_read();
        match head.status {
            200..=299 => {
                if ours {
                    session.note_warnings(&head);
                }
                let credential = session.auth.has_shown(asked.sent);
                let next = self.op.accept(head, body, &mut Context { credential, ..session.context() });
                self.asked = Some(asked);
                self.go_on(session, tick, next);
            }
            // Neither body nor change follows where somebody else points (R06).
            0 | 301 | 302 | 303 | 307 | 308 if !readable => {
                let error = ProtocolError::Redirect("of a request that changes something");
                self.fail_at(session, tick, asked, error.into());
            }
            0 => self.opaque_redirect(session, tick, asked),
            301 | 302 | 303 | 307 | 308 => self.hop(session, asked, &head),
            300..=399 => self.fail_at(session, tick, asked, ProtocolError::Status(head.status).into()),
            401 if ours => self.challenged(session, tick, asked, &head, &body),
            status => {
                let api = api_error(&asked, &head, &body, session, tick);
                self.refused(session, tick, asked, ours, status, api);
            }
        }
    }

    fn refused(&mut self, session: &mut Session, tick: Tick, asked: Asked, ours: bool, status: u16, api: ApiError) {
        if matches!(status, 408 | 429 | 500 | 502 | 503 | 504) {
            // 429, and 503 with a time, say that nothing was done; after the others nobody knows (H05).
            let undone = status == 429 || (status == 503 && api.retry_after.is_some());
            if !asked.repeatable && !undone {
                return self.fail_at(session, tick, asked, Error::new(Box::new(api)));
            }
            self.asked = Some(asked);
            return self.overloaded(session, tick, status, api);
        }
        if status == 401 {
            // A redirect target's challenge is never answered (A12).
            let detail = api.to_string();
            return self.fail_at(session, tick, asked, AuthError::Unauthorized { anonymous: true, detail }.into());
        }
        let unasked = asked.sent == Sent::Nothing && ours && session.has_credential();
        if status == 403 && unasked && matches!(self.discovery, Discovery::NotYet) {
            return self.discover(Error::new(Box::new(api)));
        }
        self.asked = Some(asked);
        let next = self.op.refused(api, &mut session.context());
        self.go_on(session, tick, next);
    }

    pub(super) fn go_on(&mut self, session: &mut Session, tick: Tick, next: Result<Next<O::Output>, Error>) {
        match next {
            Ok(Next::Done(output)) => self.finish(Ok(output)),
            Ok(Next::After(pause)) => {
                self.count_anew();
                self.not_before = Some(tick.monotonic + pause);
                self.start_over();
            }
            Ok(Next::Again) => {
                self.count_anew();
                self.start_over();
            }
            Ok(Next::Retry(error)) => {
                if self.op.progressed() {
                    self.count_anew();
                }
                if self.attempt + 1 >= session.limits.attempts_without_progress {
                    return self.fail(session, tick, error);
                }
                self.again(session, tick, error, None);
            }
            Err(error) => self.fail(session, tick, error),
        }
    }

    /// What has come pays for more: a long blob, or a long listing, may outlive several tokens.
    pub(super) fn count_anew(&mut self) {
        self.attempt = 0;
        self.token_requests = 0;
    }

    /// Every attempt begins at the registry.
    fn start_over(&mut self) {
        self.hops = Default::default();
        self.phase = Phase::Ready;
    }

    fn fail_at(&mut self, session: &mut Session, tick: Tick, asked: Asked, error: Error) {
        self.asked = Some(asked);
        self.fail(session, tick, error);
    }

    fn hop(&mut self, session: &mut Session, asked: Asked, head: &ResponseHead) {
        let registry = session.endpoint().origin().clone();
        match self.hops.follow(&asked.url, &registry, head, &session.limits) {
            Ok(()) => self.phase = Phase::Ready,
            Err(error) => self.finish(Err(error.at(Stage::Redirect, &asked.url.origin().authority()))),
        }
    }

    /// A browser hides where a redirect leads. With a secret on board it must not be followed blindly.
    fn opaque_redirect(&mut self, session: &mut Session, tick: Tick, asked: Asked) {
        if asked.sent == Sent::Nothing && !self.follow {
            self.follow = true;
            self.phase = Phase::Ready;
            return;
        }
        let way =
            "it hides where this redirect leads, and the request carries a credential; go through the portal's relay";
        self.fail_at(session, tick, asked, TransportError::Blocked(way.to_string()).into());
    }

    fn challenged(&mut self, session: &mut Session, tick: Tick, asked: Asked, head: &ResponseHead, body: &[u8]) {
        let detail = api_error(&asked, head, body, session, tick).to_string();
        let sent = asked.sent;
        if let Some(serial) = asked.serial {
            session.auth.cache.refuse(serial);
        }
        let verdict = match self.verdict(session, head, sent) {
            Ok(verdict) => verdict,
            Err(error) => return self.fail_at(session, tick, asked, error.into()),
        };
        match verdict {
            Verdict::Replay { changed } if self.may_replay(sent, changed) => self.start_over(),
            Verdict::Silent if session.has_credential() && matches!(self.discovery, Discovery::NotYet) => {
                self.discover(self.unauthorized(session, sent, detail).into());
            }
            Verdict::Final(error) => self.fail_at(session, tick, asked, error.into()),
            _ => {
                let error = self.unauthorized(session, sent, detail);
                self.fail_at(session, tick, asked, error.into());
            }
        }
    }

    fn verdict(&self, session: &mut Session, head: &ResponseHead, sent: Sent) -> Result<Verdict, AuthError> {
        #[cfg(feature = "azure")]
        if let Some(verdict) = session.auth.without_challenge(sent) {
            return Ok(verdict);
        }
        let challenges = Challenge::parse_all(head.headers.all("www-authenticate"), &session.limits)?;
        Ok(session.auth.challenged(&challenges, self.op.access().as_ref(), sent))
    }

    /// A token that was shown for another one is refused: it is got anew, once, unless it is new.
    #[cfg(feature = "azure")]
    fn renew(&mut self, session: &mut Session, fetch: &crate::auth::Fetch, error: &Error) -> bool {
        let (known, renewed) = self.renewed;
        let old = fetch.parent().filter(|parent| *parent <= known && !renewed);
        let Some(parent) = old.filter(|_| error.kind() == crate::Kind::Unauthorized) else { return false };
        self.renewed.1 = true;
        session.auth.cache.refuse(parent);
        session.auth.cache.abandon(self.id);
        true
    }

    /// A token may have expired on the way, once (H06); a fresh one that is refused stays refused, unless the
    /// challenge has made us ask for more.
    fn may_replay(&mut self, sent: Sent, changed: bool) -> bool {
        if sent != Sent::Bearer {
            return true;
        }
        self.refusals += 1;
        self.refusals == 1 && (!self.fresh || changed)
    }

    fn discover(&mut self, error: Error) {
        self.discovery = Discovery::Under(Box::new(error));
        self.phase = Phase::Ready;
    }

    fn judge_ping(&mut self, session: &mut Session, tick: Tick, head: &ResponseHead) {
        let discovery = core::mem::replace(&mut self.discovery, Discovery::Done);
        let Discovery::Under(error) = discovery else { return self.misuse("an answer without a request") };
        let challenges =
            Challenge::parse_all(head.headers.all("www-authenticate"), &session.limits).unwrap_or_default();
        let verdict = session.auth.challenged(&challenges, self.op.access().as_ref(), Sent::Nothing);
        match verdict {
            Verdict::Replay { .. } if head.status == 401 => self.start_over(),
            Verdict::Final(error) => self.fail(session, tick, error),
            _ => self.fail(session, tick, *error),
        }
    }

    fn judge_token(&mut self, session: &mut Session, tick: Tick, head: &ResponseHead, body: &[u8]) {
        let Some(mut plan) = self.token.take() else { return self.misuse("an answer without a request") };
        if matches!(head.status, 408 | 429 | 500 | 502 | 503 | 504)
            && let Some(asked) = &self.asked
        {
            let api = api_error(asked, head, body, session, tick);
            self.token = Some(plan);
            return self.overloaded(session, tick, head.status, api);
        }
        let limits = session.limits.clone();
        match plan.accept(head, body, &limits, tick.unix, &mut session.auth.post) {
            Ok(TokenNext::Token(answer)) => {
                #[cfg(feature = "azure")]
                session.auth.rotate(&plan, &answer);
                session.auth.cache.succeed(&plan.key(), answer.token, answer.lifetime, tick.monotonic);
                self.fresh = true;
                self.phase = Phase::Ready;
            }
            Ok(TokenNext::Again) => {
                self.token = Some(plan);
                self.phase = Phase::Ready;
            }
            #[cfg(feature = "azure")]
            Err(error) if self.renew(session, &plan, &error) => self.phase = Phase::Ready,
            Err(error) => {
                self.token = Some(plan);
                self.fail(session, tick, error);
            }
        }
    }

    /// 429, 5xx: later, unless later is too late.
    fn overloaded(&mut self, session: &mut Session, tick: Tick, status: u16, api: ApiError) {
        let after = api.retry_after;
        let error = Error::new(Box::new(api));
        if after.is_some_and(|after| after > session.limits.retry_after) {
            return self.fail(session, tick, error);
        }
        let speaks_for_host = matches!(status, 429 | 503);
        self.retry(session, tick, error, after, speaks_for_host);
    }

    /// The request got no answer.
    pub(super) fn on_failure(&mut self, session: &mut Session, tick: Tick, error: TransportError) {
        session.traffic.leave(self.id);
        let repeatable = self.asked.as_ref().is_none_or(|asked| asked.repeatable);
        let again = match error {
            TransportError::Connect(_) | TransportError::Name(_) => true,
            // The request may have arrived.
            TransportError::Interrupted(_) | TransportError::Stalled(_) | TransportError::Timeout(_) => repeatable,
            _ => false,
        };
        if again { self.retry(session, tick, error.into(), None, false) } else { self.fail(session, tick, error) }
    }

    fn retry(&mut self, session: &mut Session, tick: Tick, error: Error, after: Option<Duration>, whole_host: bool) {
        let count = if self.leg == Leg::Token { self.token_attempt } else { self.attempt };
        if count + 1 >= session.limits.attempts {
            return self.fail(session, tick, error);
        }
        let wait = self.again(session, tick, error, after);
        if whole_host && let Some(asked) = &self.asked {
            session.traffic.close(asked.url.origin(), tick.monotonic + wait, tick.monotonic);
        }
    }

    /// Counts an attempt and waits before the next; returns how long.
    pub(super) fn again(
        &mut self,
        session: &mut Session,
        tick: Tick,
        _error: Error,
        after: Option<Duration>,
    ) -> Duration {
        session.traffic.leave(self.id);
        let count = if self.leg == Leg::Token { &mut self.token_attempt } else { &mut self.attempt };
        *count += 1;
        let wait = after.unwrap_or_else(|| backoff(&session.limits, *count, tick.random));
        self.not_before = Some(tick.monotonic + wait);
        self.start_over();
        wait
    }
}

fn api_error(asked: &Asked, head: &ResponseHead, body: &[u8], session: &Session, tick: Tick) -> ApiError {
    let mut api = ApiError::new(asked.method, asked.url.redacted(), head.status);
    api.retry_after = retry_after(head, tick.unix);
    #[cfg(feature = "azure")]
    {
        api.correlation = correlation(head);
    }
    api.read_body(body, &session.limits);
    api
}

/// Azure's name for a request.
#[cfg(feature = "azure")]
pub(crate) fn correlation(head: &ResponseHead) -> Option<alloc::string::String> {
    head.headers.get("x-ms-correlation-request-id").map(|id| crate::text::shown(id, 100))
}
