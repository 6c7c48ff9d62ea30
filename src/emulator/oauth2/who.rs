//! Who presents what, and what they may do with a registry's content.

use super::claims::{Said, read};
use crate::emulator::{
    cloud::Cloud,
    state::{Document, Registry, rights::Rights},
};
use alloc::string::{String, ToString as _};

/// The user name that says that the password is a token.
pub(crate) const NULL_GUID: &str = "00000000-0000-0000-0000-000000000000";

/// Somebody, with rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Who {
    /// Object id, `admin`, a scoped token's name, or `anonymous`.
    pub(crate) name: String,
    /// What it may do.
    pub(crate) rights: Rights,
}

impl Who {
    /// Anybody, where anonymous pull is on.
    pub(crate) fn anonymous(registry: &Registry) -> Option<Self> {
        let open = registry.anonymous_pull;
        open.then(|| Self { name: "anonymous".to_string(), rights: Rights::anonymous() })
    }

    /// The admin user.
    pub(crate) fn admin(registry: &Registry, user: &str, password: &str) -> Option<Self> {
        let right = registry.admin
            && user.eq_ignore_ascii_case(&registry.name)
            && registry.passwords.iter().any(|own| own == password);
        right.then(|| Self { name: "admin".to_string(), rights: Rights::all() })
    }

    /// Whoever has this user name and password: admin user, repository-scoped token, or service principal.
    pub(crate) fn with_password(document: &Document, registry: &Registry, user: &str, password: &str) -> Option<Self> {
        let token = || {
            let token =
                registry.tokens.iter().find(|token| token.name.eq_ignore_ascii_case(user) && token.opens(password))?;
            Some(Self { name: token.name.clone(), rights: Rights::of_token(registry, token) })
        };
        let service = || {
            let principal = document.directory.service_with_secret(user, password)?;
            Self::principal(document, registry, &principal.object_id)
        };
        Self::admin(registry, user, password).or_else(token).or_else(service)
    }

    /// A principal of the directory.
    pub(crate) fn principal(document: &Document, registry: &Registry, object_id: &str) -> Option<Self> {
        let principal = document.directory.principal(object_id)?;
        let rights = Rights::of_principal(document, registry, &principal.object_id);
        Some(Self { name: principal.object_id.clone(), rights })
    }

    /// Whoever has this access token of the registry.
    pub(crate) fn with_access_token(cloud: &Cloud, registry: &Registry, token: &str) -> Option<Self> {
        match read(cloud, registry, token)? {
            Said::Access { subject, rights } => Some(Self { name: subject, rights }),
            Said::Refresh { .. } => None,
        }
    }

    /// Whoever has this refresh token of the registry.
    pub(crate) fn with_refresh_token(cloud: &Cloud, registry: &Registry, token: &str) -> Option<Self> {
        match read(cloud, registry, token)? {
            Said::Refresh { object_id } => cloud.state.read(|document| Self::principal(document, registry, &object_id)),
            Said::Access { .. } => None,
        }
    }

    /// Whoever has one or the other: what goes as the null GUID's password.
    pub(crate) fn with_any_token(cloud: &Cloud, registry: &Registry, token: &str) -> Option<Self> {
        Self::with_refresh_token(cloud, registry, token).or_else(|| Self::with_access_token(cloud, registry, token))
    }
}
