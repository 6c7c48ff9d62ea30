//! The registry's configuration. YAML takes JSON as it is, so JSON is what we write.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use super::token::{ISSUER, SERVICE, TokenServer};
use super::{Auth, Options, PASSWORD, USERNAME};

/// The least that bcrypt allows: a test password needs no protection, and every request checks it.
const COST: u32 = 4;

/// Writes `config.yml` and what it names into `dir`.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn write(dir: &Path, options: &Options, token: Option<&TokenServer>) -> Result<PathBuf> {
    let data = match &options.data {
        Some(data) => data.clone(),
        None => dir.join("data"),
    };
    fs::create_dir_all(&data)?;
    let mut config = json!({
        "version": 0.1,
        "log": { "level": "info", "accesslog": { "disabled": true } },
        "storage": {
            "filesystem": { "rootdirectory": data },
            "cache": { "blobdescriptor": "inmemory" },
            "delete": { "enabled": true },
            "maintenance": { "uploadpurging": { "enabled": false } },
        },
        "http": {
            "addr": "127.0.0.1:0",
            "secret": "only for tests on loopback",
            "headers": headers(options.cors),
        },
    });
    if let Some(auth) = auth(dir, options.auth, token)? {
        config["auth"] = auth;
    }
    let path = dir.join("config.yml");
    fs::write(&path, serde_json::to_vec_pretty(&config)?).context("cannot write the registry's configuration")?;
    Ok(path)
}

fn headers(cors: bool) -> Value {
    let mut headers = Map::new();
    headers.insert("X-Content-Type-Options".into(), json!(["nosniff"]));
    if cors {
        headers.insert("Access-Control-Allow-Origin".into(), json!(["*"]));
        headers.insert("Access-Control-Allow-Methods".into(), json!(["GET, HEAD, OPTIONS"]));
        headers.insert("Access-Control-Allow-Headers".into(), json!(["Accept, Authorization, Range"]));
        let exposed = "Content-Range, Docker-Content-Digest, Link, Retry-After, WWW-Authenticate";
        headers.insert("Access-Control-Expose-Headers".into(), json!([exposed]));
    }
    Value::Object(headers)
}

fn auth(dir: &Path, auth: Auth, token: Option<&TokenServer>) -> Result<Option<Value>> {
    Ok(match (auth, token) {
        (Auth::Basic, _) => {
            let path = dir.join("htpasswd");
            fs::write(&path, format!("{USERNAME}:{}\n", bcrypt::hash(PASSWORD, COST)?))?;
            Some(json!({ "htpasswd": { "realm": "harbour office", "path": path } }))
        }
        (Auth::Token, Some(token)) => {
            let path = dir.join("token.pem");
            fs::write(&path, token.certificate())?;
            let server =
                json!({ "realm": token.realm(), "service": SERVICE, "issuer": ISSUER, "rootcertbundle": path });
            Some(json!({ "token": server }))
        }
        _ => None,
    })
}

/// `REGISTRY_*` variables would override the file.
pub(super) fn forget_environment(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("REGISTRY_") {
            command.env_remove(name);
        }
    }
}
