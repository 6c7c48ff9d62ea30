//! Async driver of the core over any [`Transport`].

mod drive;
mod erased;
mod pages;
mod registry;
#[cfg(feature = "reqwest")]
mod reqwest;
mod stream;
mod transport;

#[cfg(feature = "reqwest")]
pub use self::reqwest::{ReqwestBody, ReqwestBuilder, ReqwestTransport};
pub use pages::Pages;
pub use registry::{Image, Registry};
pub use stream::Stream;
pub use transport::{Chunk, MaybeSend, MaybeSync, ResponseBody, Transport};
#[cfg(feature = "wasm")]
pub(crate) use {erased::Erased, stream::Body};
