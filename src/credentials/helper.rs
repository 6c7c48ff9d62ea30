//! `docker-credential-NAME get`: the host goes in, `{"ServerURL","Username","Secret"}` comes out.

use super::key::{self, Key};
use crate::{
    AuthError, Limits, Secret,
    auth::Credential,
    json,
    text::{shown, shown_bytes},
};
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use core::time::Duration;
use serde_json::Value;
use std::{
    io,
    path::PathBuf,
    process::{ExitStatus, Stdio},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, Command},
    time::timeout,
};
use zeroize::Zeroizing;

/// Longest answer read, in bytes.
const MAX_OUTPUT: usize = 64 << 10;

/// How helpers are run.
#[derive(Clone, Debug)]
pub(super) struct Helpers {
    folder: Option<PathBuf>,
    pub(super) patience: Duration,
}

impl Default for Helpers {
    fn default() -> Self {
        Self { folder: None, patience: Duration::from_secs(10) }
    }
}

/// Why a helper gave no answer.
#[derive(Debug)]
pub(super) enum HelperError {
    /// There is no such program.
    NotInstalled(String),
    /// It ran, or should have, and the answer is of no use.
    Failed(String),
}

impl From<HelperError> for AuthError {
    fn from(error: HelperError) -> Self {
        match error {
            HelperError::NotInstalled(program) => Self::Credential(format!("{program} is not installed")),
            HelperError::Failed(text) => Self::Credential(text),
        }
    }
}

impl Helpers {
    pub(super) fn in_folder(mut self, folder: PathBuf) -> Self {
        self.folder = Some(folder);
        self
    }

    /// Asks helper `name` for the credential of `host`; `None` if it knows of none.
    pub(super) async fn get(&self, name: &str, host: &str) -> Result<Option<Credential>, HelperError> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if name.is_empty() || name.len() > 100 || !name.bytes().all(allowed) {
            return Err(HelperError::Failed(format!("{:?} is not the name of a credential helper", shown(name, 100))));
        }
        let program = format!("docker-credential-{name}");
        let failed = |reason: &str| HelperError::Failed(format!("{program} {reason}"));
        let mut child = self.spawn(&program).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => HelperError::NotInstalled(program.clone()),
            _ => failed(&error.to_string()),
        })?;
        let answer = timeout(self.patience, converse(&mut child, &key::server(host))).await;
        if !matches!(answer, Ok(Ok((_, Some(_))))) {
            // It may have ended by itself; if it cannot be killed, there is nothing more to do.
            let _ = child.kill().await;
        }
        match answer {
            Err(_) => Err(failed("took too long")),
            Ok(Err(error)) => Err(failed(&error.to_string())),
            Ok(Ok((_, None))) => Err(failed("wrote too much")),
            Ok(Ok((output, Some(status)))) if status.success() => read(&output, host).map_err(|e| failed(&e)),
            Ok(Ok((output, Some(_)))) if says_not_found(&output) => Ok(None),
            Ok(Ok((output, Some(status)))) => Err(failed(&complaint(&output, status))),
        }
    }

    fn spawn(&self, program: &str) -> io::Result<Child> {
        let path = self.folder.as_ref().map_or_else(|| program.into(), |folder| folder.join(program));
        Command::new(path)
            .arg("get")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
    }
}

/// Everything the helper writes, and how it ended; no end if it wrote too much.
async fn converse(child: &mut Child, server: &str) -> io::Result<(Zeroizing<Vec<u8>>, Option<ExitStatus>)> {
    if let Some(mut stdin) = child.stdin.take() {
        match stdin.write_all(server.as_bytes()).await {
            // A helper with one answer for everybody need not listen.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
            _ => {}
        }
    }
    // Room for all of it at once: a vector that grows leaves copies behind.
    let mut output = Zeroizing::new(Vec::with_capacity(MAX_OUTPUT + 1));
    if let Some(stdout) = child.stdout.take() {
        stdout.take(MAX_OUTPUT as u64 + 1).read_to_end(&mut output).await?;
    }
    if output.len() > MAX_OUTPUT {
        return Ok((output, None));
    }
    let status = child.wait().await?;
    Ok((output, Some(status)))
}

fn read(output: &[u8], host: &str) -> Result<Option<Credential>, String> {
    let Ok(Value::Object(mut fields)) = json::parse(output, &Limits::DEFAULT) else {
        return Err("answered with something that is no JSON object".into());
    };
    let mut text = |name: &str| match fields.remove(name) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    };
    let (server, username, password) = (text("ServerURL"), text("Username"), Secret::new(text("Secret")));
    if !server.is_empty() && Key::parse(&server).is_none_or(|key| key.host != host) {
        return Err(format!("answered for another host: {:?}", shown(&server, 300)));
    }
    if username.is_empty() && password.expose().is_empty() {
        return Ok(None);
    }
    Credential::new(&username, password).map(Some).map_err(|error| format!("answered with an unusable {error}"))
}

/// Helpers report errors on standard output; this one means that all is well.
fn says_not_found(output: &[u8]) -> bool {
    String::from_utf8_lossy(output).to_ascii_lowercase().contains("credentials not found")
}

/// The helper's words, unless they could be its answer.
fn complaint(output: &[u8], status: ExitStatus) -> String {
    let words = output.trim_ascii();
    if words.is_empty() || words.contains(&b'{') {
        return format!("failed: {status}");
    }
    format!("failed: {}", shown_bytes(words, 200))
}
