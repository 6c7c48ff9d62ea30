//! The portal's server and registries in Azure: what it asks of whom, and what reaches the browser.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "tests run where std is")]
#![allow(dead_code, reason = "the helpers are shared with other tests")]

#[path = "server/portal.rs"]
mod portal;
#[path = "server/upstream.rs"]
mod upstream;

use portal::Portal;
use portolan::server::{Config, ServerLimits};
use std::{io::Write as _, net::TcpListener};
use upstream::{Reply, Upstream, answer};

const DIGEST: &str = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const ID: &str = "/subscriptions/s1/resourceGroups/g1/providers/Microsoft.ContainerRegistry/registries/harbour";
const JSON: (&str, &str) = ("Content-Type", "application/json");

/// Azure and its registry, as far as a request's first line tells what is wanted.
fn azure(head: &str) -> Reply {
    let line = head.lines().next().unwrap_or_default();
    let replication = |region: &str, more: &str| {
        format!(
            r#"{{"id":"{ID}/replications/{region}","name":"{region}","location":"{region}","properties":{{"provisioningState":"Succeeded"{more}}}}}"#
        )
    };
    if line.starts_with("POST /tenant/oauth2/v2.0/token") {
        return answer("200 OK", &[JSON], r#"{"token_type":"Bearer","expires_in":3600,"access_token":"entra-token"}"#);
    }
    if !head.to_ascii_lowercase().contains("authorization: ") && line.contains("/subscriptions/") {
        return answer("401 Unauthorized", &[JSON], r#"{"error":{"code":"AuthenticationFailed","message":"who?"}}"#);
    }
    if line.contains("/listUsages?") {
        let body = r#"{"value":[{"name":"Size","limit":536870912000,"currentValue":5,"unit":"Bytes"},{"name":"Geo-replications","limit":-1,"currentValue":2,"unit":"Count"}]}"#;
        return answer("200 OK", &[JSON], body);
    }
    if line.contains("/replications?") {
        let status = r#","status":{"displayStatus":"Syncing","message":"<b>on its way</b>","timestamp":"2026-01-01T00:00:00Z"},"regionEndpointEnabled":false"#;
        let body = format!(r#"{{"value":[{},{}]}}"#, replication("eastus", ""), replication("japaneast", status));
        return answer("200 OK", &[JSON], &body);
    }
    if line.contains("/registries/harbour?") {
        let body = format!(
            r#"{{"id":"{ID}","name":"harbour","location":"East US","sku":{{"name":"Premium"}},"properties":{{"loginServer":"harbour.azurecr.io","provisioningState":"Succeeded","adminUserEnabled":true}}}}"#
        );
        return answer("200 OK", &[JSON], &body);
    }
    registry(line)
}

fn registry(line: &str) -> Reply {
    let manifest = "application/vnd.oci.image.manifest.v1+json";
    if line.starts_with("HEAD /v2/team/app/manifests/1.0 ") {
        // A HEAD's length is that of a body which does not come.
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: 42\r\nContent-Type: {manifest}\r\nDocker-Content-Digest: {DIGEST}\r\nConnection: close\r\n\r\n"
        );
        return Reply::Bytes(head.into_bytes());
    }
    if line.contains("/acr/v1/team/app/_tags?") {
        let body = format!(
            r#"{{"tags":[{{"name":"1.0","digest":"{DIGEST}","lastUpdateTime":"2026-01-01T00:00:00.0000000Z"}}]}}"#
        );
        return answer("200 OK", &[JSON], &body);
    }
    if line.contains("/acr/v1/team/app/_manifests?") {
        let link = "</acr/v1/team/app/_manifests?last=x&n=1&orderby=>; rel=\"next\"";
        return answer("200 OK", &[JSON, ("Link", link), ("Set-Cookie", "a=b")], r#"{"manifests":[]}"#);
    }
    if line.contains(" /acr/v1/team/app ") {
        return answer("200 OK", &[JSON], r#"{"imageName":"team/app","tagCount":1}"#);
    }
    if line.contains(" /v2/ ") { answer("200 OK", &[JSON], "{}") } else { not_found() }
}

fn not_found() -> Reply {
    answer("404 Not Found", &[JSON], r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#)
}

/// The registry `up` at `home`, with `regions` at their addresses; the management API is at `home` too.
async fn portal(home: &Upstream, regions: &[(&str, String)]) -> (Portal, tempfile::NamedTempFile) {
    let mut secret = tempfile::NamedTempFile::new().unwrap();
    secret.write_all(b"hunter2\n").unwrap();
    let url = home.url();
    let regions: serde_json::Map<_, _> =
        regions.iter().map(|(name, url)| ((*name).into(), url.as_str().into())).collect();
    let config = serde_json::json!({ "registries": [{
        "name": "up", "url": url,
        "azure": {
            "resourceId": ID, "watch": "team/app", "regions": regions,
            "cloud": { "custom": { "arm": url, "authority": url } },
            "identity": { "from": "servicePrincipal", "tenant": "tenant", "clientId": "app", "secretFile": secret.path() },
        },
    }] });
    let config: Config = serde_json::from_value(config).unwrap();
    (Portal::with(config, ServerLimits::DEFAULT).await, secret)
}

fn api(path: &str) -> String {
    format!("/api/registries/up/azure/{path}")
}

#[tokio::test]
async fn azure_says_what_it_says_and_secrets_stay() {
    let home = Upstream::start(azure).await;
    let (portal, _secret) = portal(&home, &[("eastus", home.url())]).await;
    let list = portal.get("/api/registries").await;
    assert_eq!(list.json()["registries"][0]["azure"], serde_json::json!({ "management": true, "watch": "team/app" }));
    let replications = portal.get(&api("replications")).await;
    assert_eq!(
        (replications.status, replications.header("cache-control")),
        (200, Some("no-store")),
        "{replications:?}"
    );
    let body = replications.json();
    let [east, japan] = [&body["replications"][0], &body["replications"][1]];
    assert_eq!((&east["home"], &east["endpoint"]), (&true.into(), &home.address.to_string().into()), "{body}");
    assert_eq!(east["displayStatus"], serde_json::Value::Null, "nothing is made up");
    assert_eq!((&japan["displayStatus"], &japan["regionEndpointEnabled"]), (&"Syncing".into(), &false.into()));
    assert_eq!(japan["message"], "<b>on its way</b>", "data, for the page to show as text");
    let settings = portal.get(&api("registry")).await.json();
    assert_eq!((&settings["sku"], &settings["adminUserEnabled"]), (&"Premium".into(), &true.into()));
    let usages = portal.get(&api("usages")).await.json();
    assert_eq!(
        (&usages["usages"][0]["limit"], &usages["usages"][1]["limit"]),
        (&536_870_912_000_u64.into(), &serde_json::Value::Null)
    );
    for text in [list.body, replications.body, settings.to_string().into(), usages.to_string().into()] {
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains("hunter2") && !text.contains("entra-token"), "{text}");
    }
}

#[tokio::test]
async fn g01_g03_regions_answer_for_themselves() {
    let home = Upstream::start(azure).await;
    let lagging = Upstream::start(|_| not_found()).await;
    let busy = Upstream::start(|_| answer("429 Too Many Requests", &[JSON, ("Retry-After", "7")], "{}")).await;
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let regions = [
        ("eastus", home.url()),
        ("japaneast", lagging.url()),
        ("uksouth", busy.url()),
        ("brazilsouth", format!("http://{gone}")),
    ];
    let (portal, _secret) = portal(&home, &regions).await;
    let asked = |region: &'static str| {
        let portal = &portal;
        async move { portal.get(&api(&format!("regions/{region}/team/app/manifests/1.0"))).await.json() }
    };
    let east = asked("eastus").await;
    assert_eq!((&east["answer"], &east["digest"]), (&"serves".into(), &DIGEST.into()), "{east}");
    assert_eq!(asked("japaneast").await["answer"], "missing");
    let busy = asked("uksouth").await;
    assert_eq!((&busy["answer"], &busy["retryAfter"]), (&"throttled".into(), &7.into()), "{busy}");
    let gone = asked("brazilsouth").await;
    assert_eq!(gone["answer"], "unreachable");
    assert!(gone["message"].as_str().unwrap().contains("127.0.0.1"), "{gone}");
    assert_eq!(portal.get(&api("regions/eastus")).await.json()["answer"], "answers");
    let newest = portal.get(&api("regions/eastus/team/app/tags/newest")).await.json();
    assert_eq!((&newest["tag"]["name"], &newest["tag"]["digest"]), (&"1.0".into(), &DIGEST.into()), "{newest}");
}

#[tokio::test]
async fn s01_no_region_but_those_that_are_known_is_dialled() {
    let home = Upstream::start(azure).await;
    let (portal, _secret) = portal(&home, &[("eastus", home.url())]).await;
    for path in
        ["regions/westus", "regions/127.0.0.1", "regions/eastus/../x", "regions/EASTUS", "credentials", "registry?x=1"]
    {
        let got = portal.get(&api(path)).await;
        assert!(matches!(got.status, 400 | 404), "{path}: {got:?}");
    }
    // Azure lists it, but nobody knows an address for it: the name of the registry is none of Azure's.
    assert_eq!(portal.get(&api("regions/japaneast")).await.code(), "PORTAL_NO_REGION_ADDRESS");
    assert!(home.requests().iter().all(|head| !head.contains("westus")), "{:?}", home.requests());
    let plain = Portal::start(&[format!("up={}", home.url())]).await;
    assert_eq!(plain.get(&api("replications")).await.code(), "PORTAL_NOT_AZURE");
}

#[tokio::test]
async fn s03_s04_attributes_are_relayed_for_reading_only() {
    let home = Upstream::start(azure).await;
    let (portal, _secret) = portal(&home, &[]).await;
    let repository = portal.get(&api("acr/v1/team/app")).await;
    assert_eq!((repository.status, &repository.json()["tagCount"]), (200, &1.into()), "{repository:?}");
    let manifests = portal.get(&api("acr/v1/team/app/_manifests?n=1&orderby=timedesc")).await;
    let next = "</api/registries/up/azure/acr/v1/team/app/_manifests?last=x&n=1&orderby=>; rel=\"next\"";
    assert_eq!((manifests.header("link"), manifests.header("set-cookie")), (Some(next), None), "{manifests:?}");
    for method in ["PATCH", "DELETE", "POST", "PUT"] {
        let request = format!(
            "{method} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            api("acr/v1/team/app"),
            portal.address
        );
        assert_eq!(portal.ask(&request).await.status, 405, "{method}");
    }
    let evil = format!("GET {} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", api("replications"));
    assert_eq!(portal.ask(&evil).await.status, 403);
    assert!(
        home.requests().iter().all(|head| head.starts_with("GET ") || head.starts_with("POST /tenant/")),
        "{:?}",
        home.requests()
    );
}

#[tokio::test]
async fn u05_azure_says_no_and_the_registry_still_answers() {
    let home = Upstream::start(|head| {
        if head.contains(" /subscriptions/") {
            return answer("403 Forbidden", &[JSON], r#"{"error":{"code":"AuthorizationFailed","message":"not you"}}"#);
        }
        azure(head)
    })
    .await;
    let (portal, _secret) = portal(&home, &[("eastus", home.url())]).await;
    let denied = portal.get(&api("replications")).await;
    assert_eq!((denied.status, denied.code().as_str()), (403, "AuthorizationFailed"), "{denied:?}");
    assert_eq!(portal.get(&api("acr/v1/team/app")).await.status, 200);
    assert_eq!(portal.get(&api("regions/eastus")).await.json()["answer"], "answers");
}
