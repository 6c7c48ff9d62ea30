//! ARM's long-running operations: where to ask how it goes, and when.
//!
//! `Azure-AsyncOperation` before `Location` before the resource's own `provisioningState`; terminal are `Succeeded`, `Failed`
//! and `Canceled`, and everything else is under way. ARM "Track asynchronous Azure operations".

use super::read;
use crate::{
    ApiError, Error, LimitExceeded, ProtocolError,
    http::{Method, ResponseHead, Url, retry_after},
};
use alloc::{boxed::Box, string::ToString};
use core::time::Duration;
use serde_json::Value;

/// Between two looks, where the answer does not say.
const PAUSE: Duration = Duration::from_secs(2);
/// A server that says "at once" gets this much time all the same.
const SHORTEST: Duration = Duration::from_millis(500);
/// And it is asked this often at the least.
const LONGEST: Duration = Duration::from_secs(60);
/// All pauses of one operation together.
const PATIENCE: Duration = Duration::from_secs(2 * 60 * 60);

/// Where the state of an operation is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Watch {
    /// A document with `status`.
    Status(Url),
    /// 202 until it is over.
    Location(Url),
    /// The resource's own `properties.provisioningState`.
    Resource,
}

/// What an answer says of the operation.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Ask again after that time.
    Later(Watch, Duration),
    /// It is over; true if this very answer is what came of it.
    Over(bool),
}

/// The pauses of one operation.
#[derive(Debug, Default)]
pub(super) struct Patience(Duration);

impl Patience {
    /// Takes a pause.
    pub(super) fn pause(&mut self, wanted: Duration) -> Result<Duration, Error> {
        self.0 = self.0.saturating_add(wanted);
        if self.0 > PATIENCE {
            let which = "seconds of one long-running operation";
            return Err(LimitExceeded { which, limit: PATIENCE.as_secs() }.into());
        }
        Ok(wanted)
    }
}

/// The time until the next look.
pub(super) fn pause(head: &ResponseHead) -> Duration {
    retry_after(head, 0).unwrap_or(PAUSE).clamp(SHORTEST, LONGEST)
}

/// What the answer to the request itself says.
pub(super) fn begun(asked: &Url, head: &ResponseHead, body: &Value) -> Result<Progress, Error> {
    let later = |watch| Ok(Progress::Later(watch, pause(head)));
    if let Some(url) = address(asked, head, "azure-asyncoperation")? {
        return later(Watch::Status(url));
    }
    if matches!(head.status, 201 | 202)
        && let Some(url) = address(asked, head, "location")?
    {
        // A 201 names the new resource in its Location; only 202 promises that somebody will answer there.
        return later(if head.status == 202 { Watch::Location(url) } else { Watch::Resource });
    }
    match read::text(body, "properties.provisioningState") {
        Some(state) if !is_terminal(state) => later(Watch::Resource),
        Some(state) => ended(asked, state, body).map(|()| Progress::Over(true)),
        None if head.status == 202 => later(Watch::Resource),
        None => Ok(Progress::Over(true)),
    }
}

/// What a look at the state says.
pub(super) fn looked(watch: &Watch, asked: &Url, head: &ResponseHead, body: &Value) -> Result<Progress, Error> {
    match watch {
        Watch::Status(url) => {
            let next = address(asked, head, "azure-asyncoperation")?.unwrap_or_else(|| url.clone());
            match read::text(body, "status") {
                Some(status) if is_terminal(status) => ended(asked, status, body).map(|()| Progress::Over(false)),
                None if head.status != 202 => Ok(Progress::Over(false)),
                _ => Ok(Progress::Later(Watch::Status(next), pause(head))),
            }
        }
        Watch::Location(url) if head.status == 202 => {
            let next = address(asked, head, "location")?.unwrap_or_else(|| url.clone());
            Ok(Progress::Later(Watch::Location(next), pause(head)))
        }
        Watch::Location(_) => Ok(Progress::Over(true)),
        Watch::Resource => match read::text(body, "properties.provisioningState") {
            Some(state) if !is_terminal(state) => Ok(Progress::Later(Watch::Resource, pause(head))),
            Some(state) => ended(asked, state, body).map(|()| Progress::Over(true)),
            None => Ok(Progress::Over(true)),
        },
    }
}

/// An address that a header names. ARM tells of its own operations at its own origin; a token goes nowhere else.
fn address(asked: &Url, head: &ResponseHead, name: &str) -> Result<Option<Url>, Error> {
    let Some(text) = head.headers.get(name).map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let url = asked.join(text).map_err(|_| ProtocolError::Redirect("the operation's status has no http(s) address"))?;
    if url.origin() != asked.origin() {
        return Err(ProtocolError::Redirect("the operation's status lies at another origin").into());
    }
    Ok(Some(url))
}

