//! Device codes: begun by a program, approved by a person on a page, redeemed by the program.

use super::{
    Entra,
    answer::{Refusal, fresh},
    token::Proven,
};
use crate::emulator::{clock::Instant, form::Fields, random, state::Principal};
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use axum::{
    extract::State,
    response::{Html, Response},
};
use core::time::Duration;
use serde_json::json;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long a code can be approved.
const LIFE: Duration = Duration::from_secs(900);

/// Codes under way at a time.
const MAX: usize = 1_000;

/// Codes under way.
#[derive(Default)]
pub(super) struct Devices(Mutex<Vec<Device>>);

struct Device {
    device_code: String,
    user_code: String,
    client: String,
    scope: String,
    ends: Instant,
    approved: Option<Principal>,
}

impl Devices {
    fn lock(&self) -> MutexGuard<'_, Vec<Device>> {
        let mut devices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A minute longer, so that a late program hears that it is late.
        let forgotten = Instant::now();
        devices.retain(|device| forgotten < device.ends.after(Duration::from_secs(60)));
        devices
    }
}

pub(super) async fn begin(State(entra): State<Entra>, body: String) -> Result<Response, Refusal> {
    let form = Fields::parse(&body);
    let client =
        form.filled("client_id").ok_or_else(|| Refusal::new("invalid_request", 900_144, "A client_id is needed."))?;
    let device = Device {
        device_code: random::hex::<32>()?,
        user_code: random::hex::<4>()?.to_ascii_uppercase(),
        client: client.to_string(),
        scope: form.get("scope").unwrap_or_default().to_string(),
        ends: Instant::now().after(LIFE),
        approved: None,
    };
    let page = format!("{}/devicelogin", entra.cloud.authority());
    let message = format!(
        "To sign in, use a web browser to open the page {page} and enter the code {} to authenticate.",
        device.user_code
    );
    let body = json!({
        "device_code": device.device_code, "user_code": device.user_code, "verification_uri": page,
        "expires_in": LIFE.as_secs(), "interval": 1, "message": message,
    });
    let mut devices = entra.devices.lock();
    if devices.len() >= MAX {
        return Err(Refusal::new("temporarily_unavailable", 90_033, "There are too many device codes under way."));
    }
    devices.push(device);
    Ok(fresh(body))
}

const PAGE: &str = "<!doctype html><meta charset=\"utf-8\"><title>Emulated sign-in</title>\
    <h1>Emulated sign-in</h1><form method=\"post\">\
    <p><label>Code <input name=\"user_code\" autocomplete=\"off\" required></label>\
    <p><label>User <input name=\"username\" required></label>\
    <p><label>Password <input name=\"password\" type=\"password\" required></label>\
    <p><button name=\"approve\" value=\"yes\">Sign in</button></form>";

/// Where a person types the code.
pub(super) async fn page() -> Html<&'static str> {
    Html(PAGE)
}

/// The person signs in.
pub(super) async fn approve(State(entra): State<Entra>, body: String) -> Result<Html<&'static str>, Refusal> {
    let form = Fields::parse(&body);
    let field = |name| form.get(name).unwrap_or_default();
    let user = entra
        .cloud
        .state
        .read(|document| document.directory.user_with_password(field("username"), field("password")).cloned());
    let wrong =
        || Refusal::new("invalid_grant", 50_126, "Error validating credentials due to invalid username or password.");
    let user = user.ok_or_else(wrong)?;
    let mut devices = entra.devices.lock();
    let now = Instant::now();
    let device =
        devices.iter_mut().find(|d| d.user_code.eq_ignore_ascii_case(field("user_code").trim()) && now < d.ends);
    let device = device.ok_or_else(|| Refusal::new("invalid_grant", 70_018, "The code is unknown or has expired."))?;
    device.approved = Some(user);
    Ok(Html("<!doctype html><meta charset=\"utf-8\"><title>Signed in</title><p>You are signed in; close this page."))
}

/// The program asks whether the person did.
pub(super) fn redeem(entra: &Entra, form: &Fields) -> Result<Proven, Refusal> {
    let code = form.filled("device_code").or_else(|| form.filled("code")).unwrap_or_default();
    let mut devices = entra.devices.lock();
    let at = devices.iter().position(|device| device.device_code == code);
    let unknown = || Refusal::new("bad_verification_code", 70_018, "The device code is unknown.");
    let at = at.ok_or_else(unknown)?;
    let device = devices.get(at).ok_or_else(unknown)?;
    if device.ends <= Instant::now() {
        return Err(Refusal::new("expired_token", 70_020, "The device code has expired."));
    }
    let Some(principal) = device.approved.clone() else {
        return Err(Refusal::new(
            "authorization_pending",
            70_016,
            "OAuth 2.0 device flow error. Authorization is pending.",
        ));
    };
    // Good once.
    let Device { client, scope, .. } = devices.swap_remove(at);
    Ok(Proven { principal, client, scope: Some(scope) })
}
