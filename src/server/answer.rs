//! What of an upstream's answer reaches the browser.

use super::{
    headers::SANDBOX,
    path::{Target, What},
};
use crate::{
    http::{ResponseHead, Url, next_link},
    text::shown,
};
use alloc::{format, string::String, string::ToString as _};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Copied as they are, if they are visible ASCII.
const KEPT: [&str; 7] = [
    "accept-ranges",
    "content-range",
    "docker-content-digest",
    "docker-distribution-api-version",
    "oci-filters-applied",
    "oci-subject",
    "retry-after",
];
/// Warnings passed on, and the longest of each, bytes (H12).
const MAX_WARNINGS: usize = 4;
const MAX_WARNING: usize = 300;

/// Headers for an answer that says yes. `base` is the relay's path of this registry's `/v2/`; `asked` the address at the
/// upstream.
pub(super) fn headers(head: &ResponseHead, target: &Target, base: &str, asked: &Url) -> HeaderMap {
    let mut out = HeaderMap::new();
    for name in KEPT {
        if let Some(value) = head.headers.get(name).and_then(visible) {
            out.insert(HeaderName::from_static(name), value);
        }
    }
    // The length of coded bytes is theirs, and they stay coded: it holds. Two lengths are none.
    if let Some(length) = head.content_length().ok().flatten() {
        out.insert(header::CONTENT_LENGTH, length.into());
    }
    out.insert(header::CONTENT_TYPE, content_type(head, target.what));
    out.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    out.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    out.insert(header::CACHE_CONTROL, cache_control(target.what));
    out.insert(header::VARY, HeaderValue::from_static("Accept"));
    if let Some(link) = link(head, target, base, asked) {
        out.insert(header::LINK, link);
    }
    for warning in head.headers.all("warning").take(MAX_WARNINGS) {
        if let Some(value) = visible(&plain(warning)) {
            out.append(header::WARNING, value);
        }
    }
    out
}

/// JSON documents of the distribution API keep their type; anything else is bytes, whatever the upstream calls it.
fn content_type(head: &ResponseHead, what: What) -> HeaderValue {
    let octets = HeaderValue::from_static("application/octet-stream");
    let Some(media_type) = head.content_type().filter(|_| what != What::Blob) else {
        return octets;
    };
    let json = media_type == "application/json"
        || (media_type.starts_with("application/vnd.")
            && (media_type.ends_with("+json") || media_type.ends_with("+prettyjws")));
    if json { visible(&media_type).unwrap_or(octets) } else { octets }
}

/// What a digest names never changes. The tab verifies it, and asks past its cache if that fails.
fn cache_control(what: What) -> HeaderValue {
    HeaderValue::from_static(match what {
        What::Blob | What::Pinned => "private, max-age=31536000, immutable",
        What::Moving => "no-store",
    })
}

/// The next page at the relay's own path. Only the query is the upstream's, as in the client itself. A link that leads to
/// another origin goes on as it is, so that the tab refuses it in the same words as any client (P01).
fn link(head: &ResponseHead, target: &Target, base: &str, asked: &Url) -> Option<HeaderValue> {
    let next = head.headers.all("link").find_map(next_link)?;
    let address = match asked.join(next) {
        Ok(url) if url.origin() == asked.origin() => match url.query() {
            Some(query) => format!("{base}{}?{query}", target.path),
            None => format!("{base}{}", target.path),
        },
        Ok(url) => url.to_string(),
        Err(_) => "invalid:".into(),
    };
    visible(&format!("<{address}>; rel=\"next\""))
}

fn visible(text: &str) -> Option<HeaderValue> {
    text.bytes().all(|b| b == b' ' || b.is_ascii_graphic()).then(|| HeaderValue::from_str(text).ok()).flatten()
}

