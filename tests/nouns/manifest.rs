//! Manifests: rows J01 to J12 and H10.

use portolan::{Cause, Digest, Error, Kind, Limits, Manifest, ManifestKind, MediaType, ProtocolError};
use serde_json::{Value, json};

const OCI: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const DOCKER: &str = "application/vnd.docker.distribution.manifest.v2+json";

fn parse(document: &Value, content_type: Option<&str>) -> Result<Manifest, Error> {
    Manifest::parse(document.to_string().into_bytes(), content_type, &Limits::DEFAULT)
}

fn kind(document: &Value, content_type: Option<&str>) -> Kind {
    parse(document, content_type).expect_err(&document.to_string()).kind()
}

fn descriptor() -> Value {
    json!({ "mediaType": "application/vnd.oci.empty.v1+json", "digest": Digest::sha256(b"{}"), "size": 2 })
}

fn image() -> Value {
    json!({ "schemaVersion": 2, "config": descriptor(), "layers": [descriptor()] })
}

fn with(mut document: Value, key: &str, value: Value) -> Value {
    document[key] = value;
    document
}

fn document_fault(error: &Error) -> (String, &'static str) {
    match error.cause() {
        Cause::Protocol(ProtocolError::Document { path, reason }) => (path.clone(), *reason),
        other => panic!("{other}"),
    }
}

#[test]
fn j01_truncation_anywhere_is_an_error() {
    let whole = image().to_string();
    for end in 0..whole.len() {
        let error = Manifest::parse(whole[..end].into(), Some(OCI), &Limits::DEFAULT).unwrap_err();
        assert_eq!(error.kind(), Kind::InvalidJson, "cut at {end}");
    }
    let error = Manifest::parse((whole + "{}").into_bytes(), Some(OCI), &Limits::DEFAULT).unwrap_err();
    assert_eq!(error.kind(), Kind::InvalidJson);
}

#[test]
fn j01_other_json_is_no_manifest() {
    for document in
        [json!(null), json!([]), json!("x"), json!(1), json!({}), json!({ "errors": [] }), json!({ "manifests": null })]
    {
        assert_eq!(kind(&document, Some("application/json")), Kind::InvalidDocument, "{document}");
    }
}

#[test]
fn j02_size_is_bounded() {
    let limits = Limits { manifest: 100, ..Limits::DEFAULT };
    let error = Manifest::parse(vec![b' '; 101], None, &limits).unwrap_err();
    assert_eq!(error.kind(), Kind::LimitExceeded);
}

#[test]
fn j02_descriptors_are_counted_before_they_are_read() {
    let limits = Limits { descriptors: 3, ..Limits::DEFAULT };
    let layers = |n: usize| with(image(), "layers", vec![Value::Null; n].into()).to_string().into_bytes();
    assert_eq!(Manifest::parse(layers(3), None, &limits).unwrap_err().kind(), Kind::LimitExceeded);
    assert_eq!(Manifest::parse(layers(2), None, &limits).unwrap_err().kind(), Kind::InvalidDocument);
    let index = json!({ "manifests": vec![descriptor(); 4] }).to_string().into_bytes();
    assert_eq!(Manifest::parse(index, None, &limits).unwrap_err().kind(), Kind::LimitExceeded);
}

#[test]
fn j03_j04_the_json_rules_hold_for_manifests() {
    let deep = format!("{{\"layers\":{}", "[".repeat(100_000));
    assert_eq!(Manifest::parse(deep.into(), None, &Limits::DEFAULT).unwrap_err().kind(), Kind::LimitExceeded);
    let twice = br#"{"layers":[],"config":{},"layers":[]}"#;
    assert_eq!(Manifest::parse(twice.to_vec(), None, &Limits::DEFAULT).unwrap_err().kind(), Kind::InvalidJson);
}

#[test]
fn j05_two_readings_are_refused() {
    let empty = || json!([]);
    for (document, content_type) in [
        (with(image(), "manifests", empty()), None),
        (with(image(), "manifests", empty()), Some(OCI)),
        (with(image(), "manifests", empty()), Some(INDEX)),
        (json!({ "manifests": [], "layers": [] }), None),
        (json!({ "manifests": [], "config": descriptor() }), None),
        (json!({ "manifests": [], "fsLayers": [] }), None),
        (with(image(), "fsLayers", empty()), None),
        (with(image(), "mediaType", OCI.into()), Some(INDEX)),
        (with(image(), "mediaType", OCI.into()), Some(DOCKER)),
        (with(image(), "mediaType", OCI.into()), Some("application/vnd.acme+json")),
        (with(image(), "mediaType", "application/vnd.acme+json".into()), Some(OCI)),
        (with(image(), "mediaType", INDEX.into()), None),
        (image(), Some(INDEX)),
        (json!({ "manifests": [] }), Some(OCI)),
        (json!({ "manifests": [], "mediaType": OCI }), None),
    ] {
        assert_eq!(kind(&document, content_type), Kind::AmbiguousManifest, "{content_type:?} {document}");
    }
}

