//! A region of a registry.

use super::groups::Tags;
use crate::emulator::clock::Instant;
use alloc::string::{String, ToString as _};
use serde::{Deserialize, Serialize};

/// A replication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Replication {
    /// Of the resource; by default the region's.
    pub(crate) name: String,
    /// Region's name.
    pub(crate) location: String,
    /// What people put on it.
    pub(crate) tags: Tags,
    /// When ARM says that it is made.
    pub(crate) ready: Instant,
    /// Whether the login server routes to it.
    pub(crate) routed: bool,
    /// `zoneRedundancy`.
    pub(crate) zones: String,
    /// `displayStatus`; nothing while it is being made.
    pub(crate) status: Option<String>,
    /// When that changed.
    pub(crate) since: Instant,
    /// `host:port` of its own endpoint, and of its data endpoint.
    pub(crate) address: String,
    /// `host:port` where redirects to blobs go.
    pub(crate) data_address: String,
}

impl Replication {
    /// A region that is reached nowhere yet.
    pub(crate) fn new(name: &str, location: &str, ready: Instant) -> Self {
        Self {
            name: name.to_string(),
            location: location.to_string(),
            tags: Tags::new(),
            ready,
            routed: true,
            zones: "Disabled".to_string(),
            status: None,
            since: Instant::now(),
            address: String::new(),
            data_address: String::new(),
        }
    }
}
