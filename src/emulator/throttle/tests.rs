//! Rates, buckets, and what a caller sees of them.

use super::rates::Rates;
use super::*;
use crate::emulator::{faults::Kind, state::Sku};
use alloc::borrow::ToOwned as _;
use axum::{body::Body, http::StatusCode, routing::any};
use tokio::time::advance;
use tower::ServiceExt as _;

fn router(throttle: &Throttle, region: &str, sku: Sku) -> Router {
    let endpoint = Endpoint { kind: Kind::Region, registry: Some("demo".into()), region: Some(region.into()) };
    let caller = |said: &Presented<'_>| said.headers.get("x-caller").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let inner = Router::new().fallback(any(|| async { "fine" }));
    throttle.layer(endpoint, Arc::new(caller), Arc::new(move || sku)).around(inner)
}

async fn call(router: &Router, method: &Method, path: &str, caller: &str) -> Response {
    let request = Request::builder().method(method).uri(path).header("x-caller", caller);
    router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

/// `Retry-After` of a call that must wait.
async fn wait(router: &Router, method: &Method, path: &str, caller: &str) -> Option<String> {
    let response = call(router, method, path, caller).await;
    if response.status() != StatusCode::TOO_MANY_REQUESTS {
        assert_eq!(response.status(), StatusCode::OK);
        return None;
    }
    Some(response.headers()["retry-after"].to_str().unwrap().to_owned())
}

/// How many calls pass at once.
async fn burst(router: &Router, method: &Method, path: &str, caller: &str) -> u32 {
    let mut count = 0;
    while wait(router, method, path, caller).await.is_none() {
        count += 1;
    }
    count
}

const TAGS: &str = "/v2/a/tags/list";
const REFERRERS: &str = "/v2/a/referrers/sha256:1";

#[test]
fn each_tier_and_category_has_its_rate() {
    for (sku, method, path, registry, identity) in [
        (Sku::Basic, Method::GET, TAGS, 10_000, Some(5_000)),
        (Sku::Standard, Method::HEAD, TAGS, 10_000, Some(5_000)),
        (Sku::Premium, Method::OPTIONS, TAGS, 20_000, Some(10_000)),
        (Sku::Standard, Method::PUT, "/v2/a/manifests/x", 2_000, Some(1_000)),
        (Sku::Standard, Method::PATCH, "/acr/v1/a", 2_000, Some(1_000)),
        (Sku::Premium, Method::POST, "/v2/a/blobs/uploads/", 4_000, Some(2_000)),
        (Sku::Basic, Method::DELETE, "/v2/a/manifests/x", 1_000, Some(500)),
        (Sku::Premium, Method::DELETE, "/v2/a/manifests/x", 4_000, Some(2_000)),
        (Sku::Basic, Method::GET, REFERRERS, 500, Some(250)),
        (Sku::Premium, Method::GET, REFERRERS, 2_000, Some(1_000)),
        (Sku::Basic, Method::POST, "/oauth2/token", 10_000, None),
        (Sku::Premium, Method::GET, "/oauth2/token", 20_000, None),
    ] {
        let category = Category::of(&method, path)[0];
        assert_eq!(category.rates(sku), Rates { registry, identity }, "{sku:?} {method} {path}");
    }
}

#[tokio::test(start_paused = true)]
async fn identities_share_a_registrys_bucket_and_regions_share_nothing() {
    let throttle = Throttle::new(true);
    let (east, west) = (router(&throttle, "eastus", Sku::Basic), router(&throttle, "westus", Sku::Basic));
    assert_eq!(burst(&east, &Method::DELETE, TAGS, "a").await, 500);
    assert_eq!(burst(&east, &Method::DELETE, TAGS, "b").await, 500);
    assert_eq!(burst(&east, &Method::DELETE, TAGS, "c").await, 0, "the registry's own is dry");
    assert_eq!(burst(&west, &Method::DELETE, TAGS, "c").await, 500);
    assert_eq!(wait(&east, &Method::GET, TAGS, "a").await, None, "another category");
}

#[tokio::test(start_paused = true)]
async fn referrers_count_as_reads_too() {
    let router = router(&Throttle::new(true), "eastus", Sku::Basic);
    assert_eq!(Category::of(&Method::GET, REFERRERS), [Category::Referrers, Category::Read]);
    assert_eq!(burst(&router, &Method::GET, REFERRERS, "a").await, 250);
    assert_eq!(burst(&router, &Method::GET, TAGS, "a").await, 5_000 - 250);
}

#[tokio::test(start_paused = true)]
async fn h01_retry_after_counts_down_and_then_calls_pass_again() {
    let router = router(&Throttle::new(true), "eastus", Sku::Basic);
    burst(&router, &Method::GET, REFERRERS, "a").await;
    for left in (1..=10).rev() {
        assert_eq!(wait(&router, &Method::GET, REFERRERS, "a").await, Some(format!("{left}")));
        advance(Duration::from_secs(1)).await;
    }
    // A sixth of a minute has passed.
    assert_eq!(burst(&router, &Method::GET, REFERRERS, "a").await, 41);
}

#[tokio::test(start_paused = true)]
async fn tokens_tell_how_many_are_left_even_if_nobody_is_throttled() {
    let router = router(&Throttle::new(false), "eastus", Sku::Basic);
    let left = async || {
        let response = call(&router, &Method::POST, "/oauth2/exchange", "").await;
        response.headers()["x-ms-ratelimit-remaining-calls-per-second"].to_str().unwrap().to_owned()
    };
    assert_eq!((left().await.as_str(), left().await.as_str()), ("166.65", "166.63"));
    for _ in 0..600 {
        assert_eq!(call(&router, &Method::DELETE, TAGS, "").await.status(), StatusCode::OK);
    }
    assert!(!call(&router, &Method::GET, TAGS, "").await.headers().contains_key(LEFT));
}

#[tokio::test(start_paused = true)]
async fn buckets_that_are_full_again_are_forgotten() {
    let throttle = Throttle::new(true);
    let router = router(&throttle, "eastus", Sku::Premium);
    for number in 0..4_500 {
        assert_eq!(wait(&router, &Method::GET, TAGS, &format!("caller {number}")).await, None);
        advance(Duration::from_millis(50)).await;
    }
    let count = throttle.0.buckets.lock().unwrap().len();
    assert!(count < MANY + 2, "{count}");
}
