//! With the real program.

use super::*;
use crate::emulator::buildah;
use std::{eprintln, fs, process::Command};

/// True if the program is there; `cargo xtask test` installs it and insists.
#[allow(clippy::print_stderr, reason = "a test that does not run says so")]
fn ready() -> bool {
    let ready = buildah::is_there();
    if !ready {
        assert!(std::env::var_os("PORTOLAN_REQUIRE_REGISTRY").is_none(), "buildah is not installed");
        eprintln!("not run: buildah is not installed");
    }
    ready
}

/// This machine's shell with the libraries that it needs, as a context for `FROM scratch`.
fn shell() -> (Vec<(String, Vec<u8>)>, String) {
    let mut files = Vec::new();
    let mut dockerfile = String::from("FROM scratch\n");
    for program in ["/bin/sh", "/bin/sleep"] {
        let listed = Command::new("ldd").arg(program).output().unwrap().stdout;
        let listed = String::from_utf8(listed).unwrap();
        let libraries = listed.split_whitespace().filter(|word| word.starts_with('/'));
        for file in libraries.chain([program]) {
            let name = file.trim_start_matches('/').replace('/', "-");
            if !files.iter().any(|(known, _)| *known == name) {
                dockerfile.push_str(&format!("COPY {name} {file}\n"));
                files.push((name, fs::read(file).unwrap()));
            }
        }
    }
    (files, dockerfile)
}

/// Builds an image with this machine's shell.
pub(crate) async fn shell_image(held: &Held, name: &str) {
    let (files, dockerfile) = shell();
    let id = schedule(held, &dockerfile, &files, json!({ "imageNames": [name] })).await;
    held.ended(&id).await.succeeded();
}

async fn schedule(held: &Held, dockerfile: &str, files: &[(String, Vec<u8>)], more: Value) -> String {
    let mut packer = Packer::new();
    let dockerfile = ("Dockerfile".to_string(), dockerfile.as_bytes().to_vec());
    for (path, bytes) in files.iter().chain([&dockerfile]) {
        packer.begin(&Entry::file(path.as_str(), bytes.len() as u64).mode(0o755)).unwrap();
        packer.write(bytes).unwrap();
    }
    packer.finish().unwrap();
    let mut request = json!({
        "type": "DockerBuildRequest", "dockerFilePath": "Dockerfile", "imageNames": ["app:v1"],
        "platform": { "os": "linux", "architecture": "amd64" }, "sourceLocation": held.upload(packer.take()).await,
    });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    held.builds.schedule(&TARGET, &request).unwrap()["name"].as_str().unwrap().into()
}

#[tokio::test(flavor = "multi_thread")]
async fn buildah_runs_what_dockerfiles_run() {
    if !ready() {
        return;
    }
    let held = held(Builder::Found);
    let (files, base) = shell();
    let id = schedule(&held, &base, &files, json!({ "imageNames": ["shell:1"] })).await;
    held.ended(&id).await.succeeded();
    // What a program says right before it ends can be lost on its way through buildah when the machine is busy.
    let upper = "FROM made.azurecr.io/shell:1\nARG WHO\nARG KEY\nRUN echo \"hello $WHO\" > /greeting; echo \"said $KEY $WHO\"; sleep 1\nCMD [\"/bin/sh\"]\n";
    let arguments = json!({ "arguments": [
        { "name": "WHO", "value": "you", "isSecret": false }, { "name": "KEY", "value": "hunter2", "isSecret": true },
    ] });
    let id = schedule(&held, upper, &[], arguments).await;
    let ended = held.ended(&id).await;
    ended.succeeded();
    assert!(ended.lines().contains(&"said *** you"), "{}", ended.log);
    assert!(!ended.log.contains("hunter2"), "{}", ended.log);
    let (base, image) = (held.image("shell:1"), held.image("app:v1"));
    assert_eq!(image.layers[..base.layers.len()], base.layers[..]);
    let last = image.layer(image.layers.len() - 1);
    assert_eq!(last.get("greeting").map(String::as_str), Some("644 0:0 hello you\n"));
    assert_eq!(image.manifest.media_type(), &crate::MediaType::DOCKER_MANIFEST);
    let dependency = format!("    repository: shell\r\n    tag: 1\r\n    digest: {}", base.manifest.digest());
    assert!(ended.log.contains(&dependency), "{}", ended.log);
}

#[tokio::test(flavor = "multi_thread")]
async fn buildah_fails_with_its_own_words() {
    if !ready() {
        return;
    }
    let held = held(Builder::Found);
    let (files, base) = shell();
    let id = schedule(&held, &format!("{base}RUN echo broken; exit 7\n"), &files, json!({})).await;
    let ended = held.ended(&id).await;
    assert!(ended.failed().starts_with("failed during run, err: exit status "), "{}", ended.run);
    assert!(ended.lines().contains(&"broken"), "{}", ended.log);
    let id = schedule(&held, "FROM alpine:3\n", &[], json!({})).await;
    assert!(held.ended(&id).await.failed().contains("does not contact 'docker.io'"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canceled_build_leaves_no_process_and_no_file() {
    if !ready() {
        return;
    }
    let held = held(Builder::Found);
    let (files, base) = shell();
    let marker = format!("{}", 1_000_000 + u64::from(std::process::id()));
    let id = schedule(&held, &format!("{base}RUN echo begun; sleep {marker}\n"), &files, json!({})).await;
    let running = || {
        let listed = Command::new("ps").args(["-eo", "args"]).output().unwrap().stdout;
        String::from_utf8_lossy(&listed).lines().any(|line| line.trim() == format!("sleep {marker}"))
    };
    while !running() {
        assert!(held.peek(&id).await.is_none(), "{}", held.peek(&id).await.unwrap().log);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    held.builds.cancel(&TARGET, &id).unwrap();
    let ended = held.ended(&id).await;
    assert_eq!((&ended.run["status"], &*ended.complete), (&json!("Canceled"), "canceled"), "{}", ended.log);
    assert!(!running());
    assert_eq!(fs::read_dir(held.folder.path().join("runs/work")).unwrap().count(), 0);
}
