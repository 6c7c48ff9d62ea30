use super::*;
use alloc::{format, string::ToString, vec};
use proptest::prelude::*;

fn parse(field: &str) -> Vec<Challenge> {
    Challenge::parse_all([field].into_iter(), &Limits::DEFAULT).unwrap()
}

fn basic(realm: &str) -> Challenge {
    Challenge::Basic { realm: realm.into() }
}

fn other(scheme: &str) -> Challenge {
    Challenge::Other { scheme: scheme.into() }
}

/// Empty stands for absent.
fn bearer(realm: &str, service: &str, scope: &str) -> Challenge {
    let option = |text: &str| (!text.is_empty()).then(|| text.to_string());
    Challenge::Bearer { realm: realm.into(), service: option(service), scope: option(scope), error: None }
}

#[test]
fn a11_challenges_as_servers_write_them() {
    let x = || bearer("https://a/t", "s", "repository:n:pull,push");
    for (field, expected) in [
        (r#"Bearer realm="https://a/t",service="s",scope="repository:n:pull,push""#, vec![x()]),
        (r#"bEaReR  REALM = "https://a/t" , Service="s",SCOPE="repository:n:pull,push""#, vec![x()]),
        (r#"Bearer scope="repository:n:pull,push", service="s", realm="https://a/t""#, vec![x()]),
        (r#"Bearer ,realm="https://a/t",,service="s", ,scope="repository:n:pull,push",,"#, vec![x()]),
        (r#"Bearer realm="https://a/t" service="s" scope="repository:n:pull,push""#, vec![x()]),
        (r#"Bearer realm="https:\/\/a/t",service="\s",scope="repository:n:pull,push"#, vec![x()]),
        ("Bearer realm='https://a/t',service='s',scope='repository:n:pull,push'", vec![x()]),
        ("Bearer realm=https://a/t,service=s,scope=repository:n:pull,push", vec![x()]),
        ("Bearer realm=https://a/t,scope=repository:n:pull,push,service=s", vec![x()]),
        (r#"Bearer realm=https://a/t",service="s",scope="repository:n:pull,push""#, vec![x()]),
        (r#"Bearer realm="https://a/t", realm="https://evil/", service="s",scope="repository:n:pull,push""#, vec![x()]),
        ("Bearer realm=https://a/t?x=1&y=2", vec![bearer("https://a/t?x=1&y=2", "", "")]),
        (r#"Bearer realm="https://a/t",service="""#, vec![bearer("https://a/t", "", "")]),
        ("Bearer realm=\"https://a/é\\\"x\"", vec![bearer("https://a/é\"x", "", "")]),
    ] {
        assert_eq!(parse(field), expected, "{field}");
    }
}

#[test]
fn a11_several_challenges_in_one_field() {
    let x = || bearer("https://a/t", "s", "");
    for (field, expected) in [
        (r#"Basic realm="b",Bearer realm="https://a/t",service="s""#, vec![basic("b"), x()]),
        (r#"Bearer realm="https://a/t",service="s", Basic realm="b""#, vec![x(), basic("b")]),
        (r#"Negotiate, Bearer realm="https://a/t",service="s""#, vec![other("Negotiate"), x()]),
        (r#"NTLM TlRMTVNTUAAC/+==, Bearer realm="https://a/t",service="s""#, vec![other("NTLM"), x()]),
        (r#"Negotiate YII=, basic, Bearer realm=https://a/t,service=s"#, vec![other("Negotiate"), basic(""), x()]),
        (r#"Digest realm="a, Basic realm=b", qop="x", Basic realm="c""#, vec![other("Digest"), basic("c")]),
        ("Bearer realm=https://a/t,scope=a:b:pull,basic", vec![bearer("https://a/t", "", "a:b:pull"), basic("")]),
        (
            "Bearer realm=https://a/t,scope=a:b:pull,Custom",
            vec![bearer("https://a/t", "", "a:b:pull"), other("Custom")],
        ),
        (r#"Bearer realm="https://a/t" Basic realm="b""#, vec![bearer("https://a/t", "", "")]),
    ] {
        assert_eq!(parse(field), expected, "{field}");
    }
}

#[test]
fn a11_what_means_nothing_is_left_out() {
    for (field, expected) in [
        ("", vec![]),
        (" , ,, ", vec![]),
        ("=", vec![]),
        ("\"", vec![]),
        ("\"Bearer realm=x\"", vec![]),
        ("realm=\"https://a/t\"", vec![]),
        ("<html>", vec![]),
        ("Bearer", vec![other("Bearer")]),
        ("Bearer realm", vec![other("Bearer")]),
        ("Bearer realm=", vec![other("Bearer")]),
        ("Bearer realm=\"", vec![other("Bearer")]),
        ("Bearer realm=,service=x", vec![other("Bearer")]),
        ("Bearer \"https://a/t\"", vec![other("Bearer")]),
        ("Bearer realm=\"\\", vec![other("Bearer")]),
        ("Bearer =\"https://a/t\"", vec![]),
        ("Béarer realm=x", vec![]),
        ("Basic realm=a b c", vec![basic("a")]),
        ("Basic realm='a", vec![basic("'a")]),
        ("Basic\trealm=\u{a0}", vec![basic("\u{a0}")]),
    ] {
        assert_eq!(parse(field), expected, "{field}");
    }
}

#[test]
fn a11_size_and_number_are_bounded() {
    let error = |field: &str| Challenge::parse_all([field].into_iter(), &Limits::DEFAULT).unwrap_err();
    assert_eq!(error(&format!("Bearer realm=\"{}\"", "x".repeat(100_000))), AuthError::Challenge("too long"));
    assert_eq!(error(&"A,".repeat(65)), AuthError::Challenge("too many challenges"));
    let half = "x".repeat(Limits::DEFAULT.header_bytes / 2 + 1);
    let both = Challenge::parse_all([&*half, &*half].into_iter(), &Limits::DEFAULT);
    assert_eq!(both, Err(AuthError::Challenge("too long")));
    assert_eq!(parse(&"A,".repeat(64)).len(), 64);
}

#[test]
fn a11_fields_do_not_leak_into_each_other() {
    let fields = ["Bearer realm=\"https://a/t", "Basic realm=\"b\"", "realm=\"c\""];
    let all = Challenge::parse_all(fields.into_iter(), &Limits::DEFAULT).unwrap();
    assert_eq!(all, [bearer("https://a/t", "", ""), basic("b")]);
}

#[test]
fn a11_bearer_is_chosen_before_basic() {
    let all = parse("Negotiate, Basic realm=b, Bearer realm=x, Bearer realm=y");
    assert_eq!(choose(&all), Some(&bearer("x", "", "")));
    assert_eq!(choose(&parse("Negotiate, Bearer, Basic realm=b")), Some(&basic("b")));
    assert_eq!(choose(&parse("Negotiate, Bearer")), None);
}

#[test]
fn the_error_is_read() {
    let all = parse(r#"Bearer realm="x",error="invalid_token""#);
    assert!(matches!(&all[..], [Challenge::Bearer { error: Some(e), .. }] if e == "invalid_token"));
}

proptest! {
    #[test]
    fn a11_no_panic(field in r#"(Bearer|basic|realm|scope|é|=|"|'|\\|,| |\t|x){0,40}|.{0,60}"#) {
        let _ = Challenge::parse_all([&*field].into_iter(), &Limits::DEFAULT);
    }

    #[test]
    fn quoted_values_survive(realm in "[ -~é]{1,30}", service in "[ -~]{1,30}") {
        let quote = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let field = format!("Negotiate abc=, Bearer realm=\"{}\", service=\"{}\"", quote(&realm), quote(&service));
        let expected = Challenge::Bearer { realm, service: Some(service), scope: None, error: None };
        prop_assert_eq!(parse(&field), vec![other("Negotiate"), expected]);
    }
}
