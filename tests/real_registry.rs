//! The client against Debian's `docker-registry`, open, with Basic and with tokens. `cargo xtask test` starts them and
//! names their description files in the environment; without them these tests say that they did not run.
#![cfg(feature = "reqwest")]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]
#![allow(clippy::print_stderr, reason = "a test that does not run says so")]

use portolan::{
    Digest, Kind, ManifestKind, RegistryConfig, RepositoryName,
    auth::Credential,
    client::{Image, Registry, ReqwestTransport},
    http::Url,
};
use serde_json::Value;
use std::{env, fs, time::Duration};

/// A registry's description; nothing if it was not started.
fn info(name: &str) -> Option<Value> {
    match env::var(format!("PORTOLAN_TEST_INFO_{name}")) {
        Ok(file) => Some(serde_json::from_slice(&fs::read(file).unwrap()).unwrap()),
        Err(_) if env::var_os("PORTOLAN_REQUIRE_REGISTRY").is_some() => panic!("no registry {name}"),
        Err(_) => {
            eprintln!("not run: PORTOLAN_TEST_INFO_{name} names no registry");
            None
        }
    }
}

fn config(info: &Value, password: Option<&str>) -> RegistryConfig {
    let mut config = RegistryConfig::new(info["url"].as_str().unwrap().parse().unwrap());
    if let (Some(user), Some(password)) = (info["username"].as_str(), password.or_else(|| info["password"].as_str())) {
        config.credential = Some(Credential::new(user, password).unwrap());
    }
    if let Some(realm) = info["realm"].as_str() {
        let realm = realm.parse::<Url>().unwrap().origin().clone();
        let origin = config.endpoint.origin().clone();
        config.realms = config.realms.clone().trust(origin, realm);
    }
    config
}

fn registry(info: &Value) -> Registry<ReqwestTransport> {
    Registry::new(ReqwestTransport::new().unwrap(), config(info, None))
}

async fn repositories(registry: &Registry<ReqwestTransport>) -> Vec<RepositoryName> {
    let (mut names, mut pages) = (Vec::new(), registry.repositories(Some(5)));
    while let Some(page) = pages.next().await.unwrap() {
        assert_eq!(page.truncated, None);
        names.extend(page.names.iter().map(|name| name.parse::<RepositoryName>().unwrap()));
    }
    names
}

async fn first_tag(registry: &Registry<ReqwestTransport>, repository: &RepositoryName) -> Option<String> {
    registry.tags(repository, None).next().await.unwrap()?.names.first().cloned()
}

/// Reads every layer and compares what came with what was named.
async fn read_layers(registry: &Registry<ReqwestTransport>, repository: &RepositoryName, image: &Image) -> u64 {
    let mut total = 0;
    let ManifestKind::Image(manifest) = image.manifest.kind() else { return 0 };
    for layer in manifest.layers.iter().filter(|layer| layer.size < 8 << 20) {
        let mut stream = registry.blob(repository, &layer.digest, Some(layer.size)).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(chunk) = stream.next().await {
            bytes.extend_from_slice(&chunk.unwrap());
        }
        let verified = stream.finish().expect("a proof");
        assert_eq!((verified.size(), verified.digest()), (bytes.len() as u64, &layer.digest));
        if layer.digest.algorithm() == "sha256" {
            assert_eq!(Digest::sha256(&bytes), layer.digest);
        }
        total += bytes.len() as u64;
        let part = registry.blob_range(repository, &layer.digest, 1, 7).await.unwrap();
        assert_eq!(part.bytes, bytes.iter().skip(1).take(7).copied().collect::<Vec<_>>());
        assert_eq!(registry.blob_head(repository, &layer.digest).await.unwrap().size, Some(layer.size));
    }
    total
}

