//! Redirects: where they may lead, and what may go along (rows R01 to R07).

use crate::{
    Error, LimitExceeded, Limits, ProtocolError,
    http::{Headers, Origin, Request, ResponseHead, Scheme, Url},
};

/// The hops of one request.
#[derive(Default)]
pub(super) struct Hops {
    pub(super) current: Option<Url>,
    count: u32,
}

impl Hops {
    /// Takes the next hop from a 3xx answer to `asked`.
    pub(super) fn follow(
        &mut self,
        asked: &Url,
        registry: &Origin,
        head: &ResponseHead,
        limits: &Limits,
    ) -> Result<(), Error> {
        self.count += 1;
        if self.count > limits.redirects {
            return Err(ProtocolError::TooManyRedirects.into());
        }
        let location = head.headers.get("location").ok_or(ProtocolError::Redirect("no Location"))?;
        let target = asked.join(location).map_err(|_| ProtocolError::Redirect("Location is not an http(s) address"))?;
        if asked.origin().scheme() == Scheme::Https && target.origin().scheme() == Scheme::Http {
            return Err(ProtocolError::Redirect("from https to http").into());
        }
        // A public registry has no business with our network; the transport checks names as they resolve (R07).
        let inside = target.origin().is_internal() && !registry.is_internal();
        if inside && target.origin().host() != registry.host() {
            return Err(ProtocolError::Redirect("to an internal address").into());
        }
        if target == *asked {
            return Err(ProtocolError::TooManyRedirects.into());
        }
        self.current = Some(target);
        Ok(())
    }

    /// Turns the operation's request into one for the current hop: anonymous, with nothing of ours but what says
    /// which bytes are wanted.
    pub(super) fn redirect(&self, request: &mut Request, registry: &Origin) {
        let Some(hop) = &self.current else { return };
        let kept = ["accept", "range"];
        let headers: Headers = request
            .headers
            .iter()
            .filter(|(name, _)| kept.iter().any(|k| name.eq_ignore_ascii_case(k)))
            .map(|(name, value)| (alloc::string::String::from(name), alloc::string::String::from(value)))
            .collect();
        request.headers = headers;
        request.authorization = None;
        request.named_by = (hop.origin() != registry).then(|| registry.clone());
        request.url = hop.clone();
    }
}

/// The limit as an error, for bodies and heads that outgrow it.
pub(super) fn exceeded(which: &'static str, limit: usize) -> Error {
    LimitExceeded { which, limit: limit as u64 }.into()
}
