//! What a registry's tokens say.

use crate::{
    auth::{Scope, ScopeSet},
    emulator::{
        access::Action,
        clock::Instant,
        cloud::Cloud,
        random,
        state::{
            Registry,
            rights::{Actions, Rights},
        },
    },
};
use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};
use serde_json::{Value, json};
use std::io;

/// Who signs.
const ISSUER: &str = "Azure Container Registry";

/// Seconds, as recorded.
const REFRESH_LIFE: u64 = 11_700;
/// Seconds, as documented.
const ACCESS_LIFE: u64 = 4_500;

fn base(cloud: &Cloud, registry: &Registry, subject: &str, grant: &str, life: u64) -> io::Result<Value> {
    let now = Instant::now().seconds();
    Ok(json!({
        "jti": random::uuid()?, "sub": subject, "nbf": now, "iat": now, "exp": now.saturating_add(life),
        "iss": ISSUER, "aud": registry.login_server, "version": "1.0", "rid": registry.id, "grant_type": grant,
        "tenant": cloud.state.read(|document| document.tenant.clone()),
    }))
}

/// A token that gets access tokens, for a principal of the directory.
pub(super) fn refresh(
    cloud: &Cloud,
    registry: &Registry,
    object_id: &str,
    app: &str,
    rights: &Rights,
) -> io::Result<String> {
    let mut claims = base(cloud, registry, object_id, "refresh_token", REFRESH_LIFE)?;
    claims["appid"] = app.into();
    claims["permissions"] = json!({ "actions": words(rights) });
    claims["roles"] = json!([]);
    cloud.keys.sign(&claims)
}

/// Rights as refresh tokens list them. Nobody relies on them: access tokens are cut to the rights of their time.
fn words(rights: &Rights) -> Vec<&'static str> {
    // A name that no rule of one repository fits.
    let held = rights.on("*");
    let word = |action: &Action| match action {
        Action::Pull => "read",
        Action::Push => "write",
        Action::Delete => "delete",
        Action::MetadataRead => "metadata/read",
        Action::MetadataWrite => "metadata/write",
    };
    held.iter().map(word).collect()
}

/// A token for what of `scopes` the rights allow.
pub(super) fn access(
    cloud: &Cloud,
    registry: &Registry,
    subject: &str,
    rights: &Rights,
    scopes: &ScopeSet,
) -> io::Result<String> {
    let mut claims = base(cloud, registry, subject, "access_token", ACCESS_LIFE)?;
    claims["access"] = scopes.iter().filter_map(|scope| granted(rights, &scope)).collect();
    claims["roles"] = json!([]);
    cloud.keys.sign(&claims)
}

/// What the rights leave of a scope.
fn granted(rights: &Rights, scope: &Scope) -> Option<Value> {
    let actions: Vec<String> = match (scope.kind(), scope.name()) {
        ("registry", "catalog") => {
            scope.actions().filter(|a| *a == "*" && rights.catalog).map(str::to_string).collect()
        }
        ("repository" | "artifact-repository", name) => {
            let held = rights.on(name);
            if scope.actions().any(|action| action == "*") {
                held.iter().map(|action| action.name().to_string()).collect()
            } else {
                let may = |word: &&str| Action::of_repository(word).is_some_and(|action| held.contains(&action));
                scope.actions().filter(may).map(str::to_string).collect()
            }
        }
        _ => Vec::new(),
    };
    (!actions.is_empty()).then(|| json!({ "type": scope.kind(), "name": scope.name(), "actions": actions }))
}

/// What a token of this registry says.
pub(super) enum Said {
    /// That a principal may ask for access tokens.
    Refresh {
        /// Object id.
        object_id: String,
    },
    /// That somebody may do something.
    Access {
        /// Who.
        subject: String,
        /// What.
        rights: Rights,
    },
}

/// What a token says, if it is for this registry and its time is now.
pub(super) fn read(cloud: &Cloud, registry: &Registry, token: &str) -> Option<Said> {
    let claims = cloud.verify(token)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let ours = text("iss") == Some(ISSUER)
        && text("aud") == Some(registry.login_server.as_str())
        && text("rid") == Some(registry.id.as_str());
    let subject = text("sub").filter(|_| ours)?.to_string();
    match text("grant_type")? {
        "refresh_token" => Some(Said::Refresh { object_id: subject }),
        "access_token" => Some(Said::Access { subject, rights: carried(claims.get("access")?.as_array()?) }),
        _ => None,
    }
}

/// The rights that `access` claims.
fn carried(access: &[Value]) -> Rights {
    let text = |entry: &Value, name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default().to_string();
    let actions = |entry: &Value| -> Vec<String> {
        let list = entry.get("actions").and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|action| action.as_str().map(str::to_string)).collect()
    };
    let catalog = |entry: &Value| {
        text(entry, "type") == "registry" && text(entry, "name") == "catalog" && actions(entry).iter().any(|a| a == "*")
    };
    let repositories = access.iter().filter(|entry| text(entry, "type") == "repository");
    let repositories = repositories.map(|entry| {
        let held: Actions = actions(entry).iter().filter_map(|action| Action::of_repository(action)).collect();
        (text(entry, "name"), held)
    });
    Rights::carried(access.iter().any(catalog), repositories)
}
