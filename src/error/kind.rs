//! Stable names for errors and stages, and the tables behind them.

use super::{AuthError, Cause, Error, IntegrityError, ProtocolError, ReferenceError, TransportError};
use core::fmt;

macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $type { $($(#[$variant_doc])* $variant,)* }

        impl $type {
            /// The stable name.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Every value, in order of definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

names! {
    /// Stable kind of an [`Error`]: what a program may branch on.
    ///
    /// ```
    /// assert_eq!(portolan::Kind::DigestMismatch.as_str(), "DigestMismatch");
    /// ```
    Kind {
        /// The caller gave up.
        Aborted = "Aborted",
        /// A document that could be read in two ways.
        AmbiguousManifest = "AmbiguousManifest",
        /// A browser kept the answer from us.
        BlockedByBrowser = "BlockedByBrowser",
        /// A layer that cannot be read: broken compression, or a broken archive.
        CorruptLayer = "CorruptLayer",
        /// It exists already, or is at work, or is locked.
        Conflict = "Conflict",
        /// Authenticated, but not allowed.
        Denied = "Denied",
        /// The bytes hash to something else.
        DigestMismatch = "DigestMismatch",
        /// The server took it on, and did not carry it through.
        Failed = "Failed",
        /// Plain http where it is not allowed.
        Insecure = "Insecure",
        /// A challenge that cannot be used.
        InvalidChallenge = "InvalidChallenge",
        /// A stored credential that cannot be used.
        InvalidCredential = "InvalidCredential",
        /// Not a digest.
        InvalidDigest = "InvalidDigest",
        /// JSON of the wrong shape.
        InvalidDocument = "InvalidDocument",
        /// A header that cannot be used.
        InvalidHeader = "InvalidHeader",
        /// Not JSON.
        InvalidJson = "InvalidJson",
        /// A page link that must not be followed.
        InvalidLink = "InvalidLink",
        /// Not a media type.
        InvalidMediaType = "InvalidMediaType",
        /// A redirect that must not be followed.
        InvalidRedirect = "InvalidRedirect",
        /// Not a reference, host, repository, tag, platform or address.
        InvalidReference = "InvalidReference",
        /// No usable token.
        InvalidToken = "InvalidToken",
        /// A bound was hit.
        LimitExceeded = "LimitExceeded",
        /// A listing that leads back to itself.
        LoopDetected = "LoopDetected",
        /// The API was used out of order.
        Misuse = "Misuse",
        /// No connection, or a broken one.
        Network = "Network",
        /// It does not exist.
        NotFound = "NotFound",
        /// Too many requests.
        RateLimited = "RateLimited",
        /// The realm may not have the credential.
        RealmNotTrusted = "RealmNotTrusted",
        /// Another 4xx.
        Refused = "Refused",
        /// More or fewer bytes than named.
        SizeMismatch = "SizeMismatch",
        /// The body stopped or crawled.
        Stalled = "Stalled",
        /// No answer in time.
        Timeout = "Timeout",
        /// TLS failed.
        Tls = "Tls",
        /// More redirects than allowed.
        TooManyRedirects = "TooManyRedirects",
        /// No or wrong credentials.
        Unauthorized = "Unauthorized",
        /// The server is down or overloaded.
        Unavailable = "Unavailable",
        /// A Content-Type that cannot be.
        UnexpectedContentType = "UnexpectedContentType",
        /// A status that cannot be.
        UnexpectedResponse = "UnexpectedResponse",
        /// A known format or feature that is not supported.
        Unsupported = "Unsupported",
    }
}

names! {
    /// The step of the protocol during which something failed.
    Stage {
        /// Managing resources at ARM.
        Arm = "arm",
        /// Reading or setting attributes at ACR.
        Attributes = "attributes",
        /// Reading a blob.
        Blob = "blob",
        /// Listing repositories.
        Catalog = "catalog",
        /// Reading an image config.
        Config = "config",
        /// Following what a build says.
        Log = "log",
        /// Finding a credential.
        Credential = "credential",
        /// Reading the files of a layer.
        Layer = "layer",
        /// Reading a manifest.
        Manifest = "manifest",
        /// Checking `/v2/`.
        Ping = "ping",
        /// Following a redirect.
        Redirect = "redirect",
        /// Listing referrers.
        Referrers = "referrers",
        /// Passing a request through.
        Relay = "relay",
        /// Listing tags.
        Tags = "tags",
        /// Asking for a token.
        Token = "token",
        /// Bringing a build context to storage.
        Upload = "upload",
    }
}

impl Error {
    /// The stable kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.cause() {
            Cause::Auth(e) => auth_kind(e),
            Cause::Integrity(IntegrityError::Digest { .. }) => Kind::DigestMismatch,
            Cause::Integrity(IntegrityError::Size { .. }) => Kind::SizeMismatch,
            Cause::Layer(_) => Kind::CorruptLayer,
            Cause::Limit(_) => Kind::LimitExceeded,
            Cause::Misuse(_) => Kind::Misuse,
            Cause::Protocol(e) => protocol_kind(e),
            Cause::Reference(e) => reference_kind(e),
            Cause::Registry(api) => status_kind(api.status),
            Cause::Transport(e) => transport_kind(e),
        }
    }

    /// True if the same call may succeed later with nothing changed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind(), Kind::RateLimited | Kind::Unavailable | Kind::Network | Kind::Timeout | Kind::Stalled)
    }
}

fn auth_kind(error: &AuthError) -> Kind {
    match error {
        AuthError::Challenge(_) => Kind::InvalidChallenge,
        AuthError::Credential(_) => Kind::InvalidCredential,
        AuthError::Plain(_) => Kind::Insecure,
        AuthError::RealmRefused(_) | AuthError::RealmNotTrusted { .. } => Kind::RealmNotTrusted,
        AuthError::Token(_) => Kind::InvalidToken,
        AuthError::Unauthorized { .. } => Kind::Unauthorized,
    }
}

fn protocol_kind(error: &ProtocolError) -> Kind {
    match error {
        ProtocolError::AmbiguousManifest(_) => Kind::AmbiguousManifest,
        ProtocolError::ContentType(_) => Kind::UnexpectedContentType,
        ProtocolError::Document { .. } => Kind::InvalidDocument,
        ProtocolError::Header { .. } => Kind::InvalidHeader,
        ProtocolError::Json { .. } => Kind::InvalidJson,
        ProtocolError::Link(_) => Kind::InvalidLink,
        ProtocolError::Loop => Kind::LoopDetected,
        ProtocolError::Redirect(_) => Kind::InvalidRedirect,
        ProtocolError::Status(_) => Kind::UnexpectedResponse,
        ProtocolError::TooManyRedirects => Kind::TooManyRedirects,
        ProtocolError::Unsupported(_) => Kind::Unsupported,
    }
}

fn reference_kind(error: &ReferenceError) -> Kind {
    match error {
        ReferenceError::Digest(_) => Kind::InvalidDigest,
        ReferenceError::MediaType(_) => Kind::InvalidMediaType,
        _ => Kind::InvalidReference,
    }
}

fn status_kind(status: u16) -> Kind {
    match status {
        200..=299 => Kind::Failed,
        401 => Kind::Unauthorized,
        403 => Kind::Denied,
        404 | 410 => Kind::NotFound,
        405 | 415 | 501 => Kind::Unsupported,
        408 => Kind::Timeout,
        409 => Kind::Conflict,
        429 => Kind::RateLimited,
        400..=499 => Kind::Refused,
        500..=599 => Kind::Unavailable,
        _ => Kind::UnexpectedResponse,
    }
}

fn transport_kind(error: &TransportError) -> Kind {
    match error {
        TransportError::Aborted => Kind::Aborted,
        TransportError::Blocked(_) => Kind::BlockedByBrowser,
        TransportError::Insecure(_) | TransportError::Address(_) => Kind::Insecure,
        TransportError::Connect(_) | TransportError::Interrupted(_) | TransportError::Name(_) => Kind::Network,
        TransportError::Stalled(_) => Kind::Stalled,
        TransportError::Timeout(_) => Kind::Timeout,
        TransportError::Tls(_) => Kind::Tls,
    }
}
