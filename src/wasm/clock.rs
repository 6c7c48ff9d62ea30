//! Sleep, time and chance: JavaScript's own, or those of the clock that a test supplies.

use super::abort::AbortOnDrop;
use crate::Tick;
use core::time::Duration;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Date, Math, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

#[wasm_bindgen]
extern "C" {
    /// `RegistryOptions.clock` of the facade.
    pub type Clock;

    #[wasm_bindgen(method, catch)]
    fn now(this: &Clock) -> Result<f64, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn sleep(this: &Clock, milliseconds: f64, signal: Option<AbortSignal>) -> Result<Promise, JsValue>;

    /// Optional: throws where the clock has none.
    #[wasm_bindgen(method, catch)]
    fn random(this: &Clock) -> Result<f64, JsValue>;

    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// Now.
pub(super) fn tick(clock: Option<&Clock>) -> Tick {
    let (monotonic, unix) = match clock.map(Clock::now) {
        Some(Ok(now)) => (now, now),
        _ => (performance_now(), Date::now()),
    };
    let chance = clock.and_then(|clock| clock.random().ok()).unwrap_or_else(Math::random);
    Tick {
        // Casts from f64 saturate, and NaN is 0: no clock can make this fail.
        monotonic: Duration::from_micros((monotonic * 1e3) as u64),
        unix: (unix / 1e3) as u64,
        random: (chance * f64::from(u32::MAX)) as u32,
    }
}

/// Waits. Dropping the future clears the timer, or aborts the supplied clock's sleep.
pub(super) async fn sleep(clock: Option<&Clock>, duration: Duration) {
    let Some(clock) = clock else {
        // `setTimeout` takes 31 bits of milliseconds; whoever wanted more asks again.
        let milliseconds = (duration.as_secs_f64() * 1e3).ceil() as i32;
        return TimeoutFuture::new(milliseconds.cast_unsigned()).await;
    };
    let abort = AbortOnDrop::new();
    if let Ok(promise) = clock.sleep(duration.as_secs_f64() * 1e3, abort.signal()) {
        // A clock that refuses to sleep has slept: the machine asks for the time anyway.
        let _ = JsFuture::from(promise).await;
    }
}
