//! Groups as clients see them, with an image that was built before.

use super::{Containers, Door, Place, Runtime};
use crate::emulator::{
    buildah,
    builds::tests::{Held, held, shell_image},
    clock::Instant,
};
use alloc::{
    format,
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};
use core::time::Duration;
use serde_json::{Value, json};
use std::process::Command;

const PLACE: Place<'static> =
    Place { parent: "/subscriptions/s/resourceGroups/Group", resource_group: "Group", name: "web" };

/// Opens by one password.
struct OneUser;

impl Door for OneUser {
    fn may_pull(&self, registry: &str, user: Option<(&str, &str)>, repository: &str) -> bool {
        registry == "made" && user == Some(("admin", "right")) && repository == "app"
    }
}

struct Groups {
    containers: Arc<Containers>,
    held: Held,
}

/// With the image `made.azurecr.io/app:v1`, which has a shell.
async fn groups(runtime: Runtime) -> Groups {
    let held = held(crate::emulator::builds::Builder::Direct);
    shell_image(&held, "app:v1").await;
    let containers = open(&held, runtime);
    Groups { containers, held }
}

fn open(held: &Held, runtime: Runtime) -> Arc<Containers> {
    let folder = held.folder.path().join("containers");
    Containers::open(&folder, held.images.clone(), Arc::new(OneUser), runtime).unwrap()
}

