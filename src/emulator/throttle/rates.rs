//! How many calls a minute ACR takes (Azure Container Registry service tiers, "Registry throughput and throttling").

use crate::emulator::state::Sku;
use axum::http::Method;
use core::time::Duration;

/// Calls that are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Category {
    Read,
    Write,
    Delete,
    Referrers,
    OAuth,
}

/// Calls a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rates {
    /// Of all callers of a registry in a region.
    pub(super) registry: u32,
    /// Of one identity; tokens are given out before anybody knows to whom.
    pub(super) identity: Option<u32>,
}

impl Category {
    /// What a request counts as. The list of referrers counts as a read too.
    pub(super) fn of(method: &Method, path: &str) -> &'static [Self] {
        match *method {
            _ if path.starts_with("/oauth2/") => &[Self::OAuth],
            Method::PUT | Method::PATCH | Method::POST => &[Self::Write],
            Method::DELETE => &[Self::Delete],
            _ if path.contains("/referrers/") || path.ends_with("/referrers") => &[Self::Referrers, Self::Read],
            _ => &[Self::Read],
        }
    }

    pub(super) const fn rates(self, sku: Sku) -> Rates {
        let premium = matches!(sku, Sku::Premium);
        let registry = match (self, premium) {
            (Self::Read | Self::OAuth, false) => 10_000,
            (Self::Read | Self::OAuth, true) => 20_000,
            (Self::Write, false) => 2_000,
            (Self::Write | Self::Delete, true) => 4_000,
            (Self::Delete, false) => 1_000,
            (Self::Referrers, false) => 500,
            (Self::Referrers, true) => 2_000,
        };
        let identity = if matches!(self, Self::OAuth) { None } else { Some(registry / 2) };
        Rates { registry, identity }
    }
}

/// What one call takes of a bucket that fills in a minute.
pub(super) fn cost(rate: u32) -> Duration {
    super::MINUTE / rate.max(1)
}
