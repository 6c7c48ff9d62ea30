//! Who may ask: this server's own pages, under its own name, reading.

use super::refusal::Refusal;
use crate::listen::LocalAddress;
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use axum::http::{HeaderMap, Method, StatusCode, Version, header, request::Parts};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Names under which the server answers.
#[derive(Debug)]
pub(super) struct Guard {
    public_hosts: Vec<String>,
}

impl Guard {
    /// `public_hosts` are `host` (any port) or `host:port`, beside the address that was connected to.
    pub(super) fn new(public_hosts: &[String]) -> Self {
        Self { public_hosts: public_hosts.iter().map(|host| host.to_ascii_lowercase()).collect() }
    }

    /// Checks everything about a request but its path.
    pub(super) fn check(&self, request: &Parts) -> Result<(), Refusal> {
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return Err(METHOD);
        }
        // Absolute-form targets are for proxies, and HTTP/1.0 has no Host to check.
        if request.uri.authority().is_some() || request.version < Version::HTTP_11 {
            return Err(Refusal::bad_request("not a request to this server"));
        }
        framing(&request.headers)?;
        let host = single(&request.headers, &header::HOST)?.ok_or(HOST)?.to_ascii_lowercase();
        let local = request.extensions.get::<LocalAddress>().ok_or(HOST)?.0;
        if !self.answers_to(&host, local) {
            return Err(HOST);
        }
        same_origin(&request.headers, &host)?;
        same_site(request)
    }

    fn answers_to(&self, host: &str, local: SocketAddr) -> bool {
        own_names(local).iter().any(|name| name == host)
            || self
                .public_hosts
                .iter()
                .any(|public| public == host || (!has_port(public) && public == without_port(host)))
    }
}

const METHOD: Refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "PORTAL_METHOD", "only GET and HEAD are served");
const HOST: Refusal =
    Refusal::forbidden("PORTAL_HOST", "this server is not known by that name; allow it with --public-host");
const CROSS_SITE: Refusal = Refusal::forbidden("PORTAL_CROSS_SITE", "only this server's own pages may ask");

/// The address that was dialled, and the names of loopback if it is that. A name that only resolves to it is none of
/// them: that is how rebinding works.
fn own_names(local: SocketAddr) -> Vec<String> {
    let ip = local.ip().to_canonical();
    let mut hosts: Vec<String> = Vec::new();
    if ip.is_loopback() {
        hosts.push("localhost".into());
        hosts.push(Ipv4Addr::LOCALHOST.to_string());
        hosts.push(format!("[{}]", Ipv6Addr::LOCALHOST));
    }
    hosts.push(match ip {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("[{v6}]"),
    });
    let port = local.port();
    let mut names: Vec<String> = hosts.iter().map(|host| format!("{host}:{port}")).collect();
    if port == 80 {
        names.append(&mut hosts);
    }
    names
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

fn has_port(host: &str) -> bool {
    without_port(host).len() != host.len()
}

/// A body has no business here, and two lengths are a smuggler's.
fn framing(headers: &HeaderMap) -> Result<(), Refusal> {
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return Err(Refusal::bad_request("a request with a body is not served"));
    }
    match single(headers, &header::CONTENT_LENGTH)? {
        None | Some("0") => Ok(()),
        Some(_) => {
            Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "PORTAL_BODY", "a request with a body is not served"))
        }
    }
}

/// `Origin`, where the browser sends one, is this server's own. TLS may end before us, so either scheme will do.
fn same_origin(headers: &HeaderMap, host: &str) -> Result<(), Refusal> {
    let Some(origin) = single(headers, &header::ORIGIN)? else {
        return Ok(());
    };
    let own = |scheme: &str| origin.strip_prefix(scheme).is_some_and(|rest| rest.eq_ignore_ascii_case(host));
    if own("http://") || own("https://") { Ok(()) } else { Err(CROSS_SITE) }
}