fn body(command: &[&str], more: Value) -> Value {
    let mut body = json!({
        "location": "East US",
        "properties": {
            "containers": [{ "name": "web", "properties": {
                "image": "made.azurecr.io/app:v1", "command": command, "ports": [{ "port": 80, "protocol": "TCP" }],
                "resources": { "requests": { "cpu": 1.0, "memoryInGB": 1.5 } },
                "environmentVariables": [{ "name": "NAME", "value": "you" }, { "name": "KEY", "secureValue": "hunter2" }],
            } }],
            "osType": "Linux", "restartPolicy": "Never", "identity": null,
            "imageRegistryCredentials": [{ "server": "made.azurecr.io", "username": "admin", "password": "right" }],
            "ipAddress": { "type": "Public", "ports": [{ "port": 80, "protocol": "TCP" }] },
        },
    });
    body["properties"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

impl Groups {
    async fn until(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let patience = Instant::now().after(Duration::from_secs(60));
        loop {
            let shown = self.containers.get(&PLACE).unwrap();
            if wanted(&shown["properties"]) {
                return shown["properties"].clone();
            }
            assert!(Instant::now() < patience, "{shown:#}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn log(&self) -> String {
        self.containers.logs(&PLACE, "web", None, false).unwrap()["content"].as_str().unwrap().to_string()
    }
}

fn state(properties: &Value) -> &Value {
    &properties["containers"][0]["properties"]["instanceView"]["currentState"]
}

fn events(properties: &Value) -> Vec<&str> {
    let events = properties["containers"][0]["properties"]["instanceView"]["events"].as_array().unwrap();
    events.iter().map(|event| event["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn without_a_runtime_the_image_is_verified_and_no_more() {
    let groups = groups(Runtime::Nothing).await;
    let (new, shown) = groups.containers.put(&PLACE, &body(&["sh"], json!({}))).unwrap();
    assert!(new);
    assert_eq!(
        (&shown["type"], &shown["location"]),
        (&json!("Microsoft.ContainerInstance/containerGroups"), &json!("eastus"))
    );
    assert_eq!(shown["id"], format!("{}/providers/Microsoft.ContainerInstance/containerGroups/web", PLACE.parent));
    let group = groups.until(|group| group["provisioningState"] == "Succeeded" && events(group).len() == 3).await;
    assert_eq!(events(&group), ["Pulling", "Pulled", "NotRun"]);
    assert_eq!((&group["ipAddress"]["ip"], &group["ipAddress"]["fqdn"]), (&json!("127.0.1.1"), &Value::Null));
    assert_eq!((&state(&group)["state"], &group["instanceView"]["state"]), (&json!("Waiting"), &json!("Pending")));
    assert_eq!(
        groups.log(),
        "[emulator] the image was pulled and verified; the container was not run: running containers is switched off\n"
    );
    let kept = std::fs::read_to_string(groups.held.folder.path().join("containers/groups.json")).unwrap();
    for text in [group.to_string(), kept, groups.containers.list(None).to_string()] {
        assert!(!text.contains("right") && !text.contains("hunter2"), "{text}");
        assert!(text.contains("\"username\":\"admin\""), "{text}");
    }
    assert_eq!(groups.containers.list(Some("other")), json!({ "value": [] }));
}

#[tokio::test]
async fn an_image_that_cannot_be_had_is_inaccessible() {
    let groups = groups(Runtime::Nothing).await;
    let with = |image: &str, password: &str| {
        let mut body = body(&[], json!({}));
        body["properties"]["containers"][0]["properties"]["image"] = image.into();
        body["properties"]["imageRegistryCredentials"][0]["password"] = password.into();
        body
    };
    for (image, password, reason) in [
        ("made.azurecr.io/app:v1", "wrong", "the registry refused the credential"),
        ("made.azurecr.io/other:v1", "right", "the registry refused the credential"),
        ("made.azurecr.io/app:v2", "right", "there is no such image"),
        ("nginx", "right", "does not contact 'docker.io'"),
        ("made.azurecr.io/App", "right", "its name is not valid"),
    ] {
        let refused = groups.containers.put(&PLACE, &with(image, password)).unwrap_err();
        assert_eq!((refused.status, refused.code), (400, "InaccessibleImage"));
        assert!(
            refused.message.starts_with(&format!("The image '{image}' in container group 'web' is not accessible."))
        );
        assert!(refused.message.contains(reason), "{}", refused.message);
    }
    let mut nobody = body(&[], json!({}));
    nobody["properties"]["imageRegistryCredentials"] = Value::Null;
    assert_eq!(groups.containers.put(&PLACE, &nobody).unwrap_err().code, "InaccessibleImage");
    assert_eq!(groups.containers.get(&PLACE).unwrap_err().status, 404);
}

#[tokio::test]
async fn requests_are_checked() {
    let groups = groups(Runtime::Nothing).await;
    for (more, code) in [
        (json!({ "containers": [] }), "InvalidContainerGroup"),
        (json!({ "containers": [{ "name": "a", "properties": {} }] }), "InvalidContainer"),
        (json!({ "osType": "Windows" }), "UnsupportedOsType"),
        (json!({ "restartPolicy": "Sometimes" }), "InvalidRestartPolicy"),
    ] {
        assert_eq!(groups.containers.put(&PLACE, &body(&[], more)).unwrap_err().code, code);
    }
    for name in ["", "Web", "-a", "a_b", &"a".repeat(64)] {
        let refused = groups.containers.put(&Place { name, ..PLACE }, &body(&[], json!({}))).unwrap_err();
        assert_eq!(refused.code, "InvalidContainerGroupName", "{name}");
    }
}

#[tokio::test]
async fn j08_bytes_that_are_not_the_image_are_not_run() {
    let groups = groups(Runtime::Found).await;
    for blob in groups.held.images.blobs.lock().unwrap().values_mut() {
        if blob.starts_with(&[0x1f, 0x8b]) {
            blob[4] ^= 1;
        }
    }
    groups.containers.put(&PLACE, &body(&["sh"], json!({}))).unwrap();
    let group = groups.until(|group| group["provisioningState"] == "Failed").await;
    assert_eq!(events(&group), ["Pulling", "Failed"]);
    assert_eq!(state(&group)["state"], "Waiting");
    assert!(groups.log().contains("the image could not be pulled"), "{}", groups.log());
}

#[tokio::test]
async fn groups_have_addresses_of_their_own_and_outlive_the_process() {
    let groups = groups(Runtime::Nothing).await;
    let named = |name| Place { name, ..PLACE };
    let label = json!({ "ipAddress": { "type": "Public", "ports": [], "dnsNameLabel": "mine" } });
    let ip = |place: &Place<'_>| groups.containers.get(place).unwrap()["properties"]["ipAddress"]["ip"].clone();
    groups.containers.put(&PLACE, &body(&[], label)).unwrap();
    groups.containers.put(&named("other"), &body(&[], json!({}))).unwrap();
    assert_eq!((ip(&PLACE), ip(&named("other"))), (json!("127.0.1.1"), json!("127.0.1.2")));
    let shown = groups.containers.get(&PLACE).unwrap();
    assert_eq!(shown["properties"]["ipAddress"]["fqdn"], "mine.eastus.azurecontainer.localhost");
    assert!(groups.containers.delete(&PLACE).unwrap().is_some() && groups.containers.delete(&PLACE).unwrap().is_none());
    groups.containers.put(&named("third"), &body(&[], json!({}))).unwrap();
    assert_eq!(ip(&named("third")), "127.0.1.1");
    assert!(!groups.containers.put(&named("third"), &body(&[], json!({}))).unwrap().0);
    let again = open(&groups.held, Runtime::Nothing);
    assert_eq!(again.get(&named("other")).unwrap()["properties"]["instanceView"]["state"], "Stopped");
    assert_eq!(again.start(&named("other")).unwrap_err().code, "ContainerGroupNotStartable");
    again.delete_all("group").unwrap();
    assert_eq!(again.list(None), json!({ "value": [] }));
}

fn runs(marker: &str) -> bool {
    let listed = Command::new("ps").args(["-eo", "args"]).output().unwrap().stdout;
    String::from_utf8_lossy(&listed).lines().any(|line| line.trim() == format!("sleep {marker}"))
}

async fn eventually(test: impl Fn() -> bool) {
    let patience = Instant::now().after(Duration::from_secs(60));
    while !test() {
        assert!(Instant::now() < patience);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn buildah_runs_containers_until_they_end() {
    if !buildah::is_there() {
        return;
    }
    let groups = groups(Runtime::Found).await;
    let script = "echo \"hello $NAME\"; echo two; exit 3";
    groups.containers.put(&PLACE, &body(&["/bin/sh", "-c", script], json!({}))).unwrap();
    let group = groups.until(|group| state(group)["state"] == "Terminated").await;
    assert_eq!(events(&group), ["Pulling", "Pulled", "Created", "Started"]);
    assert_eq!(
        (&state(&group)["exitCode"], &group["instanceView"]["state"]),
        (&json!(3), &json!("Failed")),
        "{}",
        groups.log()
    );
    assert_eq!(groups.log(), "hello you\ntwo\n");
    let last = groups.containers.logs(&PLACE, "WEB", Some(1), true).unwrap();
    assert!(last["content"].as_str().unwrap().starts_with("20"), "{last}");
    assert_eq!(groups.containers.logs(&PLACE, "none", None, false).unwrap_err().code, "ContainerNotFound");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_emulator_left_running_is_ended() {
    if !buildah::is_there() {
        return;
    }
    let mut groups = groups(Runtime::Found).await;
    let marker = format!("{}", 3_000_000 + u64::from(std::process::id()));
    let command = format!("echo begun; sleep {marker} & wait");
    let body = body(&["/bin/sh", "-c", &command], json!({}));
    groups.containers.put(&PLACE, &body).unwrap();
    groups.until(|group| state(group)["state"] == "Running" && runs(&marker)).await;
    // The first one is not told, as if it had been killed.
    groups.containers = open(&groups.held, Runtime::Found);
    groups.until(|_| !runs(&marker)).await;
    let group = groups.until(|group| state(group)["state"] == "Terminated").await;
    assert_eq!(
        (&state(&group)["detailStatus"], &group["instanceView"]["state"]),
        (&json!("Stopped"), &json!("Stopped"))
    );
    assert_eq!(std::fs::read_dir(groups.held.folder.path().join("containers/work")).unwrap().count(), 0);
    groups.containers.put(&PLACE, &body).unwrap();
    groups.until(|group| state(group)["state"] == "Running" && runs(&marker)).await;
    groups.containers.delete(&PLACE).unwrap();
    eventually(|| !runs(&marker)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn containers_that_are_stopped_leave_no_process_and_no_file() {
    if !buildah::is_there() {
        return;
    }
    let groups = groups(Runtime::Found).await;
    let marker = format!("{}", 2_000_000 + u64::from(std::process::id()));
    let body = body(&["/bin/sh", "-c", &format!("echo begun; sleep {marker}")], json!({ "restartPolicy": "Always" }));
    groups.containers.put(&PLACE, &body).unwrap();
    let group = groups.until(|group| state(group)["state"] == "Running" && runs(&marker)).await;
    assert_eq!(group["instanceView"]["state"], "Running");
    groups.containers.stop(&PLACE).unwrap();
    let group = groups.until(|_| !runs(&marker)).await;
    assert_eq!((&state(&group)["state"], &group["instanceView"]["state"]), (&json!("Terminated"), &json!("Stopped")));
    groups.containers.start(&PLACE).unwrap();
    groups.until(|group| state(group)["state"] == "Running" && runs(&marker)).await;
    groups.containers.delete(&PLACE).unwrap();
    let work = groups.held.folder.path().join("containers/work");
    eventually(|| !runs(&marker) && std::fs::read_dir(&work).unwrap().count() == 0).await;
}
