//! What is copied, and under which names.

use super::*;
use crate::{Digest, MediaType, emulator::images::testing::Made};
use alloc::{string::ToString, vec};
use serde_json::{Value, json};

fn request(body: Value) -> Request {
    Request::read(&body).unwrap_or_else(|refused| panic!("{refused:?}"))
}

fn shown(targets: &BTreeMap<RepositoryName, Vec<Tag>>) -> Vec<String> {
    let one = |(repository, tags): (&RepositoryName, &Vec<Tag>)| {
        let tags: Vec<_> = tags.iter().map(ToString::to_string).collect();
        format!("{repository}={}", tags.join(","))
    };
    targets.iter().map(one).collect()
}

#[test]
fn targets_without_a_tag_get_the_sources() {
    let digest = Digest::sha256(b"x");
    for (source, tags, repositories, wanted) in [
        ("a/b:1", json!(["c"]), json!([]), vec!["c=1"]),
        ("a/b:1", json!(["c:2", "d", "c:1"]), json!(["e", "c"]), vec!["c=1,2", "d=1", "e="]),
        ("a/b", json!(["a/b"]), Value::Null, vec!["a/b=latest"]),
        (&format!("a/b@{digest}"), json!(["c"]), json!([]), vec!["c=latest"]),
    ] {
        let body = json!({ "source": { "sourceImage": source }, "targetTags": tags, "untaggedTargetRepositories": repositories });
        assert_eq!(shown(&request(body).targets().unwrap()), wanted, "{source} {tags}");
    }
}

#[test]
fn what_is_no_import_is_refused() {
    let digest = Digest::sha256(b"x");
    assert!(Request::read(&json!({ "source": {} })).is_err());
    for (tags, repositories) in [
        (json!([]), json!([])),
        (json!(["Upper"]), json!([])),
        (json!([]), json!(["a:1"])),
        (json!([format!("a@{digest}")]), json!([])),
    ] {
        let body = json!({ "source": { "sourceImage": "a:1" }, "targetTags": tags, "untaggedTargetRepositories": repositories });
        assert!(request(body).targets().is_err(), "{tags} {repositories}");
    }
    assert!(request(json!({ "source": { "sourceImage": "A B" } })).image().is_err());
}

/// An image with one layer, its digest, in `source/app`.
fn image(made: &Made, layer: &str, with_layer: bool) -> Digest {
    let (config, blob) = (Digest::sha256(b"{}"), Digest::sha256(layer.as_bytes()));
    let mut blobs = made.blobs.lock().unwrap();
    blobs.insert(config.to_string(), b"{}".to_vec());
    if with_layer {
        blobs.insert(blob.to_string(), layer.as_bytes().to_vec());
    }
    manifest(
        made,
        &json!({
            "schemaVersion": 2, "mediaType": MediaType::OCI_MANIFEST.as_str(),
            "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": config, "size": 2 },
            "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": blob, "size": layer.len() }],
        }),
    )
}

fn index(made: &Made, of: &[Digest]) -> Digest {
    let manifests =
        of.iter().map(|digest| json!({ "mediaType": MediaType::OCI_MANIFEST.as_str(), "digest": digest, "size": 1 }));
    let manifests: Vec<_> = manifests.collect();
    let body = json!({ "schemaVersion": 2, "mediaType": MediaType::OCI_INDEX.as_str(), "manifests": manifests });
    manifest(made, &body)
}

fn manifest(made: &Made, body: &Value) -> Digest {
    let bytes = body.to_string().into_bytes();
    let digest = Digest::sha256(&bytes);
    made.manifests.lock().unwrap().insert(format!("source/app:{digest}"), bytes);
    digest
}

/// Imports `source/app@digest` as `target/app:v1`.
async fn import(imports: &Arc<Imports>, digest: &Digest, force: bool) -> Result<(), Refused> {
    let job = Job {
        from: "made".into(),
        to: "made".into(),
        image: ("source/app".parse().unwrap(), digest.clone().into()),
        targets: [("target/app".parse().unwrap(), vec!["v1".parse().unwrap()])].into(),
        force,
    };
    let begun = Arc::clone(imports);
    let id = tokio::task::spawn_blocking(move || begun.begin(job)).await.unwrap()?;
    assert!(imports.outcome("another", &id).is_none());
    loop {
        if let Some(outcome) = imports.outcome("made", &id).expect("it is known") {
            return outcome;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_index_comes_with_its_images_and_tags_are_not_taken_away() {
    let made = Arc::new(Made::default());
    let imports = Imports::new(made.clone());
    let images = [image(&made, "one", true), image(&made, "two", true)];
    let all = index(&made, &images);
    import(&imports, &all, false).await.unwrap();
    for name in [all.to_string(), images[0].to_string(), images[1].to_string(), "v1".into()] {
        assert!(made.manifests.lock().unwrap().contains_key(&format!("target/app:{name}")), "{name}");
    }
    let refused = import(&imports, &images[0], false).await.unwrap_err();
    assert_eq!((refused.status, refused.code), (409, "Conflict"));
    import(&imports, &images[0], true).await.unwrap();
    let manifests = made.manifests.lock().unwrap();
    assert_eq!(manifests["target/app:v1"], manifests[&format!("target/app:{}", images[0])]);
}

#[tokio::test]
async fn what_is_incomplete_or_too_much_fails() {
    let made = Arc::new(Made::default());
    let imports = Imports::new(made.clone());
    let absent = Digest::sha256(b"absent");
    assert_eq!(import(&imports, &absent, false).await.unwrap_err().status, 404);
    let broken = image(&made, "lost", false);
    let (with_absent, one) = (index(&made, &[absent]), image(&made, "one", true));
    let many = index(&made, &vec![one; 50]);
    for (digest, words) in [(&broken, "its blob"), (&with_absent, "its manifest"), (&many, "more than 50 manifests")] {
        let refused = import(&imports, digest, false).await.unwrap_err();
        assert!(refused.code == "ImportFailed" && refused.message.contains(words), "{refused:?}");
        assert!(!made.manifests.lock().unwrap().contains_key("target/app:v1"), "{words}");
    }
    // One that is canceled before it begins.
    let job = Job {
        from: "made".into(),
        to: "made".into(),
        image: ("source/app".parse().unwrap(), broken.clone().into()),
        targets: BTreeMap::new(),
        force: false,
    };
    let stop = Stop::default();
    stop.cancel();
    let manifest = made.manifest("made", &job.image.0, &job.image.1).unwrap().unwrap();
    let target = "target/app".parse().unwrap();
    assert_eq!(Copy::new(&*made, &job, &target, &stop).manifest(&manifest, &[]), Err(Failure::Canceled));
}

#[tokio::test]
async fn what_is_done_for_a_registry_goes_with_it() {
    let imports = Imports::new(Arc::new(Made::default()));
    let add = |id: &str, from: &str, to: &str| {
        let stop = Stop::default();
        let import = Import { registry: to.into(), from: from.into(), stop: stop.clone(), outcome: None };
        imports.lock().add(id, import);
        stop
    };
    let [there, from, other] = [add("1", "kept", "gone"), add("2", "gone", "kept"), add("3", "kept", "kept")];
    imports.forget("gone");
    assert_eq!([there, from, other].map(|stop| stop.check().is_err()), [true, true, false]);
    assert!(imports.outcome("gone", "1").is_none(), "a later registry of this name has not imported it");
    assert!(imports.outcome("kept", "2").is_some(), "who asked for it is told how it ended");
}
