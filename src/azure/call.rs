//! One call of ARM's or of ACR's own API, whatever it is about.

use super::long::{Patience, Progress, Watch, begun, looked, pause};
use crate::{
    ApiError, Error, ProtocolError, Secret, Stage,
    auth::Access,
    http::{Body, Method, Request, ResponseHead, Url},
    json,
    op::{Context, Next, Operation, Plan},
    text::shown,
};
use alloc::{boxed::Box, string::String, vec::Vec};
use core::{fmt, mem};
use serde_json::Value;

/// A call as a value: what is sent, how long it is followed, and how its answer reads. The modules of
/// [`arm`](super::arm) and [`acr`](super::acr) make them.
///
/// ```
/// use portolan::{azure::arm::groups, op::Operation};
/// let op = groups::show(&"00000000-0000-0000-0000-000000000001/g".parse()?);
/// assert_eq!(op.stage(), portolan::Stage::Arm);
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
pub struct Call<R> {
    raw: RawCall,
    read: fn(Value) -> Result<R, Error>,
    /// What is to be read in place of a 404.
    absent: Option<fn() -> R>,
}

/// A [`Call`] whose answer is left as it is: `null` where it is empty, nothing where there was nothing to answer for.
pub struct RawCall {
    stage: Stage,
    access: Option<Access>,
    method: Method,
    path: String,
    body: Option<Secret>,
    repeatable: bool,
    outcome: Outcome,
    /// 404 is an answer too.
    may_be_absent: bool,
    phase: Phase,
    asked: Option<Url>,
    patience: Patience,
}

/// What a call that is carried through leads to.
#[derive(Clone, Copy, Debug)]
enum Outcome {
    /// The answer itself; nothing is followed.
    Answer,
    /// The resource at the call's own path, read when all is over.
    Resource,
    /// Whatever the last answer says.
    Last,
    /// The first answer that says so.
    Until(fn(&Value) -> bool),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    Ask,
    Watch(Watch),
    Resource,
}

impl<R> Call<R> {
    /// A call of ARM that is answered at once.
    pub(crate) fn arm(method: Method, path: String, read: fn(Value) -> Result<R, Error>) -> Self {
        Self { raw: RawCall::new(Stage::Arm, None, method, path), read, absent: None }
    }

    /// A call of ACR's own API.
    pub(crate) fn acr(access: Access, method: Method, path: String, read: fn(Value) -> Result<R, Error>) -> Self {
        Self { raw: RawCall::new(Stage::Attributes, Some(access), method, path), read, absent: None }
    }

    pub(crate) fn with(mut self, body: &Value) -> Self {
        let mut text = String::new();
        json::compact(body, &mut text);
        self.raw.body = Some(Secret::new(text));
        self
    }

    /// The call changes nothing, though it is a POST.
    pub(crate) fn reading(mut self) -> Self {
        self.raw.repeatable = true;
        self
    }

    /// The call is followed to its end, and the resource read then.
    pub(crate) fn until_there(mut self) -> Self {
        self.raw.outcome = Outcome::Resource;
        self
    }

    /// The call is followed to its end, which is all that is to know.
    pub(crate) fn until_over(mut self) -> Self {
        self.raw.outcome = Outcome::Last;
        self
    }

    /// The call is made again and again until an answer is what is waited for.
    pub(crate) fn until(mut self, over: fn(&Value) -> bool) -> Self {
        self.raw.outcome = Outcome::Until(over);
        self
    }

    /// 404 is an answer too.
    pub(crate) fn or_absent(mut self, absent: fn() -> R) -> Self {
        self.absent = Some(absent);
        self.raw.may_be_absent = true;
        self
    }

    /// The same with the answer as it came.
    #[must_use]
    pub fn raw(self) -> RawCall {
        self.raw
    }
}

impl RawCall {
    fn new(stage: Stage, access: Option<Access>, method: Method, path: String) -> Self {
        Self {
            stage,
            access,
            method,
            path,
            body: None,
            repeatable: method.is_idempotent(),
            outcome: Outcome::Answer,
            may_be_absent: false,
            phase: Phase::Ask,
            asked: None,
            patience: Patience::default(),
        }
    }

    fn first(&self, context: &Context<'_>) -> Request {
        let mut request = context.request(self.method, &self.path);
        request.repeatable = self.repeatable;
        if let Some(body) = &self.body {
            request.headers.push("Content-Type", "application/json");
            request.body = Body::Json(body.clone());
        }
        request
    }

