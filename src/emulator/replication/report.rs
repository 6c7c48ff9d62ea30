//! How far regions are behind.

use super::{Replication, Running, link::Link, queue::Backlog};
use crate::emulator::options::RegionName;
use alloc::{sync::Arc, vec::Vec};
use axum::{Json, Router, extract::State, routing::get};
use core::time::Duration;
use serde_json::{Value, json};

/// How far a region is behind the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    /// It had once all that the others had when it came: `Ready` and not `Syncing`.
    pub(crate) synced: bool,
    /// Changes to come.
    pub(crate) changes: u64,
    /// Bytes to come, those of blobs that it has by another way among them.
    pub(crate) bytes: u64,
    /// Age of the oldest change to come.
    pub(crate) oldest: Duration,
}

impl Status {
    pub(super) fn of<'a>(links: impl Iterator<Item = &'a Link>) -> Self {
        let (mut synced, mut sum) = (true, Backlog::default());
        for link in links {
            synced &= link.is_synced();
            sum.join(link.backlog());
        }
        Self { synced, changes: sum.changes, bytes: sum.bytes, oldest: sum.oldest }
    }

    /// True if nothing is to come.
    pub(crate) const fn caught_up(&self) -> bool {
        self.changes == 0
    }

    fn json(&self) -> Value {
        json!({
            "synced": self.synced,
            "caughtUp": self.caught_up(),
            "changes": self.changes,
            "bytes": self.bytes,
            "oldestSeconds": self.oldest.as_secs(),
        })
    }
}

/// The registries that there are, asked at each call.
pub(super) type Registries = Arc<dyn Fn() -> Vec<Replication> + Send + Sync>;

/// `GET /emulator/replication`, for whoever may manage the emulator.
pub(crate) fn router(registries: Registries) -> Router {
    Router::new().route("/emulator/replication", get(show)).with_state(registries)
}

async fn show(State(registries): State<Registries>) -> Json<Value> {
    Json(json!({"registries": registries().iter().map(Replication::report).collect::<Vec<_>>()}))
}

impl Replication {
    fn report(&self) -> Value {
        let regions = self.regions().into_iter().filter_map(|name| Some(named(self.status(&name)?, "region", &name)));
        json!({"registry": self.registry(), "regions": regions.collect::<Vec<_>>(), "links": self.report_links()})
    }

    fn report_links(&self) -> Vec<Value> {
        let links = self.links();
        let report = |((from, to), running): (&(RegionName, RegionName), &Running)| {
            let mut value = named(Status::of([&*running.link].into_iter()), "from", from);
            value["to"] = json!(to);
            value["blocked"] = json!(running.link.is_blocked());
            value
        };
        links.iter().map(report).collect()
    }
}

fn named(status: Status, key: &str, name: &str) -> Value {
    let mut value = status.json();
    value[key] = json!(name);
    value
}
