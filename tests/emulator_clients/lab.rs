//! An emulator of one's own, an image, and other people's programs.

use serde_json::Value;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

/// A running emulator; dropping it ends it.
pub(crate) struct Emulator {
    child: Child,
    info: Value,
    folder: TempDir,
}

impl Emulator {
    /// Starts one, in memory, with three regions.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let info = folder.path().join("info.json");
        let mut command = Command::new(env!("CARGO_BIN_EXE_portolan"));
        command.args(["emulate", "--regions", "eastus,westeurope,japaneast", "--lag", "200ms", "--info"]).arg(&info);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        until(|| info.exists() || child.try_wait().unwrap().is_some());
        let info = serde_json::from_slice(&fs::read(info).expect("the emulator said where it is")).unwrap();
        Self { child, info, folder }
    }

    /// A folder that lasts as long.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn login_server(&self) -> &str {
        self.info["login_server"].as_str().unwrap()
    }

    pub(crate) fn region(&self, name: &str) -> &str {
        self.info["regions"][name].as_str().unwrap()
    }

    /// User name and password of the service principal with a role.
    pub(crate) fn principal(&self, role: &str) -> (String, String) {
        let all = self.info["service_principals"].as_array().unwrap();
        let found = all.iter().find(|one| one["role"] == role).unwrap();
        let text = |name: &str| found[name].as_str().unwrap().to_owned();
        (text("client_id"), text("client_secret"))
    }

    /// A folder as `--cert-dir` wants it.
    pub(crate) fn certificates(&self) -> String {
        let folder = self.folder().join("certificates");
        fs::create_dir_all(&folder).unwrap();
        fs::copy(self.info["ca_certificate"].as_str().unwrap(), folder.join("ca.crt")).unwrap();
        folder.display().to_string()
    }
}

impl Drop for Emulator {
    /// Asked to end, it removes what it had below the system's temporary folder.
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// A program of the system; nothing, and a word, if it is missing where nobody promised it.
pub(crate) fn tool(name: &str) -> Option<PathBuf> {
    let found = env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file());
    missing(found, name)
}

/// The crane that was built for us.
pub(crate) fn crane() -> Option<PathBuf> {
    missing(env::var_os("PORTOLAN_TEST_CRANE").map(Into::into), "crane")
}

fn missing(found: Option<PathBuf>, name: &str) -> Option<PathBuf> {
    if found.is_none() {
        assert!(env::var_os("PORTOLAN_REQUIRE_REGISTRY").is_none(), "{name} is not there");
        eprintln!("not run: {name} is not there");
    }
    found
}

fn output(program: &Path, args: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(program).args(args).envs(variables.iter().copied()).stdin(Stdio::null()).output().unwrap()
}

/// Runs it to a good end; gives what it printed.
pub(crate) fn run_with(program: &Path, args: &[&str], variables: &[(&str, &str)]) -> String {
    let out = output(program, args, variables);
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{} {args:?}: {said}", program.display());
    String::from_utf8(out.stdout).unwrap()
}

pub(crate) fn run(program: &Path, args: &[&str]) -> String {
    run_with(program, args, &[])
}

/// True if it comes to a good end.
pub(crate) fn succeeds(program: &Path, args: &[&str]) -> bool {
    output(program, args, &[]).status.success()
}

/// Runs it to a bad end; gives what it complained about.
pub(crate) fn fails(program: &Path, args: &[&str]) -> String {
    let out = output(program, args, &[]);
    assert!(!out.status.success(), "{} {args:?} came to a good end", program.display());
    String::from_utf8_lossy(&out.stderr).into_owned()
}

/// Tries until it is so.
pub(crate) fn until(mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "it never came about");
        thread::sleep(Duration::from_millis(50));
    }
}

/// An image of two layers as an OCI layout, made by umoci; its name as skopeo takes it.
pub(crate) fn layout(folder: &Path) -> String {
    let umoci = tool("umoci").expect("umoci comes with skopeo");
    let (layout, root) = (folder.join("layout"), folder.join("root"));
    fs::create_dir_all(root.join("etc")).unwrap();
    fs::write(root.join("etc/motd"), "welcome\n").unwrap();
    // Larger than one piece of an upload.
    fs::write(
        root.join("large"),
        (0..3_000_000_u32).flat_map(|at| (at.wrapping_mul(2_654_435_761)).to_le_bytes()).collect::<Vec<_>>(),
    )
    .unwrap();
    let (layout, root) = (layout.to_str().unwrap(), root.to_str().unwrap());
    let image = format!("{layout}:v1");
    run(&umoci, &["init", "--layout", layout]);
    run(&umoci, &["new", "--image", &image]);
    run(&umoci, &["insert", "--image", &image, root, "/srv"]);
    run(&umoci, &["insert", "--image", &image, &format!("{root}/etc"), "/etc"]);
    format!("oci:{image}")
}

/// The same image as `docker save` would write it.
pub(crate) fn archive(folder: &Path) -> String {
    let path = folder.join("image.tar").display().to_string();
    run(
        &tool("skopeo").expect("skopeo is there"),
        &["copy", &layout(folder), &format!("docker-archive:{path}:test/app:v1")],
    );
    path
}
