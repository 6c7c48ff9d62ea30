//! Credentials from where Docker and Podman keep them.
//!
//! Looked at in this order, the first answer counts:
//!
//! 1. `PORTOLAN_USERNAME` and `PORTOLAN_PASSWORD`, for the host named by `PORTOLAN_REGISTRY` alone;
//! 2. `$REGISTRY_AUTH_FILE`;
//! 3. `$DOCKER_CONFIG/config.json`, or `~/.docker/config.json` if that variable is not set;
//! 4. `$XDG_RUNTIME_DIR/containers/auth.json`;
//! 5. `$XDG_CONFIG_HOME/containers/auth.json`, by default below `~/.config`.
//!
//! Within one file a helper named for the host (`credHelpers`) is the only one asked. Else the longest key of `auths`
//! that is the repository or a namespace of it counts, then the helper for all hosts (`credsStore`), then the host's
//! own entry in `auths`.

mod config_file;
mod helper;
mod key;
mod locate;

use crate::{AuthError, Error, Secret, Stage, auth::Credential, text::shown};
use alloc::{borrow::ToOwned as _, format, string::String, vec, vec::Vec};
use config_file::ConfigFile;
use helper::{HelperError, Helpers};
use std::path::{Path, PathBuf};

/// Finds the credential of a registry. There is no default: a host that nothing names gets none.
///
/// Files are read, and helpers run, at every [`lookup`](Self::lookup): a new login counts at once.
#[derive(Clone, Debug)]
pub struct CredentialStore {
    variables: Option<Variables>,
    files: Vec<Source>,
    helpers: Helpers,
}

/// The credential in the environment, and its one host.
#[derive(Clone)]
struct Variables {
    host: String,
    username: String,
    password: Secret,
}

#[derive(Clone, Debug)]
struct Source {
    path: PathBuf,
    /// The user named it: it must be there.
    required: bool,
}

impl CredentialStore {
    /// The places that the environment names, as listed for this [module](self).
    #[must_use]
    pub fn from_environment() -> Self {
        locate::from_variables(|name| std::env::var_os(name))
    }

    /// One file alone, in Docker's or Podman's format. It must be there when it is looked into.
    #[must_use]
    pub fn from_file(path: impl Into<PathBuf>) -> Self {
        let files = vec![Source { path: path.into(), required: true }];
        Self { variables: None, files, helpers: Helpers::default() }
    }

    /// Runs `docker-credential-*` programs from `folder` in place of those on the path.
    #[must_use]
    pub fn with_helpers_in(mut self, folder: impl Into<PathBuf>) -> Self {
        self.helpers = self.helpers.in_folder(folder.into());
        self
    }

    /// The credential for `host` (`registry.example:5000`), or `None` to go without.
    ///
    /// `repository` may choose among several credentials of one host; Podman writes such files.
    ///
    /// # Errors
    /// [`AuthError::Credential`] if a file or helper that should hold the answer cannot be used: a file that is longer
    /// than 4 MiB or no strict JSON, a helper that has a bad name, runs longer than 10 seconds, writes more than
    /// 64 KiB, fails, or answers for another host. A `credsStore` that is not installed is an error only for hosts that
    /// the file names.
    pub async fn lookup(&self, host: &str, repository: Option<&str>) -> Result<Option<Credential>, Error> {
        let found = self.find(host, repository).await;
        found.map_err(|error| Error::from(error).at(Stage::Credential, host))
    }

    async fn find(&self, host: &str, repository: Option<&str>) -> Result<Option<Credential>, AuthError> {
        let host = key::canonical_host(host).ok_or_else(|| AuthError::Credential("not a registry host".to_owned()))?;
        if let Some(variables) = self.variables.as_ref().filter(|v| v.host == host) {
            return Credential::new(&variables.username, variables.password.clone()).map(Some);
        }
        for source in &self.files {
            let Some(file) = ConfigFile::read(&source.path, source.required).await? else {
                continue;
            };
            let found = self.find_in(file, &host, repository).await.map_err(|error| about(&source.path, error))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    async fn find_in(
        &self,
        mut file: ConfigFile,
        host: &str,
        repository: Option<&str>,
    ) -> Result<Option<Credential>, AuthError> {
        if let Some(name) = file.helper_for(host) {
            return Ok(self.helpers.get(name, host).await?);
        }
        let named = file.names(host);
        let entry = file.take_entry(host, repository);
        let store = file.store().filter(|_| entry.as_ref().is_none_or(|entry| !entry.namespaced));
        if let Some(name) = store {
            match self.helpers.get(name, host).await {
                Ok(None) => {}
                // Left behind by a Docker Desktop that is elsewhere; public images must still work.
                Err(HelperError::NotInstalled(_)) if entry.is_some() || !named => {}
                found => return Ok(found?),
            }
        }
        entry.map(config_file::Entry::credential).transpose()
    }
}

/// Says which file the trouble is in.
fn about(path: &Path, error: AuthError) -> AuthError {
    match error {
        AuthError::Credential(text) => {
            AuthError::Credential(format!("{}: {text}", shown(&path.to_string_lossy(), 300)))
        }
        other => other,
    }
}

impl core::fmt::Debug for Variables {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Variables").field("host", &self.host).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
