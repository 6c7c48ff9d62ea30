//! Identities of Microsoft Entra, and how tokens are got for them.
//!
//! An [`Entra`] is the credential of an ARM session, and of a registry
//! ([`Credential::Entra`](crate::auth::Credential)). Its secret goes to the authority alone, or nowhere for a managed
//! identity; what other servers see is a token made for them.

mod client_secret;
mod device_code;
mod managed_identity;
mod token_request;

pub use client_secret::AZURE_CLI;
pub use device_code::{DeviceCode, DeviceLogin, DevicePoll};
pub use managed_identity::{METADATA_HOST, ManagedIdentity};
pub use token_request::TokenRequest;

use super::Cloud;
use crate::{
    AuthError, Digest, Error, Limits, Secret,
    auth::fits_header,
    http::{Origin, Request, Url},
};
use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
};
use core::fmt;

/// An identity, and what it can show. Prints without its values.
///
/// ```
/// use portolan::{auth::Credential, azure::{Cloud, entra::Entra}};
/// let entra = Entra::client_secret(&Cloud::public(), "contoso.example", "app", "hunter2")?;
/// assert!(!format!("{entra:?}").contains("hunter2"));
/// let pulls = Credential::Entra(Box::new(entra.for_registries()));
/// # let _ = pulls;
/// # Ok::<(), portolan::AuthError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Entra {
    authority: Url,
    audience: String,
    registry_audience: String,
    identity_endpoint: Url,
    grant: Grant,
}

#[derive(Clone, PartialEq, Eq)]
enum Grant {
    Secret { tenant: String, client_id: String, secret: Secret },
    Refresh { tenant: String, client_id: String, token: Secret },
    Managed(ManagedIdentity),
    Token { token: Secret, expires: Option<u64> },
}

impl Entra {
    /// A service principal with a secret.
    ///
    /// # Errors
    /// If the tenant is no id and no domain name.
    pub fn client_secret(
        cloud: &Cloud,
        tenant: &str,
        client_id: &str,
        secret: impl Into<Secret>,
    ) -> Result<Self, AuthError> {
        let (tenant, client_id) = (checked_tenant(tenant)?, client_id.to_owned());
        Ok(Self::of(cloud, Grant::Secret { tenant, client_id, secret: secret.into() }))
    }

    /// A user who has signed in before: with a device code, or by other means. The token may be replaced while it is used.
    ///
    /// # Errors
    /// If the tenant is no id and no domain name.
    pub fn refresh_token(
        cloud: &Cloud,
        tenant: &str,
        client_id: &str,
        token: impl Into<Secret>,
    ) -> Result<Self, AuthError> {
        let (tenant, client_id) = (checked_tenant(tenant)?, client_id.to_owned());
        Ok(Self::of(cloud, Grant::Refresh { tenant, client_id, token: token.into() }))
    }

    /// The identity of the machine that this runs on.
    #[must_use]
    pub fn managed_identity(cloud: &Cloud, identity: ManagedIdentity) -> Self {
        Self::of(cloud, Grant::Managed(identity))
    }

    /// A token that the caller has got, for the audience that it will be shown to. `expires`: when it ends, in seconds since
    /// 1970, where known; it is not shown after that.
    ///
    /// # Errors
    /// If it is empty or no visible ASCII.
    pub fn token(cloud: &Cloud, token: impl Into<Secret>, expires: Option<u64>) -> Result<Self, AuthError> {
        let token = token.into();
        if token.expose().is_empty() || !fits_header(token.expose()) {
            return Err(AuthError::Credential("the token is empty or has characters that no header may hold".into()));
        }
        Ok(Self::of(cloud, Grant::Token { token, expires }))
    }

    fn of(cloud: &Cloud, grant: Grant) -> Self {
        Self {
            authority: cloud.authority.clone(),
            audience: cloud.audience.clone(),
            registry_audience: cloud.registry_audience.clone(),
            identity_endpoint: cloud.identity_endpoint.clone(),
            grant,
        }
    }

    /// The same identity with tokens for registries in place of ARM: some registries refuse ARM's.
    #[must_use]
    pub fn for_registries(mut self) -> Self {
        self.audience.clone_from(&self.registry_audience);
        self
    }

    /// The same identity with tokens for another service.
    #[must_use]
    pub fn with_audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = audience.into();
        self
    }

    /// The tenant, where it is known.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        match &self.grant {
            Grant::Secret { tenant, .. } | Grant::Refresh { tenant, .. } => Some(tenant),
            Grant::Managed(_) | Grant::Token { .. } => None,
        }
    }

    /// Tells identities apart, without secrets.
    #[must_use]
    pub fn identity(&self) -> String {
        match &self.grant {
            Grant::Secret { tenant, client_id, .. } => format!("{client_id} of {tenant}"),
            // Of one application there may be many users.
            Grant::Refresh { token, .. } | Grant::Token { token, .. } => {
                Digest::sha256(token.expose().as_bytes()).encoded().to_string()
            }
            Grant::Managed(identity) => format!("managed {identity:?}"),
        }
    }

    /// The refresh token of a user who has signed in, for whoever keeps it. Every call is a place to review.
    #[must_use]
    pub fn kept_token(&self) -> Option<&Secret> {
        match &self.grant {
            Grant::Refresh { token, .. } => Some(token),
            _ => None,
        }
    }

    /// A token that the caller has brought, unless it is over by the clock.
    pub(crate) fn supplied(&self, unix: u64) -> Option<Result<Secret, AuthError>> {
        let Grant::Token { token, expires } = &self.grant else { return None };
        let over = expires.is_some_and(|end| unix > 0 && end <= unix);
        Some(if over { Err(AuthError::Credential("the Entra token has expired".into())) } else { Ok(token.clone()) })
    }

    pub(crate) fn is_supplied(&self) -> bool {
        matches!(self.grant, Grant::Token { .. })
    }

    /// Who sees the secret.
    pub(crate) fn secret_goes_to(&self) -> Option<&Origin> {
        matches!(self.grant, Grant::Secret { .. } | Grant::Refresh { .. }).then(|| self.authority.origin())
    }

    pub(crate) fn rotate(&mut self, new: &Secret) {
        if let Grant::Refresh { token, .. } = &mut self.grant {
            *token = new.clone();
        }
    }

    /// The request for a token.
    pub(crate) fn request(&self, limits: &Limits) -> Result<Request, Error> {
        let scope = format!("{}/.default", self.audience);
        match &self.grant {
            Grant::Secret { tenant, client_id, secret } => {
                client_secret::request(&self.authority, tenant, client_id, secret, &scope, limits)
            }
            Grant::Refresh { tenant, client_id, token } => {
                client_secret::refresh(&self.authority, tenant, client_id, token, &scope, limits)
            }
            Grant::Managed(identity) => identity.request(&self.identity_endpoint, &self.audience, limits),
            Grant::Token { .. } => Err(AuthError::Credential("the token is there already".into()).into()),
        }
    }
}

/// A tenant is a segment of the path.
fn checked_tenant(tenant: &str) -> Result<String, AuthError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    if tenant.is_empty() || tenant.len() > 253 || tenant.starts_with('.') || !tenant.bytes().all(plain) {
        return Err(AuthError::Credential("a tenant is an id or a domain name".into()));
    }
    Ok(tenant.to_owned())
}

impl fmt::Debug for Entra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.grant {
            Grant::Secret { .. } => "Entra(client secret, [redacted])",
            Grant::Refresh { .. } => "Entra(refresh token, [redacted])",
            Grant::Managed(_) => "Entra(managed identity)",
            Grant::Token { .. } => "Entra(token, [redacted])",
        })
    }
}
