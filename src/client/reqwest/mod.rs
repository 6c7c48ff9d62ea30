//! The stock native transport: reqwest on rustls, with everything switched off that would decide for itself.
//!
//! No redirects, no cookies, no `Referer`, no decompression, no retries. HTTP/1.1 and HTTP/2 by ALPN.
//!
//! ## Proxies
//!
//! None unless [`ReqwestBuilder::environment_proxy`] is called: then `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`
//! are read once, as curl reads them, except that loopback is never proxied. Plain-http rules hold all the same. An
//! address that a public registry named (`Request::named_by`) is resolved and, if internal, refused here before the proxy
//! hears of it, as far as this machine can resolve the name; the proxy dials an address of its own choosing.

mod builder;
mod error;
mod plain_http;
mod resolve;
#[cfg(test)]
mod tests;
mod tls;

pub use builder::ReqwestBuilder;

use super::{ResponseBody, Transport};
use crate::{
    Tick, TransportError,
    http::{Body, Headers, Request, ResponseHead},
};
use alloc::{string::String, sync::Arc, vec::Vec};
use builder::{Options, Route};
use bytes::Bytes;
use core::{
    hash::{BuildHasher as _, Hasher as _},
    time::Duration,
};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use resolve::Addresses;
use std::{
    hash::RandomState,
    sync::{Mutex, PoisonError},
    time::{Instant, SystemTime},
};

/// Carries requests with reqwest and rustls. Cheap to clone; clones share connections.
///
/// Must be used within a tokio runtime that has IO and time enabled.
///
/// ```
/// use portolan::client::ReqwestTransport;
/// let transport = ReqwestTransport::builder().plain_http_host("registry.internal:5000").build()?;
/// # let _ = transport;
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReqwestTransport(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: Options,
    /// reqwest binds the connect timeout to a client, we to a request: one set of clients for each value in use.
    clients: Mutex<Vec<(Duration, Route, reqwest::Client)>>,
    start: Instant,
    chance: RandomState,
}

impl ReqwestTransport {
    /// A transport with the platform's certificates, no proxy, and plain http for loopback only.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new() -> Result<Self, crate::Error> {
        Self::builder().build()
    }

    /// Options first.
    #[must_use]
    pub fn builder() -> ReqwestBuilder {
        ReqwestBuilder::default()
    }

    fn from_parts(options: Options, clients: Vec<(Duration, Route, reqwest::Client)>) -> Self {
        Self(Arc::new(Inner {
            options,
            clients: Mutex::new(clients),
            start: Instant::now(),
            chance: RandomState::new(),
        }))
    }

    /// The client for a request: checked, and by the route that its address and the environment ask for.
    async fn client(&self, request: &Request) -> Result<reqwest::Client, TransportError> {
        let origin = request.url.origin();
        self.0.options.plain_http.check(origin)?;
        let addresses = match &request.named_by {
            Some(peer) if !resolve::is_internal(peer).await => Addresses::Public,
            _ => Addresses::Any,
        };
        // The connector asks no resolver for an address written out.
        if addresses == Addresses::Public && origin.is_internal() {
            return Err(TransportError::Address(resolve::refusal(origin.host())));
        }
        let route = if self.0.options.proxied(&request.url) { Route::Proxy } else { Route::Direct(addresses) };
        if route == Route::Proxy && addresses == Addresses::Public && origin.ip().is_none() {
            resolve::refuse_internal(origin.host()).await?;
        }
        self.0.client(request.connect, route)
    }
}

impl Inner {
    fn client(&self, connect: Duration, route: Route) -> Result<reqwest::Client, TransportError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, client)) = clients.iter().find(|(c, r, _)| *c == connect && *r == route) {
            return Ok(client.clone());
        }
        let client = self.options.client(connect, route).map_err(error::setup)?;
        clients.push((connect, route, client.clone()));
        Ok(client)
    }
}

impl Transport for ReqwestTransport {
    type Body = ReqwestBody;

    async fn send(&self, request: Request) -> Result<(ResponseHead, ReqwestBody), TransportError> {
        let client = self.client(&request).await?;
        let response = client.execute(wire(request)?).await.map_err(error::exchange)?;
        let head = ResponseHead { status: response.status().as_u16(), headers: received(response.headers()) };
        Ok((head, ReqwestBody(response)))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn tick(&self) -> Tick {
        let monotonic = self.0.start.elapsed();
        let mut chance = self.0.chance.build_hasher();
        chance.write_u128(monotonic.as_nanos());
        Tick {
            monotonic,
            unix: SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |t| t.as_secs()),
            // The low half of a keyed hash is as good as any other.
            random: chance.finish() as u32,
        }
    }
}

/// A body under way; dropping it gives up the connection, or the stream of it.
#[derive(Debug)]
pub struct ReqwestBody(reqwest::Response);

impl ResponseBody for ReqwestBody {
    type Chunk = Bytes;

    async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        self.0.chunk().await.map_err(error::body)
    }
}

fn wire(request: Request) -> Result<reqwest::Request, TransportError> {
    let unusable = |what: &str| TransportError::Connect(alloc::format!("{what} cannot be sent"));
    let url = reqwest::Url::parse(request.url.as_str()).map_err(|_| unusable("the address"))?;
    // Another parser, another reading: what was checked must be what is dialled.
    let origin = request.url.origin();
    if url.host_str() != Some(origin.host()) || url.port_or_known_default() != Some(origin.port()) {
        return Err(unusable("the address"));
    }
    let method = reqwest::Method::from_bytes(request.method.as_str().as_bytes()).map_err(|_| unusable("the method"))?;
    let mut out = reqwest::Request::new(method, url);
    for (name, value) in request.headers.iter() {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable("a header name"))?;
        let value = HeaderValue::from_str(value).map_err(|_| unusable("a header value"))?;
        out.headers_mut().append(name, value);
    }
    if let Some(secret) = &request.authorization {
        let mut value = HeaderValue::from_str(secret.expose()).map_err(|_| unusable("the credential"))?;
        value.set_sensitive(true);
        out.headers_mut().insert(header::AUTHORIZATION, value);
    }
    if request.reload {
        out.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    match request.body {
        // Where a body could be, its absence has a length too: some servers ask for it.
        Body::Empty if !request.method.is_read() => *out.body_mut() = Some(Vec::new().into()),
        Body::Empty => {}
        Body::Form(form) => {
            let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
            out.headers_mut().insert(header::CONTENT_TYPE, form_type);
            *out.body_mut() = Some(String::from(form.expose()).into());
        }
        Body::Json(text) => *out.body_mut() = Some(String::from(text.expose()).into()),
        Body::Bytes(bytes) => *out.body_mut() = Some(Bytes::from_owner(bytes).into()),
    }
    Ok(out)
}

/// Values that are not UTF-8 are kept with replacement characters: no header that we act on has such bytes.
fn received(headers: &HeaderMap) -> Headers {
    headers.iter().map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()))).collect()
}
