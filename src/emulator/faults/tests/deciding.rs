//! Which rule a request meets, which region a request is sent to, and what is no faults file.

use crate::emulator::{
    faults::{Endpoint, Faults, How, Kind, Link, decide::Asked},
    options::Order,
};
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use axum::http::Method;
use core::time::Duration;
use serde_json::{Value, json};
use tokio::time::advance;

fn faults(document: &Value) -> Faults {
    let faults = Faults::default();
    faults.replace(document.to_string().as_bytes()).unwrap();
    faults
}

fn endpoint(kind: Kind, region: Option<&str>) -> Endpoint {
    Endpoint { kind, registry: Some("demo".into()), region: region.map(Into::into) }
}

/// The delay in milliseconds, which tells rules apart.
fn met(faults: &Faults, endpoint: &Endpoint, method: &Method, path: &str, caller: Option<&str>) -> Option<u128> {
    let asked = Asked { endpoint, method, path, caller };
    faults.decide(&asked).and_then(|effect| effect.delay).map(|delay| delay.0.as_millis())
}

/// Which of the first twelve requests a rule acts on.
fn acted(when: &Value) -> Vec<u32> {
    let faults = faults(&json!({"seed": 1, "rules": [{"when": when, "effect": {"delay": "1ms"}}]}));
    let region = endpoint(Kind::Region, Some("eastus"));
    (1..=12).filter(|_| met(&faults, &region, &Method::GET, "/v2/", None).is_some()).collect()
}

#[test]
fn a_rule_counts_what_it_matches_and_acts_when_its_turn_comes() {
    assert_eq!(acted(&json!({})), (1..=12).collect::<Vec<_>>());
    assert_eq!(acted(&json!({"request": 3})), [3]);
    assert_eq!(acted(&json!({"from": 11})), [11, 12]);
    assert_eq!(acted(&json!({"from": 2, "to": 5})), [2, 3, 4, 5]);
    assert_eq!(acted(&json!({"every": 5})), [5, 10]);
    assert_eq!(acted(&json!({"every": 2, "from": 5, "to": 9})), [6, 8]);
    assert_eq!(acted(&json!({"probability": 0})), [0; 0]);
    assert_eq!(acted(&json!({"probability": 1})).len(), 12);
}

#[test]
fn chance_is_the_same_for_the_same_seed() {
    let half = |seed: u64| {
        let faults =
            faults(&json!({"seed": seed, "rules": [{"when": {"probability": 0.5}, "effect": {"delay": "1ms"}}]}));
        let region = endpoint(Kind::Region, Some("eastus"));
        (0..1_000).filter(|_| met(&faults, &region, &Method::GET, "/", None).is_some()).collect::<Vec<_>>()
    };
    assert_eq!(half(7), half(7));
    assert_ne!(half(7), half(8));
    assert!((400..600).contains(&half(7).len()), "{}", half(7).len());
}

#[tokio::test(start_paused = true)]
async fn a_rule_holds_for_a_time() {
    let faults = faults(&json!({"rules": [{"when": {"after": "2s", "until": "4s"}, "effect": {"delay": "1ms"}}]}));
    let region = endpoint(Kind::Region, Some("eastus"));
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(met(&faults, &region, &Method::GET, "/", None).is_some());
        advance(Duration::from_secs(1)).await;
    }
    assert_eq!(seen, [false, false, true, true, false, false]);
}

#[test]
fn the_first_rule_that_fires_decides_and_all_count() {
    let faults = faults(&json!({"rules": [
        {"match": {"methods": ["PUT"]}, "effect": {"delay": "1ms"}},
        {"when": {"request": 2}, "effect": {"delay": "2ms"}},
        {"when": {"from": 2}, "effect": {"delay": "3ms"}},
    ]}));
    let region = endpoint(Kind::Region, Some("eastus"));
    let ask = |method| met(&faults, &region, &method, "/v2/", None);
    assert_eq!([ask(Method::PUT), ask(Method::GET), ask(Method::GET)], [Some(1), Some(2), Some(3)]);
}

#[test]
fn every_condition_of_a_match_must_hold() {
    let faults = faults(&json!({"rules": [{
        "match": {"endpoints": ["region", "data"], "regions": ["eastus"], "registries": ["demo"], "methods": ["GET", "HEAD"],
            "path": "/v2/**/blobs/*", "callers": ["admin"]},
        "effect": {"delay": "1ms"},
    }]}));
    assert!(faults.asks_for_callers());
    let (east, west) = (endpoint(Kind::Region, Some("eastus")), endpoint(Kind::Region, Some("westus")));
    let other = Endpoint { registry: Some("other".into()), ..east.clone() };
    let path = "/v2/a/b/blobs/sha256:1";
    let fits = |endpoint: &_, method: &_, path, caller| met(&faults, endpoint, method, path, caller).is_some();
    assert!(fits(&east, &Method::GET, path, Some("admin")));
    let data = endpoint(Kind::Data, Some("eastus"));
    assert!(fits(&data, &Method::HEAD, path, Some("admin")));
    assert!(!fits(&east, &Method::PUT, path, Some("admin")));
    assert!(!fits(&east, &Method::GET, "/v2/a/manifests/x", Some("admin")));
    assert!(!fits(&east, &Method::GET, path, Some("anonymous")));
    assert!(!fits(&east, &Method::GET, path, None));
    assert!(!fits(&west, &Method::GET, path, Some("admin")));
    assert!(!fits(&other, &Method::GET, path, Some("admin")));
    let global = endpoint(Kind::Login, None);
    assert!(!fits(&global, &Method::GET, path, Some("admin")));
}

