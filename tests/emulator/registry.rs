//! Who may do what with a registry's content.

use crate::lab::{ACR, ARM, Lab, basic, claims, field};
use serde_json::{Value, json};

const ALL: &str = "repository:team/app:delete,metadata_read,metadata_write,pull,push registry:catalog:*";

/// What is tried, with the letter that stands for it below. None of it changes anything that another one needs.
const TRIED: [(char, &str, &str, &str); 7] = [
    ('c', "GET", "/v2/_catalog", ""),
    ('r', "GET", "/v2/team/app/manifests/v1", ""),
    ('w', "POST", "/v2/team/app/blobs/uploads/", ""),
    ('d', "DELETE", "/acr/v1/team/app/_tags/none", ""),
    ('m', "GET", "/acr/v1/team/app", ""),
    ('M', "PATCH", "/acr/v1/team/app/_tags/v1", r#"{"listEnabled":true}"#),
    ('k', "GET", "/v2/", ""),
];

/// Which letters go through with this `Authorization`; the others must be answered 401.
async fn allowed(lab: &Lab, authorization: Option<&str>) -> String {
    let mut letters = String::new();
    for (letter, method, path, body) in TRIED {
        let answer = lab.call(authorization, method, path, body).await;
        match answer.status {
            200 | 202 | 404 => letters.push(letter),
            401 => assert!(answer.header("www-authenticate").is_some(), "{answer:?}"),
            _ => panic!("{method} {path}: {answer:?}"),
        }
    }
    letters
}

/// The same with an access token for everything that this user name and password can get.
async fn allowed_to(lab: &Lab, user: Option<(&str, &str)>) -> String {
    let answer = lab.token(user, ALL).await;
    match answer.status {
        200 => allowed(lab, Some(&format!("Bearer {}", field(&answer, "access_token")))).await,
        401 => String::from("-"),
        _ => panic!("{answer:?}"),
    }
}

async fn allowed_as(lab: &Lab, service: &str) -> String {
    let service = lab.service(service);
    allowed_to(lab, Some((&service.client_id, service.client_secret.as_deref().unwrap()))).await
}

#[tokio::test]
async fn roles_at_a_registry() {
    let lab = Lab::start().await;
    lab.push("team/app", "v1").await;
    for (service, letters) in [
        ("owner", "crwdmMk"),
        ("contributor", "crwdmMk"),
        ("reader", "crmk"),
        ("acrpull", "crmk"),
        ("acrpush", "crwmMk"),
        ("acrdelete", "dk"),
    ] {
        assert_eq!(allowed_as(&lab, service).await, letters, "{service}");
    }
    assert_eq!(allowed(&lab, None).await, "");
    assert_eq!(allowed_to(&lab, None).await, "-");
    let owner = lab.service("owner");
    assert_eq!(allowed_to(&lab, Some((&owner.client_id, "wrong"))).await, "-");
    assert_eq!(allowed_to(&lab, Some(("nobody", "wrong"))).await, "-");
}

#[tokio::test]
async fn roles_for_repositories() {
    let lab = Lab::start().await;
    lab.push("team/app", "v1").await;
    lab.set(json!({ "roleAssignmentMode": "AbacRepositoryPermissions" })).await;
    for service in ["owner", "contributor", "reader", "acrpull", "acrpush", "acrdelete"] {
        assert_eq!(allowed_as(&lab, service).await, "-", "{service}");
    }
    let condition = |name: &str| {
        let action = |what| format!("!(ActionMatches{{'Microsoft.ContainerRegistry/registries/repositories/{what}'}})");
        format!(
            "(({} AND {}) OR (@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWithIgnoreCase '{name}'))",
            action("content/read"),
            action("metadata/read")
        )
    };
    let (here, there) = (condition("team/"), condition("other/"));
    for (service, role, condition, letters) in [
        ("reader", "Container Registry Repository Reader", None, "rmk"),
        ("acrpush", "Container Registry Repository Writer", None, "rwmMk"),
        ("contributor", "Container Registry Repository Contributor", None, "rwdmMk"),
        ("owner", "Container Registry Repository Catalog Lister", None, "ck"),
        ("acrpull", "Container Registry Repository Reader", Some(there.as_str()), "k"),
        ("acrdelete", "Container Registry Repository Reader", Some(here.as_str()), "rmk"),
    ] {
        lab.assign(&lab.service(service).object_id, role, condition).await;
        assert_eq!(allowed_as(&lab, service).await, letters, "{service}: {role}");
    }
}

#[tokio::test]
async fn the_admin_user_is_off_until_it_is_switched_on() {
    let lab = Lab::start().await;
    lab.push("team/app", "v1").await;
    let registry = lab.info().registry.clone();
    let password = lab.admin_password().await;
    assert_eq!(allowed_to(&lab, Some((&registry, &password))).await, "crwdmMk");
    // Basic is good at the registry itself.
    assert_eq!(allowed(&lab, Some(&basic(&registry, &password))).await, "crwdmMk");
    lab.set(json!({ "adminUserEnabled": false })).await;
    assert_eq!(allowed_to(&lab, Some((&registry, &password))).await, "-");
    assert_eq!(allowed(&lab, Some(&basic(&registry, &password))).await, "");

    lab.set(json!({ "adminUserEnabled": true })).await;
    let renew = lab.registry_id("/regenerateCredential");
    let answer = lab.arm("owner", "POST", &renew, json!({ "name": "password" })).await;
    assert_eq!(answer.status, 200);
    assert_eq!(allowed_to(&lab, Some((&registry, &password))).await, "-");
    // Other names and passwords are for the token service only.
    let owner = lab.service("owner");
    let secret = owner.client_secret.as_deref().unwrap();
    assert_eq!(allowed(&lab, Some(&basic(&owner.client_id, secret))).await, "");
}

#[tokio::test]
async fn anonymous_pull_is_for_reading() {
    let lab = Lab::start().await;
    lab.push("team/app", "v1").await;
    lab.set(json!({ "anonymousPullEnabled": true })).await;
    assert_eq!(allowed_to(&lab, None).await, "rmk");
    // Without a token the challenge comes all the same.
    assert_eq!(allowed(&lab, None).await, "");
}

#[tokio::test]
async fn scoped_tokens_do_what_their_map_says() {
    let lab = Lab::start().await;
    lab.push("team/app", "v1").await;
    for (map, actions, letters) in [
        ("read", &["repositories/team/app/content/read"][..], "rk"),
        ("below", &["repositories/team/*/content/read", "repositories/team/*/metadata/read"], "rmk"),
        ("write", &["repositories/*/content/write", "repositories/team/app/content/read"], "rwk"),
        ("delete", &["repositories/team/app/content/delete", "repositories/team/app/metadata/write"], "dMk"),
        ("elsewhere", &["repositories/team/application/content/read", "repositories/teams/*/content/read"], "k"),
    ] {
        let map_id = lab.registry_id(&format!("/scopeMaps/map-{map}"));
        let answer = lab.arm("owner", "PUT", &map_id, json!({ "properties": { "actions": actions } })).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let token = format!("token-{map}");
        let token_id = lab.registry_id(&format!("/tokens/{token}"));
        let answer = lab.arm("owner", "PUT", &token_id, json!({ "properties": { "scopeMapId": map_id } })).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let generate = lab.registry_id("/generateCredentials");
        let made = lab.arm("owner", "POST", &generate, json!({ "tokenId": token_id })).await.json();
        let password = made["passwords"][1]["value"].as_str().unwrap().to_owned();
        assert_eq!(allowed_to(&lab, Some((&token, &password))).await, letters, "{map}");
        assert_eq!(allowed_to(&lab, Some((&token, "wrong"))).await, "-", "{map}");
        let answer = lab.arm("owner", "PATCH", &token_id, json!({ "properties": { "status": "disabled" } })).await;
        assert_eq!(answer.status, 200);
        assert_eq!(allowed_to(&lab, Some((&token, &password))).await, "-", "{map}");
    }
}

#[tokio::test]
async fn a_scoped_password_ends_when_it_should() {
    let lab = Lab::start().await;
    let token_id = lab.registry_id("/tokens/short-lived");
    let map = lab.registry_id("/scopeMaps/_repositories_pull");
    lab.arm("owner", "PUT", &token_id, json!({ "properties": { "scopeMapId": map } })).await;
    let generate = lab.registry_id("/generateCredentials");
    for (expiry, status) in [("2020-01-01T00:00:00Z", 401), ("2100-01-01T00:00:00Z", 200)] {
        let body = json!({ "tokenId": token_id, "name": "password1", "expiry": expiry });
        let made = lab.arm("owner", "POST", &generate, body).await.json();
        let password = made["passwords"][0]["value"].as_str().unwrap();
        assert_eq!(lab.token(Some(("short-lived", password)), ALL).await.status, status, "{expiry}");
    }
}

#[tokio::test]
async fn tokens_carry_what_was_asked_for_and_is_held() {
    let lab = Lab::start().await;
    for (service, scope, granted) in [
        ("reader", ALL, "registry:catalog:* repository:team/app:metadata_read,pull"),
        ("acrpush", "repository:x:pull,push,delete", "repository:x:pull,push"),
        ("acrpush", "repository:x:delete", ""),
        ("acrpull", "repository:x:*", "repository:x:pull,metadata_read"),
        ("owner", "repository:x:pull repository:y:push", "repository:x:pull repository:y:push"),
        ("owner", "registry:catalog:pull repository:x:fly registry:other:*", ""),
        ("owner", "repository:x:metadataRead", "repository:x:metadataRead"),
    ] {
        let identity = lab.service(service);
        let user = Some((identity.client_id.as_str(), identity.client_secret.as_deref().unwrap()));
        let claims = claims(&field(&lab.token(user, scope).await, "access_token"));
        assert_eq!(shown(&claims["access"]), granted, "{service} {scope}");
        assert_eq!(claims["aud"], lab.login_server());
        assert_eq!(claims["iss"], "Azure Container Registry");
        assert_eq!(claims["grant_type"], "access_token");
        assert_eq!(claims["sub"], identity.object_id.as_str());
    }
}

fn shown(access: &Value) -> String {
    let words =
        |value: &Value| value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let entry = |entry: &Value| {
        format!(
            "{}:{}:{}",
            entry["type"].as_str().unwrap(),
            entry["name"].as_str().unwrap(),
            words(&entry["actions"]).join(",")
        )
    };
    access.as_array().unwrap().iter().map(entry).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn network_rules_keep_everybody_out() {
    let lab = Lab::start().await;
    let owner = lab.service("owner");
    let user = Some((owner.client_id.as_str(), owner.client_secret.as_deref().unwrap()));
    let bearer = format!("Bearer {}", field(&lab.token(user, ALL).await, "access_token"));
    for (rules, status) in [
        (json!({ "networkRuleSet": { "defaultAction": "Deny", "ipRules": [] } }), 403),
        (
            json!({ "networkRuleSet": { "defaultAction": "Deny", "ipRules": [{ "action": "Allow", "value": "10.0.0.1" }] } }),
            403,
        ),
        (
            json!({ "networkRuleSet": { "defaultAction": "Deny", "ipRules": [{ "action": "Allow", "value": "127.0.0.1" }] } }),
            200,
        ),
        (json!({ "publicNetworkAccess": "Disabled" }), 403),
        (json!({ "publicNetworkAccess": "Enabled", "networkRuleSet": { "defaultAction": "Allow" } }), 200),
    ] {
        lab.set(rules.clone()).await;
        assert_eq!(lab.call(Some(&bearer), "GET", "/v2/_catalog", "").await.status, status, "{rules}");
        assert_eq!(lab.token(user, ALL).await.status, status, "{rules}");
        let entra = lab.entra_token("owner", ACR).await;
        assert_eq!(lab.exchange(&entra).await.status, status, "{rules}");
    }
}

#[tokio::test]
async fn registries_may_refuse_tokens_for_arm() {
    let lab = Lab::start().await;
    for (policy, arm) in [("enabled", 200), ("disabled", 401)] {
        lab.set(json!({ "policies": { "azureADAuthenticationAsArmPolicy": { "status": policy } } })).await;
        assert_eq!(lab.exchange(&lab.entra_token("owner", ARM).await).await.status, arm, "{policy}");
        assert_eq!(lab.exchange(&lab.entra_token("owner", ACR).await).await.status, 200, "{policy}");
    }
}
