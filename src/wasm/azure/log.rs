//! Logs as chunks that JavaScript asks for.

use super::super::{body::FetchChunk, promise::lent, transport::FetchTransport};
use crate::{
    azure::storage::{LogOutcome, LogRead},
    client::Stream,
};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// A log under way.
#[wasm_bindgen]
pub struct Log {
    stream: Stream<FetchTransport, LogRead>,
}

impl Log {
    pub(super) fn new(stream: Stream<FetchTransport, LogRead>) -> Self {
        Self { stream }
    }
}

#[wasm_bindgen]
impl Log {
    /// The next chunk, a `Uint8Array`; nothing at the end of the log.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array | undefined")]
    pub async fn next(&mut self, signal: Option<AbortSignal>) -> Result<JsValue, JsValue> {
        let next = async {
            let chunk = self.stream.next().await.transpose()?;
            Ok(chunk.map(FetchChunk::into_array).into())
        };
        lent(signal, next).await
    }

    /// How the build ended: `success`, `failure`, `timedOut`, `canceled`; nothing before the end of the log.
    pub fn outcome(self) -> Option<alloc::string::String> {
        let outcome = match self.stream.finish()? {
            LogOutcome::Success => "success",
            LogOutcome::Failure(_) => "failure",
            LogOutcome::TimedOut => "timedOut",
            LogOutcome::Canceled => "canceled",
        };
        Some(outcome.into())
    }
}