/// `same-site` is refused too: every port of localhost is one site. A link on another page may open the portal itself,
/// or nobody could share one.
fn same_site(request: &Parts) -> Result<(), Refusal> {
    let value = |name| single(&request.headers, &header::HeaderName::from_static(name));
    match value("sec-fetch-site")? {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => {
            let navigates =
                value("sec-fetch-mode")? == Some("navigate") && value("sec-fetch-dest")? == Some("document");
            if navigates && !request.uri.path().starts_with("/api/") { Ok(()) } else { Err(CROSS_SITE) }
        }
    }
}

/// The one value of a field; two are two opinions.
fn single<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Result<Option<&'a str>, Refusal> {
    let bad = || Refusal::bad_request("a header is repeated or malformed");
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(bad());
    }
    first.map(|value| value.to_str().map_err(|_| bad())).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn status(local: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(LocalAddress(local.parse().unwrap()));
        let guard = Guard::new(&["Portal.Example".into(), "portal.internal:8443".into()]);
        guard.check(&parts).map_or_else(|refusal| refusal.status().as_u16(), |()| 200)
    }

    #[test]
    fn s02_only_own_names_are_answered_to() {
        for host in
            ["127.0.0.1:7878", "localhost:7878", "LOCALHOST:7878", "[::1]:7878", "portal.example", "portal.example:1"]
        {
            assert_eq!(status("127.0.0.1:7878", "/", &[("host", host)]), 200, "{host}");
        }
        assert_eq!(status("127.0.0.1:80", "/", &[("host", "localhost")]), 200);
        assert_eq!(status("192.0.2.1:7878", "/", &[("host", "192.0.2.1:7878")]), 200);
        for host in [
            "evil.example",
            "127.0.0.1",
            "127.0.0.1:80",
            "localhost",
            "localhost.evil.example:7878",
            "portal.internal:80",
            "",
        ] {
            assert_eq!(status("127.0.0.1:7878", "/", &[("host", host)]), 403, "{host}");
        }
        assert_eq!(status("192.0.2.1:7878", "/", &[("host", "localhost:7878")]), 403);
        assert_eq!(status("127.0.0.1:7878", "/", &[]), 403);
        assert_eq!(status("127.0.0.1:7878", "/", &[("host", "localhost:7878"), ("host", "evil.example")]), 400);
    }

    #[test]
    fn s02_other_sites_are_refused() {
        let with = |path, more: &[(&str, &str)]| {
            status("127.0.0.1:7878", path, &[&[("host", "localhost:7878")], more].concat())
        };
        let api = "/api/registries";
        assert_eq!(with(api, &[("origin", "http://localhost:7878"), ("sec-fetch-site", "same-origin")]), 200);
        assert_eq!(with(api, &[("sec-fetch-site", "none")]), 200);
        for origin in ["null", "http://evil.example", "http://localhost", "http://127.0.0.1:7878", "file://"] {
            assert_eq!(with(api, &[("origin", origin)]), 403, "{origin}");
        }
        for site in ["cross-site", "same-site", "surprise"] {
            assert_eq!(with(api, &[("sec-fetch-site", site)]), 403, "{site}");
            let navigation = [("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
            assert_eq!(with(api, &navigation), 403, "{site}");
            assert_eq!(with("/r/x", &navigation), 200, "a shared link, {site}");
            let framed = [("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
            assert_eq!(with("/r/x", &framed), 403, "{site}");
        }
    }

    #[test]
    fn s04_bodies_and_odd_framing_are_refused() {
        let with =
            |more: &[(&str, &str)]| status("127.0.0.1:7878", "/", &[&[("host", "localhost:7878")], more].concat());
        assert_eq!(with(&[("content-length", "0")]), 200);
        assert_eq!(with(&[("content-length", "1")]), 413);
        assert_eq!(with(&[("transfer-encoding", "chunked")]), 400);
        assert_eq!(with(&[("content-length", "0"), ("content-length", "0")]), 400);
        assert_eq!(status("127.0.0.1:7878", "http://localhost:7878/", &[("host", "localhost:7878")]), 400);
    }
}
