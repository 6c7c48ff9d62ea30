//! Who may do what at ARM.

use crate::{http::send, lab::Lab};
use core::time::Duration;
use portolan::emulator::Options;
use serde_json::{Value, json};

/// What is tried, with the letter that stands for it below. Names that are not there: who may is told so.
fn tried(lab: &Lab) -> Vec<(char, &'static str, String, Value)> {
    let registry = lab.registry_id("");
    let group = format!("/subscriptions/{}/resourceGroups/none", lab.info().subscription);
    let role = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    let assign = json!({ "properties": { "roleDefinitionId": role, "principalId": "nobody" } });
    let at = |rest: &str| format!("{registry}{rest}");
    Vec::from([
        ('r', "GET", registry.clone(), Value::Null),
        ('u', "GET", at("/listUsages"), Value::Null),
        ('l', "GET", at("/replications"), Value::Null),
        ('w', "PATCH", registry.clone(), json!({ "tags": {} })),
        ('c', "POST", at("/listCredentials"), Value::Null),
        ('p', "POST", at("/regenerateCredential"), json!({ "name": "none" })),
        ('g', "POST", at("/generateCredentials"), json!({ "tokenId": "none" })),
        ('n', "PUT", at("/replications/none1"), json!({ "location": "nowhere" })),
        ('x', "DELETE", at("/replications/none1"), Value::Null),
        ('m', "PUT", at("/scopeMaps/bad map"), json!({})),
        ('t', "DELETE", at("/tokens/none"), Value::Null),
        ('G', "PATCH", group.clone(), json!({ "tags": {} })),
        ('D', "DELETE", group, Value::Null),
        ('a', "GET", at("/providers/Microsoft.Authorization/roleAssignments"), Value::Null),
        ('A', "PUT", at("/providers/Microsoft.Authorization/roleAssignments/none"), assign),
        ('R', "DELETE", at("/providers/Microsoft.Authorization/roleAssignments/none"), Value::Null),
    ])
}

async fn allowed(lab: &Lab, service: &str) -> String {
    let mut letters = String::new();
    for (letter, method, path, body) in tried(lab) {
        let answer = lab.arm(service, method, &path.replace(' ', "%20"), body).await;
        match (answer.status, &*if answer.body.is_empty() { String::new() } else { answer.code() }) {
            (403, "AuthorizationFailed") => {}
            (200 | 204 | 400 | 404, _) => letters.push(letter),
            _ => panic!("{service} {method} {path}: {answer:?}"),
        }
    }
    letters
}

#[tokio::test]
async fn roles_at_arm() {
    let lab = Lab::start().await;
    for (service, letters) in [
        ("owner", "rulwcpgnxmtGDaAR"),
        ("contributor", "rulwcpgnxmtGDa"),
        ("reader", "rula"),
        ("acrpull", ""),
        ("acrpush", ""),
        ("acrdelete", ""),
    ] {
        assert_eq!(allowed(&lab, service).await, letters, "{service}");
    }
}

