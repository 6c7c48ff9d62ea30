//! `config.json` and `auth.json`: one format, two programs.

use super::{about, key::Key};
use crate::{AuthError, Limits, Secret, auth::Credential, json};
use alloc::{
    borrow::ToOwned as _,
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::{Map, Value};
use std::{io, path::Path};
use tokio::{fs::File, io::AsyncReadExt as _};
use zeroize::Zeroizing;

/// Longest file read, in bytes.
const MAX_LEN: u64 = 4 << 20;

/// What one file says.
pub(super) struct ConfigFile {
    auths: Map<String, Value>,
    helpers: Map<String, Value>,
    store: Option<String>,
}

/// An entry of `auths` that holds something.
pub(super) struct Entry {
    /// It is for a part of the host.
    pub(super) namespaced: bool,
    fields: Map<String, Value>,
}

impl ConfigFile {
    /// Reads a file; `None` if it is not there and need not be.
    pub(super) async fn read(path: &Path, required: bool) -> Result<Option<Self>, AuthError> {
        let failed = |error: io::Error| about(path, AuthError::Credential(error.to_string()));
        let file = match File::open(path).await {
            Ok(file) => file,
            Err(error) if absent(&error) && !required => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let mut bytes = Zeroizing::new(Vec::new());
        file.take(MAX_LEN + 1).read_to_end(&mut bytes).await.map_err(failed)?;
        if bytes.len() as u64 > MAX_LEN {
            return Err(about(path, AuthError::Credential("longer than 4 MiB".to_owned())));
        }
        Self::parse(&bytes).map(Some).map_err(|error| about(path, error))
    }

    fn parse(bytes: &[u8]) -> Result<Self, AuthError> {
        let invalid = |reason: String| AuthError::Credential(reason);
        // `docker logout` of old wrote empty files.
        let bytes = if bytes.trim_ascii().is_empty() { b"{}" } else { bytes };
        let value = json::parse(bytes, &Limits::DEFAULT).map_err(|error| invalid(error.to_string()))?;
        let Value::Object(mut fields) = value else {
            return Err(invalid("not a JSON object".to_owned()));
        };
        let mut object = |name: &str| match fields.remove(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(map)) => Ok(map),
            Some(_) => Err(invalid(format!("{name} is not an object"))),
        };
        Ok(Self { auths: object("auths")?, helpers: object("credHelpers")?, store: text(&mut fields, "credsStore") })
    }

    /// The helper for this host alone.
    pub(super) fn helper_for(&self, host: &str) -> Option<&str> {
        let same = |key: &str| Key::parse(key).is_some_and(|key| key.covers(host, None));
        let helper = self.helpers.iter().find(|(key, _)| same(key))?.1;
        helper.as_str().filter(|name| !name.is_empty())
    }

    /// The helper for all hosts.
    pub(super) fn store(&self) -> Option<&str> {
        self.store.as_deref()
    }

    /// True if there is any entry for the host, even one that only says that a helper has it.
    pub(super) fn names(&self, host: &str) -> bool {
        self.auths.keys().filter_map(|key| Key::parse(key)).any(|key| key.host == host)
    }

    /// Takes out the entry that fits best: the longest path, and of two spellings of a host the plain one.
    pub(super) fn take_entry(&mut self, host: &str, repository: Option<&str>) -> Option<Entry> {
        let fits = |(name, value): (&String, &Value)| {
            let key = Key::parse(name).filter(|key| key.covers(host, repository))?;
            holds_something(value).then(|| ((key.path.len(), key.plain), name.clone()))
        };
        let ((path, _), name) = self.auths.iter().filter_map(fits).max()?;
        match self.auths.remove(&name)? {
            Value::Object(fields) => Some(Entry { namespaced: path > 0, fields }),
            _ => None,
        }
    }
}

/// A folder in place of the file's parent, or no file: nothing is configured there.
fn absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn holds_something(entry: &Value) -> bool {
    ["auth", "username", "password", "identitytoken", "registrytoken"]
        .iter()
        .any(|name| entry.get(name).and_then(Value::as_str).is_some_and(|text| !text.is_empty()))
}

/// Takes a text out; empty is absent.
fn text(fields: &mut Map<String, Value>, name: &str) -> Option<String> {
    match fields.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

impl Entry {
    /// What the entry means: a registry token, an identity token, or user name and password.
    pub(super) fn credential(mut self) -> Result<Credential, AuthError> {
        let mut secret = |name: &str| text(&mut self.fields, name).map(Secret::new);
        let (registry_token, identity_token) = (secret("registrytoken"), secret("identitytoken"));
        let (auth, password) = (secret("auth"), secret("password"));
        let username = text(&mut self.fields, "username").unwrap_or_default();
        let (username, password) = match auth {
            Some(auth) => decode(&auth)?,
            None => (username, password.unwrap_or_else(|| Secret::new(""))),
        };
        match (registry_token, identity_token) {
            (Some(token), _) => Credential::registry_token(token),
            (None, Some(token)) => Credential::identity_token(&username, token),
            (None, None) => Credential::new(&username, password),
        }
    }
}

/// Base64 of `user:password`. Docker has padded with zero bytes.
fn decode(auth: &Secret) -> Result<(String, Secret), AuthError> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let invalid = || AuthError::Credential("auth is not base64 of user:password".to_owned());
    let bytes = GeneralPurpose::new(&STANDARD, LENIENT).decode(auth.expose().trim()).map_err(|_| invalid())?;
    let bytes = Zeroizing::new(bytes);
    let text = core::str::from_utf8(&bytes).map_err(|_| invalid())?;
    let (username, password) = text.split_once(':').ok_or_else(invalid)?;
    Ok((username.to_owned(), Secret::new(password.trim_end_matches('\0'))))
}
