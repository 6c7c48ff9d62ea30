//! `fetch` as a transport: of a window, a worker, Node, the edge, or the caller's own.

use super::{
    abort::AbortOnDrop,
    body::FetchBody,
    clock::{self, Clock},
    failure, page,
};
use crate::{
    Tick, TransportError,
    client::Transport,
    http::{Body, Headers, Request, ResponseHead, Scheme},
};
use alloc::{
    boxed::Box,
    string::{String, ToString},
};
use core::{future::Future, pin::Pin, time::Duration};
use gloo_net::http::Response;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReferrerPolicy, RequestCache, RequestCredentials, RequestInit, RequestRedirect, ResponseType};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = fetch)]
    fn global_fetch(url: &str, init: &RequestInit) -> Result<Promise, JsValue>;
}

/// Carries requests with `fetch`.
pub(super) struct FetchTransport {
    fetch: Option<Function>,
    clock: Option<Clock>,
    /// Host that may be talked to in plain text.
    plain: Option<String>,
    web: bool,
}

impl FetchTransport {
    /// Uses `fetch` where given, and the global one at the time of each request otherwise; likewise the clock.
    /// Plain http reaches loopback, the page's own origin, and the host `plain`.
    pub(super) fn new(fetch: Option<Function>, clock: Option<Clock>, plain: Option<String>) -> Self {
        Self { fetch, clock, plain, web: has_web_options() }
    }

    fn check(&self, request: &Request) -> Result<(), TransportError> {
        let origin = request.url.origin();
        // Names are resolved where nobody can look: only what is written as an address is known to be internal.
        if origin.is_internal() && request.named_by.as_ref().is_some_and(|peer| !peer.is_internal()) {
            return Err(TransportError::Address(origin.to_string()));
        }
        let plain = origin.is_loopback() || self.plain.as_deref() == Some(origin.host()) || page::is_own(origin);
        if origin.scheme() == Scheme::Https || plain {
            Ok(())
        } else {
            Err(TransportError::Insecure(origin.authority()))
        }
    }

    async fn fetch(&self, request: &Request, init: &RequestInit) -> Result<JsValue, JsValue> {
        let promise = match &self.fetch {
            Some(fetch) => {
                let answer = fetch.call2(&JsValue::UNDEFINED, &request.url.as_str().into(), init)?;
                Promise::resolve(&answer)
            }
            None => global_fetch(request.url.as_str(), init)?,
        };
        JsFuture::from(promise).await
    }

    fn init(&self, request: &Request, abort: &AbortOnDrop) -> Result<RequestInit, JsValue> {
        let init = RequestInit::new();
        init.set_method(request.method.as_str());
        init.set_redirect(if request.follow { RequestRedirect::Follow } else { RequestRedirect::Manual });
        init.set_signal(abort.signal().as_ref());
        init.set_headers_headers(&headers(request)?);
        match &request.body {
            Body::Empty => {}
            Body::Form(text) | Body::Json(text) => init.set_body_opt_str(Some(text.expose())),
            // What needs no Azure has no such bodies.
            #[cfg(not(feature = "azure"))]
            Body::Bytes(_) => {}
            #[cfg(feature = "azure")]
            Body::Bytes(bytes) => init.set_body(&js_sys::Uint8Array::from(&bytes[..])),
        }
        if self.web {
            init.set_credentials(RequestCredentials::Omit);
            init.set_referrer_policy(ReferrerPolicy::NoReferrer);
            if request.reload {
                init.set_cache(RequestCache::Reload);
            }
        }
        Ok(init)
    }
}

impl Transport for FetchTransport {
    type Body = FetchBody;

    async fn send(&self, request: Request) -> Result<(ResponseHead, FetchBody), TransportError> {
        self.check(&request)?;
        let abort = AbortOnDrop::new();
        // The engine's message would quote the value it refuses, which may be a secret.
        let init = self.init(&request, &abort).map_err(|_| unusable())?;
        let answer = self.fetch(&request, &init).await.map_err(|e| failure::of_request(&e, &request.url))?;
        if !answer.is_object() {
            return Err(TransportError::Interrupted("fetch gave no response".to_string()));
        }
        let response = Response::from(answer.unchecked_into::<web_sys::Response>());
        if response.type_() == ResponseType::Opaqueredirect {
            return Ok((ResponseHead::OPAQUE_REDIRECT, FetchBody::new(None, abort).map_err(|e| failure::of_body(&e))?));
        }
        let body = FetchBody::new(response.body().as_ref(), abort).map_err(|e| failure::of_body(&e))?;
        let head =
            ResponseHead { status: response.status(), headers: Headers::from_iter(response.headers().entries()) };
        Ok((head, body))
    }

    /// Boxed: the driver sleeps at several places, and each would have a copy of it.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> {
        let sleep: Pin<Box<dyn Future<Output = ()> + '_>> = Box::pin(clock::sleep(self.clock.as_ref(), duration));
        sleep
    }

    fn tick(&self) -> Tick {
        clock::tick(self.clock.as_ref())
    }
}

fn headers(request: &Request) -> Result<web_sys::Headers, JsValue> {
    let headers = web_sys::Headers::new()?;
    for (name, value) in request.headers.iter() {
        headers.append(name, value)?;
    }
    if let Some(authorization) = &request.authorization {
        headers.set("authorization", authorization.expose())?;
    }
    if matches!(request.body, Body::Form(_)) {
        headers.set("content-type", "application/x-www-form-urlencoded")?;
    }
    Ok(headers)
}

fn unusable() -> TransportError {
    TransportError::Connect("fetch refuses a header of the request".to_string())
}

/// Edge runtimes refuse the options that speak of cookies, referrers and caches, and have none of these.
fn has_web_options() -> bool {
    let prototype = page::get(&page::get(&js_sys::global(), "Request"), "prototype");
    Reflect::has(&prototype, &"credentials".into()).unwrap_or(false)
}
