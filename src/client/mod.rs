//! Async driver of the core over any [`Transport`].

mod drive;
mod pages;
mod registry;
mod stream;
mod transport;

pub use pages::Pages;
pub use registry::{Image, Registry};
pub use stream::Stream;
pub use transport::{Chunk, MaybeSend, MaybeSync, ResponseBody, Transport};
