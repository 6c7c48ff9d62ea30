//! Debian's `docker-registry` on a free loopback port: open, with Basic auth, or with a token server beside it.

mod config;
pub(crate) mod info;
mod token;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::ValueEnum;
use tempfile::TempDir;

use crate::process::Service;
use crate::{fixtures, http, say, tools};
pub(crate) use info::Info;
use token::TokenServer;

const USERNAME: &str = "harbour";
const PASSWORD: &str = "pilot-7f3a";
const READY: Duration = Duration::from_secs(20);

/// How the registry wants to be spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Auth {
    /// Open to everyone.
    None,
    /// Basic, with a password file.
    Basic,
    /// Bearer, with tokens of a server of our own.
    Token,
}

impl Auth {
    /// The word used on the command line and in names.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic => "basic",
            Self::Token => "token",
        }
    }
}

/// What to start.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// How it wants to be spoken to.
    pub auth: Auth,
    /// Where its blobs are; a folder of its own when absent, removed at the end.
    pub data: Option<PathBuf>,
    /// Whether pages of any origin may call it.
    pub cors: bool,
    /// Life of a token in seconds.
    pub expires_in: u64,
    /// What nobody needs to log in for: repositories under this prefix (token auth only).
    pub anonymous: Option<String>,
}

impl Options {
    /// The common case.
    pub(crate) const fn new(auth: Auth) -> Self {
        Self { auth, data: None, cors: false, expires_in: 300, anonymous: None }
    }
}

/// A running registry; dropping it ends it and removes its files.
pub(crate) struct Registry {
    service: Service,
    url: String,
    auth: Auth,
    token: Option<TokenServer>,
    _files: TempDir,
}

impl Registry {
    /// Starts it and waits until it answers.
    ///
    /// # Errors
    /// When it is not there, does not start, or does not answer.
    pub(crate) fn start(options: &Options) -> Result<Self> {
        let program = tools::need(&tools::REGISTRY)?;
        let files = tempfile::Builder::new().prefix("portolan-registry-").tempdir()?;
        let token = match options.auth {
            Auth::Token => Some(TokenServer::start(&token::Rules {
                username: USERNAME.into(),
                password: PASSWORD.into(),
                expires_in: options.expires_in,
                anonymous: options.anonymous.clone(),
            })?),
            Auth::None | Auth::Basic => None,
        };
        let config = config::write(files.path(), options, token.as_ref())?;
        let mut command = Command::new(program);
        command.arg("serve").arg(config);
        config::forget_environment(&mut command);
        let mut service = Service::start("docker-registry", &mut command, &files.path().join("log"))?;
        let url = format!("http://{}", service.until(READY, address)?);
        service.until(READY, |_| Ok(http::status(&format!("{url}/v2/")).ok()))?;
        say::note(format_args!("registry ({}) at {url}", options.auth.name()));
        Ok(Self { service, url, auth: options.auth, token, _files: files })
    }

    /// Its address, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What a test must know to use it.
    pub(crate) fn info(&self) -> Info {
        let login = self.auth != Auth::None;
        Info {
            url: self.url.clone(),
            auth: self.auth.name(),
            username: login.then(|| USERNAME.into()),
            password: login.then(|| PASSWORD.into()),
            realm: self.token.as_ref().map(TokenServer::realm),
        }
    }

    /// Fails when it has ended or we are interrupted.
    ///
    /// # Errors
    /// As said.
    pub(crate) fn check(&mut self) -> Result<()> {
        self.service.check()
    }
}

/// Fills the folder of a registry that does not run yet, through an open one; with the real images too, where there are any.
///
/// # Errors
/// As for starting a registry and pushing to it.
pub(crate) fn fill(data: &Path, real: Option<&fixtures::real::Set>) -> Result<()> {
    say::step("starting a registry to fill");
    let registry = Registry::start(&Options { data: Some(data.into()), ..Options::new(Auth::None) })?;
    fixtures::fill(&http::Target::open(registry.url()), real)
}

/// The address it chose, from its log.
fn address(log: &Path) -> Result<Option<String>> {
    let text = fs::read_to_string(log).context("cannot read the registry's log")?;
    Ok(logged_address(&text).map(Into::into))
}

fn logged_address(log: &str) -> Option<&str> {
    let (_, rest) = log.split_once("listening on ")?;
    // Without an end the line may still be half written.
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':'))?;
    Some(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::logged_address;

    #[test]
    fn takes_the_address_when_it_is_whole() {
        let line = r#"time="2025" level=info msg="listening on 127.0.0.1:4567" go.version=go1.19"#;
        assert_eq!(logged_address(line), Some("127.0.0.1:4567"));
        assert_eq!(logged_address(&line[..line.len() - 25]), None);
        assert_eq!(logged_address("level=info"), None);
    }
}
