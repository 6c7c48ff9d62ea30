//! skopeo, buildah and crane against the emulator: log in, push, pull, copy, delete, in every way that an identity may.
//! `cargo xtask test` builds crane and names it in the environment.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]
#![allow(clippy::print_stderr, reason = "a test that does not run says so")]

#[path = "emulator_clients/lab.rs"]
mod lab;

use lab::{Emulator, layout, run, tool};

#[test]
fn skopeo_logs_in_pushes_pulls_copies_and_deletes() {
    let Some(skopeo) = tool("skopeo") else { return };
    let emulator = Emulator::start();
    let image = layout(emulator.folder());
    let auth = emulator.folder().join("auth.json");
    let auth = auth.to_str().unwrap();
    let (user, password) = emulator.principal("Owner");
    let server = emulator.login_server();
    run(&skopeo, &["login", "--tls-verify=false", "--authfile", auth, "-u", &user, "-p", &password, server]);
    let (from, to) = (format!("docker://{server}/skopeo/app:v1"), format!("docker://{server}/skopeo/copy:v1"));
    let tls = ["--src-tls-verify=false", "--dest-tls-verify=false", "--authfile", auth];
    let copy = |from: &str, to: &str| run(&skopeo, &[&["copy"], &tls[..], &[from, to]].concat());
    copy(&image, &from);
    copy(&from, &to);
    let back = format!("oci:{}/back:v1", emulator.folder().display());
    copy(&to, &back);
    let digest = |image: &str, how: &[&str]| {
        run(&skopeo, &[&["inspect", "--format", "{{.Digest}}"], how, &[image]].concat()).trim().to_owned()
    };
    let how = ["--tls-verify=false", "--authfile", auth];
    let pushed = digest(&from, &how);
    assert_eq!((digest(&to, &how), digest(&image, &[]), digest(&back, &[])), (pushed.clone(), pushed.clone(), pushed));
    run(&skopeo, &[&["delete"], &how[..], &[&to]].concat());
    assert!(lab::fails(&skopeo, &[&["inspect"], &how[..], &[&to]].concat()).contains("unknown"));
    assert!(
        run(&skopeo, &[&["list-tags"], &how[..], &[&format!("docker://{server}/skopeo/app")]].concat()).contains("v1")
    );
}

#[test]
fn tls_is_as_good_as_plain_http() {
    let Some(skopeo) = tool("skopeo") else { return };
    let emulator = Emulator::start();
    let certificates = emulator.certificates();
    let (user, password) = emulator.principal("AcrPush");
    let target = format!("docker://{}/tls/app:v1", emulator.login_server());
    let credential = format!("{user}:{password}");
    let image = layout(emulator.folder());
    run(&skopeo, &["copy", "--dest-cert-dir", &certificates, "--dest-creds", &credential, &image, &target]);
    run(&skopeo, &["inspect", "--cert-dir", &certificates, "--creds", &credential, &target]);
}

#[test]
fn roles_end_where_they_end() {
    let Some(skopeo) = tool("skopeo") else { return };
    let emulator = Emulator::start();
    let image = layout(emulator.folder());
    let target = format!("docker://{}/roles/app:v1", emulator.login_server());
    let with = |role: &str| {
        let (user, password) = emulator.principal(role);
        format!("{user}:{password}")
    };
    let push = |role: &str| {
        [
            "copy".into(),
            "--dest-tls-verify=false".into(),
            "--dest-creds".into(),
            with(role),
            image.clone(),
            target.clone(),
        ]
    };
    let pull =
        |role: &str| ["inspect".into(), "--tls-verify=false".into(), "--creds".into(), with(role), target.clone()];
    for role in ["AcrPull", "Reader", "AcrDelete"] {
        lab::fails(&skopeo, &push(role).each_ref().map(String::as_str));
    }
    run(&skopeo, &push("AcrPush").each_ref().map(String::as_str));
    for role in ["AcrPull", "Reader", "Contributor", "Owner", "AcrPush"] {
        run(&skopeo, &pull(role).each_ref().map(String::as_str));
    }
    lab::fails(&skopeo, &pull("AcrDelete").each_ref().map(String::as_str));
    lab::fails(&skopeo, &["inspect", "--tls-verify=false", "--no-creds", &target]);
}

#[test]
fn buildah_pushes_what_it_built_and_pulls_it_in_another_region() {
    let Some(buildah) = tool("buildah") else { return };
    let emulator = Emulator::start();
    let (user, password) = emulator.principal("Contributor");
    let folder = emulator.folder();
    std::fs::write(folder.join("Dockerfile"), "FROM scratch\nCOPY Dockerfile /\nLABEL of=test\n").unwrap();
    let root = |name: &str| format!("{}/{name}", folder.display());
    let store =
        ["--storage-driver".into(), "vfs".into(), "--root".into(), root("root"), "--runroot".into(), root("run")];
    let store = store.each_ref().map(String::as_str);
    let credential = format!("{user}:{password}");
    let image = format!("{}/buildah/app:v1", emulator.login_server());
    run(
        &buildah,
        &[&store[..], &["build", "--isolation", "chroot", "-t", &image, &folder.display().to_string()]].concat(),
    );
    let how = ["--tls-verify=false", "--creds", &credential];
    run(&buildah, &[&store[..], &["push"], &how, &[&image]].concat());
    let there = format!("{}/buildah/app:v1", emulator.region("japaneast"));
    let pull = [&store[..], &["pull"], &how, &[&there]].concat();
    // A copy takes its time to arrive.
    lab::until(|| lab::succeeds(&buildah, &pull));
}

#[test]
fn crane_pushes_lists_copies_tags_and_deletes() {
    let Some(crane) = lab::crane() else { return };
    let emulator = Emulator::start();
    let (user, password) = emulator.principal("Owner");
    let server = emulator.login_server();
    let config = emulator.folder().join("docker");
    let crane = |args: &[&str]| lab::run_with(&crane, args, &[("DOCKER_CONFIG", config.to_str().unwrap())]);
    crane(&["auth", "login", "--insecure", "-u", &user, "-p", &password, server]);
    let archive = lab::archive(emulator.folder());
    let image = format!("{server}/crane/app:v1");
    crane(&["push", "--insecure", &archive, &image]);
    let digest = crane(&["digest", "--insecure", &image]).trim().to_owned();
    crane(&["tag", "--insecure", &image, "v2"]);
    crane(&["copy", "--insecure", &image, &format!("{server}/crane/copy:v1")]);
    assert_eq!(
        crane(&["ls", "--insecure", &format!("{server}/crane/app")]).split_whitespace().collect::<Vec<_>>(),
        ["v1", "v2"]
    );
    let catalog = crane(&["catalog", "--insecure", server]);
    assert_eq!(catalog.split_whitespace().collect::<Vec<_>>(), ["crane/app", "crane/copy"]);
    assert_eq!(crane(&["digest", "--insecure", &format!("{server}/crane/copy:v1")]).trim(), digest);
    crane(&["validate", "--insecure", "--remote", &image]);
    crane(&["delete", "--insecure", &format!("{server}/crane/copy@{digest}")]);
    assert_eq!(crane(&["catalog", "--insecure", server]).split_whitespace().collect::<Vec<_>>(), ["crane/app"]);
}
