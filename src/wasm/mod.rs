//! Bindings for JavaScript and `fetch` as a [`Transport`](crate::client::Transport).
//!
//! They convert and rename; the npm package's facade (`pkg/src`) gives them types and documentation. Records cross the
//! boundary as one JSON string with sizes as decimal strings, lists as one string with a name per line, and bytes only
//! where they were asked for. A rejected promise carries the error as such a record.

mod abort;
#[cfg(feature = "wasm-azure")]
mod azure;
mod body;
mod clock;
mod failure;
#[cfg(feature = "wasm")]
mod listing;
mod options;
mod page;
mod promise;
#[cfg(feature = "wasm")]
mod records;
#[cfg(feature = "wasm")]
mod reference;
#[cfg(feature = "wasm")]
mod registry;
#[cfg(feature = "wasm")]
mod stream;
mod transport;

#[cfg(feature = "wasm-azure")]
pub use azure::{Azure, AzureOptions, ContextIgnore, ContextTar, Log, Login, Records, Upload};
#[cfg(feature = "wasm")]
pub use listing::Names;
pub use options::Options;
#[cfg(feature = "wasm")]
pub use reference::parse_reference;
#[cfg(feature = "wasm")]
pub use registry::Registry;
#[cfg(feature = "wasm")]
pub use stream::Blob;
