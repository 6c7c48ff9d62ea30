//! How long to wait before trying again.

use crate::Limits;
use core::time::Duration;

/// `backoff × 2ⁿ`, capped, then ±25 % by `random`; `attempt` counts from 1.
pub(super) fn backoff(limits: &Limits, attempt: u32, random: u32) -> Duration {
    let doubled = limits.backoff.saturating_mul(1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX));
    let base = doubled.min(limits.backoff_cap);
    // 75 % + 0..50 %, in thousandths.
    let thousandths = 750 + random % 501;
    base.saturating_mul(thousandths) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h03_jitter_stays_within_a_quarter_and_the_cap_holds() {
        let limits = Limits::DEFAULT;
        for random in [0, 250, 500, u32::MAX] {
            let first = backoff(&limits, 1, random).as_millis();
            assert!((187..=313).contains(&first), "{first}");
            let late = backoff(&limits, 4_000_000_000, random);
            assert!(late <= Duration::from_millis(37_500), "{late:?}");
        }
    }
}
