//! The servers, each a process of its own.

use serde_json::Value;
use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

/// A running server.
pub(super) struct Peer {
    pub(super) name: &'static str,
    pub(super) address: String,
    /// `user:password`.
    pub(super) credentials: Option<String>,
    child: Child,
}

impl Peer {
    /// `portolan emulate`, with everything on disk.
    pub(super) fn emulator(folder: &Path, tls: bool) -> Self {
        let name = if tls { "portolan emulate + TLS" } else { "portolan emulate" };
        let home = folder.join(name.replace(' ', ""));
        fs::create_dir_all(&home).unwrap();
        let (data, file) = (home.join("data"), home.join("where.json"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_portolan"));
        command.args(["emulate", "--regions", "eastus", "--data"]).arg(data).arg("--info").arg(&file);
        command.args((!tls).then_some("--plain-http"));
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let info: Value = loop {
            match fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok()) {
                Some(info) => break info,
                None => sleep(Duration::from_millis(20)),
            }
        };
        let owner = &info["service_principals"].as_array().unwrap().iter().find(|one| one["role"] == "Owner").unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let credentials = format!("{}:{}", text(&owner["client_id"]), text(&owner["client_secret"]));
        Self { name, address: text(&info["login_server"]), credentials: Some(credentials), child }
    }

    /// Debian's docker-registry, with its files in a folder.
    pub(super) fn registry(folder: &Path, tls: bool) -> Self {
        let name = if tls { "docker-registry + TLS" } else { "docker-registry" };
        let home = folder.join(name.replace(' ', ""));
        fs::create_dir_all(&home).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let shown = home.display();
        let mut config = format!(
            "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n\
             storage: {{filesystem: {{rootdirectory: {shown}/data}}}}\nhttp:\n  addr: {address}\n"
        );
        if tls {
            let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
            fs::write(home.join("cert.pem"), made.cert.pem()).unwrap();
            fs::write(home.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
            config.push_str(&format!("  tls: {{certificate: {shown}/cert.pem, key: {shown}/key.pem}}\n"));
        }
        let file = home.join("config.yml");
        fs::write(&file, config).unwrap();
        let mut command = Command::new("docker-registry");
        command.arg("serve").arg(&file).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().expect("docker-registry is installed");
        while TcpStream::connect(&address).is_err() {
            sleep(Duration::from_millis(20));
        }
        Self { name, address, credentials: None, child }
    }

    /// The most memory that it had, KiB.
    pub(super) fn peak(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
        line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
