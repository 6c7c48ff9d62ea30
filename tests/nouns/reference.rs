//! References as people write them.

use portolan::{Digest, Kind, Reference, ReferenceTarget, RegistryHost};

fn parse(text: &str) -> Reference {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn short_names_mean_docker_hub() {
    for (text, full, familiar) in [
        ("alpine", "docker.io/library/alpine:latest", "alpine:latest"),
        ("alpine:3.19", "docker.io/library/alpine:3.19", "alpine:3.19"),
        ("docker.io/alpine", "docker.io/library/alpine:latest", "alpine:latest"),
        ("index.docker.io/library/alpine", "docker.io/library/alpine:latest", "alpine:latest"),
        ("grafana/loki:3", "docker.io/grafana/loki:3", "grafana/loki:3"),
        ("docker.io/library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest"),
        ("docker.io/a.b/c", "docker.io/a.b/c:latest", "docker.io/a.b/c:latest"),
        ("localhost/app", "localhost/app:latest", "localhost/app:latest"),
        ("localhost:5000/app:1", "localhost:5000/app:1", "localhost:5000/app:1"),
        ("host:5000/app", "host:5000/app:latest", "host:5000/app:latest"),
        ("[::1]:5000/a/b:x", "[::1]:5000/a/b:x", "[::1]:5000/a/b:x"),
        ("Registry.Example/app", "registry.example/app:latest", "registry.example/app:latest"),
        ("my.azurecr.io/a", "my.azurecr.io/a:latest", "my.azurecr.io/a:latest"),
    ] {
        let reference = parse(text);
        assert_eq!(reference.to_string(), full);
        assert_eq!(reference.familiar(), familiar);
        assert_eq!(parse(full), reference);
        assert_eq!(parse(familiar), reference);
    }
}

#[test]
fn the_digest_decides_and_the_tag_is_kept() {
    let digest = Digest::sha256(b"x");
    let both = parse(&format!("r.example/app:1@{digest}"));
    assert_eq!(both.tag().unwrap().as_str(), "1");
    assert_eq!(both.target(), ReferenceTarget::Digest(digest.clone()));
    assert_eq!(both.to_string(), format!("r.example/app:1@{digest}"));

    let only = parse(&format!("r.example/app@{digest}"));
    assert_eq!((only.tag(), only.digest()), (None, Some(&digest)));
    assert_eq!(both.at(digest), only);
    assert_eq!(only.at(portolan::Tag::latest()).to_string(), "r.example/app:latest");
}

#[test]
fn n01_references_that_are_none() {
    let long = |n: usize| "a".repeat(n);
    for text in [
        "",
        "/",
        ":",
        "@",
        "a@",
        "a:",
        ":a",
        "@a",
        "r.example/",
        "/a",
        "r.example//a",
        "https://r.example/a",
        "http://r.example/a",
        "oci://r.example/a",
        "docker://alpine",
        "user@r.example/a",
        "user:pass@r.example/a",
        "r.example/a b",
        " alpine",
        "alpine ",
        "alpine\n",
        "alp\rine",
        "a\tb",
        "a\0b",
        "a%2fb",
        "a?x=1",
        "a#x",
        "a\\b",
        "r.example\\a",
        "../a",
        "r.example/../a",
        "r.example/a/..",
        "r.example/./a",
        "..",
        ".",
        "r.example/A",
        "Team/app",
        "a:tag:tag",
        "a:-x",
        "a:.x",
        "a:x/y",
        "a@sha256:abc",
        "a@sha256:",
        "a@@sha256:x",
        "r.example:0/a",
        "r.example:99999/a",
        "r.example:/a",
        "r.example:+1/a",
        "r_.example:x/a",
        "[::1/a",
        "[::1]x/a",
        "::1/a",
        "127.1/a",
        "0x7f.1/a",
        "\u{430}lpine",
        "r.ex\u{e4}mple/a",
        "-r.example/a",
        "a\u{202e}b",
    ] {
        let error = text.parse::<Reference>().expect_err(text);
        assert!(matches!(portolan::Error::from(error).kind(), Kind::InvalidReference | Kind::InvalidDigest), "{text}");
    }
    for text in [
        long(256),
        format!("r.example/{}", long(246)),
        format!("a:{}", long(129)),
        format!("{}.example/a", long(64)),
        format!("a@x:{}", long(300)),
        format!("{}a", "a/".repeat(100_000)),
    ] {
        assert!(text.parse::<Reference>().is_err(), "{} bytes", text.len());
    }
    assert!(format!("r.example/{}", long(245)).parse::<Reference>().is_ok());
}

#[test]
fn n02_only_local_names_are_local() {
    for (text, local) in [
        ("localhost/a", true),
        ("localhost:5000/a", true),
        ("x.localhost/a", true),
        ("127.0.0.1:5000/a", true),
        ("[::1]/a", true),
        ("localhost.example.com/a", false),
        ("localhost.localdomain/a", false),
        ("127.0.0.1.example/a", false),
        ("mylocalhost:5000/a", false),
        ("192.168.0.1/a", false),
    ] {
        let reference = parse(text);
        assert_eq!(reference.host().is_loopback(), local, "{text}");
        assert!(reference.host().origin(false).to_string().starts_with("https://"));
    }
}

#[test]
fn bare_hosts_need_a_port_in_references() {
    let bare: RegistryHost = "registry".parse().unwrap();
    assert_eq!(bare.origin(true).to_string(), "http://registry");
    assert!(Reference::new(bare, "app".parse().unwrap(), None, None).is_err());
    let port: RegistryHost = "registry:5000".parse().unwrap();
    let reference = Reference::new(port, "app".parse().unwrap(), None, None).unwrap();
    assert_eq!(parse(&reference.to_string()), reference);
}

#[test]
fn one_component_on_docker_hub_is_an_official_image() {
    let hub = RegistryHost::docker_hub();
    let reference = Reference::new(hub, "alpine".parse().unwrap(), None, None).unwrap();
    assert_eq!(reference.repository().as_str(), "library/alpine");
}

#[test]
fn targets_tell_tags_from_digests() {
    assert!("1.0".parse::<ReferenceTarget>().unwrap().tag().is_some());
    let digest = Digest::sha256(b"");
    assert_eq!(digest.as_str().parse::<ReferenceTarget>().unwrap().digest(), Some(&digest));
    for text in ["", "a/b", "sha256:../x", "a:b:c", "..", "?x"] {
        assert!(text.parse::<ReferenceTarget>().is_err(), "{text}");
    }
}
