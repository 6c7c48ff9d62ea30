//! Who is asking.

use crate::{Digest, Endpoint, auth::Credential};
use alloc::{format, string::String};

/// Hexadecimal digits of the hash that names a folder.
const LENGTH: usize = 32;

/// A registry, and the user one is there: what may be read differs from user to user, and so does what is kept.
///
/// ```
/// use portolan::{auth::Credential, cache::Identity};
/// let endpoint = "https://registry.example".parse()?;
/// let anonymous = Identity::new(&endpoint, None);
/// let me = Identity::new(&endpoint, Some(&Credential::new("me", "secret")?));
/// assert_ne!(anonymous, me);
/// assert_eq!(me, Identity::new(&endpoint, Some(&Credential::new("me", "another secret")?)));
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity(String);

impl Identity {
    /// The identity of a registry's client. Passwords have no part in it; a token that comes without a user name has.
    #[must_use]
    pub fn new(endpoint: &Endpoint, credential: Option<&Credential>) -> Self {
        let who = match credential {
            None => String::from("anonymous"),
            Some(Credential::Basic { username, .. }) => format!("user {username}"),
            Some(Credential::IdentityToken { username, token }) if username.is_empty() || username.contains('<') => {
                token_name(token.expose())
            }
            Some(Credential::IdentityToken { username, .. }) => format!("user {username}"),
            Some(Credential::RegistryToken(token)) => token_name(token.expose()),
            #[cfg(feature = "azure")]
            Some(Credential::Entra(entra)) => format!("entra {}", entra.identity()),
        };
        let name = format!("{}\n{who}", endpoint.url(""));
        Self(Digest::sha256(name.as_bytes()).encoded().chars().take(LENGTH).collect())
    }

    /// Letters and digits alone.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Tokens are long and random: nobody finds one by its hash.
fn token_name(token: &str) -> String {
    format!("token {}", Digest::sha256(token.as_bytes()))
}
