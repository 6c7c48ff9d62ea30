//! What the module asks of its surroundings.

use std::path::Path;

use anyhow::{Result, bail};
use wasmparser::{Parser, Payload};

/// Refuses imports that no JavaScript of ours provides: `env` and WASI come from code that expects a C library.
///
/// # Errors
/// When there is one, or the bytes are no module.
pub(super) fn imports(module: &[u8]) -> Result<()> {
    let foreign = foreign(module)?;
    if !foreign.is_empty() {
        bail!("the wasm module imports what a browser has not: {}", foreign.join(", "));
    }
    Ok(())
}

/// Refuses folders of the machine that built the module: panics name source files.
///
/// # Errors
/// When one of `folders` stands in it.
pub(super) fn paths(module: &[u8], folders: &[&Path]) -> Result<()> {
    for folder in folders {
        let name = folder.to_string_lossy();
        if module.windows(name.len()).any(|bytes| bytes == name.as_bytes()) {
            bail!("the wasm module names a folder of this machine: {name}");
        }
    }
    Ok(())
}

fn foreign(module: &[u8]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(section) = payload? {
            for import in section.into_imports() {
                let import = import?;
                if import.module == "env" || import.module.starts_with("wasi") {
                    found.push(format!("{}.{}", import.module, import.name));
                }
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{imports, paths};
    use std::path::Path;

    /// A module with one imported function of no parameters.
    fn importing(module: &str) -> Vec<u8> {
        let mut bytes = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0".to_vec();
        let name = b"\x01f\0\0";
        bytes.extend([2, (2 + module.len() + name.len()) as u8, 1, module.len() as u8]);
        bytes.extend(module.bytes());
        bytes.extend(name);
        bytes
    }

    #[test]
    fn refuses_folders_of_the_machine() {
        assert!(paths(b"..\0/home/a/.cargo/x.rs", &[Path::new("/home/a/.cargo")]).is_err());
        assert!(paths(b"..\0cargo/x.rs", &[Path::new("/home/a/.cargo")]).is_ok());
    }

    #[test]
    fn refuses_what_needs_a_c_library() {
        assert!(imports(&importing("env")).is_err());
        assert!(imports(&importing("wasi_snapshot_preview1")).is_err());
        assert!(imports(&importing("./portolan_bg.js")).is_ok());
    }
}
