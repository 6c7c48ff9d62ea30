//! Exit codes: `docs/cli.md` has the table.

use portolan::{Error, Kind, ReferenceError, server::ConfigError};
use std::{fmt, io, io::Write as _, process::ExitCode};

/// Why a command did not do what it was asked for.
#[derive(Debug)]
pub(super) enum Failure {
    /// The arguments mean nothing.
    Usage(String),
    /// The registry, or the way to it.
    Registry(Error),
    /// This machine.
    Local(io::Error),
    /// What was found is on the screen already, and is not all.
    Incomplete(Error),
    /// The image has no such path.
    NoPath(String),
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Registry(error) => code(error.kind()),
            Self::Local(_) | Self::Incomplete(_) => 1,
            Self::NoPath(_) => 3,
        }
    }
}

fn code(kind: Kind) -> u8 {
    match kind {
        Kind::InvalidReference | Kind::InvalidDigest | Kind::InvalidMediaType => 2,
        Kind::NotFound => 3,
        Kind::Unauthorized
        | Kind::Denied
        | Kind::RealmNotTrusted
        | Kind::InvalidChallenge
        | Kind::InvalidCredential
        | Kind::InvalidToken => 4,
        Kind::Network
        | Kind::Timeout
        | Kind::Stalled
        | Kind::Tls
        | Kind::Insecure
        | Kind::Unavailable
        | Kind::RateLimited => 5,
        Kind::DigestMismatch | Kind::SizeMismatch | Kind::AmbiguousManifest | Kind::CorruptLayer => 6,
        _ => 1,
    }
}

/// Says on stderr what failed, and what the shell is told.
pub(super) fn report(failure: &Failure) -> ExitCode {
    // A reader that has seen enough (`| head`) is no failure worth a word.
    if let Failure::Local(error) = failure
        && error.kind() == io::ErrorKind::BrokenPipe
    {
        return ExitCode::SUCCESS;
    }
    let mut out = io::stderr().lock();
    let _ = writeln!(out, "portolan: {failure}");
    if let Some(hint) = hint(failure) {
        let _ = writeln!(out, "  {hint}");
    }
    ExitCode::from(failure.code())
}

fn hint(failure: &Failure) -> Option<&'static str> {
    let Failure::Registry(error) = failure else { return None };
    match error.kind() {
        Kind::Unauthorized => {
            Some("log in with docker or podman, or set PORTOLAN_REGISTRY, PORTOLAN_USERNAME and PORTOLAN_PASSWORD")
        }
        Kind::RealmNotTrusted => Some("--trust-realm URL lets that token service have the credential"),
        Kind::Insecure => Some("--plain-http allows it for the registry that the command names"),
        Kind::Tls => {
            Some("--ca-file FILE trusts a certificate of your own; --plain-http is for registries without TLS")
        }
        _ => None,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) => f.write_str(text),
            Self::Registry(error) => error.fmt(f),
            Self::Local(error) => error.fmt(f),
            Self::Incomplete(error) => write!(f, "the list is not whole: {error}"),
            Self::NoPath(path) => write!(f, "the image has no {path}"),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Registry(error)
    }
}

impl From<ReferenceError> for Failure {
    fn from(error: ReferenceError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Local(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Local(error.into())
    }
}