async fn walk(info: &Value) {
    let registry = registry(info);
    assert_eq!(registry.ping().await.unwrap().authenticated, info["username"].is_string());
    let repositories = repositories(&registry).await;
    assert!(repositories.len() >= 3, "{repositories:?}");
    let mut read = 0;
    for repository in &repositories {
        let Some(tag) = first_tag(&registry, repository).await else { continue };
        let target = tag.parse().unwrap();
        let head = registry.head(repository, &target).await.unwrap();
        let fetched = registry.manifest(repository, &target).await.unwrap();
        assert_eq!(head.digest, *fetched.manifest.digest());
        assert_eq!(head.size, fetched.manifest.size());
        registry.referrers(repository, &head.digest, None).await.unwrap();
        let image = registry.image(repository, &target, None).await.unwrap();
        read += read_layers(&registry, repository, &image).await;
    }
    assert!(read > 0, "no layer was read");
}

#[tokio::test]
async fn an_open_registry() {
    if let Some(info) = info("NONE") {
        walk(&info).await;
    }
}

#[tokio::test]
async fn a_registry_with_basic() {
    if let Some(info) = info("BASIC") {
        walk(&info).await;
    }
}

#[tokio::test]
async fn a_registry_with_tokens() {
    if let Some(info) = info("TOKEN") {
        walk(&info).await;
    }
}

#[tokio::test]
async fn wrong_passwords_are_told_and_not_shown() {
    for info in ["BASIC", "TOKEN"].into_iter().filter_map(info) {
        let registry = Registry::new(ReqwestTransport::new().unwrap(), config(&info, Some("hunter2")));
        let error = registry.ping().await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unauthorized, "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn a01_an_untrusted_realm_gets_no_credential() {
    let Some(info) = info("TOKEN") else { return };
    let mut config = config(&info, None);
    config.realms = portolan::auth::RealmPolicy::default();
    let registry = Registry::new(ReqwestTransport::new().unwrap(), config);
    let error = registry.repositories(None).next().await.unwrap_err();
    assert_eq!(error.kind(), Kind::RealmNotTrusted, "{error}");
}

#[tokio::test]
async fn h08_what_is_not_there_is_told_in_the_registrys_words() {
    let Some(info) = info("NONE") else { return };
    let registry = registry(&info);
    let error = registry.manifest(&"no/such".parse().unwrap(), &"v1".parse().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.code().unwrap().as_str()), (Kind::NotFound, "MANIFEST_UNKNOWN"));
    let error = registry.tags(&"no/such".parse().unwrap(), None).next().await.unwrap_err();
    assert_eq!((error.kind(), error.code().unwrap().as_str()), (Kind::NotFound, "NAME_UNKNOWN"));
}

#[tokio::test]
async fn i4_a_hundred_dropped_reads_leave_a_working_client() {
    let Some(info) = info("TOKEN") else { return };
    let registry = registry(&info);
    let repositories = repositories(&registry).await;
    for turn in 0..100_u64 {
        let repository = &repositories[turn as usize % repositories.len()];
        let walk = async {
            let tag = first_tag(&registry, repository).await?;
            let image = registry.image(repository, &tag.parse().ok()?, None).await.ok()?;
            let layer = image.manifest.image()?.layers.first()?;
            let mut stream = registry.blob(repository, &layer.digest, None).await.ok()?;
            while stream.next().await.is_some() {}
            Some(())
        };
        let _ = tokio::time::timeout(Duration::from_micros(turn * 97), walk).await;
    }
    assert!(registry.ping().await.unwrap().authenticated);
}

#[tokio::test(flavor = "multi_thread")]
async fn h06_twenty_callers_at_once() {
    let Some(info) = info("TOKEN") else { return };
    let registry = registry(&info);
    let name = repositories(&registry).await.remove(0);
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let (registry, name) = (registry.clone(), name.clone());
            tokio::spawn(async move { registry.tags(&name, None).next().await.map(|page| page.is_some()) })
        })
        .collect();
    for caller in callers {
        assert!(caller.await.unwrap().unwrap());
    }
}
