//! Async driver of the core over any [`Transport`].

mod transport;

pub use transport::{Chunk, MaybeSend, MaybeSync, ResponseBody, Transport};
