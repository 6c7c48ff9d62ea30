//! The body of a PUT: what the group is to be.

use super::Refused;
use crate::emulator::nulls;
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use serde_json::{Value, json};

/// Most containers of a group, as ACI has it.
const CONTAINERS: usize = 60;

/// A group as somebody wants it.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) location: String,
    pub(super) tags: Value,
    /// What is shown again: everything but secrets.
    pub(super) properties: Value,
    pub(super) containers: Vec<Wanted>,
    pub(super) credentials: Vec<Credential>,
    pub(super) restart: Restart,
    pub(super) dns_label: Option<String>,
}

/// A container as somebody wants it.
#[derive(Clone)]
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) image: String,
    /// In place of what the image says.
    pub(super) command: Vec<String>,
    /// Secret values among them.
    pub(super) environment: BTreeMap<String, String>,
}

/// A password for a registry.
#[derive(Clone)]
pub(super) struct Credential {
    pub(super) server: String,
    pub(super) user: String,
    pub(super) password: String,
}

/// What happens when a container ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Restart {
    Always,
    OnFailure,
    Never,
}

impl Request {
    pub(super) fn read(body: &Value, group: &str) -> Result<Self, Refused> {
        check_name(group)?;
        let mut properties = body.get("properties").cloned().unwrap_or_default();
        nulls::remove(&mut properties);
        let containers = list(&properties, "containers");
        if containers.is_empty() || containers.len() > CONTAINERS {
            let message = format!("A container group has between 1 and {CONTAINERS} containers.");
            return Err(Refused::bad("InvalidContainerGroup", message));
        }
        check_os(&properties)?;
        let wanted = containers.iter().map(Wanted::read).collect::<Result<_, _>>()?;
        let credentials = list(&properties, "imageRegistryCredentials").iter().filter_map(Credential::read).collect();
        let restart = Restart::read(text(&properties, "/restartPolicy"))?;
        let dns_label = text(&properties, "/ipAddress/dnsNameLabel").map(String::from);
        hide(&mut properties);
        let location = text(body, "/location").unwrap_or("eastus").to_string();
        let tags = body.get("tags").filter(|tags| tags.is_object()).cloned().unwrap_or_else(|| json!({}));
        Ok(Self { location, tags, properties, containers: wanted, credentials, restart, dns_label })
    }
}

fn check_name(name: &str) -> Result<(), Refused> {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let good =
        (1..=63).contains(&name.len()) && name.bytes().all(letter) && !name.starts_with('-') && !name.ends_with('-');
    if good {
        return Ok(());
    }
    let message = format!(
        "The container group name '{}' is invalid. It must contain no more than 63 characters and must match the regex \
         '[a-z0-9]([-a-z0-9]*[a-z0-9])?'.",
        crate::text::shown(name, 100)
    );
    Err(Refused::bad("InvalidContainerGroupName", message))
}

fn check_os(properties: &Value) -> Result<(), Refused> {
    match text(properties, "/osType") {
        None => Ok(()),
        Some(os) if os.eq_ignore_ascii_case("linux") => Ok(()),
        Some(os) => {
            let message = format!(
                "Containers of the operating system '{}' are not known to this emulator.",
                crate::text::shown(os, 40)
            );
            Err(Refused::bad("UnsupportedOsType", message))
        }
    }
}

fn list(value: &Value, name: &str) -> Vec<Value> {
    value.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// Takes out what is never shown again.
fn hide(properties: &mut Value) {
    let credentials = properties.get_mut("imageRegistryCredentials").and_then(Value::as_array_mut);
    for credential in credentials.into_iter().flatten().filter_map(Value::as_object_mut) {
        credential.remove("password");
    }
    let containers = properties.get_mut("containers").and_then(Value::as_array_mut);
    for container in containers.into_iter().flatten() {
        let variables = container.pointer_mut("/properties/environmentVariables").and_then(Value::as_array_mut);
        for variable in variables.into_iter().flatten().filter_map(Value::as_object_mut) {
            variable.remove("secureValue");
        }
    }
    if let Some(properties) = properties.as_object_mut() {
        for secret in ["volumes", "diagnostics"] {
            properties.remove(secret);
        }
    }
}

impl Wanted {
    fn read(container: &Value) -> Result<Self, Refused> {
        let missing = |what: &str| Refused::bad("InvalidContainer", format!("A container has no '{what}'."));
        let name = text(container, "/name").ok_or_else(|| missing("name"))?;
        let image = text(container, "/properties/image").ok_or_else(|| missing("image"))?;
        let properties = container.get("properties").cloned().unwrap_or_default();
        let words = list(&properties, "command");
        let command = words.iter().filter_map(Value::as_str).map(String::from).collect();
        let variables = list(&properties, "environmentVariables");
        let variable = |variable: &Value| {
            let value = text(variable, "/secureValue").or_else(|| text(variable, "/value")).unwrap_or_default();
            Some((text(variable, "/name")?.to_string(), value.to_string()))
        };
        let environment = variables.iter().filter_map(variable).collect();
        Ok(Self { name: name.into(), image: image.into(), command, environment })
    }
}

impl Credential {
    /// Those of identities say nothing that could be checked here.
    fn read(credential: &Value) -> Option<Self> {
        Some(Self {
            server: text(credential, "/server")?.to_ascii_lowercase(),
            user: text(credential, "/username")?.into(),
            password: text(credential, "/password").unwrap_or_default().into(),
        })
    }
}

impl Restart {
    fn read(policy: Option<&str>) -> Result<Self, Refused> {
        match policy.map(str::to_ascii_lowercase).as_deref() {
            None | Some("always") => Ok(Self::Always),
            Some("onfailure") => Ok(Self::OnFailure),
            Some("never") => Ok(Self::Never),
            Some(_) => Err(Refused::bad("InvalidRestartPolicy", "The restart policy is Always, OnFailure or Never.")),
        }
    }

    /// True if a container that ended so is to be started again.
    pub(super) const fn again(self, status: Option<i32>) -> bool {
        match self {
            Self::Always => true,
            Self::OnFailure => !matches!(status, Some(0)),
            Self::Never => false,
        }
    }
}
