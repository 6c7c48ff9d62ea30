//! The scan beside others that read archives: GNU tar, and Python's tarfile.
#![cfg(feature = "layers")]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]

use portolan::{
    Digest,
    layers::{EntryKind, EntryRef, LayerIndex, Scan, ScanOptions},
};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

const MEMBERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tar_readers/members.py");

fn scan(path: &Path) -> LayerIndex {
    let layer = fs::read(path).unwrap();
    let mut scan = Scan::new(ScanOptions::new(Digest::sha256(&layer)));
    layer.chunks(10_000).for_each(|chunk| scan.push(chunk).unwrap());
    scan.finish().unwrap()
}

/// What a program says; it must succeed.
fn said(command: &mut Command) -> String {
    let out = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(out.status.success(), "{:?}: {}", command.get_program(), String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn member(entry: EntryRef<'_>) -> Value {
    json!([
        hex(&entry.path()),
        entry.kind().as_str(),
        entry.mode(),
        entry.uid(),
        entry.gid(),
        entry.size(),
        entry.mtime(),
        hex(entry.link()),
        entry.device()
    ])
}

/// Compares each archive with what Python lists.
fn compare_with_python(archives: &[PathBuf]) {
    let listings = said(Command::new("python3").arg(MEMBERS).arg("list").args(archives));
    assert_eq!(listings.lines().count(), archives.len());
    for (archive, listing) in archives.iter().zip(listings.lines()) {
        let theirs: Vec<Value> = serde_json::from_str(listing).unwrap();
        let index = scan(archive);
        let ours: Vec<Value> = index.listing.iter().map(member).collect();
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs, "{}", archive.display());
        }
        assert_eq!(ours.len(), theirs.len(), "{}", archive.display());
    }
}

#[test]
fn what_python_writes_lists_as_python_lists_it() {
    let dir = TempDir::new().unwrap();
    said(Command::new("python3").arg(MEMBERS).arg("write").arg(dir.path()));
    let archives = files(dir.path());
    assert_eq!(archives.len(), 120);
    compare_with_python(&archives);
}

/// A tree with all that a user may make.
fn tree(root: &Path) {
    let script = r#"
        set -e
        mkdir -p dir/empty 'dir/with space' "dir/$(printf 'd%.0s' $(seq 90))/$(printf 'e%.0s' $(seq 90))"
        printf abc > dir/small; : > dir/nothing; head -c 70000 /dev/zero | tr '\0' x > dir/large
        chmod 4755 dir/small; chmod 1777 dir/empty
        ln dir/small dir/other-name; ln -s ../dir/small dir/link; ln -s /absolute dir/absolute
        long="dir/$(printf 'n%.0s' $(seq 200))"; printf long > "$long"; ln -s "$long" dir/to-long; ln "$long" dir/hard-to-long
        printf x > "dir/$(printf 'd%.0s' $(seq 90))/$(printf 'e%.0s' $(seq 90))/$(printf 'f%.0s' $(seq 60))"
        printf utf > dir/café; mkfifo dir/fifo
        printf a > dir/sparse; truncate -s 3M dir/sparse; printf b >> dir/sparse; truncate -s 5000001 dir/sparse
        truncate -s 1G dir/hole
        for at in $(seq 60); do printf "$at" | dd of=dir/many-parts bs=1 seek=$((at * 100000)) conv=notrunc status=none; done
        touch -d '1965-03-01 UTC' dir/old; touch -d '2500-01-01 UTC' dir/future
    "#;
    said(Command::new("sh").arg("-c").arg(script).current_dir(root).env("LC_ALL", "C.UTF-8"));
}

/// Archives of the tree in all formats that GNU tar writes, with what they cannot hold left out.
fn gnu_archives(root: &Path, to: &Path) -> Vec<PathBuf> {
    let plain = ["--exclude=*nnn*", "--exclude=*to-long", "--exclude=old", "--exclude=future", "--exclude=ddd*"];
    let no_fifo = [&plain[..], &["--exclude=fifo"]].concat();
    let formats: [(&str, &[&str], &[&str]); 8] = [
        ("v7", &["--format=v7"], &no_fifo),
        ("ustar", &["--format=ustar"], &plain),
        ("oldgnu", &["--format=oldgnu"], &[]),
        ("gnu", &["--format=gnu"], &[]),
        ("sparse-gnu", &["--format=gnu", "--sparse"], &[]),
        ("sparse-0.0", &["--format=posix", "--sparse", "--sparse-version=0.0"], &[]),
        ("sparse-0.1", &["--format=posix", "--sparse", "--sparse-version=0.1"], &[]),
        ("sparse-1.0", &["--format=posix", "--sparse", "--sparse-version=1.0"], &[]),
    ];
    let archive = |(name, format, without): (&str, &[&str], &[&str])| {
        let path = to.join(format!("{name}.tar"));
        let whole = ["--exclude=hole"];
        let without = if format.contains(&"--sparse") { without } else { &[without, &whole[..]].concat() };
        said(Command::new("tar").args(format).args(without).arg("-cf").arg(&path).arg("dir").current_dir(root));
        path
    };
    formats.into_iter().map(archive).collect()
}

