//! The faults file as values: what `docs/faults.md` describes.

use super::text::{Fields, Names, Pattern, Pause, Probability, Verb};
use crate::emulator::options::{Order, RegionName};
use alloc::{string::String, vec::Vec};
use core::num::NonZeroU64;
use serde::Deserialize;
use serde_json::Value;

/// A faults file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Document {
    /// What chance begins with: the same seed, the same faults.
    pub(crate) seed: u64,
    /// What goes wrong with requests; the first rule that fires decides.
    pub(crate) rules: Vec<Rule>,
    /// When regions are down.
    pub(crate) outages: Vec<Outage>,
    /// How the global endpoint chooses a region.
    pub(crate) routing: Routing,
    /// How changes travel between regions; the first link that fits decides.
    pub(crate) links: Vec<Link>,
}

/// When something goes wrong, and what.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Rule {
    /// For people, and for counts.
    #[serde(default)]
    pub(crate) name: String,
    /// Which requests it counts.
    #[serde(default, rename = "match")]
    pub(crate) asked: Match,
    /// Which of those that it counts it acts on.
    #[serde(default)]
    pub(crate) when: When,
    /// What it does to them.
    pub(crate) effect: Effect,
}

/// Which requests; what is not said fits all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Match {
    pub(crate) endpoints: Vec<Kind>,
    pub(crate) regions: Vec<RegionName>,
    pub(crate) registries: Vec<String>,
    pub(crate) methods: Vec<Verb>,
    /// `*` is any text without a slash, `**` any text.
    pub(crate) path: Option<Pattern>,
    /// Names of callers: `admin`, `anonymous`, a scoped token's name, an object id.
    pub(crate) callers: Vec<String>,
}

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Kind {
    /// A registry's global login server.
    Login,
    /// A region's login server.
    Region,
    /// A region's data endpoint, where blobs are redirected to.
    Data,
    /// The management API.
    Arm,
    /// Entra.
    Authority,
    /// Blob storage for build contexts and logs.
    Storage,
}

/// Which of the matching requests, counted from 1; all conditions must hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct When {
    /// This one only.
    pub(crate) request: Option<u64>,
    /// Not before this one.
    pub(crate) from: Option<u64>,
    /// Not after this one.
    pub(crate) to: Option<u64>,
    /// Each that this number divides.
    pub(crate) every: Option<NonZeroU64>,
    /// By chance.
    pub(crate) probability: Option<Probability>,
    /// Not before this time, counted from when the file was read.
    pub(crate) after: Option<Pause>,
    /// Not from this time on.
    pub(crate) until: Option<Pause>,
}

/// What happens to a request and its answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Effect {
    /// Before anything else.
    pub(crate) delay: Option<Pause>,
    /// The connection closes without an answer.
    pub(crate) hang_up: bool,
    /// In place of the real answer; nothing of the request is carried out.
    pub(crate) answer: Option<Answer>,
    /// 429 in place of the real answer.
    pub(crate) throttle: Option<Throttle>,
    /// The caller's token counts as expired.
    pub(crate) expire_token: bool,
    /// The whole body comes, whatever range was asked for.
    pub(crate) ignore_range: bool,
    /// Fields of the answer that are left out.
    pub(crate) drop_headers: Names,
    /// Fields of the answer that read otherwise.
    pub(crate) set_headers: Fields,
    /// What the answer says of its length.
    pub(crate) content_length: Option<u64>,
    /// The lowest bit of this byte of the body is the other one.
    pub(crate) flip: Option<u64>,
    /// The body ends here.
    pub(crate) truncate: Option<u64>,
    /// The connection closes in the middle of the body, here.
    pub(crate) reset: Option<u64>,
    /// The body pauses.
    pub(crate) stall: Option<Stall>,
    /// Bytes of the body a second.
    pub(crate) pace: Option<NonZeroU64>,
    /// Bytes that follow the body.
    pub(crate) append: u64,
}

/// An answer that is made up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Answer {
    pub(crate) status: super::text::Status,
    #[serde(default)]
    pub(crate) headers: Fields,
    /// A string is sent as plain text, anything else as JSON.
    #[serde(default)]
    pub(crate) body: Value,
}

/// 429.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Throttle {
    /// When to come again; no `Retry-After` without it.
    pub(crate) retry_after: Option<Pause>,
    /// `Retry-After` as a date.
    pub(crate) date: bool,
    /// The body is plain text.
    pub(crate) plain: bool,
}

/// A body that pauses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Stall {
    /// Before this byte.
    pub(crate) at: u64,
    /// For ever without it.
    #[serde(default, rename = "for")]
    pub(crate) lasts: Option<Pause>,
}

/// A region is down.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Outage {
    pub(crate) region: RegionName,
    /// From when, counted from when the file was read; at once without it.
    #[serde(default)]
    pub(crate) after: Pause,
    /// For ever without it.
    #[serde(default, rename = "for")]
    pub(crate) lasts: Option<Pause>,
    #[serde(default)]
    pub(crate) how: How,
}

/// A region is switched off.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Switch {
    pub(crate) how: How,
}

/// How a region that is down answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum How {
    /// Connections close without an answer.
    #[default]
    Refused,
    /// 503.
    Unavailable,
}

/// How the global endpoint chooses.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Routing {
    /// Time from a region's outage, or from its end, until routing follows.
    pub(crate) failover: Pause,
    /// Each request goes to the next region, so that a push is split across replicas.
    pub(crate) spread: bool,
}

impl Default for Routing {
    fn default() -> Self {
        Self { failover: Pause::seconds(10), spread: false }
    }
}

/// How changes travel from one region to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Link {
    /// Any region without it.
    pub(crate) from: Option<RegionName>,
    /// Any region without it.
    pub(crate) to: Option<RegionName>,
    /// Time until a change is seen there.
    pub(crate) lag: Option<Pause>,
    /// Time that tags take beyond that: they differ for a while.
    pub(crate) tag_lag: Option<Pause>,
    /// Time that deletions take beyond that: deleted content is still served.
    pub(crate) delete_lag: Option<Pause>,
    /// Time that blobs take beyond that; manifests do not wait for them, and are incomplete for a while.
    pub(crate) blob_lag: Option<Pause>,
    /// Bytes a second.
    pub(crate) bandwidth: Option<NonZeroU64>,
    pub(crate) order: Option<Order>,
    /// Nothing travels.
    pub(crate) paused: bool,
}
