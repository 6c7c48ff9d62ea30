//! The layer around an endpoint's router.

use super::{
    Endpoint, Faults,
    body::mangled,
    decide::Asked,
    document::{Effect, How},
    refusal,
};
use crate::emulator::{
    callers::Presented,
    form::{Fields, decode},
};
use alloc::{string::String, sync::Arc};
use axum::{
    Router,
    body::{Body, HttpBody as _, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use tokio::time::sleep;

/// Largest form that is read for the name of a caller.
const FORM: usize = 64 << 10;

/// Who calls; asked only where a rule wants to know.
pub(crate) type CallerOf = Arc<dyn Fn(&Presented<'_>) -> Option<String> + Send + Sync>;

/// In a response's extensions: the connection is to close, and the response is not to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the connection closes without an answer, as the faults file has it")]
pub(crate) struct HangUp;

impl HangUp {
    fn response() -> Response {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(Self);
        response
    }

    /// What a listener gives to hyper: an error closes the connection.
    pub(crate) fn check(response: Response) -> Result<Response, Self> {
        match response.extensions().get() {
            Some(Self) => Err(Self),
            None => Ok(response),
        }
    }
}

/// Lets requests of one endpoint go wrong. See [`Faults::layer`].
#[derive(Clone)]
pub(crate) struct FaultsLayer {
    pub(super) faults: Faults,
    pub(super) endpoint: Arc<Endpoint>,
    pub(super) caller: CallerOf,
}

async fn go_wrong(State(layer): State<FaultsLayer>, request: Request, next: Next) -> Response {
    if let Some(how) = layer.outage() {
        return down(&layer.endpoint, how);
    }
    if layer.faults.is_idle() {
        return next.run(request).await;
    }
    let (caller, request) = layer.caller(request).await;
    let Some(effect) = layer.effect(&request, caller.as_deref()) else { return next.run(request).await };
    let whole = *request.method() != Method::HEAD;
    let response = match layer.before(&effect, request).await {
        Ok(request) => next.run(request).await,
        Err(instead) => instead,
    };
    after(&effect, response, whole)
}

impl FaultsLayer {
    /// `router` with faults.
    pub(crate) fn around(self, router: Router) -> Router {
        router.layer(from_fn_with_state(self, go_wrong))
    }

    fn outage(&self) -> Option<How> {
        self.endpoint.region.as_deref().and_then(|region| self.faults.down(region))
    }

    /// Who calls, and the request as it came.
    async fn caller(&self, request: Request) -> (Option<String>, Request) {
        if !self.faults.asks_for_callers() {
            return (None, request);
        }
        let (form, request) = form(request).await;
        let query = request.uri().query().unwrap_or_default();
        let caller = (self.caller)(&Presented { headers: request.headers(), query, form: &form });
        (caller, request)
    }

    fn effect(&self, request: &Request, caller: Option<&str>) -> Option<Effect> {
        let path = decode(request.uri().path(), false);
        self.faults.decide(&Asked { endpoint: &self.endpoint, method: request.method(), path: &path, caller })
    }

    /// What happens instead of the request, or to the request.
    async fn before(&self, effect: &Effect, mut request: Request) -> Result<Request, Response> {
        if let Some(delay) = effect.delay {
            sleep(delay.0).await;
        }
        if effect.hang_up {
            return Err(HangUp::response());
        }
        if let Some(instead) = self.instead(effect) {
            return Err(instead);
        }
        if effect.expire_token && request.headers().contains_key(header::AUTHORIZATION) {
            request.headers_mut().insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer expired"));
        }
        if effect.ignore_range {
            request.headers_mut().remove(header::RANGE);
        }
        Ok(request)
    }

    fn instead(&self, effect: &Effect) -> Option<Response> {
        let throttled = || effect.throttle.as_ref().map(|throttle| refusal::throttled(self.endpoint.kind, throttle));
        effect.answer.as_ref().map(refusal::answer).or_else(throttled)
    }
}

/// The form that a request brings, and the request, which still brings it.
async fn form(request: Request) -> (Fields, Request) {
    if !brings_form(request.headers()) {
        return (Fields::default(), request);
    }
    let (parts, body) = request.into_parts();
    // A body that breaks off is none.
    let bytes = to_bytes(body, FORM).await.unwrap_or_default();
    (Fields::parse(&String::from_utf8_lossy(&bytes)), Request::from_parts(parts, Body::from(bytes)))
}

fn brings_form(headers: &HeaderMap) -> bool {
    let field = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let length = field(header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
    field(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
        && length.is_some_and(|length: usize| length <= FORM)
}

/// How an endpoint answers whose region is down.
pub(crate) fn down(endpoint: &Endpoint, how: How) -> Response {
    refusal::outage(endpoint.kind, how).unwrap_or_else(HangUp::response)
}

/// What happens to an answer. Only a `whole` one has a body.
fn after(effect: &Effect, response: Response, whole: bool) -> Response {
    let (mut head, mut body) = response.into_parts();
    let whole = whole && (!body.is_end_stream() || effect.append > 0);
    if let Some(length) = body.size_hint().exact().filter(|_| whole) {
        // A body that is cut must still have promised what it promised.
        head.headers.entry(header::CONTENT_LENGTH).or_insert(HeaderValue::from(length));
    }
    if whole {
        body = mangled(body, effect);
    }
    reword(effect, &mut head.headers);
    Response::from_parts(head, body)
}

fn reword(effect: &Effect, headers: &mut HeaderMap) {
    if effect.append > 0 {
        headers.remove(header::CONTENT_LENGTH);
    }
    for name in &effect.drop_headers.0 {
        headers.remove(name);
    }
    refusal::set(headers, &effect.set_headers.0);
    if let Some(length) = effect.content_length {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
}
