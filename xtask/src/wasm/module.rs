//! The modules that the npm package is made of.

use std::path::PathBuf;

use crate::workspace;

/// One module: the crate with one of its features.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Module {
    /// Name of its files, and its key in the size budget.
    pub(crate) name: &'static str,
    /// The feature that brings its bindings.
    pub(crate) feature: &'static str,
}

/// All of them. What only the view of layers needs, or only Azure, is a module of its own, so that nobody else pays for it, and so is what only
/// few layers need.
pub(crate) const MODULES: [Module; 4] = [
    Module { name: "portolan", feature: "wasm" },
    Module { name: "portolan_layers", feature: "wasm-layers" },
    Module { name: "portolan_layers_extra", feature: "wasm-layers-extra" },
    Module { name: "portolan_azure", feature: "wasm-azure" },
];

/// The folder that the npm package takes the modules from.
pub(super) fn out_dir() -> PathBuf {
    workspace::root().join("pkg/wasm")
}

/// True if every module was built.
pub(crate) fn built() -> bool {
    MODULES.iter().all(|module| module.path().exists())
}

impl Module {
    /// The module after the last build.
    pub(super) fn path(self) -> PathBuf {
        out_dir().join(format!("{}_bg.wasm", self.name))
    }

    /// Where it is written what the module was made from.
    pub(super) fn stamp(self) -> PathBuf {
        out_dir().join(format!(".{}-made-from", self.name))
    }
}