fn is_terminal(state: &str) -> bool {
    ["Succeeded", "Failed", "Canceled"].iter().any(|known| known.eq_ignore_ascii_case(state))
}

/// The error of an operation that ended and did not succeed.
fn ended(asked: &Url, state: &str, body: &Value) -> Result<(), Error> {
    if state.eq_ignore_ascii_case("Succeeded") {
        return Ok(());
    }
    let mut api = ApiError::new(Method::Get, asked.redacted(), 200);
    let error = [read::at(body, "error"), read::at(body, "properties.error")].into_iter().flatten().next();
    match error {
        Some(error) => api.read_arm(error, crate::Limits::DEFAULT.error_text),
        None => api.text = ["the operation ended as ", &crate::text::shown(state, 64)].concat().to_string(),
    }
    Err(Box::new(api).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use serde_json::json;

    fn head(status: u16, fields: &[(&str, &str)]) -> ResponseHead {
        ResponseHead { status, headers: fields.iter().copied().collect() }
    }

    fn asked() -> Url {
        "https://arm.example/subscriptions/s/resourceGroups/g?api-version=1".parse().unwrap()
    }

    #[test]
    fn the_status_document_comes_before_all_else() {
        let both = head(
            201,
            &[
                ("Azure-AsyncOperation", "https://arm.example/status?t=1"),
                ("Location", "https://arm.example/result"),
                ("Retry-After", "7"),
            ],
        );
        let begun = begun(&asked(), &both, &json!({"properties": {"provisioningState": "Creating"}})).unwrap();
        let status = Watch::Status("https://arm.example/status?t=1".parse().unwrap());
        assert_eq!(begun, Progress::Later(status, Duration::from_secs(7)));
    }

    #[test]
    fn r06_a_status_elsewhere_is_refused() {
        for name in ["Azure-AsyncOperation", "Location"] {
            for elsewhere in
                ["https://evil.example/s", "http://arm.example/s", "https://arm.example:8443/s", "ftp://x/"]
            {
                let error = begun(&asked(), &head(202, &[(name, elsewhere)]), &Value::Null).unwrap_err();
                assert_eq!(error.kind(), Kind::InvalidRedirect, "{name} {elsewhere}");
            }
        }
    }

    #[test]
    fn addresses_of_more_than_4_kb_are_followed() {
        let long = ["https://arm.example/status?t=", &"x".repeat(6_000)].concat();
        let begun = begun(&asked(), &head(202, &[("Azure-AsyncOperation", &long)]), &Value::Null).unwrap();
        assert_eq!(begun, Progress::Later(Watch::Status(long.parse().unwrap()), PAUSE));
    }

    #[test]
    fn h01_pauses_are_bounded() {
        for (asked, taken) in [("0", SHORTEST), ("15", Duration::from_secs(15)), ("86400", LONGEST), ("soon", PAUSE)] {
            assert_eq!(pause(&head(202, &[("Retry-After", asked)])), taken, "{asked}");
        }
        let mut patience = Patience::default();
        assert!((0..120).all(|_| patience.pause(LONGEST).is_ok()));
        assert_eq!(patience.pause(LONGEST).unwrap_err().kind(), Kind::LimitExceeded);
    }

    #[test]
    fn failure_tells_why() {
        let watch = Watch::Status("https://arm.example/s".parse().unwrap());
        let body = json!({"status": "Failed", "error": {"code": "SkuNotSupported", "message": "No.\u{1b}"}});
        let error = looked(&watch, &asked(), &head(200, &[]), &body).unwrap_err();
        assert_eq!((error.kind(), error.code().unwrap().as_str()), (Kind::Failed, "SkuNotSupported"));
        assert!(!error.to_string().contains('\u{1b}'));
        let error = looked(&watch, &asked(), &head(200, &[]), &json!({"status": "canceled"})).unwrap_err();
        assert_eq!(error.kind(), Kind::Failed);
        let running = looked(&watch, &asked(), &head(200, &[]), &json!({"status": "Whatever"})).unwrap();
        assert!(matches!(running, Progress::Later(..)));
    }

    #[test]
    fn a_location_is_asked_until_it_is_no_202() {
        let watch = Watch::Location("https://arm.example/r".parse().unwrap());
        let moved = head(202, &[("Location", "/elsewhere?x=1")]);
        let Progress::Later(Watch::Location(next), _) = looked(&watch, &asked(), &moved, &Value::Null).unwrap() else {
            panic!()
        };
        assert_eq!(next.as_str(), "https://arm.example/elsewhere?x=1");
        for status in [200, 204] {
            assert_eq!(looked(&watch, &asked(), &head(status, &[]), &Value::Null).unwrap(), Progress::Over(true));
        }
    }
}
