//! One container, as `instanceView` shows it.

use super::{log::ContainerLog, seconds};
use crate::emulator::clock::Instant;
use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What one waits for that will run.
const CREATING: &str = "Creating";
/// Most events that are kept.
const EVENTS: usize = 100;

/// A container.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Instance {
    pub(super) name: String,
    pub(super) state: InstanceState,
    pub(super) restarts: u32,
    pub(super) events: Vec<Event>,
    #[serde(skip)]
    pub(super) log: ContainerLog,
}

/// What a container does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum InstanceState {
    /// Not yet, or not at all, and why.
    Waiting(String),
    Running(Instant),
    /// It ended, with a status unless it was made to.
    Terminated {
        started: Option<Instant>,
        finished: Instant,
        status: Option<i32>,
        why: String,
    },
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Event {
    name: String,
    message: String,
    kind: String,
    count: u32,
    first: Instant,
    last: Instant,
}

impl Instance {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            state: InstanceState::Waiting(CREATING.into()),
            restarts: 0,
            events: Vec::new(),
            log: ContainerLog::default(),
        }
    }

    /// Notes what happened; the same once more is counted.
    pub(super) fn event(&mut self, kind: &str, name: &str, message: impl Into<String>) {
        let (now, message) = (Instant::now(), message.into());
        if let Some(known) = self.events.iter_mut().find(|event| event.name == name && event.message == message) {
            known.count += 1;
            known.last = now;
            return;
        }
        let kind = kind.to_string();
        self.events.push(Event { name: name.into(), message, kind, count: 1, first: now, last: now });
        if self.events.len() > EVENTS {
            self.events.remove(0);
        }
    }

    /// True if it runs, or is about to.
    pub(super) fn is_under_way(&self) -> bool {
        match &self.state {
            InstanceState::Waiting(why) => why == CREATING,
            InstanceState::Running(_) => true,
            InstanceState::Terminated { .. } => false,
        }
    }

    /// It ended.
    pub(super) fn ended(&mut self, status: Option<i32>, why: &str) {
        let started = match self.state {
            InstanceState::Running(started) => Some(started),
            _ => None,
        };
        self.state = InstanceState::Terminated { started, finished: Instant::now(), status, why: why.into() };
    }

    pub(super) fn view(&self) -> Value {
        let event = |event: &Event| {
            json!({
                "count": event.count, "firstTimestamp": seconds(event.first), "lastTimestamp": seconds(event.last),
                "name": event.name, "message": event.message, "type": event.kind,
            })
        };
        json!({
            "restartCount": self.restarts,
            "currentState": self.state.view(),
            "events": self.events.iter().map(event).collect::<Vec<_>>(),
        })
    }
}

impl InstanceState {
    fn view(&self) -> Value {
        match self {
            Self::Waiting(why) => json!({ "state": "Waiting", "detailStatus": why }),
            Self::Running(started) => json!({ "state": "Running", "startTime": seconds(*started), "detailStatus": "" }),
            Self::Terminated { started, finished, status, why } => {
                let mut view = json!({ "state": "Terminated", "finishTime": seconds(*finished), "detailStatus": why });
                if let Some(view) = view.as_object_mut() {
                    view.extend(started.map(|started| ("startTime".to_string(), seconds(started).into())));
                    view.extend(status.map(|status| ("exitCode".to_string(), status.into())));
                }
                view
            }
        }
    }
}
