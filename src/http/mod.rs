//! Requests, response heads and the header grammars that registries use. No IO, and no foreign types.

mod content_range;
mod date;
mod encode;
mod headers;
mod link;
mod method;
mod origin;
mod request;
mod resolve;
mod response;
mod retry_after;
mod url;

pub use content_range::ContentRange;
pub(crate) use encode::Form;
pub use encode::query_value;
pub use headers::Headers;
pub use link::next_link;
pub use method::Method;
#[cfg(feature = "reqwest")]
pub(crate) use origin::is_internal_ip;
pub use origin::{Origin, Scheme};
pub use request::{Body, Request};
pub use response::ResponseHead;
#[cfg(feature = "emulator")]
pub(crate) use retry_after::go_duration;
pub(crate) use retry_after::retry_after;
pub use url::Url;
