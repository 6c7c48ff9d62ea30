//! Who there is: users, applications with their service principals, managed identities.

use super::super::{password, random};
use crate::emulator::clock::Instant;
use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};
use serde::{Deserialize, Serialize};
use std::io;

/// The directory of the tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Directory {
    /// Applications.
    pub(crate) applications: Vec<Application>,
    /// All that roles can be given to.
    pub(crate) principals: Vec<Principal>,
}

/// What a principal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// A person.
    User,
    /// An application's.
    ServicePrincipal,
    /// An Azure resource's; it needs no secret.
    ManagedIdentity,
}

/// An application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Application {
    /// Object id.
    pub(crate) object_id: String,
    /// Client id.
    pub(crate) app_id: String,
    /// For people.
    pub(crate) name: String,
    /// When it was made.
    pub(crate) created: Instant,
    /// Client secrets.
    pub(crate) passwords: Vec<Password>,
}

/// A client secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Password {
    /// GUID.
    pub(crate) key_id: String,
    /// For people.
    pub(crate) name: String,
    /// From when.
    pub(crate) start: Instant,
    /// Until when.
    pub(crate) end: Instant,
    /// It itself.
    pub(crate) value: String,
}

/// What a role can be given to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Principal {
    /// Object id.
    pub(crate) object_id: String,
    /// What it is.
    pub(crate) kind: Kind,
    /// For people.
    pub(crate) name: String,
    /// Client id; nothing for a user.
    pub(crate) app_id: Option<String>,
    /// `userPrincipalName` and password of a user.
    pub(crate) user: Option<(String, String)>,
}

impl Kind {
    /// The word of role assignments: managed identities are service principals to them.
    pub(crate) const fn principal_type(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::ServicePrincipal | Self::ManagedIdentity => "ServicePrincipal",
        }
    }

    /// The word of `systemData`.
    pub(crate) const fn created_by_type(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::ServicePrincipal => "Application",
            Self::ManagedIdentity => "ManagedIdentity",
        }
    }
}

impl Principal {
    /// Under which name resources are made: a user's name, else the client id.
    pub(crate) fn signature(&self) -> &str {
        self.user.as_ref().map_or_else(|| self.app_id.as_deref().unwrap_or(&self.object_id), |(name, _)| name)
    }
}

impl Directory {
    /// The principal with that object id.
    pub(crate) fn principal(&self, object_id: &str) -> Option<&Principal> {
        self.principals.iter().find(|principal| principal.object_id.eq_ignore_ascii_case(object_id))
    }

    /// The service principal or managed identity with that client id.
    pub(crate) fn service(&self, app_id: &str) -> Option<&Principal> {
        let is = |id: &Option<String>| id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(app_id));
        self.principals.iter().find(|principal| is(&principal.app_id))
    }

    /// The application with that client id.
    pub(crate) fn application(&self, app_id: &str) -> Option<&Application> {
        self.applications.iter().find(|application| application.app_id.eq_ignore_ascii_case(app_id))
    }

    /// The service principal that proves itself with its client id and a secret.
    pub(crate) fn service_with_secret(&self, app_id: &str, secret: &str) -> Option<&Principal> {
        let now = Instant::now();
        let valid = |p: &Password| p.value == secret && p.start <= now && now < p.end;
        self.application(app_id).filter(|application| application.passwords.iter().any(valid))?;
        self.service(app_id).filter(|principal| principal.kind == Kind::ServicePrincipal)
    }

    /// The user of that name, in any case.
    pub(crate) fn user(&self, name: &str) -> Option<&Principal> {
        let is = |user: &Option<(String, String)>| user.as_ref().is_some_and(|(own, _)| own.eq_ignore_ascii_case(name));
        self.principals.iter().find(|principal| is(&principal.user))
    }

    /// The user that proves itself with a password.
    pub(crate) fn user_with_password(&self, name: &str, password: &str) -> Option<&Principal> {
        self.user(name).filter(|principal| principal.user.as_ref().is_some_and(|(_, own)| own == password))
    }

    /// A new application with its service principal and one secret: object id of the principal, client id, secret.
    pub(crate) fn add_service(&mut self, name: &str) -> io::Result<(String, String, String)> {
        let application = Application::new(name)?;
        let (app_id, secret) = (application.app_id.clone(), Password::new("made at first start")?);
        let value = secret.value.clone();
        self.applications.push(Application { passwords: alloc::vec![secret], ..application });
        let object_id = random::uuid()?;
        self.principals.push(Principal {
            object_id: object_id.clone(),
            kind: Kind::ServicePrincipal,
            name: name.to_string(),
            app_id: Some(app_id.clone()),
            user: None,
        });
        Ok((object_id, app_id, value))
    }
}

impl Application {
    /// Without secrets.
    pub(crate) fn new(name: &str) -> io::Result<Self> {
        Ok(Self {
            object_id: random::uuid()?,
            app_id: random::uuid()?,
            name: name.to_string(),
            created: Instant::now(),
            passwords: Vec::new(),
        })
    }
}

impl Password {
    /// Good for a year, from now.
    pub(crate) fn new(name: &str) -> io::Result<Self> {
        const YEAR: core::time::Duration = core::time::Duration::from_secs(365 * 86_400);
        let start = Instant::now();
        Ok(Self {
            key_id: random::uuid()?,
            name: name.to_string(),
            start,
            end: start.after(YEAR),
            value: password::new()?,
        })
    }
}
