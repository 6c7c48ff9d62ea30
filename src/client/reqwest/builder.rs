//! Options of the stock transport, and the reqwest clients made from them.

use super::{ReqwestTransport, plain_http::PlainHttp, resolve::Addresses, tls};
use crate::{Error, Limits, http::Url};
use alloc::{string::String, sync::Arc, vec, vec::Vec};
use core::{fmt, time::Duration};
use hyper_util::client::proxy::matcher::Matcher;

/// Idle connections are closed after this; registries' load balancers close theirs after 60 s and more.
const IDLE: Duration = Duration::from_secs(50);
/// Header fields that hyper parses; the core's own limit is lower and says so in its own words.
const MAX_FIELDS: usize = 1_024;
/// Bytes of one HTTP/2 stream that wait here for a slow reader: the memory of a stalled blob.
const STREAM_WINDOW: u32 = 2 << 20;

/// Options of [`ReqwestTransport`].
#[derive(Debug, Default)]
pub struct ReqwestBuilder {
    ca_pem: Vec<Vec<u8>>,
    environment_proxy: bool,
    plain_http: PlainHttp,
    user_agent: Option<String>,
}

impl ReqwestBuilder {
    /// Certificates (PEM, one or more) that are trusted beside the platform's own.
    #[must_use]
    pub fn ca_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_pem.push(pem.into());
        self
    }

    /// Allows plain http to `host`, or to `host:port` only. Loopback is always allowed.
    #[must_use]
    pub fn plain_http_host(mut self, host: impl Into<String>) -> Self {
        self.plain_http.allow(host.into());
        self
    }

    /// Uses the proxy that the environment names, read once, now (see the module's page).
    #[must_use]
    pub fn environment_proxy(mut self) -> Self {
        self.environment_proxy = true;
        self
    }

    /// `User-Agent`; `portolan/VERSION` by default.
    #[must_use]
    pub fn user_agent(mut self, value: impl Into<String>) -> Self {
        self.user_agent = Some(value.into());
        self
    }

    /// Makes the transport.
    ///
    /// # Errors
    /// If a certificate cannot be read, or the options cannot be used together.
    pub fn build(self) -> Result<ReqwestTransport, Error> {
        let options = Options {
            plain_http: self.plain_http,
            proxy: self.environment_proxy.then(|| Arc::new(Matcher::from_env())),
            tls: tls::config(&self.ca_pem)?,
            user_agent: self.user_agent.unwrap_or_else(|| concat!("portolan/", env!("CARGO_PKG_VERSION")).into()),
        };
        // The client that most requests will use: what is wrong shows now rather than at the first of them.
        let (connect, route) = (Limits::DEFAULT.connect, Route::Direct(Addresses::Any));
        let client = options.client(connect, route).map_err(super::error::setup)?;
        Ok(ReqwestTransport::from_parts(options, vec![(connect, route, client)]))
    }
}

/// How a request leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Direct(Addresses),
    Proxy,
}

pub(super) struct Options {
    pub(super) plain_http: PlainHttp,
    proxy: Option<Arc<Matcher>>,
    tls: rustls::ClientConfig,
    user_agent: String,
}

impl Options {
    /// True where the environment's proxy is to carry a request for `url`.
    pub(super) fn proxied(&self, url: &Url) -> bool {
        let Some(matcher) = self.proxy.as_ref().filter(|_| !url.origin().is_loopback()) else {
            return false;
        };
        url.as_str().parse().is_ok_and(|uri| matcher.intercept(&uri).is_some())
    }

    pub(super) fn client(&self, connect: Duration, route: Route) -> Result<reqwest::Client, reqwest::Error> {
        let header_bytes = u32::try_from(Limits::DEFAULT.header_bytes).unwrap_or(u32::MAX);
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .user_agent(self.user_agent.as_str())
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .connect_timeout(connect)
            .pool_idle_timeout(IDLE)
            .tcp_keepalive(IDLE)
            .http1_max_headers(MAX_FIELDS)
            .http2_max_header_list_size(header_bytes * 2)
            .http2_initial_stream_window_size(STREAM_WINDOW)
            .http2_initial_connection_window_size(STREAM_WINDOW * 4);
        match route {
            Route::Direct(addresses) => builder.no_proxy().dns_resolver(addresses),
            // The environment is read again, by the same code and for the same variables.
            Route::Proxy => builder,
        }
        .build()
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("plain_http", &self.plain_http).field("proxy", &self.proxy.is_some()).finish()
    }
}
