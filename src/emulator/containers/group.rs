//! One group, as ARM shows it.

use super::{
    Place,
    instance::{Instance, InstanceState},
    request::Request,
    start::Pull,
};
use crate::emulator::failure::Stop;
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use core::{
    net::Ipv4Addr,
    sync::atomic::{AtomicU64, Ordering},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Resource group and name, in small letters.
pub(super) type Key = (String, String);

/// Groups that were made or started in this process.
static GENERATIONS: AtomicU64 = AtomicU64::new(1);

/// A group. Passwords are in none of its fields that are kept or shown.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Group {
    id: String,
    pub(super) resource_group: String,
    name: String,
    location: String,
    tags: Value,
    properties: Value,
    pub(super) address: Ipv4Addr,
    dns_label: Option<String>,
    pub(super) provisioning: Provisioning,
    pub(super) instances: Vec<Instance>,
    #[serde(skip)]
    pub(super) pulls: Vec<Pull>,
    /// Tells what was started from what is there now.
    #[serde(skip)]
    pub(super) generation: u64,
    /// Ends its containers.
    #[serde(skip)]
    pub(super) ending: Stop,
    #[serde(skip)]
    stopped: bool,
}

/// How far the making of a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Provisioning {
    Pending,
    Creating,
    Succeeded,
    Failed,
}

impl Provisioning {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Creating => "Creating",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
        }
    }
}

impl Group {
    pub(super) fn new(place: &Place<'_>, request: &Request, address: Ipv4Addr) -> Self {
        Self {
            id: format!("{}/providers/Microsoft.ContainerInstance/containerGroups/{}", place.parent, place.name),
            resource_group: place.resource_group.into(),
            name: place.name.into(),
            location: request.location.to_lowercase().replace(' ', ""),
            tags: request.tags.clone(),
            properties: request.properties.clone(),
            address,
            dns_label: request.dns_label.clone(),
            provisioning: Provisioning::Pending,
            instances: request.containers.iter().map(|wanted| Instance::new(&wanted.name)).collect(),
            pulls: Vec::new(),
            generation: GENERATIONS.fetch_add(1, Ordering::Relaxed),
            ending: Stop::default(),
            stopped: false,
        }
    }

    pub(super) fn key(&self) -> Key {
        (self.resource_group.to_ascii_lowercase(), self.name.to_ascii_lowercase())
    }

    /// As it is after the process that ran it was killed.
    pub(super) fn stopped(mut self) -> Self {
        self.stop();
        if self.provisioning != Provisioning::Succeeded {
            self.provisioning = Provisioning::Failed;
        }
        self
    }

    /// Ends its containers.
    pub(super) fn stop(&mut self) {
        self.ending.cancel();
        self.stopped = true;
        for instance in &mut self.instances {
            if instance.is_under_way() {
                instance.ended(None, "Stopped");
                instance.event("Normal", "Killing", "Killing container.");
            }
        }
    }

    /// Ends its containers for good; its address is free.
    #[allow(clippy::unnecessary_wraps, reason = "stands for an address that may not be had")]
    pub(super) fn end(mut self) -> Result<Ipv4Addr, super::Refused> {
        self.stop();
        Ok(self.address)
    }

    /// Anew, under another number, so that what still ends does not write here.
    pub(super) fn begin_again(&mut self) {
        self.ending.cancel();
        self.ending = Stop::default();
        self.stopped = false;
        self.generation = GENERATIONS.fetch_add(1, Ordering::Relaxed);
    }

    /// As GET has it.
    pub(super) fn shown(&self) -> Value {
        let mut shown = self.base();
        if let Some(properties) = shown.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert("instanceView".into(), json!({ "events": [], "state": self.state() }));
        }
        let containers = shown.pointer_mut("/properties/containers").and_then(Value::as_array_mut);
        for (container, instance) in containers.into_iter().flatten().zip(&self.instances) {
            if let Some(properties) = container.get_mut("properties").and_then(Value::as_object_mut) {
                properties.insert("instanceView".into(), instance.view());
            }
        }
        shown
    }

    /// As lists have it: without what changes by itself.
    pub(super) fn listed(&self) -> Value {
        self.base()
    }

    fn base(&self) -> Value {
        let mut properties = self.properties.clone();
        if let Some(properties) = properties.as_object_mut() {
            properties.insert("provisioningState".into(), self.provisioning.as_str().into());
            for (name, default) in [("sku", "Standard"), ("osType", "Linux"), ("restartPolicy", "Always")] {
                properties.entry(name).or_insert_with(|| default.into());
            }
            properties.entry("initContainers").or_insert_with(|| json!([]));
            properties.insert("isCustomProvisioningTimeout".into(), false.into());
        }
        if let Some(address) = properties.get_mut("ipAddress").and_then(Value::as_object_mut) {
            address.insert("ip".into(), self.address.to_string().into());
            if let Some(label) = &self.dns_label {
                address.insert("fqdn".into(), format!("{label}.{}.azurecontainer.localhost", self.location).into());
            }
        }
        json!({
            "id": self.id, "name": self.name, "type": "Microsoft.ContainerInstance/containerGroups",
            "location": self.location, "tags": self.tags, "properties": properties,
        })
    }

    /// What the containers do, taken together.
    fn state(&self) -> &'static str {
        if self.stopped {
            return "Stopped";
        }
        let all = |test: &dyn Fn(&InstanceState) -> bool| self.instances.iter().all(|instance| test(&instance.state));
        let any = |test: &dyn Fn(&InstanceState) -> bool| self.instances.iter().any(|instance| test(&instance.state));
        if any(&|state| matches!(state, InstanceState::Running(_))) {
            "Running"
        } else if all(&|state| matches!(state, InstanceState::Terminated { status: Some(0), .. })) {
            "Succeeded"
        } else if any(&|state| matches!(state, InstanceState::Terminated { .. })) {
            "Failed"
        } else {
            "Pending"
        }
    }
}
