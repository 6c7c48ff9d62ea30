//! Bindings for JavaScript and `fetch` as a [`Transport`](crate::client::Transport).
//!
//! They convert and rename; the npm package's facade (`pkg/src`) gives them types and documentation. Records cross the
//! boundary as one JSON string with sizes as decimal strings, lists as one string with a name per line, and bytes only
//! where they were asked for. A rejected promise carries the error as such a record.

mod abort;
mod body;
mod clock;
mod failure;
mod listing;
mod options;
mod page;
mod promise;
mod records;
mod reference;
mod registry;
mod stream;
mod transport;

pub use listing::Names;
pub use options::Options;
pub use reference::parse_reference;
pub use registry::Registry;
pub use stream::Blob;
