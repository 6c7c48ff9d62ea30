//! Names that go and come again, and callers that all want one.

use crate::{
    http::{Answer, send},
    lab::{ARM, Lab, basic, field},
};
use core::time::Duration;
use portolan::emulator::Options;
use serde_json::{Value, json};
use std::fs;
use tokio::{io::AsyncWriteExt as _, net::TcpStream, time::sleep};

fn premium() -> Value {
    json!({ "location": "eastus", "sku": { "name": "Premium" } })
}

fn beside(lab: &Lab, name: &str) -> String {
    lab.registry_id("").replace(&lab.info().registry, name)
}

/// The repositories of a registry.
async fn catalog(lab: &Lab, server: &str) -> Value {
    let owner = lab.service("owner");
    let basic = basic(&owner.client_id, owner.client_secret.as_deref().unwrap());
    let path = format!("/oauth2/token?service={server}&scope=registry:catalog:*");
    let token = field(&send(server, "GET", &path, &[("Authorization", &basic)], "").await, "access_token");
    let bearer = format!("Bearer {token}");
    send(server, "GET", "/v2/_catalog", &[("Authorization", &bearer)], "").await.json()["repositories"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_many_make_at_once_is_one() {
    let lab = Lab::start().await;
    let (id, token) = (beside(&lab, "wanted1"), lab.entra_token("owner", ARM).await);
    let calls = (0..8).map(|_| lab.arm_with(&token, "PUT", &id, premium()));
    let answers = futures_util::future::join_all(calls).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
    let server = |answer: &Answer| answer.json()["properties"]["loginServer"].take();
    assert!(answers.iter().all(|answer| server(answer) == server(&answers[0])));
    assert_eq!(catalog(&lab, server(&answers[0]).as_str().unwrap()).await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn regions_may_come_and_go_as_fast_as_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let lab = Lab::with(Options { data: Some(folder.path().into()), ..Options::default() }).await;
    lab.push("app", "v1").await;
    let (id, token) = (lab.registry_id("/replications/japaneast"), lab.entra_token("owner", ARM).await);
    let calls = (0..8).map(|number| {
        let (method, body) =
            if number % 2 == 0 { ("DELETE", Value::Null) } else { ("PUT", json!({ "location": "japaneast" })) };
        lab.arm_with(&token, method, &id, body)
    });
    let answers = futures_util::future::join_all(calls).await;
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert!(statuses.iter().all(|status| matches!(status, 200 | 201 | 204)), "{statuses:?}");
    let last = lab.arm_with(&token, "PUT", &id, json!({ "location": "japaneast" })).await;
    assert!(matches!(last.status, 200 | 201), "{last:?}");
    ready(&lab, &token, &id).await;
    assert_eq!(catalog(&lab, lab.login_server()).await, json!(["app"]));
    lab.stop().await;
}

/// Waits until a region has all that the others have.
async fn ready(lab: &Lab, token: &str, id: &str) {
    for _ in 0..500 {
        let answer = lab.arm_with(token, "GET", id, Value::Null).await;
        if answer.json()["properties"]["status"]["displayStatus"] == "Ready" {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("the region does not become ready");
}

#[tokio::test]
async fn a_deletion_is_done_although_its_caller_hangs_up() {
    let folder = tempfile::tempdir().unwrap();
    let lab = Lab::with(Options { data: Some(folder.path().into()), ..Options::default() }).await;
    lab.push("app", "v1").await;
    let (id, token) = (lab.registry_id("/replications/japaneast"), lab.entra_token("owner", ARM).await);
    // A request that does not end makes the region's own ending take a while.
    let mut slow = TcpStream::connect(Lab::host(&lab.info().regions["japaneast"])).await.unwrap();
    let head = "POST /oauth2/token HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n";
    slow.write_all(head.as_bytes()).await.unwrap();
    let arm = Lab::host(&lab.info().arm);
    let mut caller = TcpStream::connect(arm).await.unwrap();
    let call = format!(
        "DELETE {id}?api-version=2025-11-01 HTTP/1.1\r\nHost: {arm}\r\nAuthorization: Bearer {token}\r\nContent-Length: 0\r\n\r\n"
    );
    caller.write_all(call.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(300)).await;
    drop(caller);
    let kept = folder.path().join("registries").join(&lab.info().registry).join("japaneast");
    for _ in 0..500 {
        sleep(Duration::from_millis(20)).await;
        if !kept.exists() {
            break;
        }
    }
    assert!(!kept.exists(), "what nobody waits for was not done");
    let again = lab.arm_with(&token, "PUT", &id, json!({ "location": "japaneast" })).await;
    assert_eq!(again.status, 201, "{again:?}");
    ready(&lab, &token, &id).await;
    lab.stop().await;
}

/// A kill may come between the document, which has a registry no more, and its content.
#[tokio::test]
async fn a_new_registry_has_nothing_of_an_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { data: Some(folder.path().into()), ..Options::default() };
    let lab = Lab::with(options.clone()).await;
    lab.push("secret/app", "v1").await;
    let registries = folder.path().join("registries");
    let own = registries.join(lab.info().registry.to_ascii_lowercase());
    lab.stop().await;
    fs::rename(own, registries.join("leftover1")).unwrap();
    let lab = Lab::with(options).await;
    let made = lab.arm("owner", "PUT", &beside(&lab, "leftover1"), premium()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let server = made.json()["properties"]["loginServer"].take();
    assert_eq!(catalog(&lab, server.as_str().unwrap()).await, json!([]));
    lab.stop().await;
}
