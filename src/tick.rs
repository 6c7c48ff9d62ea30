//! Time and chance, as arguments.

use core::time::Duration;

/// What a driver knows at the moment it calls a machine: the core owns neither clock nor dice.
///
/// ```
/// use core::time::Duration;
/// let tick = portolan::Tick { monotonic: Duration::from_secs(5), unix: 1_700_000_000, random: 7 };
/// assert!(tick.monotonic < Duration::from_secs(6));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Time since an origin that the driver chose; never goes back.
    pub monotonic: Duration,
    /// Seconds since 1970-01-01 UTC; used only to read dates that peers write.
    pub unix: u64,
    /// A fresh random number, for jitter. Predictability costs politeness, not security.
    pub random: u32,
}
