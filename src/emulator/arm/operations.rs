//! Long-running operations. Their status is read off the resource, so that there is nothing to keep.

use super::{Answer, Call, Cloud};
use crate::emulator::{clock::Instant, random};
use alloc::{format, string::String};
use core::time::Duration;
use serde_json::json;
use std::io;

/// How long making something takes: long enough that clients see it happen.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// `answer` with where to ask how it goes; `kind` is `registries` or `replications`.
pub(super) fn started(answer: Answer, cloud: &Cloud, call: &Call, kind: &str) -> io::Result<Answer> {
    let id = random::uuid()?;
    let url = format!("{}{}/operationStatuses/{kind}-{id}?api-version={}", cloud.arm(), call.path, call.version());
    Ok(answer.header("azure-asyncoperation", url).header("retry-after", "1"))
}

/// What `provisioningState` says of what is made at `ready`.
pub(super) fn provisioning(ready: Instant) -> &'static str {
    if Instant::now() < ready { "Creating" } else { "Succeeded" }
}

/// The status of an operation on something that is made at `ready`, or that is gone.
pub(super) fn status(ready: Option<Instant>) -> Answer {
    let running = ready.is_some_and(|ready| Instant::now() < ready);
    let answer = Answer::ok(json!({ "status": if running { "InProgress" } else { "Succeeded" } }));
    if running { answer.header("retry-after", "1") } else { answer }
}

/// Where a deleted group is asked for.
pub(super) fn group_result(cloud: &Cloud, subscription: &str, job: &str, version: &str) -> String {
    format!("{}{subscription}/operationresults/{job}?api-version={version}", cloud.arm())
}
