//! Imports: who may, from where, and what is refused.

use crate::{
    http::Answer,
    lab::{ACR, Lab, field},
};
use core::time::Duration;
use serde_json::{Value, json};

/// A second registry with admin; its id, its login server and the admin's password.
async fn another(lab: &Lab) -> (String, String, String) {
    let id = lab.registry_id("").replace(&lab.info().registry, "another1");
    let body =
        json!({ "location": "eastus", "sku": { "name": "Premium" }, "properties": { "adminUserEnabled": true } });
    let made = lab.arm("owner", "PUT", &id, body).await;
    assert_eq!(made.status, 201, "{made:?}");
    let login = made.json()["properties"]["loginServer"].as_str().unwrap().to_owned();
    let credentials = lab.arm("owner", "POST", &format!("{id}/listCredentials"), Value::Null).await.json();
    (id, login, credentials["passwords"][0]["value"].as_str().unwrap().to_owned())
}

/// `importImage` into the registry of that id.
async fn import(lab: &Lab, who: &str, into: &str, source: Value, more: Value) -> Answer {
    let mut body = json!({ "source": source, "targetTags": ["copied/app:v1"], "mode": "NoForce" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    lab.arm(who, "POST", &format!("{into}/importImage"), body).await
}

/// Asks until it has ended, as long-running operations are asked.
async fn ended(lab: &Lab, begun: Answer) -> Answer {
    assert_eq!((begun.status, begun.header("retry-after")), (202, Some("1")), "{begun:?}");
    let place = begun.header("location").unwrap();
    let path = place.split_once("/subscriptions").map(|(_, rest)| format!("/subscriptions{rest}")).unwrap();
    loop {
        let answer = lab.arm("owner", "GET", path.split('?').next().unwrap(), Value::Null).await;
        if answer.status != 202 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Tags of a repository of the registry at that login server, by the admin.
async fn tags(login: &str, password: &str, repository: &str) -> Value {
    let basic = crate::lab::basic("another1", password);
    let path = format!("/v2/{repository}/tags/list");
    crate::http::send(login, "GET", &path, &[("Authorization", &basic)], "").await.json()["tags"].clone()
}

#[tokio::test]
async fn an_image_is_imported_from_another_registry() {
    let lab = Lab::start().await;
    let (id, login, password) = another(&lab).await;
    lab.push("team/app", "v1").await;
    let home = lab.registry_id("");
    let source = json!({ "resourceId": home, "sourceImage": "team/app:v1" });
    let begun = import(&lab, "owner", &id, source.clone(), json!({})).await;
    assert_eq!(ended(&lab, begun).await.status, 200);
    assert_eq!(tags(&login, &password, "copied/app").await, json!(["v1"]));
    let again = import(&lab, "owner", &id, source.clone(), json!({})).await;
    assert_eq!((again.status, &*again.code()), (409, "Conflict"));
    let more = json!({ "mode": "Force", "targetTags": ["copied/app", "copied/app:v2"], "untaggedTargetRepositories": ["bare"] });
    let begun = import(&lab, "contributor", &id, source, more).await;
    assert_eq!(ended(&lab, begun).await.status, 200);
    assert_eq!(tags(&login, &password, "copied/app").await, json!(["v1", "v2"]));
    let basic = crate::lab::basic("another1", &password);
    let bare =
        crate::http::send(&login, "GET", "/acr/v1/bare/_manifests", &[("Authorization", &basic)], "").await.json();
    let digest = bare["manifests"][0]["digest"].as_str().unwrap().to_owned();
    assert_eq!(bare["manifests"][0].get("tags"), None);
    // By digest, and within one registry.
    let source = json!({ "resourceId": id, "sourceImage": format!("bare@{digest}") });
    let begun = import(&lab, "owner", &id, source, json!({ "targetTags": ["bare:v3"] })).await;
    assert_eq!(ended(&lab, begun).await.status, 200);
    assert_eq!(tags(&login, &password, "bare").await, json!(["v3"]));
    lab.stop().await;
}

#[tokio::test]
async fn who_imports_must_be_able_to_read_the_source() {
    let lab = Lab::start().await;
    let (id, ..) = another(&lab).await;
    lab.push("team/app", "v1").await;
    let into = |who: &'static str, source: Value| {
        let (lab, id) = (&lab, &id);
        async move {
            let answer = import(lab, who, id, source, json!({ "mode": "Force" })).await;
            (answer.status, if answer.status == 202 { String::new() } else { answer.code() })
        }
    };
    let own = json!({ "resourceId": lab.registry_id(""), "sourceImage": "team/app:v1" });
    for who in ["reader", "acrpull", "acrpush"] {
        assert_eq!(into(who, own.clone()).await, (403, "AuthorizationFailed".into()), "{who}");
    }
    // Contributor of the target alone: a role that is given there.
    let answer = lab
        .arm(
            "owner",
            "PUT",
            &format!("{id}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-000000000001"),
            json!({ "properties": {
                "roleDefinitionId": "b24988ac-6180-42a0-ab88-20f7382dd24c", "principalId": lab.service("acrdelete").object_id,
            } }),
        )
        .await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(into("acrdelete", own.clone()).await, (403, "LinkedAuthorizationFailed".into()));
    let by = |credentials: Value| json!({ "registryUri": lab.login_server(), "sourceImage": "team/app:v1", "credentials": credentials });
    assert_eq!(into("acrdelete", by(Value::Null)).await, (403, "LinkedAuthorizationFailed".into()), "anonymous");
    let password = lab.admin_password().await;
    let admin = json!({ "username": lab.info().registry, "password": password });
    assert_eq!(into("acrdelete", by(admin)).await.0, 202);
    assert_eq!(into("acrdelete", by(json!({ "username": "x", "password": password }))).await.0, 403);
    let entra = lab.entra_token("acrpull", ACR).await;
    assert_eq!(into("acrdelete", by(json!({ "password": entra }))).await.0, 202, "Entra's token");
    let refresh = field(&lab.exchange(&entra).await, "refresh_token");
    assert_eq!(into("acrdelete", by(json!({ "password": refresh }))).await.0, 202, "the registry's token");
    lab.set(json!({ "anonymousPullEnabled": true })).await;
    assert_eq!(into("acrdelete", by(Value::Null)).await.0, 202);
    lab.set(json!({ "policies": { "exportPolicy": { "status": "disabled" } } })).await;
    assert_eq!(into("owner", own).await, (403, "ExportPolicyDisabled".into()));
    lab.stop().await;
}

#[tokio::test]
async fn sources_that_are_not_there_are_refused() {
    let lab = Lab::start().await;
    let (id, ..) = another(&lab).await;
    let home = lab.registry_id("");
    for (source, status, code) in [
        (json!({ "resourceId": home, "sourceImage": "none:v1" }), 404, "ManifestUnknown"),
        (json!({ "resourceId": home.replace("harbour", "none1"), "sourceImage": "a:v1" }), 404, "ResourceNotFound"),
        (json!({ "registryUri": "mcr.microsoft.com", "sourceImage": "a:v1" }), 400, "SourceRegistryNotReachable"),
        (json!({ "sourceImage": "a:v1" }), 400, "InvalidRequestContent"),
        (json!({ "resourceId": home }), 400, "InvalidRequestContent"),
        (json!({ "resourceId": home, "sourceImage": "UPPER" }), 400, "InvalidImageName"),
    ] {
        let answer = import(&lab, "owner", &id, source.clone(), json!({})).await;
        assert_eq!((answer.status, &*answer.code()), (status, code), "{source}");
    }
    let path = format!("{id}/operationResults/registries-none");
    assert_eq!(lab.arm("owner", "GET", &path, Value::Null).await.status, 404);
    lab.stop().await;
}
