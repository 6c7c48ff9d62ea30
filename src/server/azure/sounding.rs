//! What a region's own endpoint answers, told apart by who must act.

use super::{path::Probe, said};
use crate::{
    Cause, Error,
    azure::acr::{Order, tag},
    client::{Registry, ReqwestTransport},
    text::shown,
};
use alloc::string::ToString as _;
use serde_json::{Value, json};
use std::time::Instant;

/// Longest sentence passed on.
const MAX_MESSAGE: usize = 300;

/// Asks, and says what came; never an error: that a region cannot be reached is an answer too.
pub(super) async fn sound(registry: &Registry<ReqwestTransport>, endpoint: &str, probe: &Probe) -> Value {
    let began = Instant::now();
    let answer = ask(registry, probe).await;
    let mut value = answer.unwrap_or_else(|error| failure(&error));
    value["readAt"] = said::now().into();
    value["endpoint"] = endpoint.into();
    value["milliseconds"] = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX).into();
    value
}

async fn ask(registry: &Registry<ReqwestTransport>, probe: &Probe) -> Result<Value, Error> {
    match probe {
        Probe::Answer => registry.ping().await.map(|_| json!({ "answer": "answers" })),
        Probe::Serves(repository, target) => {
            let info = registry.head(repository, target).await?;
            Ok(json!({ "answer": "serves", "digest": info.digest.as_ref() }))
        }
        Probe::Newest(repository) => {
            let mut list = tag::list(repository, Order::NewestFirst, Some(1), None);
            let Some(page) = list.next_page() else { return Ok(json!({ "answer": "answers" })) };
            let newest = list.accept(registry.run(page).await, &crate::Limits::DEFAULT)?.items.into_iter().next();
            let tag = newest.map(|tag| json!({ "name": tag.name, "digest": tag.digest, "updated": tag.updated }));
            Ok(tag.map_or_else(|| json!({ "answer": "answers" }), |tag| json!({ "answer": "answers", "tag": tag })))
        }
    }
}

fn failure(error: &Error) -> Value {
    let answer = match error.cause() {
        Cause::Registry(api) => match api.status {
            404 => "missing",
            401 | 403 => "denied",
            429 => "throttled",
            _ => "failed",
        },
        Cause::Auth(_) => "denied",
        Cause::Transport(_) => "unreachable",
        _ => "failed",
    };
    let mut value = json!({ "answer": answer, "message": shown(&error.to_string(), MAX_MESSAGE) });
    if let Some(after) = error.retry_after() {
        value["retryAfter"] = after.as_secs().into();
    }
    value
}