#[test]
fn j05_generic_types_are_no_conflict() {
    let own = with(image(), "mediaType", DOCKER.into());
    for content_type in [
        None,
        Some(""),
        Some("application/json"),
        Some("application/json; charset=utf-8"),
        Some("text/plain;charset=UTF-8"),
        Some("application/octet-stream"),
        Some("binary/octet-stream"),
        Some(DOCKER),
        Some("Application/VND.docker.distribution.manifest.V2+json ; charset=utf-8"),
    ] {
        let manifest = parse(&own, content_type).unwrap_or_else(|e| panic!("{content_type:?}: {e}"));
        assert_eq!(manifest.media_type(), &MediaType::DOCKER_MANIFEST);
        assert!(manifest.image().is_some());
    }
}

#[test]
fn a_missing_type_is_taken_from_the_header_and_then_the_shape() {
    assert_eq!(parse(&image(), Some(DOCKER)).unwrap().media_type().as_str(), DOCKER);
    assert_eq!(parse(&image(), None).unwrap().media_type().as_str(), OCI);
    assert_eq!(parse(&json!({ "manifests": [] }), Some("text/plain")).unwrap().media_type().as_str(), INDEX);
    let null = json!({ "manifests": null });
    assert_eq!(parse(&null, Some(INDEX)).unwrap().index().unwrap().manifests, []);
}

#[test]
fn j06_bad_digests_never_become_descriptors() {
    for digest in ["", "sha256", "sha256:", "sha256:../x", "sha256:abc", "SHA256:ab", "sha256:/etc/passwd", "x:%2e%2e"]
    {
        let bad = with(descriptor(), "digest", digest.into());
        for document in [
            with(image(), "config", bad.clone()),
            with(image(), "layers", json!([descriptor(), bad])),
            with(image(), "subject", bad.clone()),
            json!({ "manifests": [bad] }),
        ] {
            assert_eq!(kind(&document, None), Kind::InvalidDigest, "{document}");
        }
    }
}

#[test]
fn j07_sizes_that_are_none_name_their_place() {
    for (size, reason) in [
        (json!(-1), "negative"),
        (json!(1.5), "not a whole number"),
        (json!(2.0), "not a whole number"),
        (json!("2"), "not a number"),
        (json!(true), "not a number"),
        (json!([]), "not a number"),
        (json!(null), "missing"),
        (json!(9_223_372_036_854_775_808_u64), "more than 2^63 - 1"),
        (json!(1e300), "not a whole number"),
    ] {
        let layers = json!([descriptor(), with(descriptor(), "size", size)]);
        let error = parse(&with(image(), "layers", layers), None).unwrap_err();
        assert_eq!(document_fault(&error), ("$.layers[1].size".into(), reason));
    }
}

#[test]
fn j07_huge_sizes_are_carried() {
    let huge = with(descriptor(), "size", (1_u64 << 62).into());
    let manifest = parse(&with(image(), "layers", json!([huge, huge])), None).unwrap();
    let image = manifest.image().unwrap();
    assert_eq!(image.layers[0].size, 1 << 62);
    assert_eq!(image.layers_size(), Some(1 << 63));
    let four = parse(&with(self::image(), "layers", json!([huge, huge, huge, huge])), None).unwrap();
    assert_eq!(four.image().unwrap().layers_size(), None);
}

#[test]
fn j08_bytes_are_checked_against_what_was_asked_for() {
    let manifest = parse(&image(), None).unwrap();
    let own = Digest::sha256(manifest.bytes());
    assert_eq!(manifest.digest(), &own);
    assert!(manifest.clone().with_expected(&own).is_ok());

    let other = Digest::sha256(b"other");
    assert_eq!(manifest.clone().with_expected(&other).unwrap_err().kind(), Kind::DigestMismatch);

    let wrong512 = format!("sha512:{}", "0".repeat(128)).parse().unwrap();
    let error = manifest.clone().with_expected(&wrong512).unwrap_err();
    assert_eq!(error.kind(), Kind::DigestMismatch);
    let actual = match error.cause() {
        Cause::Integrity(portolan::IntegrityError::Digest { actual, .. }) => actual.parse::<Digest>().unwrap(),
        other => panic!("{other}"),
    };
    assert_eq!(actual.algorithm(), "sha512");
    assert_eq!(manifest.clone().with_expected(&actual).unwrap().digest(), &actual);

    let unknown = "blake3:00".parse().unwrap();
    assert_eq!(manifest.with_expected(&unknown).unwrap_err().kind(), Kind::InvalidDigest);
}

#[test]
fn j09_white_space_belongs_to_the_bytes() {
    let text = format!("\n {} \n", image());
    let manifest = Manifest::parse(text.clone().into_bytes(), None, &Limits::DEFAULT).unwrap();
    assert_eq!(manifest.bytes(), text.as_bytes());
    assert_eq!(manifest.size(), text.len() as u64);
    assert_ne!(manifest.digest(), parse(&image(), None).unwrap().digest());
}

