//! A token is good for what it was made for, and for nothing else.

use crate::{
    http::send,
    lab::{ACR, ARM, Lab, basic, encoded, field},
};
use serde_json::{Value, json};

const NULL_GUID: &str = "00000000-0000-0000-0000-000000000000";
const PULL: &str = "repository:team/app:pull";

#[tokio::test]
async fn a_refresh_token_gets_access_tokens_at_all_endpoints() {
    let lab = Lab::start().await;
    lab.push("team/app", "v1").await;
    let refresh = field(&lab.exchange(&lab.entra_token("acrpull", ACR).await).await, "refresh_token");
    let form = [
        ("grant_type", "refresh_token"),
        ("service", lab.login_server()),
        ("scope", PULL),
        ("refresh_token", &refresh),
    ];
    let mut hosts: Vec<&str> = lab.info().regions.values().map(String::as_str).collect();
    hosts.push(lab.login_server());
    for host in &hosts {
        let answer = send(host, "POST", "/oauth2/token", &[], &encoded(&form)).await;
        let bearer = format!("Bearer {}", field(&answer, "access_token"));
        // The token of one is good at the others.
        for other in &hosts {
            let answer = send(other, "GET", "/v2/", &[("Authorization", &bearer)], "").await;
            assert_eq!(answer.status, 200, "{host} {other}");
        }
    }
}

#[tokio::test]
async fn the_null_guid_stands_for_a_token() {
    let lab = Lab::start().await;
    lab.push("team/app", "v1").await;
    let refresh = field(&lab.exchange(&lab.entra_token("acrpull", ACR).await).await, "refresh_token");
    let access = field(&lab.token(Some((NULL_GUID, &refresh)), PULL).await, "access_token");
    for (password, manifest) in [(&refresh, 200), (&access, 200), (&"wrong".to_owned(), 401)] {
        let basic = basic(NULL_GUID, password);
        assert_eq!(lab.call(Some(&basic), "GET", "/v2/team/app/manifests/v1", "").await.status, manifest);
    }
    // An access token gets no more than it has.
    let answer = lab.token(Some((NULL_GUID, &access)), "repository:team/app:pull,push repository:other:pull").await;
    let claims = crate::lab::claims(&field(&answer, "access_token"));
    assert_eq!(claims["access"], json!([{ "type": "repository", "name": "team/app", "actions": ["pull"] }]));
}

#[tokio::test]
async fn tokens_in_the_wrong_place() {
    let lab = Lab::start().await;
    lab.push("team/app", "v1").await;
    let entra = lab.entra_token("owner", ACR).await;
    let refresh = field(&lab.exchange(&entra).await, "refresh_token");
    let access = field(&lab.token(Some((NULL_GUID, &refresh)), PULL).await, "access_token");
    let graph = lab.entra_token("owner", &lab.info().authority).await;
    let arm = lab.entra_token("owner", ARM).await;

    for (name, token) in [("entra", &entra), ("refresh", &refresh), ("graph", &graph), ("arm", &arm)] {
        let answer = lab.call(Some(&format!("Bearer {token}")), "GET", "/v2/team/app/manifests/v1", "").await;
        assert_eq!(answer.status, 401, "{name} at the registry");
        assert!(answer.header("www-authenticate").unwrap().contains("invalid_token"), "{answer:?}");
    }
    for (name, token) in [("refresh", &refresh), ("access", &access), ("graph", &graph)] {
        assert_eq!(lab.exchange(token).await.status, 401, "{name} at the exchange");
    }
    for (name, token) in [("acr", &entra), ("refresh", &refresh), ("access", &access), ("graph", &graph)] {
        let answer = lab.arm_with(token, "GET", "/subscriptions", Value::Null).await;
        assert_eq!(answer.status, 401, "{name} at ARM: {answer:?}");
    }
    for token in [&arm, &entra, &access] {
        let form = [("grant_type", "refresh_token"), ("scope", PULL), ("refresh_token", token.as_str())];
        assert_eq!(send(lab.login_server(), "POST", "/oauth2/token", &[], &encoded(&form)).await.status, 401);
    }
    let cut = &access[..access.len() - 4];
    assert_eq!(lab.call(Some(&format!("Bearer {cut}")), "GET", "/v2/", "").await.status, 401);
}

#[tokio::test]
async fn tokens_of_another_registry() {
    let lab = Lab::start().await;
    let id = lab.registry_id("").replace(&lab.info().registry, "another1");
    let made = lab.arm("owner", "PUT", &id, json!({ "location": "eastus", "sku": { "name": "Basic" } })).await;
    assert_eq!(made.status, 201, "{made:?}");
    let other = made.json()["properties"]["loginServer"].as_str().unwrap().to_owned();
    let refresh = field(&lab.exchange(&lab.entra_token("owner", ACR).await).await, "refresh_token");
    let access = field(&lab.token(Some((NULL_GUID, &refresh)), "registry:catalog:*").await, "access_token");
    let headers = [("Authorization", format!("Bearer {access}")), ("Authorization", basic(NULL_GUID, &refresh))];
    for (name, value) in &headers {
        assert_eq!(send(lab.login_server(), "GET", "/v2/_catalog", &[(name, value)], "").await.status, 200);
        assert_eq!(send(&other, "GET", "/v2/_catalog", &[(name, value)], "").await.status, 401);
    }
}

#[tokio::test]
async fn a_token_ends_with_its_principal_and_its_rights() {
    let lab = Lab::start().await;
    let entra = lab.entra_token("acrpull", ACR).await;
    let refresh = field(&lab.exchange(&entra).await, "refresh_token");
    let list = lab.registry_id("/providers/Microsoft.Authorization/roleAssignments");
    let list = lab
        .arm(
            "owner",
            "GET",
            &format!("{list}?$filter=principalId%20eq%20'{}'", lab.service("acrpull").object_id),
            Value::Null,
        )
        .await;
    let id = list.json()["value"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(lab.arm("owner", "DELETE", &id, Value::Null).await.status, 200);
    assert_eq!(lab.token(Some((NULL_GUID, &refresh)), PULL).await.status, 401);
    let answer = lab.exchange(&entra).await;
    assert_eq!((answer.status, &*answer.code()), (403, "DENIED"));
}