/// A line as `tar -tv` has it.
fn line(entry: EntryRef<'_>) -> String {
    let kind = match entry.kind() {
        EntryKind::File => '-',
        EntryKind::Directory => 'd',
        EntryKind::Symlink => 'l',
        EntryKind::Hardlink => 'h',
        EntryKind::CharDevice => 'c',
        EntryKind::BlockDevice => 'b',
        EntryKind::Fifo => 'p',
    };
    let link = String::from_utf8_lossy(entry.link());
    let link = match entry.kind() {
        EntryKind::Symlink => format!(" -> {link}"),
        EntryKind::Hardlink => format!(" link to {link}"),
        _ => String::new(),
    };
    let slash = if entry.kind() == EntryKind::Directory { "/" } else { "" };
    let path = String::from_utf8(entry.path()).unwrap();
    let (mode, time) = (permissions(entry.mode()), entry.mtime());
    format!("{kind}{mode} {}/{} {} {time} {path}{slash}{link}", entry.uid(), entry.gid(), entry.size())
}

fn permissions(mode: u16) -> String {
    let bits = "rwxrwxrwx".chars().enumerate().map(|(at, letter)| if mode & (0o400 >> at) == 0 { '-' } else { letter });
    let mut letters: Vec<char> = bits.collect();
    for (bit, at, letter) in [(0o4000, 2, 's'), (0o2000, 5, 's'), (0o1000, 8, 't')] {
        if mode & bit != 0 {
            letters[at] = if letters[at] == 'x' { letter } else { letter.to_ascii_uppercase() };
        }
    }
    letters.into_iter().collect()
}

/// Seconds since 1970 of a time as `--full-time` writes it.
fn seconds(date: &str, time: &str) -> i64 {
    let text = format!("{date} {time} UTC");
    said(Command::new("date").args(["-u", "-d", &text, "+%s"])).trim().parse().unwrap()
}

/// What `tar -tv` says, with single spaces and with seconds in place of dates.
fn gnu_listing(archive: &Path) -> Vec<String> {
    let mut command = Command::new("tar");
    command.args(["--numeric-owner", "--full-time", "--quoting-style=literal", "-tvf"]).arg(archive);
    let text = said(command.env("TZ", "UTC").env("LC_ALL", "C.UTF-8"));
    let short = |line: &str| {
        let (head, name) = line.split_at(line.match_indices(':').nth(1).unwrap().0 + 3);
        // A fraction may follow the seconds.
        let name = name.trim_start_matches(|letter: char| letter != ' ').trim_start();
        let fields: Vec<_> = head.split_whitespace().collect();
        let [mode, owner, size, date, time] = fields[..] else { panic!("{line}") };
        format!("{mode} {owner} {size} {} {name}", seconds(date, time))
    };
    text.lines().map(short).collect()
}

#[test]
fn what_gnu_tar_writes_lists_as_both_list_it() {
    let (root, archives) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    tree(root.path());
    let written = gnu_archives(root.path(), archives.path());
    for archive in &written {
        let ours: Vec<_> = scan(archive).listing.iter().map(line).collect();
        let theirs = gnu_listing(archive);
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs, "{}", archive.display());
        }
        assert_eq!(ours.len(), theirs.len());
    }
    compare_with_python(&written);
}

/// What a sparse file is made of, put together from its regions, is the file.
#[test]
fn regions_of_sparse_files_are_where_their_content_is() {
    let (root, archives) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    tree(root.path());
    let mut seen = 0;
    for archive in gnu_archives(root.path(), archives.path()) {
        let (index, layer) = (scan(&archive), fs::read(&archive).unwrap());
        let sparse = |entry: &EntryRef<'_>| !entry.regions().is_empty() && entry.size() < 1 << 28;
        for entry in index.listing.iter().filter(sparse) {
            let mut content = vec![0; usize::try_from(entry.size()).unwrap()];
            let mut from = usize::try_from(entry.offset()).unwrap();
            for region in entry.regions() {
                let (at, length) = (usize::try_from(region.offset).unwrap(), usize::try_from(region.length).unwrap());
                content[at..at + length].copy_from_slice(&layer[from..from + length]);
                from += length;
            }
            let path = String::from_utf8(entry.path()).unwrap();
            assert!(fs::read(root.path().join(&path)).unwrap() == content, "{path} in {}", archive.display());
            seen += 1;
        }
    }
    assert!(seen >= 8, "{seen}");
}
