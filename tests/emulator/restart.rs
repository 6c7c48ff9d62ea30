//! What is there after a restart.

use crate::lab::{Lab, field};
use portolan::emulator::{Emulator, Options};
use serde_json::{Value, json};

#[tokio::test]
async fn everything_is_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { data: Some(folder.path().into()), ..Options::default() };
    let lab = Lab::with(options.clone()).await;
    lab.push("team/app", "v1").await;
    let before = lab.info().clone();
    let token = lab.entra_token("reader", crate::lab::ARM).await;
    lab.set(json!({ "adminUserEnabled": true })).await;
    lab.stop().await;

    let lab = Lab::with(options).await;
    let after = lab.info();
    assert_eq!(
        (&before.arm, &before.authority, &before.login_server),
        (&after.arm, &after.authority, &after.login_server)
    );
    assert_eq!((&before.regions, &before.tenant), (&after.regions, &after.tenant));
    let shown = lab.arm_with(&token, "GET", &lab.registry_id(""), Value::Null).await;
    assert_eq!(shown.json()["properties"]["adminUserEnabled"], true);
    let reader = lab.service("reader");
    let user = Some((reader.client_id.as_str(), reader.client_secret.as_deref().unwrap()));
    let bearer = format!("Bearer {}", field(&lab.token(user, "registry:catalog:*").await, "access_token"));
    let catalog = lab.call(Some(&bearer), "GET", "/v2/_catalog", "").await;
    assert_eq!(catalog.json(), json!({ "repositories": ["team/app"] }));
    lab.stop().await;
}

#[tokio::test]
async fn a_folder_is_one_emulators() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { data: Some(folder.path().into()), ..Options::default() };
    let first = Emulator::start(options.clone()).await.unwrap();
    let Err(error) = Emulator::start(options.clone()).await else { panic!("two write to one folder") };
    assert!(error.to_string().contains("somebody else works in the folder"), "{error}");
    first.stop().await;
    Emulator::start(options).await.unwrap().stop().await;
}

#[tokio::test]
async fn in_memory_nothing_is_left() {
    let running = Emulator::start(Options::default()).await.unwrap();
    let certificate = running.info().ca_certificate.clone();
    assert!(certificate.is_file());
    running.stop().await;
    assert!(!certificate.exists());
}

#[tokio::test]
async fn what_cannot_be_had_is_named() {
    for (options, word) in [
        (Options { address: [192, 0, 2, 1].into(), ..Options::default() }, "loopback"),
        (Options { registry: "no".into(), ..Options::default() }, "registry"),
        (Options { regions: vec!["atlantis".into()], ..Options::default() }, "atlantis"),
        (Options { regions: vec!["eastus".into(), "eastus".into()], ..Options::default() }, "twice"),
        (Options { regions: Vec::new(), ..Options::default() }, "region"),
        (Options { faults: Some("/nowhere/faults.json".into()), ..Options::default() }, "faults.json"),
    ] {
        let Err(error) = Emulator::start(options).await else { panic!("{word}") };
        assert!(error.to_string().contains(word), "{error}");
    }
}
