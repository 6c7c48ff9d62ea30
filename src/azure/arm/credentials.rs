//! The admin account of a registry: one name, two passwords.

use super::{REGISTRY_API, versioned};
use crate::{
    AuthError, Error, Secret,
    auth::Credential,
    azure::{Call, RegistryId, read},
    http::Method,
};
use alloc::{string::String, vec::Vec};
use serde_json::{Value, json};

/// Which of the two passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// `password`.
    First,
    /// `password2`.
    Second,
}

/// The admin account, or a scoped token. Prints without the passwords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The user's name.
    pub username: String,
    /// By name: `password` and `password2`, or `password1` and `password2`.
    pub passwords: Vec<(String, Secret)>,
}

impl Login {
    pub(super) fn read(raw: Value) -> Result<Self, Error> {
        let entries = read::list(&raw, "passwords").iter();
        let passwords =
            entries.filter_map(|entry| Some((read::string(entry, "name")?, Secret::new(read::text(entry, "value")?))));
        Ok(Self { username: read::needed(&raw, "username")?, passwords: passwords.collect() })
    }

    /// The first password with its user's name, for a registry.
    ///
    /// # Errors
    /// If there is no password, or HTTP cannot carry it.
    pub fn credential(&self) -> Result<Credential, AuthError> {
        let (_, password) =
            self.passwords.first().ok_or_else(|| AuthError::Credential("there is no password".into()))?;
        Credential::new(&self.username, password.clone())
    }
}

/// Shows the admin account. Refused while it is off.
///
/// ```
/// use portolan::azure::arm::credentials;
/// let op = credentials::list(&"00000000-0000-0000-0000-000000000001/g/mycontainerregistry".parse()?);
/// # let _ = op;
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[must_use]
pub fn list(id: &RegistryId) -> Call<Login> {
    let path = alloc::format!("{}/listCredentials", id.path());
    Call::arm(Method::Post, versioned(&path, REGISTRY_API), Login::read).reading()
}

/// Makes a new password in place of one of the two; the old one ends within a minute.
#[must_use]
pub fn regenerate(id: &RegistryId, which: Which) -> Call<Login> {
    let path = alloc::format!("{}/regenerateCredential", id.path());
    let name = match which {
        Which::First => "password",
        Which::Second => "password2",
    };
    Call::arm(Method::Post, versioned(&path, REGISTRY_API), Login::read).with(&json!({ "name": name }))
}
