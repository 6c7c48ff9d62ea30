//! What several steps share, made when the first one asks: a compiler, a program, registries full of images.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use tempfile::TempDir;

use crate::emulator::Emulator;
use crate::fixtures::real;
use crate::portal;
use crate::registry::{self, Auth, Options, Registry};
use crate::wasm::Toolchain;

/// What a test process finds in its environment.
pub(super) type Variables = Vec<(&'static str, OsString)>;

/// Shared things; what could not be made is not tried twice.
#[derive(Default)]
pub(super) struct Lab {
    toolchain: Option<Result<Toolchain, String>>,
    program: Option<Result<(PathBuf, TempDir), String>>,
    harbour: Option<Result<Harbour, String>>,
    emulator: Option<Result<Emulator, String>>,
}

/// One set of images behind three registries.
struct Harbour {
    variables: Variables,
    _registries: Vec<Registry>,
    _files: TempDir,
}

/// The value, made now if nobody asked before.
fn once<T>(slot: &mut Option<Result<T, String>>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    let made = slot.get_or_insert_with(|| make().map_err(|error| format!("{error:#}")));
    made.as_ref().map_err(|error| anyhow!("{error}"))
}

impl Lab {
    /// A compiler for wasm.
    pub(super) fn toolchain(&mut self) -> Result<&Toolchain> {
        once(&mut self.toolchain, || Toolchain::choose(None))
    }

    /// The variables that tell tests where the registries are.
    pub(super) fn registries(&mut self) -> Result<&Variables> {
        once(&mut self.harbour, harbour).map(|harbour| &harbour.variables)
    }

    /// The built program, set aside so that a later build does not pull it away from under a running test.
    fn program(&mut self) -> Result<&Path> {
        let made = once(&mut self.program, || {
            let built = portal::build_program("dev")?;
            let files = tempfile::Builder::new().prefix("portolan-program-").tempdir()?;
            let path = files.path().join("portolan");
            fs::copy(built, &path)?;
            Ok((path, files))
        });
        made.map(|(path, _)| path.as_path())
    }

    /// A running emulator.
    pub(super) fn emulator(&mut self) -> Result<&Emulator> {
        let program = self.program()?.to_owned();
        once(&mut self.emulator, || Emulator::start(&program, &[]))
    }

    /// All variables: registries, program, portal.
    pub(super) fn variables(&mut self) -> Result<Variables> {
        let mut variables = self.registries()?.clone();
        variables.push(("PORTOLAN_BIN", self.program()?.into()));
        variables.push(("PORTOLAN_ASSETS", portal::assets().into()));
        Ok(variables)
    }
}

fn harbour() -> Result<Harbour> {
    let files = tempfile::Builder::new().prefix("portolan-test-").tempdir()?;
    let data = files.path().join("data");
    let real = real::offered();
    registry::fill(&data, real.as_ref())?;
    // Without them, tests that find no registry and no images count as passed.
    let mut variables: Variables =
        vec![("PORTOLAN_REQUIRE_REGISTRY", "1".into()), ("PORTOLAN_REQUIRE_REAL", "1".into())];
    variables.extend(real.map(|set| ("PORTOLAN_TEST_REAL", set.description().into())));
    let mut registries = Vec::new();
    for (auth, name) in [
        (Auth::None, "PORTOLAN_TEST_INFO_NONE"),
        (Auth::Basic, "PORTOLAN_TEST_INFO_BASIC"),
        (Auth::Token, "PORTOLAN_TEST_INFO_TOKEN"),
    ] {
        let anonymous = Some("library/".into());
        let registry = Registry::start(&Options { data: Some(data.clone()), anonymous, ..Options::new(auth) })?;
        let path = files.path().join(format!("{}.json", auth.name()));
        registry.info().write(&path)?;
        variables.push((name, path.into()));
        registries.push(registry);
    }
    Ok(Harbour { variables, _registries: registries, _files: files })
}
