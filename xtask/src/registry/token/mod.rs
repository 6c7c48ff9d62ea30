//! A token server as the distribution project describes it: GET with Basic, POST with OAuth2 grants.

mod answer;
mod jwt;
mod request;
mod scope;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow};
use tiny_http::Server;

use answer::Clerk;
use jwt::Signer;

/// Who signs, as the registry knows it.
pub(crate) const ISSUER: &str = "portolan test issuer";
/// Whom the tokens are for.
pub(crate) const SERVICE: &str = "portolan test registry";

/// Who may do what.
pub(crate) struct Rules {
    /// The only user, who may do everything.
    pub username: String,
    /// Its password.
    pub password: String,
    /// Life of a token in seconds.
    pub expires_in: u64,
    /// Prefix of the repositories that anybody may pull from.
    pub anonymous: Option<String>,
}

/// A running token server; dropping it ends it.
pub(crate) struct TokenServer {
    server: Arc<Server>,
    thread: Option<JoinHandle<()>>,
    address: String,
    certificate: String,
}

impl TokenServer {
    /// Starts it on a free loopback port with a fresh key.
    ///
    /// # Errors
    /// When there is no port, or no key can be made.
    pub(crate) fn start(rules: &Rules) -> Result<Self> {
        let signer = Signer::new(ISSUER)?;
        let certificate = signer.certificate().to_owned();
        let server = Server::http("127.0.0.1:0").map_err(|error| anyhow!("no token server: {error}"))?;
        let address = server.server_addr().to_ip().context("the token server has no address")?.to_string();
        let server = Arc::new(server);
        let clerk = Clerk {
            signer,
            username: rules.username.clone(),
            password: rules.password.clone(),
            expires_in: rules.expires_in,
            anonymous: rules.anonymous.clone(),
            refresh: Mutex::new(HashSet::new()),
        };
        let shared = Arc::clone(&server);
        let thread = thread::spawn(move || {
            for request in shared.incoming_requests() {
                clerk.serve(request);
            }
        });
        Ok(Self { server, thread: Some(thread), address, certificate })
    }

    /// The address to ask.
    pub(crate) fn realm(&self) -> String {
        format!("http://{}/token", self.address)
    }

    /// What the registry trusts, as PEM.
    pub(crate) fn certificate(&self) -> &str {
        &self.certificate
    }
}

impl Drop for TokenServer {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
