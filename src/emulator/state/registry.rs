//! A registry, as the management side has it.

use super::{Replication, ScopeMap, Sku, SystemData, Token, groups::Tags};
use crate::emulator::{clock::Instant, password, random};
use alloc::{
    string::{String, ToString as _},
    vec,
    vec::Vec,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io;

/// A registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Registry {
    /// As it was given when it was made; unique whatever the case.
    pub(crate) name: String,
    /// GUID, so that tokens of a registry that is gone open no other of its name.
    pub(crate) id: String,
    /// Its resource group.
    pub(crate) group: String,
    /// Home region.
    pub(crate) location: String,
    /// Tier.
    pub(crate) sku: Sku,
    /// What people put on it.
    pub(crate) tags: Tags,
    /// Managed identities, as they were given.
    pub(crate) identity: Option<Value>,
    /// Who and when.
    pub(crate) system: SystemData,
    /// When ARM says that it is made.
    pub(crate) ready: Instant,
    /// Whether the admin user may log in.
    pub(crate) admin: bool,
    /// The admin's two passwords.
    pub(crate) passwords: [String; 2],
    /// Whether anybody may pull.
    pub(crate) anonymous_pull: bool,
    /// Whether redirects go to dedicated data endpoints.
    pub(crate) data_endpoint: bool,
    /// Whether the public network reaches it at all.
    pub(crate) public_network: bool,
    /// `networkRuleSet`, as it was given.
    pub(crate) network: Option<Value>,
    /// `networkRuleBypassOptions`.
    pub(crate) bypass: String,
    /// `zoneRedundancy`.
    pub(crate) zones: String,
    /// Whether roles are for repositories (`AbacRepositoryPermissions`).
    pub(crate) abac: bool,
    /// Policies.
    pub(crate) policies: Policies,
    /// Regions; the first is the home region, which lists show only beside others.
    pub(crate) regions: Vec<Replication>,
    /// Scope maps that people made.
    pub(crate) scope_maps: Vec<ScopeMap>,
    /// Repository-scoped tokens.
    pub(crate) tokens: Vec<Token>,
    /// `host:port` of its login server; no other than that of the last start.
    pub(crate) login_server: String,
}

/// What a registry does by itself, and what it forbids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Policies {
    /// `quarantinePolicy`.
    pub(crate) quarantine: bool,
    /// `trustPolicy`.
    pub(crate) trust: bool,
    /// `retentionPolicy`: whether, days, and since when.
    pub(crate) retention: (bool, u32, Instant),
    /// `exportPolicy`.
    pub(crate) export: bool,
    /// `azureADAuthenticationAsArmPolicy`.
    pub(crate) arm_tokens: bool,
}

impl Policies {
    /// As they are at first.
    pub(crate) fn new() -> Self {
        Self { quarantine: false, trust: false, retention: (false, 7, Instant::now()), export: true, arm_tokens: true }
    }
}

impl Registry {
    /// A registry with nothing in it, which is reached nowhere yet.
    pub(crate) fn new(name: &str, group: &str, location: &str, sku: Sku, system: SystemData) -> io::Result<Self> {
        let now = Instant::now();
        Ok(Self {
            name: name.to_string(),
            id: random::uuid()?,
            group: group.to_string(),
            location: location.to_string(),
            sku,
            tags: Tags::new(),
            identity: None,
            system,
            ready: now,
            admin: false,
            passwords: [password::new()?, password::new()?],
            anonymous_pull: false,
            data_endpoint: false,
            public_network: true,
            network: None,
            bypass: "AzureServices".to_string(),
            zones: "Disabled".to_string(),
            abac: false,
            policies: Policies::new(),
            regions: vec![Replication::new(location, location, now)],
            scope_maps: Vec::new(),
            tokens: Vec::new(),
            login_server: String::new(),
        })
    }

    /// The region of that name.
    pub(crate) fn region(&self, name: &str) -> Option<&Replication> {
        self.regions.iter().find(|region| region.name.eq_ignore_ascii_case(name))
    }

    /// The home region.
    pub(crate) fn home(&self) -> Option<&Replication> {
        self.regions.first()
    }

    /// Whether there are regions beside the home region.
    pub(crate) fn replicated(&self) -> bool {
        self.regions.len() > 1
    }

    /// Whether network rules keep a caller of this machine out.
    pub(crate) fn closed(&self) -> bool {
        if !self.public_network {
            return true;
        }
        let Some(rules) = &self.network else { return false };
        let denies = rules.get("defaultAction").and_then(Value::as_str).is_some_and(|v| v.eq_ignore_ascii_case("Deny"));
        let allowed = rules.get("ipRules").and_then(Value::as_array).into_iter().flatten();
        let mut allowed = allowed.filter_map(|rule| rule.get("value").and_then(Value::as_str));
        denies && !allowed.any(|value| value.starts_with("127."))
    }
}
