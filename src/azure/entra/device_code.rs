//! Signing in on another device (RFC 8628): a code for a person to type, and polling until it was typed.

use super::{Entra, Grant, checked_tenant, client_secret::posted};
use crate::{
    ApiError, AuthError, Error, ErrorCode, ProtocolError, Secret, Stage,
    auth::{Access, TokenAnswer},
    azure::{Cloud, read},
    http::{Form, Request, ResponseHead},
    json,
    op::{Context, Next, Operation, Plan},
    text::shown,
};
use alloc::{
    borrow::ToOwned,
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt, time::Duration};

/// Between two polls, where the answer does not say.
const INTERVAL: u64 = 5;
/// What `slow_down` adds (RFC 8628 section 3.5).
const SLOWER: Duration = Duration::from_secs(5);
/// A code lives for 15 minutes where the answer does not say.
const LIFETIME: u64 = 900;

/// Asks for a code. Runs in an [anonymous session](crate::Session::anonymous) with [`Cloud::authority`].
///
/// ```
/// use portolan::{azure::{Cloud, entra::{AZURE_CLI, DeviceCode}}, op::Operation};
/// let op = DeviceCode::new(&Cloud::public(), "organizations", AZURE_CLI)?;
/// assert_eq!(op.stage(), portolan::Stage::Token);
/// # Ok::<(), portolan::AuthError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DeviceCode {
    cloud: Cloud,
    tenant: String,
    client_id: String,
}

impl DeviceCode {
    /// For a user of `tenant` (or `organizations`, `common`), by way of the application `client_id`.
    ///
    /// # Errors
    /// If the tenant is no id and no domain name.
    pub fn new(cloud: &Cloud, tenant: &str, client_id: &str) -> Result<Self, AuthError> {
        Ok(Self { cloud: cloud.clone(), tenant: checked_tenant(tenant)?, client_id: client_id.to_owned() })
    }
}

/// A code that waits for its user: show [`message`](Self::message), or code and address, and [poll](Self::poll).
#[derive(Clone)]
pub struct DeviceLogin {
    /// What the user types; safe to show.
    pub user_code: String,
    /// Where; safe to show, and untrusted as a link.
    pub verification_uri: String,
    /// Both in the authority's words; safe to show.
    pub message: String,
    /// How long the code can be used.
    pub lifetime: Duration,
    device_code: Secret,
    interval: Duration,
    asked: DeviceCode,
}

impl DeviceLogin {
    /// Waits for the user.
    #[must_use]
    pub fn poll(self) -> DevicePoll {
        DevicePoll { interval: self.interval, waited: Duration::ZERO, login: self }
    }
}

impl fmt::Debug for DeviceLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceLogin").field("verification_uri", &self.verification_uri).finish_non_exhaustive()
    }
}

/// Asks until the user has signed in, or has declined, or the code has expired. Runs in the session that gave the code.
#[derive(Debug)]
pub struct DevicePoll {
    login: DeviceLogin,
    interval: Duration,
    waited: Duration,
}

impl Operation for DeviceCode {
    type Output = DeviceLogin;

    fn stage(&self) -> Stage {
        Stage::Token
    }

    fn access(&self) -> Option<Access> {
        None
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        let mut form = Form::default();
        let scope = format!("{}/.default offline_access", self.cloud.audience);
        form.add("client_id", &self.client_id).add("scope", &scope);
        posted(&self.cloud.authority, &self.tenant, "devicecode", form.finish(), context.limits)
    }

    fn head(&mut self, _: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
        Ok(Plan::Collect(context.limits.token_response))
    }

    fn accept(
        &mut self,
        _: ResponseHead,
        body: Vec<u8>,
        context: &mut Context<'_>,
    ) -> Result<Next<DeviceLogin>, Error> {
        let value = json::parse(&body, context.limits)?;
        let needed = |name| {
            read::text(&value, name).filter(|text| !text.is_empty()).ok_or_else(|| {
                Error::new(ProtocolError::Document { path: format!("$.{name}"), reason: "missing or not a string" })
            })
        };
        let seconds = |name, default| Duration::from_secs(read::number(&value, name).unwrap_or(default).min(86_400));
        let limit = context.limits.error_text;
        Ok(Next::Done(DeviceLogin {
            user_code: shown(needed("user_code")?, 64),
            verification_uri: shown(needed("verification_uri")?, limit),
            message: shown(read::text(&value, "message").unwrap_or_default(), limit),
            lifetime: seconds("expires_in", LIFETIME),
            device_code: Secret::new(needed("device_code")?),
            interval: seconds("interval", INTERVAL).max(Duration::from_secs(1)),
            asked: self.clone(),
        }))
    }
}

impl Operation for DevicePoll {
    type Output = Entra;

    fn stage(&self) -> Stage {
        Stage::Token
    }

    fn access(&self) -> Option<Access> {
        None
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        let DeviceCode { cloud, tenant, client_id } = &self.login.asked;
        let mut form = Form::default();
        form.add("grant_type", "urn:ietf:params:oauth:grant-type:device_code").add("client_id", client_id);
        form.add("device_code", self.login.device_code.expose());
        posted(&cloud.authority, tenant, "token", form.finish(), context.limits)
    }

    fn head(&mut self, _: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
        Ok(Plan::Collect(context.limits.token_response))
    }

    fn accept(&mut self, _: ResponseHead, body: Vec<u8>, context: &mut Context<'_>) -> Result<Next<Entra>, Error> {
        let answer = TokenAnswer::parse(&body, None, context.limits)?;
        let DeviceCode { cloud, tenant, client_id } = &self.login.asked;
        let grant = match answer.refresh_token {
            Some(token) => Grant::Refresh { tenant: tenant.clone(), client_id: client_id.clone(), token },
            None => Grant::Token { token: answer.token, expires: None },
        };
        Ok(Next::Done(Entra::of(cloud, grant)))
    }

    fn refused(&mut self, error: ApiError, _: &mut Context<'_>) -> Result<Next<Entra>, Error> {
        match error.code().map(ErrorCode::as_str) {
            Some("authorization_pending") => {}
            Some("slow_down") => self.interval = self.interval.saturating_add(SLOWER),
            Some("authorization_declined" | "access_denied") => return Err(refusal("the user has declined")),
            Some("expired_token") => return Err(refusal("the code has expired")),
            Some("invalid_grant" | "invalid_client" | "bad_verification_code") => {
                return Err(refusal(&error.to_string()));
            }
            _ => return Err(Box::new(error).into()),
        }
        self.waited = self.waited.saturating_add(self.interval);
        if self.waited > self.login.lifetime {
            return Err(refusal("the code has expired"));
        }
        Ok(Next::After(self.interval))
    }
}

fn refusal(detail: &str) -> Error {
    AuthError::Unauthorized { anonymous: false, detail: detail.to_owned() }.into()
}
