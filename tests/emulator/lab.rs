//! An emulator, and short names for what tests do with it.

use crate::http::{Answer, send};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use portolan::emulator::{Emulator, Identity, Info, Options, Running};
use serde_json::{Value, json};

pub(crate) const ARM: &str = "https://management.azure.com";
pub(crate) const ACR: &str = "https://containerregistry.azure.net";
/// A version of ARM's API.
const VERSION: &str = "2025-11-01";
const CONFIG: &str = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

/// An emulator in memory with two regions.
pub(crate) struct Lab {
    running: Running,
}

impl Lab {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let regions = vec!["eastus".into(), "japaneast".into()];
        Self { running: Emulator::start(Options { regions, ..options }).await.unwrap() }
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await;
    }

    pub(crate) fn info(&self) -> &Info {
        self.running.info()
    }

    pub(crate) fn login_server(&self) -> &str {
        &self.info().login_server
    }

    /// `host:port` of an address of ours.
    pub(crate) fn host(url: &str) -> &str {
        url.trim_start_matches("https://")
    }

    pub(crate) fn service(&self, name: &str) -> &Identity {
        self.info().service_principals.iter().find(|service| service.name == name).expect("there is one")
    }

    /// `/subscriptions/...` of the registry, with what follows.
    pub(crate) fn registry_id(&self, rest: &str) -> String {
        let Info { subscription, resource_group, registry, .. } = self.info();
        format!(
            "/subscriptions/{subscription}/resourceGroups/{resource_group}/providers/Microsoft.ContainerRegistry/registries/{registry}{rest}"
        )
    }

    /// The token endpoint's answer.
    pub(crate) async fn entra(&self, form: &[(&str, &str)]) -> Answer {
        let path = format!("/{}/oauth2/v2.0/token", self.info().tenant);
        post(Self::host(&self.info().authority), &path, form).await
    }

    /// Entra's token of a service principal for a resource.
    pub(crate) async fn entra_token(&self, service: &str, resource: &str) -> String {
        let service = self.service(service);
        let scope = format!("{resource}/.default");
        let secret = service.client_secret.as_deref().unwrap();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &service.client_id),
            ("client_secret", secret),
            ("scope", &scope),
        ];
        field(&self.entra(&form).await, "access_token")
    }

    /// A call to ARM as a service principal; `path` begins at `/subscriptions`.
    pub(crate) async fn arm(&self, service: &str, method: &str, path: &str, body: Value) -> Answer {
        let token = self.entra_token(service, ARM).await;
        self.arm_with(&token, method, path, body).await
    }

    pub(crate) async fn arm_with(&self, token: &str, method: &str, path: &str, body: Value) -> Answer {
        let sign = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{sign}api-version={VERSION}");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let bearer = format!("Bearer {token}");
        send(Self::host(&self.info().arm), method, &path, &[("Authorization", &bearer)], &body).await
    }

    /// Changes the registry as its owner.
    pub(crate) async fn set(&self, properties: Value) {
        let answer = self.arm("owner", "PATCH", &self.registry_id(""), json!({ "properties": properties })).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// The admin user's first password; admin is switched on for it.
    pub(crate) async fn admin_password(&self) -> String {
        self.set(json!({ "adminUserEnabled": true })).await;
        let answer = self.arm("owner", "POST", &self.registry_id("/listCredentials"), Value::Null).await;
        answer.json()["passwords"][0]["value"].as_str().unwrap().to_owned()
    }

    /// Gives a role at the registry to whoever has that object id.
    pub(crate) async fn assign(&self, object_id: &str, role: &str, condition: Option<&str>) {
        let guid = format!(
            "00000000-0000-4000-8000-{:012}",
            object_id.len() + role.len() * 1_000 + usize::from(object_id.as_bytes()[0])
        );
        let scope = self.registry_id("");
        let name = format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{guid}");
        let roles = format!(
            "{scope}/providers/Microsoft.Authorization/roleDefinitions?$filter=roleName%20eq%20'{}'",
            role.replace(' ', "%20")
        );
        let roles = self.arm("owner", "GET", &roles, Value::Null).await.json();
        let properties = json!({
            "roleDefinitionId": roles["value"][0]["id"], "principalId": object_id, "condition": condition,
        });
        let answer = self.arm("owner", "PUT", &name, json!({ "properties": properties })).await;
        assert_eq!(answer.status, 201, "{answer:?}");
    }

    /// The registry's token service, with Basic or without.
    pub(crate) async fn token(&self, user: Option<(&str, &str)>, scope: &str) -> Answer {
        let path = format!("/oauth2/token?service={}&scope={}", self.login_server(), scope.replace(' ', "&scope="));
        match user {
            Some((user, password)) => {
                let basic = basic(user, password);
                send(self.login_server(), "GET", &path, &[("Authorization", &basic)], "").await
            }
            None => send(self.login_server(), "GET", &path, &[], "").await,
        }
    }

    /// `/oauth2/exchange`.
    pub(crate) async fn exchange(&self, entra: &str) -> Answer {
        let form = [("grant_type", "access_token"), ("service", self.login_server()), ("access_token", entra)];
        post(self.login_server(), "/oauth2/exchange", &form).await
    }

    /// A call to the registry with a value for `Authorization`, or without.
    pub(crate) async fn call(&self, authorization: Option<&str>, method: &str, path: &str, body: &str) -> Answer {
        let mut headers = Vec::from([("Content-Type", "application/vnd.oci.image.manifest.v1+json")]);
        headers.extend(authorization.map(|value| ("Authorization", value)));
        send(self.login_server(), method, path, &headers, body).await
    }

    /// Pushes an image without layers, as the owner.
    pub(crate) async fn push(&self, repository: &str, tag: &str) {
        let owner = self.service("owner");
        let user = Some((owner.client_id.as_str(), owner.client_secret.as_deref().unwrap()));
        let answer = self.token(user, &format!("repository:{repository}:pull,push")).await;
        let bearer = format!("Bearer {}", field(&answer, "access_token"));
        let upload = format!("/v2/{repository}/blobs/uploads/?digest={CONFIG}");
        let blob = self.call(Some(&bearer), "POST", &upload, "{}").await;
        assert!(matches!(blob.status, 201 | 202), "{blob:?}");
        if blob.status == 202 {
            let location = blob.header("location").unwrap();
            let sign = if location.contains('?') { '&' } else { '?' };
            let answer = self.call(Some(&bearer), "PUT", &format!("{location}{sign}digest={CONFIG}"), "{}").await;
            assert_eq!(answer.status, 201, "{answer:?}");
        }
        let manifest = json!({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": CONFIG, "size": 2 },
            "layers": [],
        });
        let path = format!("/v2/{repository}/manifests/{tag}");
        let answer = self.call(Some(&bearer), "PUT", &path, &manifest.to_string()).await;
        assert_eq!(answer.status, 201, "{answer:?}");
    }
}

pub(crate) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// A text of a JSON answer that went well.
pub(crate) fn field(answer: &Answer, name: &str) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()[name].as_str().unwrap_or_else(|| panic!("no {name} in {answer:?}")).to_owned()
}

/// The claims of a token.
pub(crate) fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// Sends a form to `host:port`.
pub(crate) async fn post(at: &str, path: &str, form: &[(&str, &str)]) -> Answer {
    send(at, "POST", path, &[("Content-Type", "application/x-www-form-urlencoded")], &encoded(form)).await
}

/// A form.
pub(crate) fn encoded(form: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", portolan::http::query_value(value));
    form.iter().map(pair).collect::<Vec<_>>().join("&")
}
