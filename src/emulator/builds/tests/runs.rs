use super::*;
use crate::emulator::builds::Refused;

const NOTHING: &[(&str, &str)] = &[("Dockerfile", "FROM scratch\nCOPY Dockerfile /\n")];

fn refused(held: &Held, request: &Value) -> Refused {
    held.builds.schedule(&TARGET, request).unwrap_err()
}

#[tokio::test]
async fn requests_are_checked_before_there_is_a_run() {
    let held = held(Builder::Direct);
    let good = json!({
        "type": "DockerBuildRequest", "dockerFilePath": "Dockerfile", "platform": { "os": "linux" },
        "sourceLocation": held.upload(context(NOTHING)).await,
    });
    for (change, said) in [
        (json!({ "type": "EncodedTaskRunRequest" }), "'EncodedTaskRunRequest' are not known"),
        (json!({ "dockerFilePath": "" }), "'dockerFilePath' is required"),
        (json!({ "platform": { "os": "Windows" } }), "Only Linux images"),
        (json!({ "timeout": 299 }), "The timeout 299 is not between 300 and 28800"),
        (json!({ "imageNames": ["App:v1"] }), "The image name 'App:v1' is not valid"),
        (json!({ "imageNames": ["other.example/a:1"] }), "The image name 'other.example/a:1' is not valid"),
        (json!({ "imageNames": ["a@sha256:0"] }), "is not valid"),
        (json!({ "sourceLocation": "source/202611260000/none.tar.gz" }), "does not exist"),
        (json!({ "sourceLocation": "../key" }), "does not exist"),
        (json!({ "sourceLocation": "https://github.com/a/b.git" }), "is not fetched"),
        (json!({ "arguments": 7 }), "cannot be read"),
    ] {
        let mut request = good.clone();
        request.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = refused(&held, &request);
        assert!(refused.status == 400 && refused.message.contains(said), "{refused:?}");
    }
    assert_eq!(held.builds.list(&TARGET, None, None).unwrap(), json!({ "value": [] }));
}

#[tokio::test]
async fn names_are_filled_and_pushes_can_be_left_out() {
    let held = held(Builder::Direct);
    let names =
        json!({ "imageNames": ["made.azurecr.io/team/app:{{.Run.ID}}", "app"], "target": null, "noCache": null });
    let ended = held.build(NOTHING, names).await;
    ended.succeeded();
    assert_eq!(ended.run["outputImages"][0]["tag"], "cf1");
    assert_eq!(ended.run["outputImages"][1]["tag"], "latest");
    let ended = held.build(NOTHING, json!({ "imageNames": ["kept:1"], "isPushEnabled": false })).await;
    ended.succeeded();
    assert!(ended.run["outputImages"].is_null() && !ended.log.contains("Pushing"), "{}", ended.log);
    let manifests = held.images.manifests.lock().unwrap();
    assert_eq!(
        manifests.keys().filter(|name| !name.contains("sha256")).collect::<Vec<_>>(),
        ["app:latest", "team/app:cf1"]
    );
}

#[tokio::test]
async fn runs_are_listed_filtered_and_archived() {
    let held = held(Builder::Direct);
    held.build(NOTHING, json!({})).await.succeeded();
    held.build(&[("Dockerfile", "FROM x")], json!({})).await.failed();
    let ids = |filter: Option<&str>, top| {
        let list = held.builds.list(&TARGET, filter, top).unwrap();
        let runs = list["value"].as_array().unwrap().iter();
        runs.map(|run| run["name"].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(None, None), ["cf2", "cf1"]);
    assert_eq!(ids(None, Some(1)), ["cf2"]);
    assert_eq!(ids(Some("Status eq 'succeeded'"), None), ["cf1"]);
    assert_eq!(ids(Some("RunId eq 'cf2' or contains(OutputImageManifests, 'app@sha256:')"), None), ["cf2", "cf1"]);
    assert_eq!(ids(Some("Status eq 'Failed' and RunId ne 'cf2'"), None), [""; 0]);
    assert_eq!(ids(Some("CreateTime gt 2020-01-01T00:00:00Z"), None), ["cf2", "cf1"]);
    for wrong in
        ["Status is 'x'", "Status eq", "(A eq 'b' or C eq 'd') and E eq 'f'", "Status eq 'x", "A eq 'b' xor C eq 'd'"]
    {
        assert_eq!(held.builds.list(&TARGET, Some(wrong), None).unwrap_err().code, "InvalidFilter", "{wrong}");
    }
    let archived = held.builds.update(&TARGET, "cf1", &json!({ "isArchiveEnabled": true })).unwrap();
    assert_eq!(archived["properties"]["isArchiveEnabled"], true);
    assert_eq!(archived["id"], format!("{}/runs/cf1", TARGET.id));
    for refused in [
        held.builds.get(&TARGET, "cf9").unwrap_err(),
        held.builds.cancel(&TARGET, "cf9").unwrap_err(),
        held.builds.log_link(&TARGET, "cf9").unwrap_err(),
        held.builds.update(&TARGET, "cf9", &json!({})).unwrap_err(),
    ] {
        assert_eq!((refused.status, refused.code), (404, "ResourceNotFound"));
    }
}

#[tokio::test]
async fn a_run_that_waits_can_be_canceled() {
    let held = held(Builder::Direct);
    let slots = held.builds.slots.acquire_many(2).await.unwrap();
    let id = held.schedule(NOTHING, json!({})).await;
    held.builds.cancel(&TARGET, &id).unwrap();
    let ended = held.ended(&id).await;
    drop(slots);
    assert_eq!((&ended.run["status"], &*ended.complete), (&json!("Canceled"), "canceled"));
    assert!(ended.lines().iter().any(|line| line.starts_with("Run ID: cf1 was canceled after ")), "{}", ended.log);
    held.builds.cancel(&TARGET, &id).unwrap();
}

#[tokio::test]
async fn runs_of_a_killed_emulator_are_over() {
    let held = held(Builder::Direct);
    let _slots = held.builds.slots.acquire_many(2).await.unwrap();
    let id = held.schedule(NOTHING, json!({})).await;
    let again = Builds::open(
        &held.folder.path().join("runs"),
        Arc::clone(&held.storage),
        String::new(),
        held.images.clone(),
        BuildOptions::default(),
    );
    let run = again.unwrap().get(&TARGET, &id).unwrap();
    assert_eq!(run["properties"]["status"], "Error");
    assert_eq!(held.peek(&id).await.unwrap().complete, "internalerror");
}

#[tokio::test]
async fn a_registry_that_is_gone_leaves_nothing() {
    let held = held(Builder::Direct);
    held.build(NOTHING, json!({})).await.succeeded();
    held.builds.forget("made").unwrap();
    assert_eq!(held.builds.list(&TARGET, None, None).unwrap(), json!({ "value": [] }));
    assert!(held.storage.file(&BlobName::new("tasks-made/logs/cf1/rawtext.log").unwrap()).is_none());
    let until = Instant::now().after(Duration::from_secs(9));
    assert!(
        held.storage.link("", &BlobName::new("a/b").unwrap(), Permission::Read, until).starts_with("/portolan/a/b?")
    );
}
