//! Who has which role where.

use super::{Answer, Call, Cloud, Refusal, Route, role_definitions, values::text};
use crate::emulator::{
    clock::Instant,
    state::{Assignment, Definition, Document, within},
};
use alloc::{
    format,
    string::{String, ToString as _},
};
use axum::http::Method;
use serde_json::{Value, json};

const LIST: &str = "/{*scope}/providers/Microsoft.Authorization/roleAssignments";
const ONE: &str = "/{*scope}/providers/Microsoft.Authorization/roleAssignments/{assignment}";

pub(super) const ROUTES: &[Route] = &[
    Route::now(Method::GET, LIST, "Microsoft.Authorization/roleAssignments/read", list),
    Route::now(Method::PUT, ONE, "Microsoft.Authorization/roleAssignments/write", put),
    Route::now(Method::GET, ONE, "Microsoft.Authorization/roleAssignments/read", show),
    Route::now(Method::DELETE, ONE, "Microsoft.Authorization/roleAssignments/delete", delete),
];

/// `$filter` knows `atScope()`, `principalId eq '...'` and `assignedTo('...')`.
fn list(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let scope = call.scope();
    let filter = call.query.get("$filter").unwrap_or_default();
    let quoted = |word: &str| Some(filter.split_once(word)?.1.split_once('\'')?.1.split_once('\'')?.0);
    let principal = quoted("principalId").or_else(|| quoted("assignedTo"));
    let below = !filter.contains("atScope()");
    Ok(Answer::list(cloud.state.read(|document| {
        let here = |a: &&Assignment| within(&scope, &a.scope) || below && within(&a.scope, &scope);
        let of = |a: &&Assignment| principal.is_none_or(|id| a.principal.eq_ignore_ascii_case(id));
        document.assignments.iter().filter(here).filter(of).map(|a| shown(document, a)).collect()
    })))
}

fn find<'a>(document: &'a Document, call: &Call) -> Option<&'a Assignment> {
    let (scope, name) = (call.scope(), call.name("assignment"));
    document.assignments.iter().find(|a| a.name.eq_ignore_ascii_case(name) && within(&a.scope, &scope))
}

fn show(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let name = call.name("assignment");
    let missing = || Refusal::new(404, "RoleAssignmentNotFound", format!("The role assignment '{name}' is not found."));
    cloud.state.read(|document| {
        find(document, call).map(|assignment| Answer::ok(shown(document, assignment))).ok_or_else(missing)
    })
}

fn delete(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.change(|document| {
        let Some(gone) = find(document, call).cloned() else { return Ok(Answer::empty(204)) };
        document.assignments.retain(|assignment| *assignment != gone);
        Ok(Answer::ok(shown(document, &gone)))
    })
}

fn put(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.change(|document| {
        let assignment = planned(document, call)?;
        let same = |a: &&Assignment| {
            a.principal.eq_ignore_ascii_case(&assignment.principal)
                && a.role == assignment.role
                && a.scope.eq_ignore_ascii_case(&assignment.scope)
        };
        if let Some(there) = document.assignments.iter().find(same) {
            let message = format!(
                "The role assignment already exists. The ID of the existing role assignment is {}.",
                there.name.replace('-', "")
            );
            return Err(Refusal::new(409, "RoleAssignmentExists", message));
        }
        let answer = shown(document, &assignment);
        document.assignments.push(assignment);
        Ok(Answer::new(201, answer))
    })
}

fn planned(document: &Document, call: &Call) -> Result<Assignment, Refusal> {
    // Older versions have the properties at the top.
    let field =
        |name: &str| text(&call.body, &format!("/properties/{name}")).or_else(|| text(&call.body, &format!("/{name}")));
    let role = field("roleDefinitionId").unwrap_or_default();
    let missing = || {
        let message = format!("The specified role definition with ID '{role}' does not exist.");
        Refusal::bad("RoleDefinitionDoesNotExist", message)
    };
    let role = Definition::find(role).ok_or_else(missing)?;
    let id = field("principalId").unwrap_or_default();
    let principal = document.directory.principal(id).ok_or_else(|| {
        let message = format!("Principal {id} does not exist in the directory {}.", document.tenant);
        Refusal::bad("PrincipalNotFound", message)
    })?;
    Ok(Assignment {
        name: call.name("assignment").to_string(),
        scope: call.scope(),
        role: role.id.to_string(),
        principal: principal.object_id.clone(),
        principal_type: principal.kind.principal_type().to_string(),
        condition: field("condition").map(str::to_string),
        description: field("description").map(str::to_string),
        created_by: call.identity.object_id.clone(),
        created: Instant::now(),
    })
}

fn shown(document: &Document, assignment: &Assignment) -> Value {
    let prefix = if assignment.scope == "/" { "" } else { &assignment.scope };
    let id: String = [prefix, "/providers/Microsoft.Authorization/roleAssignments/", &assignment.name].concat();
    json!({
        "id": id, "name": assignment.name, "type": "Microsoft.Authorization/roleAssignments",
        "properties": {
            "roleDefinitionId": role_definitions::id(&document.subscription_id(), &assignment.role),
            "principalId": assignment.principal, "principalType": assignment.principal_type,
            "scope": assignment.scope, "condition": assignment.condition,
            "conditionVersion": assignment.condition.as_ref().map(|_| "2.0"), "description": assignment.description,
            "createdOn": assignment.created.rfc3339(), "updatedOn": assignment.created.rfc3339(),
            "createdBy": assignment.created_by, "updatedBy": assignment.created_by,
            "delegatedManagedIdentityResourceId": null,
        },
    })
}
