//! What the values of a faults file may say, checked where they are read, so that an error names its place.

use crate::http::go_duration;
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use core::time::Duration;
use serde::Deserialize;

/// A time: `250ms`, `2s`, `1m30s`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Pause(pub(crate) Duration);

impl Pause {
    pub(crate) const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }
}

impl TryFrom<String> for Pause {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        go_duration(&text).map(Self).ok_or_else(|| format!("{text:?} is no time such as 250ms, 2s or 1m30s"))
    }
}

/// A share of all cases.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub(crate) struct Probability(pub(crate) f64);

impl TryFrom<f64> for Probability {
    type Error = String;

    fn try_from(share: f64) -> Result<Self, String> {
        if (0.0..=1.0).contains(&share) { Ok(Self(share)) } else { Err(format!("{share} is not between 0 and 1")) }
    }
}

/// A method.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Verb(pub(crate) Method);

impl TryFrom<String> for Verb {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // Any token is a method to HTTP, and `get` would never fire.
        match text.as_str() {
            "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => {
                text.parse().map(Self).map_err(|_| "no method".into())
            }
            _ => Err(format!("{text:?} is no method; they are written in capitals")),
        }
    }
}

/// A status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u16")]
pub(crate) struct Status(pub(crate) StatusCode);

impl TryFrom<u16> for Status {
    type Error = String;

    fn try_from(code: u16) -> Result<Self, String> {
        if !(200..=599).contains(&code) {
            return Err(format!("{code} is no status between 200 and 599"));
        }
        StatusCode::from_u16(code).map(Self).map_err(|e| e.to_string())
    }
}

/// Header fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
pub(crate) struct Fields(pub(crate) Vec<(HeaderName, HeaderValue)>);

impl TryFrom<BTreeMap<String, String>> for Fields {
    type Error = String;

    fn try_from(fields: BTreeMap<String, String>) -> Result<Self, String> {
        let field = |(name, value): (String, String)| {
            let value =
                HeaderValue::try_from(value).map_err(|_| format!("{name:?} has a value that no header holds"))?;
            Ok((header(&name)?, value))
        };
        fields.into_iter().map(field).collect::<Result<_, _>>().map(Self)
    }
}

/// Names of header fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub(crate) struct Names(pub(crate) Vec<HeaderName>);

impl TryFrom<Vec<String>> for Names {
    type Error = String;

    fn try_from(names: Vec<String>) -> Result<Self, String> {
        names.iter().map(|name| header(name)).collect::<Result<_, _>>().map(Self)
    }
}

fn header(name: &str) -> Result<HeaderName, String> {
    name.parse().map_err(|_| format!("{name:?} is no name of a header field"))
}

/// A pattern of paths: `*` is any text without a slash, `**` any text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Pattern(String);

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_bytes().first() {
            Some(b'/' | b'*') => Ok(Self(text)),
            _ => Err(format!("{text:?} begins neither with / nor with *")),
        }
    }
}

impl Pattern {
    /// True if all of `path` fits.
    pub(crate) fn fits(&self, path: &str) -> bool {
        fits(self.0.as_bytes(), path.as_bytes())
    }
}

/// Remembers the last star only: what an earlier one took would be taken by the later one as well. A `*` must not
/// forget a `**` before it, though, which may go on where it may not.
fn fits(pattern: &[u8], path: &[u8]) -> bool {
    let (mut at, mut here) = (0, 0);
    let (mut narrow, mut wide) = (None, None);
    loop {
        let rest = pattern.get(at..).unwrap_or_default();
        if rest.starts_with(b"**") {
            at += 2;
            (narrow, wide) = (None, Some((at, here)));
        } else if rest.first() == Some(&b'*') {
            at += 1;
            narrow = Some((at, here));
        } else if here < path.len() && rest.first() == path.get(here) {
            (at, here) = (at + 1, here + 1);
        } else if here == path.len() && rest.is_empty() {
            return true;
        } else {
            let Some(next) = resume(&mut narrow, &mut wide, path) else { return false };
            (at, here) = next;
        }
    }
}

type Star = Option<(usize, usize)>;

/// Lets the last star take one byte more: where pattern and path go on.
fn resume(narrow: &mut Star, wide: &mut Star, path: &[u8]) -> Star {
    if let Some((at, here)) = *narrow
        && path.get(here).is_some_and(|b| *b != b'/')
    {
        *narrow = Some((at, here + 1));
        return *narrow;
    }
    *narrow = None;
    let (at, here) = (*wide)?;
    *wide = (here < path.len()).then_some((at, here + 1));
    *wide
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stay_within_a_part_of_a_path_and_double_stars_do_not() {
        for (pattern, path, fit) in [
            ("/v2/", "/v2/", true),
            ("/v2/", "/v2", false),
            ("/v2/*", "/v2/a", true),
            ("/v2/*", "/v2/a/b", false),
            ("/v2/*", "/v2/", true),
            ("/v2/**", "/v2/a/b", true),
            ("**", "", true),
            ("/v2/**/blobs/*", "/v2/a/b/blobs/sha256:1", true),
            ("/v2/**/blobs/*", "/v2/blobs/blobs/sha256:1", true),
            ("/v2/**/blobs/*", "/v2/a/blobs/b/blobs/c", true),
            ("/v2/**/blobs/*", "/v2/a/blobs/uploads/1", false),
            ("/v2/**/blobs/*/x", "/v2/a/blobs/1/x/blobs/2/x", true),
            ("/*/b*d/**", "/a/bcd/", true),
            ("/*/b*d/**", "/a/bc/d/", false),
            ("*a*b", "xaab", true),
            ("*a*b", "xaa", false),
        ] {
            assert_eq!(Pattern(pattern.into()).fits(path), fit, "{pattern} {path}");
        }
    }
}
