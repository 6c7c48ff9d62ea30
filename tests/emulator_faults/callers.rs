//! Rules about callers, at every endpoint that knows any.

use crate::{
    http::send,
    lab::{ACR, ARM, Lab, field, post},
    setting::Setting,
};
use serde_json::{Value, json};

/// A rule for one caller that changes nothing but counts.
async fn count(setting: &Setting, caller: &str) {
    setting.set(json!({ "rules": [{ "match": { "callers": [caller] }, "effect": { "delay": "0s" } }] })).await;
}

async fn counted(setting: &Setting) -> Value {
    setting.control("GET", "/emulator/faults", "").await.json()["rules"][0]["matched"].clone()
}

#[tokio::test]
async fn arm_and_graph_know_callers_by_their_tokens() {
    let setting = Setting::start().await;
    let lab = &setting.lab;
    let (arm, graph) =
        (lab.entra_token("reader", ARM).await, lab.entra_token("reader", "https://graph.microsoft.com").await);
    let owner = lab.entra_token("owner", ARM).await;
    count(&setting, &lab.service("reader").object_id).await;
    for (token, seen) in [(&owner, 0), (&arm, 1), (&"none".to_owned(), 1)] {
        lab.arm_with(token, "GET", &lab.registry_id(""), Value::Null).await;
        assert_eq!(counted(&setting).await, seen);
    }
    let bearer = format!("Bearer {graph}");
    send(Lab::host(&lab.info().authority), "GET", "/v1.0/me", &[("Authorization", &bearer)], "").await;
    assert_eq!(counted(&setting).await, 2);
    count(&setting, "anonymous").await;
    send(Lab::host(&lab.info().arm), "GET", "/subscriptions", &[], "").await;
    assert_eq!(counted(&setting).await, 1);
    setting.lab.stop().await;
}

#[tokio::test]
async fn the_authority_knows_callers_by_what_they_give_for_a_token() {
    let setting = Setting::start().await;
    let lab = &setting.lab;
    let user = &lab.info().users[0];
    let login = [
        ("grant_type", "password"),
        ("client_id", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"),
        ("username", &user.name),
        ("password", &user.password),
        ("scope", "https://management.azure.com/.default offline_access"),
    ];
    count(&setting, &user.object_id).await;
    let refresh = field(&lab.entra(&login).await, "refresh_token");
    assert_eq!(counted(&setting).await, 1);
    let again = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("scope", login[4].1)];
    assert_eq!(lab.entra(&again).await.status, 200, "the form is still there for who answers");
    assert_eq!(counted(&setting).await, 2);
    lab.entra_token("owner", ARM).await;
    assert_eq!(counted(&setting).await, 2);
    count(&setting, &lab.service("owner").object_id).await;
    lab.entra_token("owner", ARM).await;
    assert_eq!(counted(&setting).await, 1);
    let managed = &lab.info().managed_identities[0];
    count(&setting, &managed.object_id).await;
    let path = format!("/metadata/identity/oauth2/token?resource={ARM}&client_id={}", managed.client_id);
    let answer = send(Lab::host(&lab.info().authority), "GET", &path, &[("Metadata", "true")], "").await;
    assert_eq!((answer.status, counted(&setting).await), (200, json!(1)));
    setting.lab.stop().await;
}

#[tokio::test]
async fn the_token_service_of_a_registry_knows_callers_before_they_have_a_token() {
    let setting = Setting::start().await;
    let lab = &setting.lab;
    let puller = lab.service("acrpull");
    let entra = lab.entra_token("acrpull", ACR).await;
    let scope = "repository:team/app:pull";
    let form = async |fields: &[(&str, &str)]| post(lab.login_server(), "/oauth2/token", fields).await;
    count(&setting, &puller.object_id).await;
    let refresh = field(&lab.exchange(&entra).await, "refresh_token");
    assert_eq!(counted(&setting).await, 1);
    assert_eq!(
        form(&[("grant_type", "refresh_token"), ("refresh_token", &refresh), ("scope", scope)]).await.status,
        200
    );
    assert_eq!(counted(&setting).await, 2);
    let user = (puller.client_id.as_str(), puller.client_secret.as_deref().unwrap());
    assert_eq!(lab.token(Some(user), scope).await.status, 200);
    assert_eq!(counted(&setting).await, 3);
    let password = [("grant_type", "password"), ("username", user.0), ("password", user.1), ("scope", scope)];
    assert_eq!(form(&password).await.status, 200);
    assert_eq!(counted(&setting).await, 4);
    lab.token(None, scope).await;
    lab.token(Some((user.0, "wrong")), scope).await;
    assert_eq!(counted(&setting).await, 4);
    setting.lab.stop().await;
}
