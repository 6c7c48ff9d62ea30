//! What the core may depend on: a list of names, so that a new one is a decision and not an accident.

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use crate::{process, say, workspace};

/// Crates of the core build. All are `no_std` with at most `alloc`; their macros run in the compiler.
const ALLOWED: [&str; 24] = [
    "base64",
    "block-buffer",
    "cfg-if",
    "cpufeatures",
    "crypto-common",
    "digest",
    "hybrid-array",
    "itoa",
    "libc",
    "memchr",
    "proc-macro2",
    "quote",
    "serde",
    "serde_core",
    "serde_derive",
    "serde_json",
    "sha2",
    "syn",
    "thiserror",
    "thiserror-impl",
    "typenum",
    "unicode-ident",
    "zeroize",
    "zmij",
];

/// Crates that the feature `layers` may add to them.
const LAYERS: [&str; 5] = ["adler2", "crc32fast", "miniz_oxide", "ruzstd", "twox-hash"];

/// Names that are new.
fn strangers<'a>(tree: &'a str, allowed: &[&str]) -> BTreeSet<&'a str> {
    let names = tree.lines().filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "portolan" && !allowed.contains(name)).collect()
}

/// Fails when the core build, with or without layers, needs a crate that is not on the list, or takes a feature that
/// brings `std`.
///
/// # Errors
/// As said, or when cargo fails.
pub(super) fn check() -> Result<()> {
    say::step("what the core depends on");
    check_build(&[], &ALLOWED)?;
    check_build(&["--features", "layers"], &[&ALLOWED[..], &LAYERS[..]].concat())
}

fn check_build(features: &[&str], allowed: &[&str]) -> Result<()> {
    let mut command = workspace::cargo();
    command.args(["tree", "--package", "portolan", "--no-default-features", "--edges", "normal"]).args(features);
    let tree = process::output(command.args(["--prefix", "none", "--no-dedupe", "--format", "{p} [{f}]"]))?;
    let strangers = strangers(&tree, allowed);
    if !strangers.is_empty() {
        let names: Vec<_> = strangers.into_iter().collect();
        bail!("the core depends on crates that are not on its list (xtask/src/test/deps.rs): {}", names.join(", "));
    }
    let std = with_std(&tree);
    if !std.is_empty() {
        let names: Vec<_> = std.into_iter().collect();
        bail!("the core takes the feature `std` of {}", names.join(", "));
    }
    Ok(())
}

/// Crates that are taken with their `std` feature; what runs in the compiler may have it.
fn with_std(tree: &str) -> BTreeSet<&str> {
    const IN_COMPILER: [&str; 6] = ["proc-macro2", "quote", "serde_derive", "syn", "thiserror-impl", "unicode-ident"];
    let lines = tree.lines().filter(|line| {
        let features = line.rsplit_once(" [").map_or("", |(_, features)| features.trim_end_matches(']'));
        features.split(',').any(|feature| feature == "std")
    });
    lines.filter_map(|line| line.split_whitespace().next()).filter(|name| !IN_COMPILER.contains(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::{ALLOWED, strangers, with_std};

    #[test]
    fn finds_what_is_not_on_the_list() {
        let tree = "portolan v0.1.0 (/x) []\nserde v1.0.0 [alloc,derive]\ntokio v1.0.0 [sync]\n";
        assert_eq!(strangers(tree, &ALLOWED).into_iter().collect::<Vec<_>>(), ["tokio"]);
    }

    #[test]
    fn finds_std_outside_of_the_compiler() {
        let tree = "serde_json v1.0.0 [alloc,std]\nproc-macro2 v1.0.0 (proc-macro) [std]\nsha2 v0.11.0 []\n";
        assert_eq!(with_std(tree).into_iter().collect::<Vec<_>>(), ["serde_json"]);
    }
}
