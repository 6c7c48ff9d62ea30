//! What was said of an entry before its header came.

use super::{
    class::Extension,
    name::Name,
    pax::{Fault, Records},
};

/// Blocks that wait for their entry.
#[derive(Default)]
pub(super) struct Pending {
    global: Records,
    local: Option<Records>,
    name: Option<Name>,
    link: Option<Name>,
}

impl Pending {
    /// Takes a block; names are cut at `limit`.
    pub(super) fn read(&mut self, extension: Extension, block: &[u8], limit: usize) -> Result<(), Fault> {
        match extension {
            Extension::Global => {
                self.global.read(block, limit)?;
                self.global.keep_global();
            }
            Extension::Link => self.link = Name::long(block, limit),
            Extension::Name => self.name = Name::long(block, limit),
            Extension::Records => {
                let mut records = self.global.clone();
                records.read(block, limit)?;
                self.local = Some(records);
            }
        }
        Ok(())
    }

    /// The records that count for the next entry.
    pub(super) fn records(&self) -> &Records {
        self.local.as_ref().unwrap_or(&self.global)
    }

    /// The name of the next entry, where it is not its header's.
    pub(super) fn name(&self) -> Option<&Name> {
        let records = self.records();
        self.name.as_ref().or(records.sparse.name.as_ref()).or(records.path.as_ref())
    }

    /// The target of the next entry, where it is not its header's.
    pub(super) fn link(&self) -> Option<&Name> {
        self.link.as_ref().or_else(|| self.records().link.as_ref())
    }

    /// True if all entries are moved by a global header, as POSIX has it, and as the readers of container runtimes do not.
    pub(super) fn moves_all(&self) -> bool {
        self.global.moves()
    }

    /// True if something waits for an entry.
    pub(super) fn is_waiting(&self) -> bool {
        self.local.is_some() || self.name.is_some() || self.link.is_some()
    }

    /// The entry came.
    pub(super) fn clear(&mut self) {
        self.local = None;
        self.name = None;
        self.link = None;
    }
}
