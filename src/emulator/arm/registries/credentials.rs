//! The admin user's passwords.

use super::super::{Answer, Call, Cloud, Refusal, values::text};
use crate::emulator::{password, state::Registry};
use alloc::{format, string::String};
use serde_json::json;

/// Names of the two passwords.
const NAMES: [&str; 2] = ["password", "password2"];

pub(super) fn list(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.read(|document| {
        let registry = call.registry(document)?;
        enabled(registry, &document.registry_id(registry))?;
        Ok(shown(registry))
    })
}

pub(super) fn regenerate(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let name = text(&call.body, "/name").unwrap_or_default();
    let which = NAMES.iter().position(|known| known.eq_ignore_ascii_case(name));
    let bad = || Refusal::bad("InvalidPasswordName", format!("The password name '{name}' is not one of {NAMES:?}."));
    let which = which.ok_or_else(bad)?;
    cloud.state.change(|document| {
        let id: String = call.registry(document).map(|registry| document.registry_id(registry))?;
        let registry = call.registry_mut(document)?;
        enabled(registry, &id)?;
        if let Some(value) = registry.passwords.get_mut(which) {
            *value = password::new()?;
        }
        Ok(shown(registry))
    })
}

fn enabled(registry: &Registry, id: &str) -> Result<(), Refusal> {
    if registry.admin {
        return Ok(());
    }
    let message = format!(
        "Cannot perform credential operations for {id} as admin user is disabled. Kindly enable the admin user as per \
         docs: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-authentication#admin-account"
    );
    Err(Refusal::bad("UnAuthorizedForCredentialOperations", message))
}

fn shown(registry: &Registry) -> Answer {
    let passwords = NAMES.iter().zip(&registry.passwords).map(|(name, value)| json!({ "name": name, "value": value }));
    Answer::ok(json!({ "username": registry.name, "passwords": passwords.collect::<alloc::vec::Vec<_>>() }))
}
