//! The program beside skopeo, field by field, on every tag of a filled `docker-registry`. `cargo xtask test` starts one and
//! names its description file in the environment.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]
#![allow(clippy::print_stderr, reason = "a test that does not run says so")]

use portolan::Digest;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    env, fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Command,
};

/// Where the registry is; nothing if it was not started.
fn registry() -> Option<String> {
    let Some(file) = env::var_os("PORTOLAN_TEST_INFO_NONE") else {
        assert!(env::var_os("PORTOLAN_REQUIRE_REGISTRY").is_none(), "no registry was started");
        eprintln!("not run: PORTOLAN_TEST_INFO_NONE names no registry");
        return None;
    };
    let info: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    Some(info["url"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned())
}

fn portolan(args: &[&str]) -> Value {
    let out =
        Command::new(env!("CARGO_BIN_EXE_portolan")).args(args).args(["--json", "--plain-http"]).output().unwrap();
    assert!(out.status.success(), "portolan {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

/// What skopeo writes; nothing where it gives up, as on artifacts that are no image.
fn skopeo(args: &[&str]) -> Option<Vec<u8>> {
    let out = Command::new("skopeo").args(args).output().expect("skopeo is installed");
    out.status.success().then_some(out.stdout)
}

fn skopeo_json(args: &[&str]) -> Option<Value> {
    skopeo(args).map(|text| serde_json::from_slice(&text).unwrap())
}

fn inspect(platform: &[String], how: &[&str], reference: &str) -> Option<Value> {
    let image = format!("docker://{reference}");
    let mut args: Vec<&str> = platform.iter().map(String::as_str).collect();
    args.extend(["inspect", "--tls-verify=false"]);
    args.extend(how);
    args.push(&image);
    skopeo_json(&args)
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().map(|list| list.iter().map(|text| text.as_str().unwrap()).collect()).unwrap_or_default()
}

#[test]
fn repositories_are_those_of_the_catalog() {
    let Some(host) = registry() else { return };
    let mut stream = TcpStream::connect(&host).unwrap();
    write!(stream, "GET /v2/_catalog?n=1000 HTTP/1.0\r\nHost: {host}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let catalog: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    let listed = portolan(&["repos", &host]);
    assert_eq!(listed["repositories"], catalog["repositories"]);
    assert!(strings(&listed["repositories"]).len() >= 12, "the registry was filled: {listed}");
    assert_eq!((&listed["skipped"], listed.get("truncated")), (&Value::from(0), None));
}

#[test]
fn tags_manifests_configs_and_layers_agree() {
    let Some(host) = registry() else { return };
    let mut compared = Compared::default();
    for repository in strings(&portolan(&["repos", &host])["repositories"]) {
        let name = format!("{host}/{repository}");
        let listed = portolan(&["tags", &name]);
        let tags = skopeo_json(&["list-tags", "--tls-verify=false", &format!("docker://{name}")]).unwrap();
        assert_eq!((&listed["tags"], &listed["repository"]), (&tags["Tags"], &tags["Repository"]));
        let mut seen = BTreeMap::new();
        for tag in strings(&listed["tags"]) {
            compare(&format!("{name}:{tag}"), &mut seen, &mut compared);
        }
    }
    eprintln!("compared with skopeo: {compared:?}");
    assert!(
        compared.tags > 20 && compared.images > 10 && compared.indexes > 0 && compared.artifacts > 0,
        "{compared:?}"
    );
}

#[derive(Debug, Default)]
struct Compared {
    tags: usize,
    images: usize,
    indexes: usize,
    artifacts: usize,
}

/// Tags that name the same manifest are compared once beyond their digest.
fn compare(reference: &str, seen: &mut BTreeMap<String, String>, compared: &mut Compared) {
    compared.tags += 1;
    let raw = skopeo(&["inspect", "--tls-verify=false", "--raw", &format!("docker://{reference}")]).unwrap();
    let ours = portolan(&["inspect", reference]);
    let digest = Digest::sha256(&raw).to_string();
    assert_eq!(ours["digest"], digest.as_str(), "{reference}");
    assert_eq!(ours["size"], raw.len(), "{reference}");
    if seen.insert(digest.clone(), reference.to_owned()).is_some() {
        return;
    }
    let raw: Value = serde_json::from_slice(&raw).unwrap();
    for (our, their) in [("mediaType", "mediaType"), ("artifactType", "artifactType")] {
        assert!(raw[their].is_null() || ours[our] == raw[their], "{reference}: {our}");
    }
    assert_eq!(ours["annotations"].as_object().unwrap().len(), raw["annotations"].as_object().map_or(0, |a| a.len()));
    assert_eq!(ours["subject"]["digest"], raw["subject"]["digest"], "{reference}");
    match ours["kind"].as_str().unwrap() {
        "index" => {
            compared.indexes += 1;
            compare_index(reference, &digest, &ours, &raw, compared);
        }
        _ => compare_manifest(reference, &[], &ours, &raw, compared),
    }
}

fn compare_index(reference: &str, digest: &str, ours: &Value, raw: &Value, compared: &mut Compared) {
    assert_eq!(descriptors(&ours["manifests"]), descriptors(&raw["manifests"]), "{reference}");
    for entry in raw["manifests"].as_array().unwrap() {
        let platform = &entry["platform"];
        let (Some(os), Some(architecture)) = (platform["os"].as_str(), platform["architecture"].as_str()) else {
            continue;
        };
        if os == "unknown" {
            continue;
        }
        let mut theirs = vec!["--override-os".to_owned(), os.into(), "--override-arch".into(), architecture.into()];
        let mut wanted = format!("{os}/{architecture}");
        if let Some(variant) = platform["variant"].as_str() {
            theirs.extend(["--override-variant".to_owned(), variant.into()]);
            wanted = format!("{wanted}/{variant}");
        }
        assert!(strings(&ours["platforms"]).contains(&wanted.as_str()), "{reference}: {wanted}");
        let image = portolan(&["inspect", reference, "--platform", &wanted]);
        assert_eq!(
            (image["index"].as_str(), &image["digest"]),
            (Some(digest), &entry["digest"]),
            "{reference} {wanted}"
        );
        let repository = reference.rsplit_once(':').unwrap().0;
        let pinned = format!("{repository}@{}", entry["digest"].as_str().unwrap());
        let raw = inspect(&[], &["--raw"], &pinned).unwrap();
        compare_manifest(reference, &theirs, &image, &raw, compared);
    }
}

/// An image or artifact against its raw manifest, what skopeo makes of it, and its config.
fn compare_manifest(reference: &str, platform: &[String], ours: &Value, raw: &Value, compared: &mut Compared) {
    assert_eq!(descriptors(&ours["layers"]), descriptors(&raw["layers"]), "{reference}");
    assert_eq!(ours["config"]["digest"], raw["config"]["digest"], "{reference}");
    assert_eq!(ours["config"]["size"], raw["config"]["size"], "{reference}");
    let layers = layers(reference, platform);
    assert_eq!(descriptors(&layers), descriptors(&raw["layers"]), "{reference}");
    if !raw["config"]["mediaType"].as_str().unwrap().contains("image") {
        compared.artifacts += 1;
        assert!(layers.as_array().unwrap().iter().all(|layer| layer["command"].is_null()), "{reference}");
        return;
    }
    compared.images += 1;
    let image = inspect(platform, &[], reference).unwrap();
    let theirs: Vec<&str> = strings(&image["Layers"]);
    let digests: Vec<&str> = ours["layers"].as_array().unwrap().iter().map(|l| l["digest"].as_str().unwrap()).collect();
    assert_eq!(digests, theirs, "{reference}");
    let config = &ours["config"];
    assert_eq!(config["architecture"].as_str().unwrap_or_default(), image["Architecture"], "{reference}");
    assert_eq!(config["os"].as_str().unwrap_or_default(), image["Os"], "{reference}");
    assert_eq!(strings(&config["env"]), strings(&image["Env"]), "{reference}");
    let labels = image["Labels"].as_object().cloned().unwrap_or_default();
    assert_eq!(config["labels"].as_object().unwrap(), &labels, "{reference}");
    let whole = inspect(platform, &["--config"], reference).unwrap();
    compare_config(reference, config, &whole);
    compare_history(reference, &layers, &whole);
}

fn compare_config(reference: &str, ours: &Value, theirs: &Value) {
    for name in ["created", "author", "variant"] {
        // skopeo leaves empty texts out.
        let text = |config: &'_ Value| config[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(text(ours), text(theirs), "{reference}: {name}");
    }
    let run = &theirs["config"];
    for (our, their) in [("user", "User"), ("workingDir", "WorkingDir"), ("stopSignal", "StopSignal")] {
        assert_eq!(
            ours[our].as_str().unwrap_or_default(),
            run[their].as_str().unwrap_or_default(),
            "{reference}: {our}"
        );
    }
    for (our, their) in [("entrypoint", "Entrypoint"), ("cmd", "Cmd")] {
        assert_eq!(strings(&ours[our]), strings(&run[their]), "{reference}: {our}");
    }
    for (our, their) in [("exposedPorts", "ExposedPorts"), ("volumes", "Volumes")] {
        let keys: Vec<&str> =
            run[their].as_object().map(|o| o.keys().map(String::as_str).collect()).unwrap_or_default();
        assert_eq!(strings(&ours[our]), keys, "{reference}: {our}");
    }
}

/// Each layer's `diffId`, `created` and command are those of the config's entry for it; where the counts differ, nothing
/// is guessed.
fn compare_history(reference: &str, layers: &Value, config: &Value) {
    let layers = layers.as_array().unwrap();
    let none = Vec::new();
    let history = config["history"].as_array().unwrap_or(&none);
    let entries: Vec<&Value> = history.iter().filter(|entry| entry["empty_layer"] != true).collect();
    let diff_ids = strings(&config["rootfs"]["diff_ids"]);
    for (number, layer) in layers.iter().enumerate() {
        let diff_id = diff_ids.get(number).filter(|_| diff_ids.len() == layers.len());
        assert_eq!(layer["diffId"].as_str(), diff_id.copied(), "{reference}: layer {number}");
        let entry = entries.get(number).filter(|_| entries.len() == layers.len());
        let created = entry.and_then(|entry| entry["created"].as_str());
        assert_eq!(layer["created"].as_str(), created, "{reference}: layer {number}");
        let written = entry.and_then(|entry| entry["created_by"].as_str()).map(essence).filter(|text| !text.is_empty());
        match (layer["command"].as_str(), written) {
            (None, None) => {}
            (Some(command), Some(written)) => {
                assert!(command.ends_with(written), "{reference}: layer {number}: {command:?}, {written:?}");
            }
            other => panic!("{reference}: layer {number}: {other:?}"),
        }
    }
}

/// A command without what builders put around it.
fn essence(created_by: &str) -> &str {
    let mut text = created_by.trim();
    for prefix in ["RUN ", "/bin/sh -c ", "#(nop) "] {
        text = text.strip_prefix(prefix).unwrap_or(text).trim_start();
    }
    text.strip_suffix("# buildkit").unwrap_or(text).trim()
}

fn layers(reference: &str, platform: &[String]) -> Value {
    let wanted: Vec<&str> = platform.iter().skip(1).step_by(2).map(String::as_str).collect();
    let wanted = wanted.join("/");
    match wanted.as_str() {
        "" => portolan(&["layers", reference]),
        wanted => portolan(&["layers", reference, "--platform", wanted]),
    }
}

/// What names content, in order: digest, size, media type.
fn descriptors(list: &Value) -> Vec<(&str, u64, &str)> {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let parts = list.iter().map(|d| Some((d["digest"].as_str()?, d["size"].as_u64()?, d["mediaType"].as_str()?)));
    parts.collect::<Option<_>>().unwrap_or_else(|| panic!("{list:?}"))
}
