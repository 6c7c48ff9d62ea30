//! Packing of build contexts beside azure-cli, GNU tar and gzip.
#![cfg(feature = "azure")]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]

use portolan::azure::context::{Entry, Ignore, Packer};
use serde::Deserialize;
use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt, process::Command};

/// What azure-cli 2.91 packed of one tree under many ignore files; `tests/golden/context/make.py` wrote it.
const GOLDEN: &str = include_str!("golden/context/dockerignore.jsonl");

#[derive(Deserialize)]
struct Case {
    rules: String,
    own: bool,
    packed: BTreeSet<String>,
}

/// All files and directories of the tree, as the script has them.
fn tree() -> BTreeSet<(String, bool)> {
    let script = include_str!("golden/context/make.py");
    let files = script.split("\"\"\"").nth(3).unwrap();
    let mut all = BTreeSet::new();
    for file in files.split_whitespace() {
        all.insert((file.to_owned(), false));
        all.extend(file.match_indices('/').map(|(at, _)| (file[..at].to_owned(), true)));
    }
    all
}

#[test]
fn ignore_files_leave_out_what_azure_cli_leaves_out() {
    let mut cases = 0;
    for case in GOLDEN.lines() {
        let case: Case = serde_json::from_str(case).unwrap();
        let rules = case.rules.as_bytes();
        let ignore = if case.own { Ignore::parse_own(rules) } else { Ignore::parse(rules) }.unwrap();
        let mut all = tree();
        let own = if case.own { "Dockerfile.dockerignore" } else { ".dockerignore" };
        all.insert((own.to_owned(), false));
        let packed: BTreeSet<String> = all
            .into_iter()
            .filter(|(path, directory)| ignore.includes(path, *directory))
            .map(|(path, _)| path)
            .collect();
        assert_eq!(packed, case.packed, "{:?}", case.rules);
        cases += 1;
    }
    assert!(cases > 150);
}

#[test]
fn gnu_tar_unpacks_what_was_packed() {
    let long = format!("deep/{}/{}", "d".repeat(120), "é".repeat(100));
    let mut packer = Packer::new();
    packer.begin(&Entry::directory("deep").mode(0o750)).unwrap();
    packer.begin(&Entry::file(&*long, 5).mode(0o4755).modified(1_700_000_001)).unwrap();
    packer.write(b"hel").unwrap();
    packer.write(b"lo").unwrap();
    packer.begin(&Entry::link("link", &*format!("../{}", "t".repeat(150)))).unwrap();
    packer.begin(&Entry::file(b"not\xfftext".as_slice(), 0)).unwrap();
    packer.finish().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("a.tar.gz");
    fs::write(&archive, packer.take()).unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    let said = Command::new("tar").args(["-xzpf"]).arg(&archive).arg("-C").arg(&out).output().unwrap();
    assert_eq!((said.status.success(), said.stderr), (true, vec![]));
    assert_eq!(fs::read(out.join(&long)).unwrap(), b"hello");
    let meta = fs::metadata(out.join(&long)).unwrap();
    assert_eq!(meta.permissions().mode() & 0o7777, 0o4755);
    assert_eq!(meta.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs(), 1_700_000_001);
    assert_eq!(fs::metadata(out.join("deep")).unwrap().permissions().mode() & 0o7777, 0o750);
    assert_eq!(fs::read_link(out.join("link")).unwrap().to_str().unwrap().len(), 153);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 3);
}

/// The same folder packed by azure-cli's rules, links and modes included, and read by GNU tar.
#[cfg(feature = "client")]
#[test]
fn a_folder_is_packed_in_order_with_its_dockerfile_at_the_end() {
    use portolan::client::azure::context::pack;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in ["src/lib", ".git", "tmp/keep"] {
        fs::create_dir_all(at(name)).unwrap();
    }
    for name in ["src/lib/b.c", "src/a.c", ".git/HEAD", "tmp/x", "tmp/keep/y", "Containerfile"] {
        fs::write(at(name), name).unwrap();
    }
    fs::set_permissions(at("src/a.c"), fs::Permissions::from_mode(0o751)).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", at("src/link")).unwrap();
    fs::write(at(".dockerignore"), "src").unwrap();
    fs::write(at("Containerfile.dockerignore"), "tmp\n!tmp/keep").unwrap();
    let mut archive = Vec::new();
    let packed = pack(folder.path(), &at("Containerfile"), &mut archive).unwrap();
    assert_eq!((packed.size, packed.members), (archive.len() as u64, 10));
    let file = at("a.tar.gz");
    fs::write(&file, &archive).unwrap();
    let listed = Command::new("tar").arg("-tvzf").arg(&file).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let names: Vec<&str> = listed.lines().map(|line| line.split_whitespace().nth(5).unwrap()).collect();
    let wanted =
        ["Containerfile", "Containerfile.dockerignore", "src/", "src/a.c", "src/lib/", "src/lib/b.c", "src/link"];
    assert_eq!(names[..7], wanted);
    assert_eq!(names[7..], ["tmp/keep/", "tmp/keep/y", &*packed.dockerfile]);
    assert!(listed.contains("-rwxr-x--x 0/0") && listed.contains("src/link -> /etc/passwd"), "{listed}");
    assert!(packed.dockerfile.ends_with("_Containerfile") && packed.dockerfile.len() == 46, "{}", packed.dockerfile);
}
