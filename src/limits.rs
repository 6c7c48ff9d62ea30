//! What the SDK refuses to exceed, in one place.

use core::time::Duration;

/// Bounds on everything that a peer could make grow.
///
/// Hitting one is [`LimitExceeded`](crate::LimitExceeded), never a crash. Sizes are bytes.
///
/// ```
/// let limits = portolan::Limits { manifest: 1024 * 1024, ..portolan::Limits::DEFAULT };
/// assert_eq!(limits.pages, 1_000);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// One manifest, index or image config, in bytes.
    pub manifest: usize,
    /// One page of tags, repositories or referrers, in bytes.
    pub page: usize,
    /// A token service's answer, in bytes.
    pub token_response: usize,
    /// One token, in bytes.
    pub token: usize,
    /// How much of an error body is read, in bytes.
    pub error_body: usize,
    /// How much of a registry's text an error shows, in bytes.
    pub error_text: usize,
    /// All response header names and values together, in bytes.
    pub header_bytes: usize,
    /// Number of response header fields.
    pub header_fields: usize,
    /// Redirects followed for one request; the token service gets none.
    pub redirects: u32,
    /// Pages of one listing.
    pub pages: u32,
    /// Items of one listing.
    pub items: usize,
    /// Consecutive pages without an item.
    pub empty_pages: u32,
    /// Nesting depth of a JSON document.
    pub json_depth: usize,
    /// Keys of one JSON object.
    pub json_keys: usize,
    /// Descriptors in one manifest.
    pub descriptors: usize,
    /// Indexes within indexes.
    pub index_nesting: u32,
    /// Time to connect.
    pub connect: Duration,
    /// Time from the request to the response's headers.
    pub headers: Duration,
    /// Time without a body byte.
    pub idle: Duration,
    /// Slowest body accepted, bytes per second averaged over [`Limits::floor_window`].
    pub floor: u32,
    /// Window over which [`Limits::floor`] is averaged.
    pub floor_window: Duration,
    /// Attempts per request, the first included.
    pub attempts: u32,
    /// First back-off; doubles with every attempt.
    pub backoff: Duration,
    /// Longest back-off.
    pub backoff_cap: Duration,
    /// Longest `Retry-After` that is waited for; a longer one fails at once.
    pub retry_after: Duration,
    /// Attempts without progress on one blob.
    pub attempts_without_progress: u32,
    /// Token requests that one operation may cause.
    pub token_requests: u32,
    /// Requests in flight to one origin; metadata may use one more.
    pub parallel: u32,
    /// Entries of one layer, and of one image.
    pub entries: usize,
    /// Memory for the listing of one layer, in bytes: long names and attributes weigh more than entries do.
    pub listing: usize,
    /// One path or link target in a layer, in bytes.
    pub path: usize,
    /// One pax or long-name block, in bytes.
    pub pax: usize,
    /// Uncompressed size of one layer, in bytes.
    pub unpacked: u64,
    /// Largest window that a zstd frame may ask for, in bytes.
    pub zstd_window: u64,
    /// Largest ratio of uncompressed to compressed bytes, once [`Limits::expansion_floor`] bytes came out.
    pub expansion: u32,
    /// Uncompressed bytes before [`Limits::expansion`] counts.
    pub expansion_floor: u64,
    /// A table of contents of a layer, in bytes, uncompressed.
    pub toc: usize,
}

/// What a tab can bear is less than what a machine can.
const SMALL: bool = cfg!(target_arch = "wasm32");

impl Limits {
    /// The defaults.
    pub const DEFAULT: Self = Self {
        manifest: 4 << 20,
        page: 4 << 20,
        token_response: 128 << 10,
        token: 16 << 10,
        error_body: 64 << 10,
        error_text: 1 << 10,
        header_bytes: 64 << 10,
        header_fields: 200,
        redirects: 5,
        pages: 1_000,
        items: 1_000_000,
        empty_pages: 3,
        json_depth: 64,
        json_keys: 20_000,
        descriptors: 4_096,
        index_nesting: 4,
        connect: Duration::from_secs(30),
        headers: Duration::from_secs(30),
        idle: Duration::from_secs(60),
        floor: 1 << 10,
        floor_window: Duration::from_secs(60),
        attempts: 5,
        backoff: Duration::from_millis(250),
        backoff_cap: Duration::from_secs(30),
        retry_after: Duration::from_secs(60),
        attempts_without_progress: 3,
        token_requests: 2,
        parallel: 4,
        entries: 1_000_000,
        listing: if SMALL { 256 << 20 } else { 1 << 30 },
        path: 4_096,
        pax: 1 << 20,
        unpacked: if SMALL { 4 << 30 } else { 16 << 30 },
        zstd_window: if SMALL { 32 << 20 } else { 128 << 20 },
        expansion: 1_100,
        expansion_floor: 64 << 20,
        toc: if SMALL { 32 << 20 } else { 128 << 20 },
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
