//! Signing in with a device code.

use super::super::{promise::lent, transport::FetchTransport};
use crate::{azure::entra::DeviceLogin, client::Registry, js::record::Record};
use alloc::string::String;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// A code that waits for its user.
#[wasm_bindgen]
pub struct Login {
    session: Registry<FetchTransport>,
    login: DeviceLogin,
}

impl Login {
    pub(super) fn new(session: Registry<FetchTransport>, login: DeviceLogin) -> Self {
        Self { session, login }
    }
}

#[wasm_bindgen]
impl Login {
    /// What to show: `userCode`, `verificationUri`, `message`, `expiresIn`.
    pub fn record(&self) -> String {
        Record::new()
            .text("userCode", &self.login.user_code)
            .text("verificationUri", &self.login.verification_uri)
            .text("message", &self.login.message)
            .number("expiresIn", self.login.lifetime.as_secs())
            .end()
    }

    /// Waits until the code was used: the user's refresh token, where the authority gives one.
    #[wasm_bindgen(unchecked_return_type = "string | undefined")]
    pub async fn poll(&mut self, signal: Option<AbortSignal>) -> Result<JsValue, JsValue> {
        let poll = async {
            let identity = self.session.run(self.login.clone().poll()).await?;
            Ok(identity.kept_token().map(|token| String::from(token.expose())).into())
        };
        lent(signal, poll).await
    }
}