#[tokio::test]
async fn lists_show_what_may_be_read() {
    let lab = Lab::start().await;
    let subscription = format!("/subscriptions/{}", lab.info().subscription);
    let paths = [
        format!("{subscription}/providers/Microsoft.ContainerRegistry/registries"),
        format!("{subscription}/resources?$filter=resourceType%20eq%20'Microsoft.ContainerRegistry/registries'"),
        format!("{subscription}/resourceGroups"),
    ];
    for (service, seen) in [("owner", 1), ("reader", 1), ("acrpull", 0)] {
        for path in &paths {
            let answer = lab.arm(service, "GET", path, Value::Null).await;
            assert_eq!(answer.json()["value"].as_array().map(Vec::len), Some(seen), "{service} {path}");
        }
    }
    // Whoever has a role below sees the subscription, or `az login` would not know where it is.
    let answer = lab.arm("acrpull", "GET", "/subscriptions", Value::Null).await;
    assert_eq!(answer.json()["value"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_role_holds_where_it_was_given_and_below() {
    let lab = Lab::start().await;
    let id = lab.registry_id("").replace(&lab.info().registry, "another1");
    lab.arm("owner", "PUT", &id, json!({ "location": "eastus", "sku": { "name": "Basic" } })).await;
    lab.assign(&lab.service("acrpull").object_id, "Contributor", None).await;
    for (path, status) in [(lab.registry_id(""), 200), (lab.registry_id("/listUsages"), 200), (id, 403)] {
        assert_eq!(lab.arm("acrpull", "GET", &path, Value::Null).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn calls_that_say_too_little() {
    let lab = Lab::start().await;
    let arm = Lab::host(&lab.info().arm);
    let answer = send(arm, "GET", "/subscriptions?api-version=1", &[], "").await;
    assert_eq!((answer.status, &*answer.code()), (401, "AuthenticationFailed"));
    assert!(answer.header("www-authenticate").unwrap().contains(&lab.info().tenant));
    let bearer = format!("Bearer {}", lab.entra_token("owner", crate::lab::ARM).await);
    let answer = send(arm, "GET", "/subscriptions", &[("Authorization", &bearer)], "").await;
    assert_eq!((answer.status, &*answer.code()), (400, "MissingApiVersionParameter"));
    for (path, code) in [
        ("/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups", "SubscriptionNotFound"),
        ("/nothing/here", "InvalidResourceType"),
    ] {
        let answer = lab.arm("owner", "GET", path, Value::Null).await;
        assert_eq!((answer.status, answer.code()), (404, code.to_owned()));
    }
}

#[tokio::test]
async fn tiers_bound_what_there_is() {
    let lab = Lab::start().await;
    let id = |name: &str| lab.registry_id("").replace(&lab.info().registry, name);
    let body = |sku: &str| json!({ "location": "East US", "sku": { "name": sku } });
    for (name, sku, status) in [
        ("four", "Basic", 400),
        ("with-hyphen", "Basic", 400),
        ("another1", "Huge", 400),
        ("another1", "Standard", 201),
        ("ANOTHER1", "Standard", 200),
    ] {
        assert_eq!(lab.arm("owner", "PUT", &id(name), body(sku)).await.status, status, "{name} {sku}");
    }
    let check = format!(
        "/subscriptions/{}/providers/Microsoft.ContainerRegistry/checkNameAvailability",
        lab.info().subscription
    );
    for (name, reason) in [("another1", json!("AlreadyExists")), ("bad!", json!("Invalid")), ("free1", Value::Null)] {
        let body = json!({ "name": name, "type": "Microsoft.ContainerRegistry/registries" });
        assert_eq!(lab.arm("owner", "POST", &check, body).await.json()["reason"], reason, "{name}");
    }
    let region = id("another1/replications/japaneast");
    let japan = json!({ "location": "japaneast" });
    assert_eq!(lab.arm("owner", "PUT", &region, japan.clone()).await.status, 400);
    let sku = |sku: &str| json!({ "sku": { "name": sku } });
    assert_eq!(lab.arm("owner", "PATCH", &id("another1"), sku("Premium")).await.status, 200);
    assert_eq!(lab.arm("owner", "PUT", &region, japan).await.status, 201);
    assert_eq!(lab.arm("owner", "PATCH", &id("another1"), sku("Standard")).await.status, 400);
    let home = id("another1/replications/eastus");
    assert_eq!(lab.arm("owner", "DELETE", &home, Value::Null).await.status, 400);
    assert_eq!(lab.arm("owner", "DELETE", &region, Value::Null).await.status, 200);
    assert_eq!(lab.arm("owner", "PATCH", &id("another1"), sku("Basic")).await.status, 200);
    let anonymous = json!({ "properties": { "anonymousPullEnabled": true } });
    assert_eq!(lab.arm("owner", "PATCH", &id("another1"), anonymous).await.status, 400);
}

#[tokio::test]
async fn making_takes_a_while_and_says_so() {
    let lab = Lab::start().await;
    let region = lab.registry_id("/replications/westus");
    let made = lab.arm("owner", "PUT", &region, json!({ "location": "West US" })).await;
    assert_eq!((made.status, &made.json()["properties"]["provisioningState"]), (201, &json!("Creating")));
    assert_eq!(made.json()["properties"]["status"].as_object().map(|status| status.len()), Some(1));
    let operation = made.header("azure-asyncoperation").unwrap().to_owned();
    let path = operation.strip_prefix(&lab.info().arm).unwrap().split('?').next().unwrap().to_owned();
    let mut states = Vec::new();
    while states.last().is_none_or(|state| state != "Succeeded") {
        let state = lab.arm("owner", "GET", &path, Value::Null).await.json()["status"].as_str().unwrap().to_owned();
        states.push(state);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(states[0], "InProgress");
    let shown = lab.arm("owner", "GET", &region, Value::Null).await.json();
    assert_eq!(shown["properties"]["provisioningState"], "Succeeded");
    assert_eq!(shown["location"], "westus");
}

#[tokio::test]
async fn a_new_region_syncs_and_is_ready_then() {
    let lab = Lab::with(Options { lag: Duration::from_secs(2), ..Options::default() }).await;
    lab.push("team/app", "v1").await;
    let region = lab.registry_id("/replications/westus");
    lab.arm("owner", "PUT", &region, json!({ "location": "westus" })).await;
    let mut seen: Vec<String> = Vec::new();
    while seen.last().is_none_or(|status| status != "Succeeded Ready") {
        let shown = lab.arm("owner", "GET", &region, Value::Null).await.json();
        let text = |pointer: &str| shown.pointer(pointer).and_then(Value::as_str).unwrap_or("-").to_owned();
        seen.push(format!("{} {}", text("/properties/provisioningState"), text("/properties/status/displayStatus")));
        seen.dedup();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let steps = ["Creating -", "Succeeded -", "Succeeded Syncing", "Succeeded Ready"];
    let mut left = steps.iter();
    assert!(seen.iter().all(|status| left.any(|step| step == status)), "{seen:?}");
    lab.stop().await;
}

#[tokio::test]
async fn a_group_goes_with_all_that_is_in_it() {
    let lab = Lab::start().await;
    let group = format!("/subscriptions/{}/resourcegroups/Other", lab.info().subscription);
    assert_eq!(lab.arm("owner", "PUT", &group, json!({ "location": "eastus" })).await.status, 201);
    let registry = format!("{group}/providers/microsoft.containerregistry/registries/another1");
    let made = lab.arm("owner", "PUT", &registry, json!({ "sku": { "name": "Basic" } })).await;
    assert_eq!(made.status, 201, "{made:?}");
    let login = made.json()["properties"]["loginServer"].as_str().unwrap().to_owned();
    assert_eq!(send(&login, "GET", "/v2/", &[], "").await.status, 401);
    let answer = lab.arm("owner", "DELETE", &group, Value::Null).await;
    assert_eq!(answer.status, 202);
    let place =
        answer.header("location").unwrap().strip_prefix(&lab.info().arm).unwrap().split('?').next().unwrap().to_owned();
    let first = lab.arm("owner", "GET", &place, Value::Null).await.status;
    assert!(matches!(first, 200 | 202), "{first}");
    assert_eq!(lab.arm("owner", "GET", &registry, Value::Null).await.code(), "ResourceGroupNotFound");
    assert!(tokio::net::TcpStream::connect(&login).await.is_err());
}
