//! What a builder is given.

use super::{log::Log, request::Request};
use crate::emulator::{clock::Instant, failure::Stop, images::Images, scratch::Scratch};
use std::path::PathBuf;

/// One build.
pub(super) struct Work<'a> {
    pub(super) request: &'a Request,
    /// The registry that it runs in.
    pub(super) registry: &'a str,
    pub(super) images: &'a dyn Images,
    /// A folder of its own.
    pub(super) scratch: &'a Scratch,
    pub(super) log: &'a Log,
    pub(super) stop: &'a Stop,
    /// The context, as it was uploaded.
    pub(super) archive: PathBuf,
    /// When it began.
    pub(super) created: Instant,
    /// Base images may come from registries elsewhere.
    pub(super) outside: bool,
}
