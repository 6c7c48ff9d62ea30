//! Addresses of groups: each has one of its own, and none leads off this machine.

use super::Refused;
use alloc::collections::BTreeSet;
use core::net::Ipv4Addr;
use std::sync::{Mutex, PoisonError};

/// The first one; the emulator's own is 127.0.0.1.
const FIRST: u32 = Ipv4Addr::new(127, 0, 1, 1).to_bits();
/// One after the last one.
const END: u32 = Ipv4Addr::new(127, 0, 255, 0).to_bits();

/// Who has which.
pub(super) struct Addresses(Mutex<BTreeSet<Ipv4Addr>>);

impl Addresses {
    /// All are free but these.
    pub(super) fn besides(taken: impl Iterator<Item = Ipv4Addr>) -> Self {
        Self(Mutex::new(taken.collect()))
    }

    /// The first that nobody has.
    pub(super) fn take(&self) -> Result<Ipv4Addr, Refused> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let free = (FIRST..END).map(Ipv4Addr::from_bits).find(|address| !taken.contains(address));
        let free = free.ok_or_else(|| Refused::bad("IpAddressesExhausted", "There are too many container groups."))?;
        taken.insert(free);
        Ok(free)
    }

    pub(super) fn give_back(&self, address: Ipv4Addr) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&address);
    }
}
