//! What goes out next: the operation's request, a hop, a token request, or nothing yet.

use super::{Asked, Discovery, Exchange, LOOK_AGAIN, Leg, Phase, Step, Wait, pace::Pace};
use crate::{
    Error, Session, Stage, Tick, TransportError,
    auth::{Fetch, Permit, Sent},
    http::{Method, Origin, Request},
    op::Operation,
    session::Slot,
};
use alloc::{boxed::Box, string::String};
use core::time::Duration;

enum Prepared {
    Request(Box<Request>, Sent, Option<u64>),
    Wait,
    Moved,
}

impl<O: Operation> Exchange<O> {
    /// The next request, if it may go; nothing if the phase has moved on.
    pub(super) fn ready(&mut self, session: &mut Session, tick: Tick) -> Option<Step<Result<O::Output, Error>>> {
        if let Some(wait) = self.not_before.and_then(|t| t.checked_sub(tick.monotonic)).filter(|w| !w.is_zero()) {
            return Some(Step::Wait(Wait { at_most: wait, or_change: false }));
        }
        let (request, sent, serial) = match self.next_request(session, tick) {
            Ok(Prepared::Request(request, sent, serial)) => (request, sent, serial),
            Ok(Prepared::Wait) => return Some(Step::Wait(Wait { at_most: LOOK_AGAIN, or_change: true })),
            Ok(Prepared::Moved) => return None,
            Err(error) => {
                self.finish(Err(error));
                return None;
            }
        };
        match self.enter(session, request.url.origin(), tick.monotonic) {
            Ok(None) => {}
            Ok(Some(wait)) => return Some(Step::Wait(wait)),
            Err(error) => {
                self.finish(Err(error));
                return None;
            }
        }
        self.not_before = None;
        let (method, repeatable) = (request.method, request.repeatable || self.leg != Leg::Main);
        self.asked = Some(Asked { method, repeatable, url: request.url.clone(), sent, serial });
        self.phase = Phase::Sent;
        self.pace = Pace::default();
        Some(Step::Send(request))
    }

    fn next_request(&mut self, session: &mut Session, tick: Tick) -> Result<Prepared, Error> {
        if let Some(plan) = &self.token {
            self.leg = Leg::Token;
            let mut request = plan.request(&session.limits)?;
            if plan.is_named_by_registry() && request.url.origin() != session.endpoint().origin() {
                request.named_by = Some(session.endpoint().origin().clone());
            }
            return Ok(Prepared::Request(Box::new(request), Sent::Nothing, None));
        }
        if matches!(self.discovery, Discovery::Under(_)) {
            self.leg = Leg::Ping;
            return Ok(Prepared::Request(
                Box::new(session.context().request(Method::Get, "/v2/")),
                Sent::Nothing,
                None,
            ));
        }
        self.leg = Leg::Main;
        self.main_request(session, tick)
    }

    fn main_request(&mut self, session: &mut Session, tick: Tick) -> Result<Prepared, Error> {
        let mut request = self.op.request(&mut session.context())?;
        self.hops.redirect(&mut request, session.endpoint().origin());
        if request.url.origin() != session.endpoint().origin() {
            request.named_by.get_or_insert_with(|| session.endpoint().origin().clone());
            request.follow = self.follow;
            return Ok(Prepared::Request(Box::new(request), Sent::Nothing, None));
        }
        let access = self.op.access();
        match session.auth.permit(access.as_ref(), self.id, self.waiting_since, tick) {
            Permit::Bare => {
                request.follow = self.follow;
                Ok(Prepared::Request(Box::new(request), Sent::Nothing, None))
            }
            Permit::Basic(value) => {
                request.authorization = Some(value);
                Ok(Prepared::Request(Box::new(request), Sent::Basic, None))
            }
            Permit::Bearer { value, serial } => {
                self.waiting_since = None;
                request.authorization = Some(value);
                Ok(Prepared::Request(Box::new(request), Sent::Bearer, serial))
            }
            Permit::Fetch(plan) => self.begin_token(session, plan),
            Permit::Wait => {
                self.waiting_since.get_or_insert(tick.monotonic);
                Ok(Prepared::Wait)
            }
            Permit::Fail(error) => Err(error.at(Stage::Token, &session.endpoint().origin().authority())),
        }
    }

    fn begin_token(&mut self, session: &mut Session, plan: Box<Fetch>) -> Result<Prepared, Error> {
        #[cfg(feature = "azure")]
        let links = session.auth.links();
        #[cfg(not(feature = "azure"))]
        let links = 1;
        if self.token_requests >= session.limits.token_requests * links {
            let error = plan.unauthorized(String::from("every token was refused"));
            session.auth.cache.abandon(self.id);
            return Err(error.at(self.op.stage(), &session.endpoint().origin().authority()));
        }
        self.token_requests += 1;
        self.token_attempt = 0;
        self.waiting_since = None;
        self.token = Some(plan);
        Ok(Prepared::Moved)
    }

    /// A slot at the origin, or how long to wait for one.
    fn enter(&mut self, session: &mut Session, origin: &Origin, now: Duration) -> Result<Option<Wait>, Error> {
        let extra = u32::from(self.leg != Leg::Main || self.op.stage() != Stage::Blob);
        match session.traffic.enter(self.id, origin, session.limits.parallel + extra, now) {
            Slot::Free => {
                self.queued_since = None;
                Ok(None)
            }
            Slot::Closed(wait) => Ok(Some(Wait { at_most: wait, or_change: false })),
            Slot::Full(moved) => {
                let since = (*self.queued_since.get_or_insert(now)).max(moved);
                if now.saturating_sub(since) >= session.limits.idle {
                    let error = TransportError::Stalled("every request slot of this host is held");
                    return Err(Error::new(error).at(self.op.stage(), &origin.authority()));
                }
                Ok(Some(Wait { at_most: LOOK_AGAIN, or_change: true }))
            }
        }
    }
}
