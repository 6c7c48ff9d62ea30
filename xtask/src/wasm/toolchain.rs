//! A compiler for `wasm32-unknown-unknown`: rustup's where it has or gets the target, Debian's with its own `std` otherwise.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::{process, say, tools, workspace};

/// The target of everything here.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
const LINKER: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];

/// Where the compiler comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// The compiler in use, with the target's `std` beside it.
    Rustup,
    /// Debian's compiler, which builds `std` itself.
    Debian,
}

/// A compiler for the target.
#[derive(Clone, Debug)]
pub(crate) struct Toolchain {
    kind: Kind,
    linker: Option<PathBuf>,
    folder: PathBuf,
}

impl Toolchain {
    /// The wanted one, or the first that works.
    ///
    /// # Errors
    /// When there is none and none can be installed.
    pub(crate) fn choose(wanted: Option<Kind>) -> Result<Self> {
        match wanted {
            Some(Kind::Rustup) => Self::rustup(),
            Some(Kind::Debian) => Self::debian(),
            None => Self::rustup().or_else(|first| {
                say::note(format_args!("{first:#}"));
                Self::debian().with_context(|| {
                    format!(
                        "no compiler for {TARGET}: please run `rustup target add {TARGET}`; Debian's way failed too"
                    )
                })
            }),
        }
    }

    fn rustup() -> Result<Self> {
        let library = sysroot()?.join("lib/rustlib").join(TARGET).join("lib");
        if !library.exists() {
            let rustup =
                tools::find("rustup").context("the compiler in use has no wasm target, and there is no rustup")?;
            say::step(format_args!("adding the target {TARGET} with rustup"));
            process::run_quietly(Command::new(rustup).args(["target", "add", TARGET]))?;
            if !library.exists() {
                bail!("rustup has the target {TARGET} now, but the compiler in use is not rustup's");
            }
        }
        Ok(Self { kind: Kind::Rustup, linker: None, folder: workspace::target()?.into() })
    }

    fn debian() -> Result<Self> {
        if !debian_is_usable()? {
            tools::install(&DEBIAN_PACKAGES).with_context(|| {
                format!("Debian's compiler is missing: please run `apt-get install {}`", DEBIAN_PACKAGES.join(" "))
            })?;
            if !debian_is_usable()? {
                bail!("Debian's compiler is too old: portolan needs {}", env!("CARGO_PKG_RUST_VERSION"));
            }
        }
        let linker = Some(linker()?);
        // A folder of its own: two compilers would throw away each other's work.
        Ok(Self { kind: Kind::Debian, linker, folder: workspace::target()?.join("debian-web") })
    }

    /// Where its own sources and libraries lie.
    pub(crate) fn sysroot(&self) -> Result<PathBuf> {
        match self.kind {
            Kind::Rustup => sysroot(),
            Kind::Debian => Ok("/usr".into()),
        }
    }

    /// Where it comes from, for people.
    pub(crate) const fn name(&self) -> &'static str {
        match self.kind {
            Kind::Rustup => "the compiler in use",
            Kind::Debian => "Debian's compiler, building std",
        }
    }

    /// Whether `cargo clippy` works with it.
    pub(crate) fn has_clippy(&self) -> bool {
        self.kind == Kind::Rustup
    }

    /// Cargo's `subcommand` for the target; `std` says whether more than `core` and `alloc` is wanted.
    pub(crate) fn cargo(&self, subcommand: &str, std: bool) -> Command {
        let mut command = match self.kind {
            Kind::Rustup => workspace::cargo(),
            Kind::Debian => debian_cargo(),
        };
        command.arg(subcommand).args(["--target", TARGET]);
        if self.kind == Kind::Debian {
            command.arg("--target-dir").arg(&self.folder);
            command.arg(if std { "-Zbuild-std=std,panic_abort" } else { "-Zbuild-std=core,alloc" });
        }
        // Flags from outside would hide those of the project's own configuration.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        if let Some(linker) = &self.linker {
            command.env(LINKER, linker);
        }
        command
    }

    /// Where cargo puts what it makes.
    pub(crate) fn artifact(&self, profile: &str, file: &str) -> PathBuf {
        self.folder.join(TARGET).join(profile).join(file)
    }
}

fn sysroot() -> Result<PathBuf> {
    Ok(process::output(Command::new(rustc()).args(["--print", "sysroot"]))?.trim().into())
}

fn rustc() -> OsString {
    env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

fn debian_cargo() -> Command {
    let mut command = Command::new(DEBIAN_CARGO);
    command.current_dir(workspace::root());
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        // What the cargo that started us says of itself and of its compiler is not true of this one.
        if name.starts_with("RUST")
            || name == "CARGO"
            || name.starts_with("CARGO_PKG")
            || name.starts_with("CARGO_MANIFEST")
        {
            command.env_remove(&*name);
        }
    }
    command.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
    command
}

/// Whether Debian's compiler, cargo and library sources are there and new enough.
fn debian_is_usable() -> Result<bool> {
    if ![DEBIAN_CARGO, DEBIAN_RUSTC, DEBIAN_SOURCE].iter().all(|path| tools::find(path).is_some()) {
        return Ok(false);
    }
    let text = process::output(Command::new(DEBIAN_RUSTC).arg("--version"))?;
    let version = text.split_whitespace().nth(1).map(numbers);
    Ok(version.is_some_and(|version| version >= numbers(env!("CARGO_PKG_RUST_VERSION"))))
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|part| part.parse().ok()).collect()
}

/// rustup's linker where there is one, else the one of Debian's LLVM.
fn linker() -> Result<PathBuf> {
    let about = process::output(Command::new(DEBIAN_RUSTC).arg("-vV"))?;
    let line = |name: &str| about.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let host = line("host:").context("the compiler does not name its host")?;
    if let Some(path) = rustup_linker(host).or_else(|| tools::find("rust-lld")) {
        return Ok(path);
    }
    let llvm = line("LLVM version:").and_then(|version| version.split('.').next());
    let llvm = llvm.context("the compiler does not name its LLVM")?;
    let (program, package) = (format!("wasm-ld-{llvm}"), format!("lld-{llvm}"));
    if let Some(path) = tools::find(&program) {
        return Ok(path);
    }
    tools::install(&[&package]).with_context(|| format!("a linker is missing: please install {package}"))?;
    tools::find(&program).with_context(|| format!("{package} was installed but brought no {program}"))
}

fn rustup_linker(host: &str) -> Option<PathBuf> {
    let home = env::var_os("RUSTUP_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".rustup")))?;
    let mut toolchains: Vec<_> = home.join("toolchains").read_dir().ok()?.flatten().map(|entry| entry.path()).collect();
    toolchains.sort();
    toolchains
        .into_iter()
        .map(|path| path.join("lib/rustlib").join(host).join("bin/rust-lld"))
        .find(|path| path.exists())
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn versions_compare_by_number() {
        assert!(numbers("1.100.0") > numbers("1.96"));
        assert!(numbers("1.88.0") >= numbers("1.88"));
        assert!(numbers("1.85.0-nightly") < numbers("1.88"));
    }
}
