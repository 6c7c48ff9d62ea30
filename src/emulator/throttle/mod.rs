//! Throttling as ACR does it: a bucket of tokens for each category of calls, registry, region and identity.
//!
//! The rates are documented; what a dry bucket does is not. Here it stays closed for ten seconds and says for how long,
//! in `Retry-After`, whole seconds that count down from one try to the next. Tokens are always counted, since `/oauth2`
//! tells in a header what is left of them.

mod bucket;
mod rates;
#[cfg(test)]
mod tests;

use super::{
    callers::Presented,
    faults::{CallerOf, Endpoint, seconds, too_many_requests},
    form::Fields,
    options::RegionName,
    site::Chosen,
    state::Sku,
};
use alloc::{collections::BTreeMap, format, string::String, sync::Arc, vec::Vec};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use bucket::Bucket;
use core::time::Duration;
use rates::{Category, cost};
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// Time in which a bucket fills.
const MINUTE: Duration = Duration::from_secs(60);
/// Time for which a bucket that ran dry stays closed.
const PAUSE: Duration = Duration::from_secs(10);
/// Buckets from which on full ones are forgotten.
const MANY: usize = 4_096;
/// What is left of the calls to `/oauth2`.
const LEFT: HeaderName = HeaderName::from_static("x-ms-ratelimit-remaining-calls-per-second");

/// Counts calls; clones share what they count.
#[derive(Clone, Default)]
pub(crate) struct Throttle(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// False if calls are counted and all of them let pass.
    strict: bool,
    buckets: Mutex<BTreeMap<Key, Bucket>>,
}

/// Registry, region, category, and identity where the bucket is one's own.
type Key = (String, String, Category, Option<String>);

/// The tier of a registry, asked at each call: it may change.
pub(crate) type SkuOf = Arc<dyn Fn() -> Sku + Send + Sync>;

/// Throttling of one endpoint. See [`Throttle::layer`].
#[derive(Clone)]
pub(crate) struct ThrottleLayer {
    throttle: Throttle,
    endpoint: Arc<Endpoint>,
    caller: CallerOf,
    sku: SkuOf,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It may go on; so many of its kind may follow at once.
    Pass(u64),
    /// Not before this time has passed.
    Wait(Duration),
}

impl Throttle {
    /// Lets all calls pass unless it is `strict`.
    pub(crate) fn new(strict: bool) -> Self {
        Self(Arc::new(Shared { strict, buckets: Mutex::default() }))
    }

    /// The layer of one endpoint: it lies inside of the layer of faults.
    pub(crate) fn layer(&self, endpoint: Endpoint, caller: CallerOf, sku: SkuOf) -> ThrottleLayer {
        ThrottleLayer { throttle: self.clone(), endpoint: Arc::new(endpoint), caller, sku }
    }

    /// All buckets of a call must have something for it, or nothing is taken from any.
    fn ask(&self, keys: Vec<(Key, Duration)>) -> Verdict {
        let now = Instant::now();
        let mut buckets = self.0.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > MANY {
            buckets.retain(|_, bucket| !bucket.is_idle(now));
        }
        let mut wait = |(key, cost): &(Key, Duration)| {
            let bucket = buckets.entry(key.clone()).or_insert_with(|| Bucket::full(now));
            if self.0.strict { bucket.wait(now, *cost) } else { None }
        };
        if let Some(wait) = keys.iter().filter_map(&mut wait).max() {
            return Verdict::Wait(wait);
        }
        let take = |(key, cost): (Key, Duration)| {
            let bucket = buckets.get_mut(&key)?;
            bucket.take(now, cost);
            Some(bucket.left(now, cost))
        };
        Verdict::Pass(keys.into_iter().filter_map(take).min().unwrap_or(0))
    }
}

impl ThrottleLayer {
    /// `router`, throttled.
    pub(crate) fn around(self, router: Router) -> Router {
        router.layer(from_fn_with_state(self, throttled))
    }

    /// The buckets of a call, with what it takes of each.
    fn keys(&self, request: &Request) -> Vec<(Key, Duration)> {
        let registry = self.endpoint.registry.clone().unwrap_or_default();
        let region = self.region(request).unwrap_or_default();
        let query = request.uri().query().unwrap_or_default();
        let said = Presented { headers: request.headers(), query, form: &Fields::default() };
        let caller = (self.caller)(&said).unwrap_or_default();
        let sku = (self.sku)();
        let both = |category: &Category| {
            let rates = category.rates(sku);
            let key = |of| (registry.clone(), region.clone(), *category, of);
            let own = rates.identity.map(|rate| (key(Some(caller.clone())), cost(rate)));
            [Some((key(None), cost(rates.registry))), own].into_iter().flatten()
        };
        Category::of(request.method(), request.uri().path()).iter().flat_map(both).collect()
    }

    /// The region that answers: the endpoint's own, or the one that the global endpoint sends the request to.
    fn region(&self, request: &Request) -> Option<RegionName> {
        let routed = || request.extensions().get::<Chosen>().map(|chosen| chosen.0.clone());
        self.endpoint.region.clone().or_else(routed)
    }

    /// True if a call need not be counted.
    fn is_free(&self, request: &Request) -> bool {
        !self.throttle.0.strict && Category::of(request.method(), request.uri().path()) != [Category::OAuth]
    }
}

async fn throttled(State(layer): State<ThrottleLayer>, request: Request, next: Next) -> Response {
    if layer.is_free(&request) {
        return next.run(request).await;
    }
    let tokens = request.uri().path().starts_with("/oauth2/") && request.method() != Method::OPTIONS;
    match layer.throttle.ask(layer.keys(&request)) {
        Verdict::Pass(left) => {
            let mut response = next.run(request).await;
            if tokens {
                response.headers_mut().insert(LEFT, per_second(left));
            }
            response
        }
        Verdict::Wait(wait) => {
            let mut response = too_many_requests(layer.endpoint.kind);
            response.headers_mut().insert(header::RETRY_AFTER, seconds(wait));
            response
        }
    }
}

/// Calls a minute as calls a second: `166.65`.
fn per_second(minute: u64) -> HeaderValue {
    let hundredths = minute.saturating_mul(100) / 60;
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("0"))
}
