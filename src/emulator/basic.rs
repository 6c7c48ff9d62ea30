//! Basic credentials (RFC 7617).

use crate::base64::{STANDARD, decode};
use alloc::string::{String, ToString as _};
use axum::http::{HeaderMap, header};

/// User and password of the request's `Authorization`.
pub(crate) fn read(headers: &HeaderMap) -> Option<(String, String)> {
    parse(headers.get(header::AUTHORIZATION)?.to_str().ok()?)
}

/// User and password of the value of an `Authorization`.
pub(crate) fn parse(authorization: &str) -> Option<(String, String)> {
    let (scheme, value) = authorization.trim().split_once(' ')?;
    let bytes = scheme.eq_ignore_ascii_case("basic").then(|| decode(value.trim(), STANDARD)).flatten()?;
    let text = String::from_utf8(bytes).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_string(), password.to_string()))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn passwords_may_have_colons() {
        assert_eq!(parse("basic dTpwOnc=").unwrap(), ("u".into(), "p:w".into()));
        for bad in ["Basic", "Bearer dTpw", "Basic dXA=", "Basic !"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
