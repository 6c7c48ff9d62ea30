//! The token service's answer (Docker "Token Authentication" and "Authenticating with OAuth2").

use crate::{AuthError, Limits, Secret, base64, json};
use alloc::string::String;
use core::time::Duration;
use serde_json::{Map, Value};

/// What a token is good for at the least; Docker's default where none is given.
const SHORTEST: i64 = 60;
/// What we believe at the most.
const LONGEST: i64 = 24 * 60 * 60;

/// A token, and how long to use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAnswer {
    /// What goes into `Authorization: Bearer`: visible ASCII.
    pub token: Secret,
    /// What further tokens can be asked for with.
    pub refresh_token: Option<Secret>,
    /// From now on, by our own clock: 60 seconds to 24 hours.
    pub lifetime: Duration,
}

/// Azure's refresh token, got for an identity of its directory (`/oauth2/exchange`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeAnswer {
    /// What tokens can be asked for with: visible ASCII.
    pub refresh_token: Secret,
    /// From now on, by our own clock: 60 seconds to 24 hours.
    pub lifetime: Duration,
}

impl TokenAnswer {
    /// Reads the body of a 200 answer. `now` is the time in seconds since 1970, where known.
    ///
    /// The token is in `token`, in `access_token`, or in both; the first counts. Its lifetime is `expires_in`, else
    /// that of the JWT it may be, else 60 seconds. `issued_at` is ignored: the peer's clock is not ours.
    ///
    /// # Errors
    /// [`AuthError::Token`], which never quotes the answer.
    pub fn parse(body: &[u8], now: Option<u64>, limits: &Limits) -> Result<Self, AuthError> {
        let mut fields = object(body, limits)?;
        let token = match secret(&mut fields, "token", limits)? {
            Some(token) => token,
            None => secret(&mut fields, "access_token", limits)?.ok_or(AuthError::Token("no token in it"))?,
        };
        let refresh_token = secret(&mut fields, "refresh_token", limits)?;
        let lifetime = lifetime(&fields, &token, now, limits);
        Ok(Self { token, refresh_token, lifetime })
    }
}

impl ExchangeAnswer {
    /// Reads the body of a 200 answer: `{"refresh_token":"..."}`. `now` is as for [`TokenAnswer::parse`].
    ///
    /// # Errors
    /// [`AuthError::Token`], which never quotes the answer.
    pub fn parse(body: &[u8], now: Option<u64>, limits: &Limits) -> Result<Self, AuthError> {
        let mut fields = object(body, limits)?;
        let refresh_token =
            secret(&mut fields, "refresh_token", limits)?.ok_or(AuthError::Token("no refresh token in it"))?;
        let lifetime = lifetime(&fields, &refresh_token, now, limits);
        Ok(Self { refresh_token, lifetime })
    }
}

fn object(body: &[u8], limits: &Limits) -> Result<Map<String, Value>, AuthError> {
    if body.len() > limits.token_response {
        return Err(AuthError::Token("too long"));
    }
    match json::parse(body, limits) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(AuthError::Token("not a JSON object")),
        Err(_) => Err(AuthError::Token("not JSON")),
    }
}

/// Takes a field's value out, so that the one copy of it is wiped when dropped. Empty and `null` count as absent.
fn secret(fields: &mut Map<String, Value>, name: &str, limits: &Limits) -> Result<Option<Secret>, AuthError> {
    let text = match fields.get_mut(name).map(Value::take) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => Secret::new(text),
        Some(_) => return Err(AuthError::Token("a token is not a string")),
    };
    if text.expose().len() > limits.token {
        return Err(AuthError::Token("a token is too long"));
    }
    if !fits_header(text.expose()) {
        return Err(AuthError::Token("a token has characters that no header may hold"));
    }
    Ok(if text.expose().is_empty() { None } else { Some(text) })
}

/// True for visible ASCII: no CR, LF or space that could end the header or the value.
pub(crate) fn fits_header(token: &str) -> bool {
    token.bytes().all(|b| b.is_ascii_graphic())
}