#[test]
fn j11_unknown_types_are_opaque() {
    let document =
        json!({ "mediaType": "application/vnd.acme.thing+json", "manifests": 1, "layers": "x", "schemaVersion": 1 });
    let manifest = parse(&document, None).unwrap();
    assert_eq!(manifest.media_type().as_str(), "application/vnd.acme.thing+json");
    assert!(matches!(manifest.kind(), ManifestKind::Opaque(fields) if fields["manifests"] == 1));
    assert!(parse(&image(), Some("application/vnd.acme.thing+json")).unwrap().image().is_none());
}

#[test]
fn j11_schema_1_is_unsupported() {
    let bare = json!({ "schemaVersion": 1, "fsLayers": [], "history": [] });
    let types = [
        "application/vnd.docker.distribution.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v1+prettyjws",
    ];
    for content_type in [None, Some("application/json"), Some(types[0]), Some(types[1]), Some(DOCKER)] {
        assert_eq!(kind(&bare, content_type), Kind::Unsupported, "{content_type:?}");
    }
    for version in [json!(0), json!(3), json!("2"), json!(2.5), json!({})] {
        assert_eq!(kind(&with(image(), "schemaVersion", version), None), Kind::InvalidDocument);
    }
}

#[test]
fn j12_embedded_data_counts_only_if_it_is_the_content() {
    for (data, kept) in [
        (json!("e30="), true),
        (json!("W10="), false),
        (json!("e30"), false),
        (json!(5), false),
        (json!("e30gIA=="), false),
    ] {
        let config = with(descriptor(), "data", data);
        let manifest = parse(&with(image(), "config", config), None).unwrap();
        assert_eq!(manifest.image().unwrap().config.data.as_deref(), kept.then_some(&b"{}"[..]));
    }
}

#[test]
fn h10_pages_are_no_manifests() {
    for content_type in [
        "text/html",
        "text/html; charset=utf-8",
        "TEXT/HTML",
        "application/xhtml+xml",
        "image/png",
        "text/xml",
        "nonsense",
    ] {
        assert_eq!(kind(&image(), Some(content_type)), Kind::UnexpectedContentType, "{content_type}");
    }
    let error = parse(&image(), Some("text/html;\u{1b}[31m\u{202e}")).unwrap_err().to_string();
    assert!(!error.contains(['\u{1b}', '\u{202e}']), "{error:?}");
}

#[test]
fn faults_name_their_place() {
    for (document, path) in [
        (json!({ "layers": [] }), "$.config"),
        (with(image(), "config", json!([])), "$.config"),
        (with(image(), "layers", json!({})), "$.layers"),
        (with(image(), "layers", json!([null])), "$.layers[0]"),
        (with(image(), "layers", json!([with(descriptor(), "mediaType", json!("no type"))])), "$.layers[0].mediaType"),
        (with(image(), "layers", json!([with(descriptor(), "mediaType", json!(null))])), "$.layers[0].mediaType"),
        (with(image(), "layers", json!([with(descriptor(), "digest", json!(7))])), "$.layers[0].digest"),
        (with(image(), "layers", json!([with(descriptor(), "urls", json!(["a", 1]))])), "$.layers[0].urls[1]"),
        (with(image(), "annotations", json!({ "a": 1 })), "$.annotations"),
        (with(image(), "mediaType", json!(7)), "$.mediaType"),
        (with(image(), "artifactType", json!("\u{1b}[31m")), "$.artifactType"),
        (
            json!({ "manifests": [with(descriptor(), "platform", json!({ "os": "li\u{202e}nux" }))] }),
            "$.manifests[0].platform.os",
        ),
        (json!({ "manifests": [with(descriptor(), "platform", json!("linux"))] }), "$.manifests[0].platform"),
    ] {
        assert_eq!(document_fault(&parse(&document, None).unwrap_err()).0, path, "{document}");
    }
}

#[test]
fn indexes_are_searched_in_order() {
    let entry = |n: u8, platform: &str| {
        let mut parts = platform.split('/');
        let mut platform = json!({ "os": parts.next(), "architecture": parts.next() });
        if let Some(variant) = parts.next() {
            platform["variant"] = variant.into();
        }
        with(with(descriptor(), "size", n.into()), "platform", platform)
    };
    let entries = ["linux/amd64", "linux/amd64", "linux/arm/v5", "linux/arm/v6", "linux/arm64/v8", "unknown/unknown"];
    let manifests: Vec<_> = (0..).zip(entries).map(|(n, platform)| entry(n, platform)).chain([descriptor()]).collect();
    let manifest = parse(&json!({ "manifests": manifests }), None).unwrap();
    let index = manifest.index().unwrap();
    let select = |platform: &str| index.select(&platform.parse().unwrap()).map(|found| found.size);
    assert_eq!(select("linux/x86_64"), Some(0));
    assert_eq!(select("linux/arm/v7"), Some(3));
    assert_eq!(select("linux/arm/v5"), Some(2));
    assert_eq!(select("linux/aarch64"), Some(4));
    assert_eq!(select("linux/s390x"), None);
    assert_eq!(index.platforms().count(), 5);
}
