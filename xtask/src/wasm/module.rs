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
    /// The part of it that is loaded when it is needed.
    pub(super) later: Option<Later>,
}

/// The second half of a module (`split`).
#[derive(Clone, Copy, Debug)]
pub(super) struct Later {
    /// As for the module.
    pub(super) name: &'static str,
    /// The exports that need it.
    pub(super) exports: &'static [&'static str],
}

/// All of them. What only the view of layers needs, or only Azure, is a module of its own, so that nobody else pays for it, and so is what only
/// few layers need.
pub(crate) const MODULES: [Module; 4] = [
    Module { name: "portolan", feature: "wasm", later: None },
    Module { name: "portolan_layers", feature: "wasm-layers", later: Some(LAYERS_LATER) },
    Module { name: "portolan_layers_extra", feature: "wasm-layers-extra", later: None },
    Module { name: "portolan_azure", feature: "wasm-azure", later: None },
];

/// What the files of an image are first shown without. Of what is named here, `pkg/src/layers/handlers.ts` must call nothing before it has
/// loaded the rest.
const LAYERS_LATER: Later = Later {
    name: "portolan_layers_more",
    exports: &[
        "__wbg_differences_free",
        "__wbg_reading_free",
        "differences_new",
        "differences_page",
        "files_history",
        "files_read",
        "files_search",
        "files_waste",
        "reading_done",
        "reading_elsewhere",
        "reading_end",
        "reading_finish",
        "reading_layer",
        "reading_push",
        "reading_size",
        "reading_start",
    ],
};

/// The folder that the npm package takes the modules from.
pub(super) fn out_dir() -> PathBuf {
    workspace::root().join("pkg/wasm")
}

/// The file with that name.
pub(super) fn path(name: &str) -> PathBuf {
    out_dir().join(format!("{name}_bg.wasm"))
}

/// True if every module was built.
pub(crate) fn built() -> bool {
    MODULES.into_iter().flat_map(Module::files).all(|name| path(name).exists())
}

impl Module {
    /// The module after the last build.
    pub(super) fn path(self) -> PathBuf {
        path(self.name)
    }

    /// The names of its files: its own, and that of its second half.
    pub(super) fn files(self) -> impl Iterator<Item = &'static str> {
        [Some(self.name), self.later.map(|later| later.name)].into_iter().flatten()
    }

    /// Where it is written what the module was made from.
    pub(super) fn stamp(self) -> PathBuf {
        out_dir().join(format!(".{}-made-from", self.name))
    }
}
