//! Which function answers what.

use super::{Answer, Call, Cloud, Refusal};
use crate::emulator::cloud::Later;
use alloc::{format, sync::Arc};
use axum::http::Method;

/// One line of a table.
pub(crate) struct Route {
    /// Method.
    pub(crate) method: Method,
    /// Path; `{name}` stands for one segment, and `{*name}` in front for any number of them. Case does not matter.
    pub(crate) path: &'static str,
    /// What RBAC asks for at the path, or at what `{*name}` stands for; nothing if the handler looks itself.
    pub(crate) action: &'static str,
    /// Who answers.
    pub(crate) handler: Handler,
}

/// A function that answers.
pub(crate) enum Handler {
    /// At once.
    Now(fn(&Cloud, &Call) -> Result<Answer, Refusal>),
    /// After something else.
    Later(fn(Arc<Cloud>, Call) -> Later<'static, Result<Answer, Refusal>>),
}

impl Route {
    /// A line whose function answers at once.
    pub(crate) const fn now(
        method: Method,
        path: &'static str,
        action: &'static str,
        answer: fn(&Cloud, &Call) -> Result<Answer, Refusal>,
    ) -> Self {
        Self { method, path, action, handler: Handler::Now(answer) }
    }

    /// A line whose function waits for something.
    pub(crate) const fn later(
        method: Method,
        path: &'static str,
        action: &'static str,
        answer: fn(Arc<Cloud>, Call) -> Later<'static, Result<Answer, Refusal>>,
    ) -> Self {
        Self { method, path, action, handler: Handler::Later(answer) }
    }
}

/// The line for a call, whose names are set.
pub(super) fn find<'a>(tables: &[&'a [Route]], call: &mut Call) -> Result<&'a Route, Refusal> {
    let mut known = false;
    for route in tables.iter().flat_map(|table| table.iter()) {
        let Some(names) = call.matches(route.path) else { continue };
        known = true;
        if route.method == call.method {
            call.names = names;
            return Ok(route);
        }
    }
    if known {
        let message = format!("The requested resource does not support http method '{}'.", call.method);
        return Err(Refusal::new(405, "MethodNotAllowed", message));
    }
    let message = format!("No resource is known at '{}'; the emulator knows what its documentation lists.", call.path);
    Err(Refusal::new(404, "InvalidResourceType", message))
}
