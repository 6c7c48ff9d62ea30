//! The conformance suite of opencontainers/distribution-spec, built from `tests/tools/conformance`. `cargo xtask test`
//! builds it and names it in the environment.

use super::process::Emulator;
use std::{env, fs, process::Command};

/// Everything that the suite can ask for, but for what a registry that checks its content can't do: manifests whose
/// content was never pushed.
const ALL: [(&str, &str); 10] = [
    ("OCI_VERSION", "1.1"),
    // Each request asks for the scope that its challenge names: a mount needs two.
    ("OCI_CACHE_AUTH", "false"),
    ("OCI_API_BLOBS_DIGEST_HEADER", "true"),
    ("OCI_API_BLOBS_UPLOAD_CANCEL", "true"),
    ("OCI_API_MANIFESTS_DIGEST_HEADER", "true"),
    ("OCI_API_MANIFESTS_TAG_PARAM", "true"),
    ("OCI_DATA_SPARSE", "false"),
    ("OCI_REPO1", "conformance/one"),
    ("OCI_REPO2", "conformance/two"),
    ("OCI_LOG", "warn"),
];

/// What ACR does not do: it deletes manifests by digest alone, and asks which repository a blob is to be mounted from.
const NOT_DONE: [&str; 2] = ["/tag-delete", "/blob-mount-anonymous"];

#[test]
fn the_distribution_specification_is_kept() {
    let Some(suite) = env::var_os("PORTOLAN_CONFORMANCE") else {
        assert!(env::var_os("PORTOLAN_REQUIRE_REGISTRY").is_none(), "the suite was not built");
        eprintln!("not run: PORTOLAN_CONFORMANCE names no program");
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let emulator = Emulator::start(data.path(), &["--regions", "eastus"]);
    let (user, password) = emulator.principal("Owner");
    let results = data.path().join("results");
    let mut command = Command::new(suite);
    command.current_dir(data.path()).envs(ALL).env("OCI_RESULTS_DIR", &results);
    command.env("OCI_REGISTRY", emulator.login_server()).env("OCI_TLS", "disabled");
    command.env("OCI_USERNAME", user).env("OCI_PASSWORD", password);
    let out = command.output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    let report = fs::read_to_string(results.join("junit.xml")).unwrap();
    assert!(out.status.success(), "{said}");
    let not_passed: Vec<&str> = report
        .split("<testcase ")
        .skip(1)
        .filter(|case| !case.contains("status=\"passed\""))
        .filter_map(|case| case.split("name=\"").nth(1)?.split('"').next())
        .filter(|name| !NOT_DONE.iter().any(|end| name.ends_with(end)))
        .collect();
    assert_eq!(not_passed, [""; 0], "{said}");
}
