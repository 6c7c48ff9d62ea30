//! Errors as the facade's `PortolanError` takes them.

use super::record::Record;
use crate::Error;
#[cfg(not(feature = "wasm-layers"))]
use alloc::string::ToString;
use wasm_bindgen::JsValue;

/// What a promise is rejected with.
pub(crate) fn thrown(error: impl Into<Error>) -> JsValue {
    JsValue::from_str(&record(&error.into()).end())
}

/// What can go wrong with layers.
#[cfg(feature = "wasm-layers")]
pub(crate) fn record(error: &Error) -> Record {
    let (kind, message) = error.plain();
    let record = Record::new().text("kind", kind).text("message", &message).flag("retryable", false);
    record.text_if("stage", error.stage().map(|stage| stage.as_str()))
}

#[cfg(not(feature = "wasm-layers"))]
pub(crate) fn record(error: &Error) -> Record {
    let record = Record::new()
        .text("kind", error.kind().as_str())
        .text("message", &error.to_string())
        .flag("retryable", error.is_retryable())
        .text_if("code", error.code().map(crate::ErrorCode::as_str))
        .text_if("stage", error.stage().map(|stage| stage.as_str()))
        .text_if("host", error.host());
    let record = match error.status() {
        Some(status) => record.number("status", u64::from(status)),
        None => record,
    };
    match error.retry_after() {
        // Whoever comes back a second early is refused again.
        Some(after) => record.number("retryAfter", after.as_secs() + u64::from(after.subsec_nanos() > 0)),
        None => record,
    }
}
