//! Service tiers and what they bound.

use alloc::string::String;
use serde::{Deserialize, Serialize};

/// A registry's tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Sku {
    /// The smallest.
    Basic,
    /// With anonymous pull.
    Standard,
    /// With regions, rules, policies.
    Premium,
}

impl Sku {
    /// Reads a name in any case; `Classic` is no more.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Basic, Self::Standard, Self::Premium].into_iter().find(|sku| sku.name().eq_ignore_ascii_case(text))
    }

    /// As ARM has it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Basic => "Basic",
            Self::Standard => "Standard",
            Self::Premium => "Premium",
        }
    }

    /// Bytes that are included.
    pub(crate) const fn storage(self) -> u64 {
        match self {
            Self::Basic => 10 << 30,
            Self::Standard => 100 << 30,
            Self::Premium => 500 << 30,
        }
    }

    /// Webhooks.
    pub(crate) const fn webhooks(self) -> u64 {
        match self {
            Self::Basic => 2,
            Self::Standard => 10,
            Self::Premium => 500,
        }
    }

    /// Tokens, and as many scope maps.
    pub(crate) const fn tokens(self) -> usize {
        match self {
            Self::Basic => 100,
            Self::Standard => 500,
            Self::Premium => 50_000,
        }
    }

    /// Whether anybody may be let pull.
    pub(crate) fn anonymous_pull(self) -> bool {
        self >= Self::Standard
    }

    /// Whether there may be other regions, network rules, retention.
    pub(crate) fn premium(self) -> bool {
        self == Self::Premium
    }
}

impl From<Sku> for String {
    fn from(sku: Sku) -> Self {
        sku.name().into()
    }
}