fn plain(text: &str) -> String {
    shown(text, MAX_WARNING).chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    const DIGEST: &str = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    fn answer(path: &str, fields: &[(&str, &str)]) -> HeaderMap {
        let target = Target::parse(path, None).unwrap();
        let head = ResponseHead { status: 200, headers: fields.iter().copied().collect() };
        let asked: Url = format!("https://r.example/x/v2/{path}").parse().unwrap();
        headers(&head, &target, "/api/registries/r/v2/", &asked)
    }

    #[test]
    fn s03_only_listed_headers_pass() {
        let hostile = [
            ("Set-Cookie", "a=b"),
            ("Content-Security-Policy", "default-src *"),
            ("Access-Control-Allow-Origin", "*"),
            ("WWW-Authenticate", "Basic"),
            ("Content-Encoding", "gzip"),
            ("Location", "https://evil.example/"),
            ("Clear-Site-Data", "*"),
            ("Service-Worker-Allowed", "/"),
            ("Refresh", "0;url=https://evil.example"),
            ("Content-Type", "text/html"),
            ("Docker-Content-Digest", DIGEST),
            ("Content-Length", "3"),
        ];
        let blob = answer(&format!("a/blobs/{DIGEST}"), &hostile);
        let mut names: Vec<_> = blob.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        let expected = [
            "cache-control",
            "content-disposition",
            "content-length",
            "content-security-policy",
            "content-type",
            "docker-content-digest",
            "vary",
        ];
        assert_eq!(names, expected);
        assert_eq!(blob[header::CONTENT_TYPE], "application/octet-stream");
        assert_eq!(blob[header::CONTENT_DISPOSITION], "attachment");
        assert!(blob[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("sandbox"));
        assert_eq!(answer("_catalog", &hostile)[header::CONTENT_TYPE], "application/octet-stream");
    }

    #[test]
    fn s03_documents_keep_their_types_and_blobs_have_none() {
        let typed = |path: &str, value| answer(path, &[("Content-Type", value)])[header::CONTENT_TYPE].clone();
        let oci = "application/vnd.oci.image.manifest.v1+json";
        assert_eq!(typed("a/manifests/t", oci), oci);
        assert_eq!(typed("_catalog", "application/json; charset=utf-8"), "application/json");
        for other in ["text/html", "application/xhtml+xml", "image/svg+xml", "application/vnd.x+xml", "text/javascript"]
        {
            assert_eq!(typed("a/manifests/t", other), "application/octet-stream", "{other}");
        }
        assert_eq!(typed(&format!("a/blobs/{DIGEST}"), oci), "application/octet-stream");
    }

    #[test]
    fn only_what_a_digest_names_is_cached() {
        let cache = |path: &str| answer(path, &[])[header::CACHE_CONTROL].clone();
        assert_eq!(cache("a/manifests/t"), "no-store");
        assert_eq!(cache("a/tags/list"), "no-store");
        assert!(cache(&format!("a/manifests/{DIGEST}")).to_str().unwrap().contains("immutable"));
        assert!(cache(&format!("a/blobs/{DIGEST}")).to_str().unwrap().contains("private"));
    }

    #[test]
    fn p01_links_lead_to_the_relay_or_nowhere() {
        let link = |value| {
            answer("a/tags/list", &[("Link", value)]).get(header::LINK).map(|v| v.to_str().unwrap().to_string())
        };
        let relayed = |query: &str| Some(format!("</api/registries/r/v2/a/tags/list?{query}>; rel=\"next\""));
        assert_eq!(link("</v2/a/tags/list?last=b&n=2>; rel=\"next\""), relayed("last=b&n=2"));
        assert_eq!(link("<https://r.example/wrong/prefix?last=%2Fx|y>; rel=next"), relayed("last=%2Fx%7Cy"));
        assert_eq!(link("<?next_page=gAAA~%3D>; rel=next"), relayed("next_page=gAAA~%3D"));
        let elsewhere = "<https://evil.example/v2/a/tags/list?last=b>; rel=\"next\"";
        assert_eq!(link(elsewhere).as_deref(), Some(elsewhere));
        assert_eq!(
            link("<http://r.example/v2/a/tags/list>; rel=next").as_deref(),
            Some("<http://r.example/v2/a/tags/list>; rel=\"next\"")
        );
        assert_eq!(link("</v2/a>; rel=prev"), None);
        assert_eq!(link("<javascript:alert(1)>; rel=next").as_deref(), Some("<invalid:>; rel=\"next\""));
    }

    #[test]
    fn h12_warnings_are_made_safe() {
        let shown = answer("a/tags/list", &[("Warning", "299 - \"old\u{202e}\u{7f} ü\"")]);
        assert_eq!(shown[header::WARNING], "299 - \"old\\u{202e}\\u{7f} ?\"");
    }
}