fn routed(faults: &Faults) -> Option<(String, Option<How>)> {
    let regions = ["eastus".to_string(), "westus".to_string()];
    faults.route(&regions).map(|route| (route.region, route.down))
}

#[tokio::test(start_paused = true)]
async fn routing_follows_an_outage_and_its_end_after_a_while() {
    let faults = faults(&json!({
        "routing": {"failover": "2s"},
        "outages": [{"region": "eastus", "after": "1s", "for": "4s", "how": "unavailable"}],
    }));
    let (up, down) = (Some(("eastus".into(), None)), Some(("eastus".into(), Some(How::Unavailable))));
    let away = Some(("westus".into(), None));
    let mut seen = Vec::new();
    for _ in 0..8 {
        seen.push(routed(&faults));
        advance(Duration::from_secs(1)).await;
    }
    assert_eq!(seen, [up.clone(), down.clone(), down, away.clone(), away.clone(), away.clone(), away, up]);
}

#[tokio::test(start_paused = true)]
async fn a_switch_takes_a_region_down_until_it_is_switched_on() {
    let faults = faults(&json!({"routing": {"failover": "1s"}}));
    let mut changes = faults.changes();
    faults.switch_off("eastus", How::Refused);
    changes.changed().await;
    assert_eq!((faults.down("eastus"), faults.down("westus")), (Some(How::Refused), None));
    assert_eq!(routed(&faults), Some(("eastus".into(), Some(How::Refused))));
    advance(Duration::from_secs(1)).await;
    assert_eq!(routed(&faults), Some(("westus".into(), None)));
    faults.switch_off("westus", How::Unavailable);
    advance(Duration::from_secs(1)).await;
    assert_eq!(routed(&faults), None, "nobody is left");
    faults.switch_on("eastus");
    assert_eq!((faults.down("eastus"), routed(&faults)), (None, None));
    advance(Duration::from_secs(1)).await;
    assert_eq!(routed(&faults), Some(("eastus".into(), None)));
}

#[test]
fn routing_may_spread_requests() {
    let faults = faults(&json!({"routing": {"spread": true}}));
    let seen: Vec<_> = (0..4).filter_map(|_| routed(&faults)).map(|(region, _)| region).collect();
    assert_eq!(seen, ["eastus", "westus", "eastus", "westus"]);
}

#[test]
fn the_first_link_that_fits_tells_how_changes_travel() {
    let faults = faults(&json!({"links": [
        {"from": "eastus", "to": "westus", "lag": "3s", "bandwidth": 1000, "order": "shuffled"},
        {"to": "westus", "paused": true},
    ]}));
    let first = faults.link("eastus", "westus").unwrap();
    assert_eq!((first.lag.unwrap().0, first.order), (Duration::from_secs(3), Some(Order::Shuffled)));
    let second = Link { to: Some("westus".into()), paused: true, ..Link::default() };
    assert_eq!(faults.link("japaneast", "westus"), Some(second));
    assert_eq!(faults.link("westus", "eastus"), None);
}

#[test]
fn what_is_no_faults_file_is_told_with_its_place() {
    for (text, said) in [
        ("", "the faults file is no JSON"),
        ("{\"seed\": 1, \"seed\": 2}", "duplicate key"),
        ("[]", "the faults file: an object is expected"),
        (r#"{"rule": []}"#, "rule: unknown field `rule`"),
        (r#"{"rules": [{"effect": {}}, {}]}"#, "rules[1]: missing field `effect`"),
        (r#"{"rules": [{"effect": {"flop": 1}}]}"#, "rules[0].effect.flop: unknown field `flop`"),
        (r#"{"rules": [{"effect": {"flip": -1}}]}"#, "rules[0].effect.flip: invalid value"),
        (r#"{"rules": [{"effect": {"delay": "soon"}}]}"#, "rules[0].effect.delay: \"soon\" is no time"),
        (r#"{"rules": [{"effect": {"answer": {"status": 42}}}]}"#, "rules[0].effect.answer.status: 42 is no status"),
        (r#"{"rules": [{"effect": {"setHeaders": {"a b": "c"}}}]}"#, "rules[0].effect.setHeaders: \"a b\" is no name"),
        (r#"{"rules": [{"effect": {"setHeaders": {"a": "\n"}}}]}"#, "rules[0].effect.setHeaders: \"a\" has a value"),
        (
            r#"{"rules": [{"match": {"endpoints": ["login", "x"]}, "effect": {}}]}"#,
            "rules[0].match.endpoints[1]: unknown variant",
        ),
        (
            r#"{"rules": [{"match": {"methods": ["get"]}, "effect": {}}]}"#,
            "rules[0].match.methods[0]: \"get\" is no method",
        ),
        (r#"{"rules": [{"match": {"path": "v2"}, "effect": {}}]}"#, "rules[0].match.path: \"v2\" begins neither"),
        (r#"{"rules": [{"when": {"every": 0}, "effect": {}}]}"#, "rules[0].when.every: invalid value"),
        (
            r#"{"rules": [{"when": {"probability": 1.5}, "effect": {}}]}"#,
            "rules[0].when.probability: 1.5 is not between",
        ),
        (r#"{"links": [{"lag": 3}]}"#, "links[0].lag: invalid type"),
        (r#"{"outages": [{"for": "3s"}]}"#, "outages[0]: missing field `region`"),
    ] {
        let error = Faults::default().replace(text.as_bytes()).expect_err(text);
        let whole = format!("{error}");
        assert!(whole.contains(said), "{text}: {whole}");
    }
}