fn lifetime(fields: &Map<String, Value>, token: &Secret, now: Option<u64>, limits: &Limits) -> Duration {
    let seconds = fields.get("expires_in").and_then(seconds);
    let seconds = seconds.or_else(|| jwt_lifetime(token.expose(), now, limits));
    Duration::from_secs(seconds.unwrap_or(SHORTEST).clamp(SHORTEST, LONGEST).unsigned_abs())
}

/// A whole number of seconds, however written.
fn seconds(value: &Value) -> Option<i64> {
    match value {
        // A float's cast saturates.
        Value::Number(n) => n.as_i64().or_else(|| n.as_f64().map(|f| f as i64)),
        // Not by way of a float, whose parser is 20 KB of the wasm module.
        Value::String(text) => text.trim().split('.').next()?.parse().ok(),
        _ => None,
    }
}

/// `exp - iat`, which needs no clock of ours; else `exp - nbf`; else `exp - now`. Not verified: the registry does that.
fn jwt_lifetime(token: &str, now: Option<u64>, limits: &Limits) -> Option<i64> {
    let payload = token.split('.').nth(1)?;
    let payload = base64::decode(payload, base64::URL_SAFE)?;
    let claims = json::parse(&payload, limits).ok()?;
    let claim = |name: &str| claims.get(name).and_then(seconds);
    let now = now.and_then(|now| i64::try_from(now).ok());
    let start = claim("iat").or_else(|| claim("nbf")).or(now)?;
    Some(claim("exp")?.saturating_sub(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::{
        Engine as _,
        engine::general_purpose::{URL_SAFE as PADDED, URL_SAFE_NO_PAD},
    };
    use alloc::{format, string::ToString};
    use proptest::prelude::*;

    fn parse(body: &str) -> Result<TokenAnswer, AuthError> {
        TokenAnswer::parse(body.as_bytes(), Some(1_000), &Limits::DEFAULT)
    }

    fn token(body: &str) -> String {
        parse(body).unwrap().token.expose().to_string()
    }

    fn jwt(claims: &str) -> String {
        format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn either_name_of_the_token_is_read() {
        assert_eq!(token(r#"{"token":"a"}"#), "a");
        assert_eq!(token(r#"{"access_token":"b"}"#), "b");
        assert_eq!(token(r#"{"access_token":"b","token":"a"}"#), "a");
        assert_eq!(token(r#"{"access_token":"b","token":""}"#), "b");
        assert_eq!(token(r#"{"access_token":"b","token":null,"scope":["x"]}"#), "b");
        assert_eq!(parse(r#"{"token":"a","refresh_token":""}"#).unwrap().refresh_token, None);
        assert_eq!(parse(r#"{"token":"a","refresh_token":"r"}"#).unwrap().refresh_token, Some(Secret::new("r")));
    }

    #[test]
    fn a06_answers_without_a_token() {
        let long = format!("{{\"token\":\"{}\"}}", "x".repeat(Limits::DEFAULT.token_response));
        for body in
            ["", "{}", "[]", "null", "<html>", r#"{"token":""}"#, r#"{"token":1}"#, r#"{"refresh_token":"r"}"#, &long]
        {
            assert!(matches!(parse(body), Err(AuthError::Token(_))), "{body:.40}");
        }
        assert!(parse(r#"{"token":"a","token":"b"}"#).is_err());
    }

    #[test]
    fn a07_expires_in_is_clamped() {
        for (text, seconds) in [
            ("300", 300),
            ("\"300\"", 300),
            ("\" 300.9 \"", 300),
            ("3600.5", 3_600),
            ("59", 60),
            ("0", 60),
            ("-1", 60),
            ("\"-1e300\"", 60),
            ("86401", 86_400),
            ("18446744073709551615", 86_400),
            ("1e300", 86_400),
            ("null", 60),
            ("\"soon\"", 60),
            ("\"NaN\"", 60),
            ("[]", 60),
        ] {
            let body = format!(r#"{{"token":"opaque","expires_in":{text},"issued_at":"2999-01-01T00:00:00Z"}}"#);
            assert_eq!(parse(&body).unwrap().lifetime.as_secs(), seconds, "{text}");
        }
        assert_eq!(parse(r#"{"token":"opaque"}"#).unwrap().lifetime.as_secs(), 60);
    }

    #[test]
    fn a07_a_jwt_tells_its_lifetime() {
        for (claims, seconds) in [
            (r#"{"iat":5000,"exp":9500}"#, 4_500),
            (r#"{"iat":5000,"nbf":1,"exp":9500}"#, 4_500),
            (r#"{"nbf":"5000","exp":9500}"#, 4_500),
            (r#"{"exp":1600}"#, 600),
            (r#"{"exp":900}"#, 60),
            (r#"{"iat":9500,"exp":5000}"#, 60),
            (r#"{"iat":-9223372036854775808,"exp":9223372036854775807}"#, 86_400),
            (r#"{"iat":5000}"#, 60),
            (r#"{"exp":9500,"exp":1}"#, 60),
            ("[]", 60),
            ("no JSON", 60),
        ] {
            let body = format!(r#"{{"access_token":"{}"}}"#, jwt(claims));
            assert_eq!(parse(&body).unwrap().lifetime.as_secs(), seconds, "{claims}");
        }
        let padded = format!("e30.{}.sig", PADDED.encode(r#"{"iat":1,"exp":101}"#));
        assert_eq!(parse(&format!(r#"{{"token":"{padded}"}}"#)).unwrap().lifetime.as_secs(), 100);
        let both = format!(r#"{{"token":"{}","expires_in":200}}"#, jwt(r#"{"iat":1,"exp":5000}"#));
        assert_eq!(parse(&both).unwrap().lifetime.as_secs(), 200);
        let clockless = format!(r#"{{"token":"{}"}}"#, jwt(r#"{"exp":1600}"#));
        assert_eq!(TokenAnswer::parse(clockless.as_bytes(), None, &Limits::DEFAULT).unwrap().lifetime.as_secs(), 60);
    }

    #[test]
    fn a08_tokens_that_no_header_may_hold() {
        let long = "x".repeat(Limits::DEFAULT.token + 1);
        for token in ["a\\r\\nX-Evil: 1", "a b", "a\\t", "é", "a\\u0000", "\\u007f", " ", &long] {
            let error = parse(&format!(r#"{{"token":"hunter2{token}"}}"#)).unwrap_err();
            assert!(matches!(error, AuthError::Token(_)), "{token:.20}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
            assert!(parse(&format!(r#"{{"token":"t","refresh_token":"{token}"}}"#)).is_err(), "{token:.20}");
        }
        let longest = format!(r#"{{"token":"{}"}}"#, "x".repeat(Limits::DEFAULT.token));
        assert!(parse(&longest).is_ok());
        assert!(!format!("{:?}", parse(r#"{"token":"hunter2"}"#)).contains("hunter2"));
    }

    #[test]
    fn an_exchange_gives_a_refresh_token_alone() {
        let parse = |body: &str| ExchangeAnswer::parse(body.as_bytes(), None, &Limits::DEFAULT);
        let body = format!(r#"{{"refresh_token":"{}"}}"#, jwt(r#"{"iat":1000,"exp":12700}"#));
        assert_eq!(parse(&body).unwrap().lifetime.as_secs(), 11_700);
        assert_eq!(parse(r#"{"refresh_token":"r"}"#).unwrap().refresh_token.expose(), "r");
        for body in ["{}", r#"{"access_token":"a"}"#, r#"{"refresh_token":"a b"}"#, r#"{"refresh_token":""}"#] {
            assert!(parse(body).is_err(), "{body}");
        }
    }

    proptest! {
        #[test]
        fn no_panic_and_bounded(expires in ".{0,20}|-?[0-9]{1,25}(e[0-9]{1,3})?", payload in ".{0,30}") {
            let body = format!(r#"{{"token":"a.{}","expires_in":{expires}}}"#, payload.escape_default());
            if let Ok(answer) = parse(&body) {
                prop_assert!((60..=86_400).contains(&answer.lifetime.as_secs()));
            }
        }
    }
}
