//! An emulator of its own process, which can be killed.

use super::http;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// A running emulator.
pub struct Emulator {
    child: Child,
    pub info: Value,
}

impl Emulator {
    /// Starts one with everything in `data`, and waits until it says where it is.
    pub fn start(data: &Path, more: &[&str]) -> Self {
        let file: PathBuf = data.join("where.json");
        let _ = fs::remove_file(&file);
        let built = env!("CARGO_BIN_EXE_portolan").into();
        let mut command = Command::new(env::var_os("PORTOLAN_BIN").unwrap_or(built));
        command.args(["emulate", "--data"]).arg(data).arg("--info").arg(&file).args(more);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            if let Ok(text) = fs::read(&file)
                && let Ok(info) = serde_json::from_slice(&text)
            {
                return Self { child, info };
            }
            assert!(child.try_wait().unwrap().is_none(), "the emulator ended by itself");
            assert!(Instant::now() < patience, "the emulator does not start");
            sleep(Duration::from_millis(2));
        }
    }

    /// As `kill -9` does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Host and port of the login server.
    pub fn login_server(&self) -> &str {
        self.info["login_server"].as_str().unwrap()
    }

    /// Regions with their hosts and ports.
    pub fn regions(&self) -> Vec<(String, String)> {
        let regions = self.info["regions"].as_object().unwrap();
        regions.iter().map(|(name, address)| (name.clone(), address.as_str().unwrap().into())).collect()
    }

    /// Client id and secret of the service principal with a role.
    pub fn principal(&self, role: &str) -> (String, String) {
        let all = self.info["service_principals"].as_array().unwrap();
        let found = all.iter().find(|principal| principal["role"] == role).unwrap();
        let text = |key: &str| found[key].as_str().unwrap().to_owned();
        (text("client_id"), text("client_secret"))
    }

    /// The value of `Authorization` for a scope.
    pub fn token(&self, role: &str, scopes: &[String]) -> String {
        let (id, secret) = self.principal(role);
        let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
        let scopes: String = scopes.iter().map(|scope| format!("&scope={scope}")).collect();
        let path = format!("/oauth2/token?service={}{scopes}", self.login_server());
        let answer = http::ask(self.login_server(), "GET", &path, &[("Authorization", &basic)], b"").unwrap();
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let token: Value = serde_json::from_slice(&answer.body).unwrap();
        format!("Bearer {}", token["access_token"].as_str().unwrap())
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
