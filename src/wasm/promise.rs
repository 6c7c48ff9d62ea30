//! Promises of work that has no type of its own any more.
//!
//! Each type of future that becomes a promise brings its own 1 to 2 KB of queue and callbacks into the module.

use super::abort::until_aborted;
use crate::{Error, js::error::thrown};
use alloc::boxed::Box;
use core::{future::Future, pin::Pin};
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;
use web_sys::AbortSignal;

type Work<'a> = Pin<Box<dyn Future<Output = Result<JsValue, Error>> + 'a>>;

/// A promise of what `work` makes, until `signal` fires.
pub(super) fn promise(
    signal: Option<AbortSignal>,
    work: impl Future<Output = Result<JsValue, Error>> + 'static,
) -> Promise {
    let work: Work<'static> = Box::pin(work);
    future_to_promise(settled(signal, work))
}

/// The same for a method whose object is lent to it.
pub(super) async fn lent(
    signal: Option<AbortSignal>,
    work: impl Future<Output = Result<JsValue, Error>>,
) -> Result<JsValue, JsValue> {
    let work: Work<'_> = Box::pin(work);
    settled(signal, work).await
}

async fn settled(signal: Option<AbortSignal>, work: Work<'_>) -> Result<JsValue, JsValue> {
    until_aborted(signal, work).await.map_err(thrown)
}
