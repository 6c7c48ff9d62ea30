//! Image configs.

use portolan::{Cause, ImageConfig, Kind, Limits, ProtocolError};
use serde_json::{Value, json};

fn parse(document: &Value) -> ImageConfig {
    ImageConfig::parse(document.to_string().as_bytes(), &Limits::DEFAULT).unwrap()
}

#[test]
fn everything_may_be_missing_or_null() {
    let keys = ["architecture", "os", "created", "author", "config", "rootfs", "history", "os.features"];
    let nulls = keys.iter().map(|key| ((*key).to_owned(), Value::Null)).collect::<serde_json::Map<_, _>>();
    let run = json!({ "config": { "User": null, "Env": null, "Cmd": null, "Entrypoint": null, "Labels": null, "Volumes": null,
        "ExposedPorts": null, "WorkingDir": null, "Shell": null, "OnBuild": null, "StopSignal": null } });
    for document in [json!({}), Value::Object(nulls), run, json!({ "rootfs": { "diff_ids": null } })] {
        assert_eq!(parse(&document), ImageConfig::default(), "{document}");
    }
}

#[test]
fn docker_and_oci_write_sets_and_words_in_two_ways() {
    let config = parse(&json!({ "config": { "ExposedPorts": { "80/tcp": {}, "53/udp": {} }, "Volumes": ["/a"],
        "Entrypoint": "/run", "Cmd": ["a", "b"], "Labels": { "a": "b", "c": null } } }));
    assert_eq!(config.exposed_ports, ["53/udp", "80/tcp"]);
    assert_eq!(config.volumes, ["/a"]);
    assert_eq!(config.entrypoint, ["/run"]);
    assert_eq!(config.cmd, ["a", "b"]);
    assert_eq!(config.labels["c"], "");
}

#[test]
fn unknown_fields_survive() {
    let config = parse(&json!({ "x": 1, "config": { "Healthcheck": { "Test": ["CMD"] } } }));
    assert_eq!(config.extra["x"], 1);
    assert_eq!(config.config_extra["Healthcheck"]["Test"][0], "CMD");
}

#[test]
fn wrong_types_name_their_place() {
    for (document, expected) in [
        (json!([]), "$"),
        (json!({ "os": 1 }), "$.os"),
        (json!({ "config": "x" }), "$.config"),
        (json!({ "config": { "Env": ["a", 1] } }), "$.config.Env[1]"),
        (json!({ "config": { "Labels": { "a": [] } } }), "$.config.Labels"),
        (json!({ "config": { "Volumes": 1 } }), "$.config.Volumes"),
        (json!({ "history": [{}, 1] }), "$.history[1]"),
        (json!({ "history": [{ "empty_layer": "yes" }] }), "$.history[0].empty_layer"),
        (json!({ "rootfs": { "diff_ids": [1] } }), "$.rootfs.diff_ids[0]"),
    ] {
        let error = ImageConfig::parse(document.to_string().as_bytes(), &Limits::DEFAULT).unwrap_err();
        match error.cause() {
            Cause::Protocol(ProtocolError::Document { path, .. }) => assert_eq!(path, expected),
            other => panic!("{document}: {other}"),
        }
    }
}

#[test]
fn j02_j06_limits_and_digests_hold_here_too() {
    let small = Limits { manifest: 10, ..Limits::DEFAULT };
    assert_eq!(ImageConfig::parse(br#"{"os":"linux"}"#, &small).unwrap_err().kind(), Kind::LimitExceeded);
    let bad = br#"{"rootfs":{"diff_ids":["sha256:../x"]}}"#;
    assert_eq!(ImageConfig::parse(bad, &Limits::DEFAULT).unwrap_err().kind(), Kind::InvalidDigest);
}
