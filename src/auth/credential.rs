//! What a user has to show a registry.

use super::token::fits_header;
use crate::{AuthError, Secret};
use ::base64::{Engine as _, engine::general_purpose::STANDARD};
use alloc::{borrow::ToOwned, format, string::String};
use core::fmt;
use zeroize::Zeroizing;

/// User name under which Docker's credential helpers keep identity tokens.
const TOKEN_USER: &str = "<token>";
/// User name under which Azure's tools keep a registry's refresh token; the pair is not accepted as Basic.
const NULL_GUID: &str = "00000000-0000-0000-0000-000000000000";

/// A credential of one registry. Prints without its values: some registries want a token as the user name.
///
/// ```
/// use portolan::auth::Credential;
/// let credential = Credential::new("me", "hunter2")?;
/// assert_eq!(credential.basic_header().unwrap().expose(), "Basic bWU6aHVudGVyMg==");
/// assert!(matches!(Credential::new("<token>", "eyJ0")?, Credential::IdentityToken { .. }));
/// # Ok::<(), portolan::AuthError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// A user name without colon, and a password; neither has control characters.
    Basic {
        /// User name.
        username: String,
        /// Password, or an access token that stands for one.
        password: Secret,
    },
    /// An OAuth2 refresh token: the token service gives tokens for it (`grant_type=refresh_token`).
    IdentityToken {
        /// The user name it was stored with; may be empty.
        username: String,
        /// Visible ASCII, not empty.
        token: Secret,
    },
    /// A token for the registry itself, sent as it is: visible ASCII, not empty.
    RegistryToken(Secret),
    /// An identity of Microsoft Entra: the registry gives a refresh token for its token, and takes that as an identity token.
    #[cfg(feature = "azure")]
    Entra(alloc::boxed::Box<crate::azure::entra::Entra>),
}

impl Credential {
    /// What user name and password mean together: an identity token where the name is `<token>` or Azure's null GUID.
    ///
    /// # Errors
    /// If HTTP cannot carry them: control characters, a colon in the name, or a token that is no visible ASCII.
    pub fn new(username: &str, password: impl Into<Secret>) -> Result<Self, AuthError> {
        let password = password.into();
        if matches!(username, TOKEN_USER | NULL_GUID) {
            return Self::identity_token(username, password);
        }
        if username.contains(':') {
            return Err(invalid("the user name has a colon"));
        }
        if username.chars().chain(password.expose().chars()).any(char::is_control) {
            return Err(invalid("user name or password has a control character"));
        }
        Ok(Self::Basic { username: username.to_owned(), password })
    }

    /// An OAuth2 refresh token, and the user name that came with it.
    ///
    /// # Errors
    /// If it is empty or no visible ASCII.
    pub fn identity_token(username: &str, token: impl Into<Secret>) -> Result<Self, AuthError> {
        Ok(Self::IdentityToken { username: username.to_owned(), token: checked(token.into())? })
    }

    /// A token for the registry itself.
    ///
    /// # Errors
    /// If it is empty or no visible ASCII.
    pub fn registry_token(token: impl Into<Secret>) -> Result<Self, AuthError> {
        checked(token.into()).map(Self::RegistryToken)
    }

    /// The `Authorization` value of RFC 7617, for user name and password alone.
    #[must_use]
    pub fn basic_header(&self) -> Option<Secret> {
        let Self::Basic { username, password } = self else {
            return None;
        };
        let pair = Zeroizing::new(format!("{username}:{}", password.expose()));
        let mut header = String::with_capacity("Basic ".len() + pair.len().div_ceil(3) * 4);
        header.push_str("Basic ");
        STANDARD.encode_string(pair.as_bytes(), &mut header);
        Some(Secret::new(header))
    }
}

fn checked(token: Secret) -> Result<Secret, AuthError> {
    if token.expose().is_empty() || !fits_header(token.expose()) {
        return Err(invalid("the token is empty or has characters that no header may hold"));
    }
    Ok(token)
}

fn invalid(reason: &str) -> AuthError {
    AuthError::Credential(reason.to_owned())
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic { .. } => "Basic([redacted])",
            Self::IdentityToken { .. } => "IdentityToken([redacted])",
            Self::RegistryToken(_) => "RegistryToken([redacted])",
            #[cfg(feature = "azure")]
            Self::Entra(_) => "Entra([redacted])",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_header_is_base64_of_utf_8() {
        let header = |user: &str, password: &str| {
            Credential::new(user, password).unwrap().basic_header().unwrap().expose().to_owned()
        };
        assert_eq!(header("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(header("test", "123\u{a3}"), "Basic dGVzdDoxMjPCow==");
        assert_eq!(header("AWS", "a:b"), "Basic QVdTOmE6Yg==");
        assert_eq!(header("", ""), "Basic Og==");
    }

    #[test]
    fn special_user_names_mean_identity_tokens() {
        for user in ["<token>", "00000000-0000-0000-0000-000000000000"] {
            let credential = Credential::new(user, "eyJ0").unwrap();
            assert_eq!(credential, Credential::identity_token(user, "eyJ0").unwrap());
            assert_eq!(credential.basic_header(), None);
        }
        assert!(matches!(Credential::new("oauth2accesstoken", "x"), Ok(Credential::Basic { .. })));
    }

    #[test]
    fn a08_values_that_no_header_may_hold() {
        for (user, password) in
            [("a:b", "c"), ("a\n", "c"), ("a", "c\r\nX: 1"), ("a", "c\0"), ("<token>", "a b"), ("<token>", "")]
        {
            let error = Credential::new(user, password).unwrap_err();
            assert!(matches!(error, AuthError::Credential(_)), "{user}");
        }
        for token in ["", "a b", "a\n", "é"] {
            assert!(Credential::registry_token(token).is_err(), "{token}");
        }
    }

    #[test]
    fn nothing_shows() {
        for credential in [
            Credential::new("hunter2", "hunter2"),
            Credential::new("<token>", "hunter2"),
            Credential::registry_token("hunter2"),
        ] {
            assert!(!format!("{:?}", credential.unwrap()).contains("hunter2"));
        }
        assert!(!format!("{:?}", Credential::new("hunter2:", "hunter2\n")).contains("hunter2"));
    }
}
