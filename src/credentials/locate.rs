//! Where the files are.

use super::{CredentialStore, Source, Variables, helper::Helpers, key};
use crate::Secret;
use alloc::{string::String, vec::Vec};
use std::{ffi::OsString, path::PathBuf};

const HOME: &str = if cfg!(windows) { "USERPROFILE" } else { "HOME" };

/// Reads the environment through `variable`. A variable that is set to nothing is not set.
pub(super) fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> CredentialStore {
    let path = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = path(HOME);
    let below_home = |rest: &str| home.as_ref().map(|home| home.join(rest));

    let docker = path("DOCKER_CONFIG").or_else(|| below_home(".docker"));
    let config = path("XDG_CONFIG_HOME").or_else(|| below_home(".config"));
    let places = [
        path("REGISTRY_AUTH_FILE"),
        docker.map(|folder| folder.join("config.json")),
        path("XDG_RUNTIME_DIR").map(|folder| folder.join("containers/auth.json")),
        config.map(|folder| folder.join("containers/auth.json")),
    ];
    let mut files: Vec<Source> = Vec::new();
    for path in places.into_iter().flatten() {
        if files.iter().all(|file| file.path != path) {
            files.push(Source { path, required: false });
        }
    }
    CredentialStore { variables: own_variables(&variable), files, helpers: Helpers::default() }
}

/// User name and password are for the registry that is named with them, and for no other.
fn own_variables(variable: impl Fn(&str) -> Option<OsString>) -> Option<Variables> {
    let text = |name: &str| variable(name).and_then(|value| value.into_string().ok()).filter(|v| !v.is_empty());
    let host: String = text("PORTOLAN_REGISTRY")?;
    let host = key::Key::parse(&host).filter(|key| key.path.is_empty())?.host;
    Some(Variables { host, username: text("PORTOLAN_USERNAME")?, password: Secret::new(text("PORTOLAN_PASSWORD")?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(variables: &[(&str, &str)]) -> CredentialStore {
        from_variables(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value)))
    }

    fn paths(variables: &[(&str, &str)]) -> Vec<PathBuf> {
        store(variables).files.into_iter().map(|file| file.path).collect()
    }

    #[test]
    fn files_are_where_docker_and_podman_look() {
        assert_eq!(
            paths(&[(HOME, "/h"), ("XDG_RUNTIME_DIR", "/run/u")]),
            [
                PathBuf::from("/h/.docker/config.json"),
                "/run/u/containers/auth.json".into(),
                "/h/.config/containers/auth.json".into()
            ]
        );
        assert_eq!(
            paths(&[(HOME, "/h"), ("REGISTRY_AUTH_FILE", "/a"), ("DOCKER_CONFIG", "/d"), ("XDG_CONFIG_HOME", "/c")]),
            [PathBuf::from("/a"), "/d/config.json".into(), "/c/containers/auth.json".into()]
        );
        assert_eq!(paths(&[("REGISTRY_AUTH_FILE", ""), ("DOCKER_CONFIG", "")]), [] as [PathBuf; 0]);
        let twice = [("REGISTRY_AUTH_FILE", "/d/config.json"), ("DOCKER_CONFIG", "/d")];
        assert_eq!(paths(&twice), [PathBuf::from("/d/config.json")]);
    }

    #[test]
    fn a13_variables_are_for_the_named_registry() {
        const USER: (&str, &str) = ("PORTOLAN_USERNAME", "u");
        const PASSWORD: (&str, &str) = ("PORTOLAN_PASSWORD", "p");
        assert!(store(&[USER, PASSWORD]).variables.is_none());
        assert!(store(&[USER, PASSWORD, ("PORTOLAN_REGISTRY", "")]).variables.is_none());
        assert!(store(&[USER, PASSWORD, ("PORTOLAN_REGISTRY", "*")]).variables.is_none());
        assert!(store(&[PASSWORD, ("PORTOLAN_REGISTRY", "r.example")]).variables.is_none());
        for registry in ["r.example", "https://R.example/", "r.example:443"] {
            let variables = store(&[USER, PASSWORD, ("PORTOLAN_REGISTRY", registry)]).variables.unwrap();
            assert_eq!(variables.host, "r.example");
        }
    }
}
