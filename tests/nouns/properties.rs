//! What holds for every input.

use portolan::{
    Digest, ImageConfig, ImageLayers, Limits, Manifest, MediaType, Platform, Reference, ReferenceTarget, RegistryHost,
    RepositoryName, Tag, Verifier, command,
};
use proptest::{collection::vec, option, prelude::*};
use serde_json::Value;

const COMPONENT: &str = "[a-z0-9]{1,6}((\\.|_|__|-{1,3})[a-z0-9]{1,4}){0,2}";
const HOST: &str = "([a-z][a-z0-9-]{0,8}[a-z0-9]\\.){1,3}[a-z]{2,6}(:[1-9][0-9]{0,3})?|localhost|\\[::1\\]:5000";
const TAG: &str = "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}";
const DIGEST: &str =
    "sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}|[a-z]{4}[0-9]([+._-][a-z0-9]{1,4}){0,2}:[a-zA-Z0-9=_-]{1,64}";
/// Near misses: what references are made of, and what must not get through.
const NEAR: &str = "[a-zA-Z0-9:/@._\\-\\[\\]%?# \\\\\\r\\n\u{e9}\u{202e}]{0,40}";

proptest! {
    #[test]
    fn references_round_trip(
        host in option::of(HOST), path in vec(COMPONENT, 1..4), tag in option::of(TAG), digest in option::of(DIGEST),
    ) {
        let mut text = path.join("/");
        // Without a host, a first component with a dot would be one.
        text = format!("{}/{text}", host.as_deref().unwrap_or("team"));
        if let Some(tag) = &tag { text += &format!(":{tag}"); }
        if let Some(digest) = &digest { text += &format!("@{digest}"); }
        let parsed: Reference = text.parse().unwrap();
        prop_assert_eq!(parsed.digest().map(|d| d.to_string()), digest);
        if let Some(tag) = tag { prop_assert_eq!(parsed.tag().unwrap().as_str(), tag); }
        if let Some(host) = host { prop_assert_eq!(parsed.host().as_str(), host); }
        prop_assert_eq!(&parsed.to_string().parse::<Reference>().unwrap(), &parsed);
        prop_assert_eq!(&parsed.familiar().parse::<Reference>().unwrap(), &parsed);
        let json = serde_json::to_string(&parsed).unwrap();
        prop_assert_eq!(serde_json::from_str::<Reference>(&json).unwrap(), parsed);
    }

    #[test]
    fn n01_what_parses_is_safe_in_an_address(text in NEAR) {
        if let Ok(reference) = text.parse::<Reference>() {
            let full = reference.to_string();
            prop_assert_eq!(&full.parse::<Reference>().unwrap(), &reference);
            prop_assert!(full.bytes().all(|b| b.is_ascii_graphic() && !b"%?#\\".contains(&b)));
            prop_assert!(!full.contains("..") || full.contains(':'));
            prop_assert!(!reference.repository().components().any(|c| c.is_empty() || c.starts_with('.')));
        }
    }

    #[test]
    fn digests_round_trip(text in DIGEST) {
        let digest: Digest = text.parse().unwrap();
        prop_assert_eq!(format!("{}:{}", digest.algorithm(), digest.encoded()), text.as_str());
        prop_assert_eq!(digest.to_string(), text);
        prop_assert!(Tag::for_referrers(&digest).as_str().parse::<Tag>().is_ok());
    }

    #[test]
    fn platforms_round_trip(text in "[a-z]{1,8}/[a-z0-9_]{1,8}(/[a-z0-9.]{1,4})?") {
        let platform: Platform = text.parse().unwrap();
        prop_assert_eq!(platform.to_string(), text);
        prop_assert!(platform.matches(&platform));
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = text.parse::<Digest>();
        let _ = text.parse::<MediaType>();
        let _ = text.parse::<Platform>();
        let _ = text.parse::<Reference>();
        let _ = text.parse::<ReferenceTarget>();
        let _ = text.parse::<RegistryHost>();
        let _ = text.parse::<RepositoryName>();
        let _ = command(&text);
    }

    #[test]
    fn any_split_hashes_alike(bytes in vec(any::<u8>(), 0..2_000), cuts in vec(any::<prop::sample::Index>(), 0..6)) {
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).chain([0, bytes.len()]).collect();
        cuts.sort_unstable();
        let mut verifier = Verifier::new(&Digest::sha256(&bytes), Some(bytes.len() as u64)).unwrap();
        for pair in cuts.windows(2) {
            verifier.update(&bytes[pair[0]..pair[1]]).unwrap();
            prop_assert_eq!(verifier.position(), pair[1] as u64);
        }
        prop_assert!(verifier.finish().is_ok());
    }

    #[test]
    fn no_bytes_panic(bytes in vec(any::<u8>(), 0..300)) {
        let _ = ImageConfig::parse(&bytes, &Limits::DEFAULT);
        let _ = Manifest::parse(bytes, None, &Limits::DEFAULT);
    }

    #[test]
    fn no_document_panics(manifest in document(), config in document()) {
        let config = ImageConfig::parse(config.to_string().as_bytes(), &Limits::DEFAULT);
        if let Ok(manifest) = Manifest::parse(manifest.to_string().into_bytes(), None, &Limits::DEFAULT) {
            prop_assert!(serde_json::to_vec(&manifest).is_ok());
            if let (Some(image), Ok(config)) = (manifest.image(), &config) {
                prop_assert_eq!(ImageLayers::join(image, config).rows().len(), image.layers.len());
            }
        }
    }
}

/// Documents with the right words in wrong and right places.
fn document() -> impl Strategy<Value = Value> {
    let digest = Digest::sha256(b"{}").to_string();
    let word = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::from("application/vnd.oci.image.manifest.v1+json")),
        Just(Value::from("application/vnd.oci.image.index.v1+json")),
        Just(Value::from("e30=")),
        Just(Value::from(digest.clone())),
        "[a-z/:]{0,8}".prop_map(Value::from),
        Just(serde_json::json!({ "mediaType": "a/b", "digest": digest, "size": 2 })),
    ];
    let key = prop::sample::select(KEYS).prop_map(str::to_owned);
    word.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((key.clone(), inner), 0..8).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

const KEYS: &[&str] = &[
    "schemaVersion",
    "mediaType",
    "config",
    "layers",
    "manifests",
    "subject",
    "annotations",
    "artifactType",
    "digest",
    "size",
    "platform",
    "urls",
    "data",
    "os",
    "architecture",
    "variant",
    "os.version",
    "os.features",
    "history",
    "rootfs",
    "diff_ids",
    "created_by",
    "empty_layer",
    "Env",
    "Cmd",
    "Entrypoint",
    "Labels",
    "ExposedPorts",
    "Volumes",
];
