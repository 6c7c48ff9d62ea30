//! Errors, shaped by who must act.

mod api;
mod kind;
#[cfg(any(test, all(feature = "wasm-layers", target_arch = "wasm32")))]
mod plain;

pub use api::{ApiError, Diagnostic, ErrorCode};
pub use kind::{Kind, Stage};

use crate::text::shown;
use alloc::{boxed::Box, string::String, sync::Arc};
use core::{fmt, time::Duration};

/// What failed, where, and who must act.
///
/// The text has no control or bidi characters and no secrets. [`Error::kind`] is stable.
///
/// ```
/// let error = "registry.example/Team/app".parse::<portolan::Reference>().unwrap_err();
/// let error = portolan::Error::from(error);
/// assert_eq!(error.kind().as_str(), "InvalidReference");
/// assert!(!error.is_retryable());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Arc<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    cause: Cause,
    stage: Option<Stage>,
    host: Option<String>,
}

/// Why, grouped by who must act.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The caller: other credentials, another scope, or trust in a realm.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// Nobody yet: the bytes are not those that were asked for.
    #[error(transparent)]
    Integrity(#[from] IntegrityError),
    /// Whoever built the layer: it cannot be read.
    #[error(transparent)]
    Layer(#[from] LayerError),
    /// The caller: raise a limit, or doubt the peer.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// Our caller drove a machine out of order.
    #[error("driver out of order: {0}")]
    Misuse(&'static str),
    /// The server broke a specification.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    /// The caller: fix the name.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// The server said no, in its own words.
    #[error(transparent)]
    Registry(#[from] Box<ApiError>),
    /// The network, or the environment that carries requests.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

/// A name that no registry could mean.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// Not a name that ARM could know.
    #[cfg(feature = "azure")]
    #[error("invalid Azure name: {0}")]
    Azure(&'static str),
    /// Not a digest: `algorithm:encoded`, with the length its algorithm demands.
    #[error("invalid digest: {0}")]
    Digest(&'static str),
    /// Not a registry host.
    #[error("invalid registry host: {0}")]
    Host(&'static str),
    /// Not a media type.
    #[error("invalid media type: {0}")]
    MediaType(&'static str),
    /// Not a platform: `os/architecture[/variant]`.
    #[error("invalid platform: {0}")]
    Platform(&'static str),
    /// Not a repository name.
    #[error("invalid repository name: {0}")]
    Repository(&'static str),
    /// Not a tag.
    #[error("invalid tag: {0}")]
    Tag(&'static str),
    /// Not an absolute http or https address.
    #[error("invalid address: {0}")]
    Url(&'static str),
}

/// Authentication did not lead to an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The challenge cannot be understood.
    #[error("the registry's challenge cannot be used: {0}")]
    Challenge(&'static str),
    /// A stored credential cannot be used or fetched.
    #[error("credential: {0}")]
    Credential(String),
    /// Basic credentials would leave over plain http.
    #[error("credentials are not sent over plain http to {0}")]
    Plain(String),
    /// The realm may not be contacted at all.
    #[error("token realm refused: {0}")]
    RealmRefused(&'static str),
    /// The realm may be asked anonymously only, and that was not enough.
    #[error("the token realm {realm_origin} is not trusted with this registry's credential")]
    RealmNotTrusted {
        /// Origin that a person could decide to trust.
        realm_origin: String,
    },
    /// The token service's answer holds no usable token.
    #[error("the token service's answer is unusable: {0}")]
    Token(&'static str),
    /// The registry refuses the credential, or wants one and there is none.
    #[error("unauthorized{}: {detail}", if *.anonymous { " (no credential)" } else { "" })]
    Unauthorized {
        /// True if nothing was presented.
        anonymous: bool,
        /// The registry's words, made safe to show.
        detail: String,
    },
}

/// The peer's answer breaks the protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolError {
    /// A document that could be read in two ways.
    #[error("ambiguous manifest: {0}")]
    AmbiguousManifest(&'static str),
    /// The answer's Content-Type is not one this request can have.
    #[error("unexpected content type \"{0}\"")]
    ContentType(String),
    /// Well-formed JSON of the wrong shape.
    #[error("invalid document at {path}: {reason}")]
    Document {
        /// Where, as `$.layers[3].size`.
        path: String,
        /// What is wrong there.
        reason: &'static str,
    },
    /// A header that cannot be used.
    #[error("invalid {name} header: {reason}")]
    Header {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Not JSON, or JSON with duplicate keys or trailing data.
    #[error("invalid JSON at byte {offset}: {reason}")]
    Json {
        /// Byte offset of the fault.
        offset: usize,
        /// What is wrong there.
        reason: &'static str,
    },
    /// A page link that must not be followed.
    #[error("invalid page link: {0}")]
    Link(&'static str),
    /// A listing that leads back to itself.
    #[error("the listing loops")]
    Loop,
    /// A redirect that must not be followed.
    #[error("redirect refused: {0}")]
    Redirect(&'static str),
    /// A status that this request cannot have.
    #[error("unexpected status {0}")]
    Status(u16),
    /// More redirects than allowed.
    #[error("too many redirects")]
    TooManyRedirects,
    /// A format that portolan knows and does not read.
    #[error("unsupported: {0}")]
    Unsupported(&'static str),
}

/// Bytes that are not those that were named.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IntegrityError {
    /// The bytes hash to something else.
    #[error("digest mismatch: expected {expected}, received {actual}")]
    Digest {
        /// The digest asked for.
        expected: String,
        /// The digest of what came.
        actual: String,
    },
    /// The bytes are more or fewer than the descriptor says.
    #[error("size mismatch: expected {expected} bytes, received {}{actual}", if *.at_least { "at least " } else { "" })]
    Size {
        /// Size asked for, bytes.
        expected: u64,
        /// Size seen or promised, bytes.
        actual: u64,
        /// True if reading stopped before the end.
        at_least: bool,
    },
}

/// A layer that is broken, whatever its digest says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("corrupt layer at byte {offset} of its {}: {reason}", if *.unpacked { "uncompressed form" } else { "compressed form" })]
pub struct LayerError {
    /// Byte offset of the fault.
    pub offset: u64,
    /// True if the offset counts uncompressed bytes.
    pub unpacked: bool,
    /// What is wrong there.
    pub reason: &'static str,
}

/// A bound of [`Limits`](crate::Limits) was hit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("limit exceeded: {which} (limit {limit})")]
pub struct LimitExceeded {
    /// The field of `Limits`, in words.
    pub which: &'static str,
    /// Its value.
    pub limit: u64,
}

/// A request that got no answer, or half of one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The caller gave up.
    #[error("aborted")]
    Aborted,
    /// A browser kept the answer from us.
    #[error("blocked by the browser: {0}")]
    Blocked(String),
    /// No connection.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// Plain http to a host that may not have it.
    #[error("plain http is not allowed to {0}")]
    Insecure(String),
    /// The connection broke before the answer was whole.
    #[error("connection interrupted: {0}")]
    Interrupted(String),
    /// The name does not resolve.
    #[error("cannot resolve the host name: {0}")]
    Name(String),
    /// An address that this process must not dial.
    #[error("address refused: {0}")]
    Address(String),
    /// The body stopped, or crawled.
    #[error("stalled: {0}")]
    Stalled(&'static str),
    /// No connection, or no headers, in time.
    #[error("timed out: {0}")]
    Timeout(&'static str),
    /// TLS failed: certificate, name or protocol.
    #[error("TLS: {0}")]
    Tls(String),
}

impl Error {
    /// Wraps a cause with no context yet.
    #[must_use]
    pub fn new(cause: impl Into<Cause>) -> Self {
        Self(Arc::new(Inner { cause: cause.into(), stage: None, host: None }))
    }

    /// Why, grouped by who must act.
    #[must_use]
    pub fn cause(&self) -> &Cause {
        &self.0.cause
    }

    /// The step that failed, where one was under way.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        let of_cause = || matches!(self.0.cause, Cause::Layer(_)).then_some(Stage::Layer);
        self.0.stage.or_else(of_cause)
    }

    /// Host (and port) that was being talked to.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }

    /// How long the server asked to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.0.cause {
            Cause::Registry(api) => api.retry_after,
            _ => None,
        }
    }

    /// HTTP status, where the server answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.0.cause {
            Cause::Registry(api) => Some(api.status),
            Cause::Protocol(ProtocolError::Status(status)) => Some(*status),
            Cause::Auth(AuthError::Unauthorized { .. }) => Some(401),
            _ => None,
        }
    }

    /// The registry's own first code, such as `MANIFEST_UNKNOWN`.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        match &self.0.cause {
            Cause::Registry(api) => api.code(),
            _ => None,
        }
    }

    /// True where the registry says that the thing does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == Kind::NotFound
    }

    /// Adds the stage and host, unless an inner step has said its own already.
    #[must_use]
    pub(crate) fn at(mut self, stage: Stage, host: &str) -> Self {
        let inner = Arc::make_mut(&mut self.0);
        inner.stage.get_or_insert(stage);
        inner.host.get_or_insert_with(|| shown(host, 300));
        self
    }
}

impl<C: Into<Cause>> From<C> for Error {
    fn from(cause: C) -> Self {
        Self::new(cause)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.stage, &self.0.host) {
            (Some(stage), Some(host)) => write!(f, "{stage} at {host}: {}", self.0.cause),
            _ => write!(f, "{}", self.0.cause),
        }
    }
}

impl core::error::Error for Error {}
