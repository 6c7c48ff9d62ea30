//! What `az acr build` sends: a folder as `.tar.gz`, less what `.dockerignore` leaves out.
//!
//! Which files belong in is [`Ignore`]'s to say; [`Packer`] writes them as they are pushed. Neither opens a file: a driver
//! walks a folder and brings what it finds, sorted, so that the same folder always gives the same bytes.
//!
//! ```
//! use portolan::azure::context::{Entry, Ignore, Packer};
//! let ignore = Ignore::parse(b"*.log\n!keep.log\n")?;
//! assert!(ignore.includes(b"keep.log", false) && !ignore.includes(b"other.log", false));
//! let mut packer = Packer::new();
//! packer.begin(&Entry::file("hello.txt", 5))?;
//! packer.write(b"hello")?;
//! packer.finish()?;
//! assert_eq!(packer.take().get(..2), Some(&[0x1f, 0x8b][..]));
//! # Ok::<(), portolan::azure::context::ContextError>(())
//! ```

mod entry;
mod error;
mod gzip;
mod header;
mod ignore;
mod pack;
mod pattern;
mod tar;
#[cfg(test)]
mod tests;

pub use entry::{Entry, EntryKind};
pub use error::ContextError;
pub use gzip::Gzip;
pub use ignore::{Ignore, Verdict};
pub use pack::{Packer, dockerfile_name};
#[cfg(any(test, feature = "emulator"))]
pub(crate) use pattern::Pattern;
pub use tar::Tar;
