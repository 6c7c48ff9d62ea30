//! Changes what goes wrong while the emulator runs.
//!
//! | path | does |
//! |---|---|
//! | `GET /emulator/faults` | rules with the number of requests each has matched, and why a changed file was not taken |
//! | `PUT /emulator/faults` | another document |
//! | `PUT /emulator/outages/{region}` | switches a region off: `{"how": "refused"}` or `{"how": "unavailable"}` |
//! | `DELETE /emulator/outages/{region}` | switches it on |

use super::{Faults, FaultsError, document::Switch, parsed};
use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, put},
};
use core::sync::atomic::Ordering;
use serde_json::{Value, json};

impl Faults {
    /// The paths above, for whoever may manage the emulator.
    pub(crate) fn router(&self) -> Router {
        Router::new()
            .route("/emulator/faults", get(show).put(replace))
            .route("/emulator/outages/{region}", put(off).delete(on))
            .with_state(self.clone())
    }
}

async fn show(State(faults): State<Faults>) -> Json<Value> {
    let state = faults.0.state.borrow();
    let rules = state.document.rules.iter().zip(&state.counts);
    let rules: Vec<_> =
        rules.map(|(rule, count)| json!({"name": rule.name, "matched": count.load(Ordering::Relaxed)})).collect();
    Json(json!({"rules": rules, "trouble": state.trouble}))
}

async fn replace(State(faults): State<Faults>, body: Bytes) -> Response {
    match faults.replace(&body) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refused(&error),
    }
}

async fn off(State(faults): State<Faults>, Path(region): Path<String>, body: Bytes) -> Response {
    match parsed::<Switch>(&body) {
        Ok(switch) => {
            faults.switch_off(&region, switch.how);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => refused(&error),
    }
}

async fn on(State(faults): State<Faults>, Path(region): Path<String>) -> StatusCode {
    faults.switch_on(&region);
    StatusCode::NO_CONTENT
}

fn refused(error: &FaultsError) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": {"message": error.to_string()}}))).into_response()
}
