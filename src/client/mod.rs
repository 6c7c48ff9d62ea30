//! Async driver of the core over any [`Transport`].

#[cfg(feature = "azure")]
pub mod azure;
mod drive;
mod erased;
#[cfg(all(feature = "reqwest", feature = "layers"))]
mod file;
#[cfg(all(feature = "reqwest", feature = "layers"))]
mod files;
#[cfg(feature = "layers")]
mod layers;
mod pages;
mod registry;
#[cfg(feature = "reqwest")]
mod reqwest;
mod stream;
mod transport;

#[cfg(feature = "reqwest")]
pub use self::reqwest::{ReqwestBody, ReqwestBuilder, ReqwestTransport};
#[cfg(all(feature = "reqwest", feature = "layers"))]
pub use file::FileStream;
#[cfg(all(feature = "reqwest", feature = "layers"))]
pub use files::{FilesOptions, FilesProgress, ImageFiles, OpenLayer};
#[cfg(feature = "layers")]
pub use layers::LayerReading;
pub use pages::Pages;
pub use registry::{Image, Registry};
pub use stream::Stream;
pub use transport::{Chunk, MaybeSend, MaybeSync, ResponseBody, Transport};
#[cfg(feature = "wasm")]
pub(crate) use {erased::Erased, stream::Body};
