//! Roles.

use super::{Answer, Call, Cloud, Refusal, Route};
use crate::emulator::state::{Definition, roles::DEFINITIONS};
use alloc::{format, vec::Vec};
use axum::http::Method;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route] = &[
    Route::now(
        Method::GET,
        "/{*scope}/providers/Microsoft.Authorization/roleDefinitions",
        "Microsoft.Authorization/roleDefinitions/read",
        list,
    ),
    Route::now(
        Method::GET,
        "/{*scope}/providers/Microsoft.Authorization/roleDefinitions/{role}",
        "Microsoft.Authorization/roleDefinitions/read",
        show,
    ),
];

fn list(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let filter = call.query.get("$filter").unwrap_or_default();
    let wanted = filter.split_once("roleName eq '").and_then(|(_, rest)| rest.split_once('\'')).map(|(name, _)| name);
    let roles = DEFINITIONS.iter().filter(|role| wanted.is_none_or(|name| role.name.eq_ignore_ascii_case(name)));
    Ok(Answer::list(roles.map(|role| shown(cloud, role)).collect()))
}

fn show(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let name = call.name("role");
    let missing =
        || Refusal::new(404, "RoleDefinitionDoesNotExist", format!("The role definition '{name}' does not exist."));
    Definition::find(name).map(|role| Answer::ok(shown(cloud, role))).ok_or_else(missing)
}

/// A role's id in this subscription.
pub(super) fn id(subscription: &str, guid: &str) -> alloc::string::String {
    format!("{subscription}/providers/Microsoft.Authorization/roleDefinitions/{guid}")
}

fn shown(cloud: &Cloud, role: &Definition) -> Value {
    let subscription = cloud.state.read(crate::emulator::state::Document::subscription_id);
    json!({
        "id": id(&subscription, role.id), "name": role.id, "type": "Microsoft.Authorization/roleDefinitions",
        "properties": {
            "roleName": role.name, "type": "BuiltInRole", "description": role.description, "assignableScopes": ["/"],
            "permissions": Vec::from([json!({
                "actions": role.actions, "notActions": role.not_actions,
                "dataActions": role.data_actions, "notDataActions": [],
            })]),
            "createdOn": "2018-10-22T19:01:56.8227182Z", "updatedOn": "2021-11-11T20:13:08.2463740Z",
            "createdBy": null, "updatedBy": null,
        },
    })
}