    /// Goes on after an answer that said how the operation is.
    fn go_on(&mut self, progress: Progress, body: Value) -> Result<Next<Option<Value>>, Error> {
        match progress {
            Progress::Later(watch, pause) => {
                self.phase = Phase::Watch(watch);
                Ok(Next::After(self.patience.pause(pause)?))
            }
            Progress::Over(told) if matches!(self.outcome, Outcome::Resource) && !(told && body.is_object()) => {
                self.phase = Phase::Resource;
                Ok(Next::Again)
            }
            Progress::Over(_) => Ok(Next::Done(Some(body))),
        }
    }
}

impl Operation for RawCall {
    type Output = Option<Value>;

    fn stage(&self) -> Stage {
        self.stage
    }

    fn access(&self) -> Option<Access> {
        self.access.clone()
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        let mut request = match &self.phase {
            Phase::Ask => self.first(context),
            Phase::Watch(Watch::Status(url) | Watch::Location(url)) => {
                Request::new(Method::Get, url.clone(), context.limits)
            }
            Phase::Watch(Watch::Resource) | Phase::Resource => context.request(Method::Get, &self.path),
        };
        request.headers.push("Accept", "application/json");
        self.asked = Some(request.url.clone());
        Ok(request)
    }

    fn head(&mut self, head: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
        if let Some(html) = head.content_type().filter(|t| t == "text/html" || t == "application/xhtml+xml") {
            return Err(ProtocolError::ContentType(shown(&html, 100)).into());
        }
        Ok(Plan::Collect(context.limits.page))
    }

    fn accept(
        &mut self,
        head: ResponseHead,
        body: Vec<u8>,
        context: &mut Context<'_>,
    ) -> Result<Next<Option<Value>>, Error> {
        let blank = body.iter().all(u8::is_ascii_whitespace);
        let body = if blank { Value::Null } else { json::parse(&body, context.limits)? };
        let Some(asked) = self.asked.take() else { return Err(crate::Cause::Misuse("an answer unasked").into()) };
        match mem::replace(&mut self.phase, Phase::Ask) {
            Phase::Ask if head.status == 204 && self.may_be_absent => Ok(Next::Done(None)),
            Phase::Ask => match self.outcome {
                Outcome::Until(over) if !over(&body) => Ok(Next::After(self.patience.pause(pause(&head))?)),
                Outcome::Answer | Outcome::Until(_) => Ok(Next::Done(Some(body))),
                Outcome::Resource | Outcome::Last => {
                    let progress = begun(&asked, &head, &body)?;
                    self.go_on(progress, body)
                }
            },
            Phase::Watch(watch) => {
                let progress = looked(&watch, &asked, &head, &body)?;
                self.go_on(progress, body)
            }
            Phase::Resource => Ok(Next::Done(Some(body))),
        }
    }

    fn refused(&mut self, error: ApiError, _: &mut Context<'_>) -> Result<Next<Option<Value>>, Error> {
        if error.status == 404 && self.may_be_absent {
            // What is being deleted is gone when it cannot be found any more.
            let was_there = self.phase != Phase::Ask;
            return Ok(Next::Done(was_there.then_some(Value::Null)));
        }
        Err(Box::new(error).into())
    }
}

impl<R> Operation for Call<R> {
    type Output = R;

    fn stage(&self) -> Stage {
        self.raw.stage()
    }

    fn access(&self) -> Option<Access> {
        self.raw.access()
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        self.raw.request(context)
    }

    fn head(&mut self, head: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
        self.raw.head(head, context)
    }

    fn accept(&mut self, head: ResponseHead, body: Vec<u8>, context: &mut Context<'_>) -> Result<Next<R>, Error> {
        let next = self.raw.accept(head, body, context)?;
        self.typed(next)
    }

    fn refused(&mut self, error: ApiError, context: &mut Context<'_>) -> Result<Next<R>, Error> {
        let next = self.raw.refused(error, context)?;
        self.typed(next)
    }
}

impl<R> Call<R> {
    fn typed(&self, next: Next<Option<Value>>) -> Result<Next<R>, Error> {
        Ok(match next {
            Next::After(pause) => Next::After(pause),
            Next::Again => Next::Again,
            Next::Retry(error) => Next::Retry(error),
            Next::Done(answer) => Next::Done(match (answer, self.absent) {
                (None, Some(absent)) => absent(),
                (answer, _) => (self.read)(answer.unwrap_or_default())?,
            }),
        })
    }
}

impl fmt::Debug for RawCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawCall").field("method", &self.method).field("path", &self.path).finish_non_exhaustive()
    }
}

impl<R> fmt::Debug for Call<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.raw).finish()
    }
}
