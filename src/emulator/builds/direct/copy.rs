//! `COPY` and `ADD`.

use super::{
    archive,
    tree::{Node, NodeKind, Tree, base_name, clean, join, names, parent},
};
use crate::{
    azure::context::Pattern,
    emulator::{
        failure::{Failure, Stop},
        scratch::Scratch,
    },
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use std::fs::File;

/// What is to be copied, every word resolved.
pub(super) struct Copy<'a> {
    pub(super) sources: Vec<String>,
    /// Absolute.
    pub(super) destination: String,
    pub(super) owner: (u32, u32),
    pub(super) mode: Option<u32>,
    /// `ADD`: archives are unpacked.
    pub(super) unpacks: bool,
    pub(super) scratch: &'a Scratch,
    pub(super) stop: &'a Stop,
}

/// What a copy added to a tree.
type Added = BTreeMap<Vec<u8>, Node>;

impl Copy<'_> {
    /// Copies from one tree to another; what is new in the other one.
    pub(super) fn run(&self, from: &Tree, to: &mut Tree) -> Result<Added, Failure> {
        let sources = self.found(from)?;
        let folder = self.is_folder(to, sources.len());
        if sources.len() > 1 && !self.destination.ends_with('/') {
            let reason =
                "when using COPY with more than one source file, the destination must be a directory and end with a /";
            return Err(Failure::Failed(reason.into()));
        }
        let mut added = Added::new();
        for source in sources {
            self.one(from, &source, folder, to, &mut added)?;
        }
        Ok(added)
    }

    /// The paths that the sources name.
    fn found(&self, from: &Tree) -> Result<Vec<Vec<u8>>, Failure> {
        let mut found = Vec::new();
        for source in &self.sources {
            let path = clean(source.as_bytes());
            let pattern = Pattern::new(&path);
            let before = found.len();
            if pattern.is_wild() {
                found.extend(
                    from.below(b"").map(|(path, _)| path).filter(|path| pattern.matches(path)).map(<[u8]>::to_vec),
                );
            } else if path.is_empty() || from.get(&from.resolve(&path, false).unwrap_or_default()).is_some() {
                found.push(path);
            }
            if found.len() == before {
                return Err(Failure::Failed(format!(
                    "COPY failed: file not found in build context: stat {source}: file does not exist"
                )));
            }
        }
        Ok(found)
    }

    fn is_folder(&self, to: &Tree, sources: usize) -> bool {
        let path = to.resolve(self.destination.as_bytes(), true).unwrap_or_default();
        sources > 1 || self.destination.ends_with('/') || to.is_directory(&path)
    }

    fn one(&self, from: &Tree, source: &[u8], folder: bool, to: &mut Tree, added: &mut Added) -> Result<(), Failure> {
        let circle = || Failure::Failed("too many levels of symbolic links".into());
        let real = from.resolve(source, true).ok_or_else(circle)?;
        let destination = to.resolve(self.destination.as_bytes(), true).ok_or_else(circle)?;
        if from.is_directory(&real) {
            return self.members(from, &real, &destination, to, added);
        }
        let node = from.get(&real).ok_or_else(|| Failure::Failed("a link leads to nothing".into()))?;
        if self.unpacks
            && let NodeKind::File { content: Some(content), .. } = &node.kind
            && archive::is_archive(File::open(content)?)?
        {
            let mut unpacked = Tree::default();
            let reading = archive::Reading { whiteouts: false, spool: Some(self.scratch), stop: self.stop };
            archive::read(File::open(content)?, &mut unpacked, &reading)?;
            return self.members(&unpacked, b"", &destination, to, added);
        }
        let path = if folder { join(&destination, base_name(source)) } else { destination };
        self.put(path, node.clone(), to, added)
    }

    /// The members of a directory into another one.
    fn members(
        &self,
        from: &Tree,
        source: &[u8],
        destination: &[u8],
        to: &mut Tree,
        added: &mut Added,
    ) -> Result<(), Failure> {
        if !destination.is_empty() && !to.is_directory(destination) {
            if to.get(destination).is_some() {
                let name = String::from_utf8_lossy(destination);
                return Err(Failure::Failed(format!("cannot copy a directory to '/{name}', which is a file")));
            }
            let node = from.get(source).cloned().unwrap_or_else(Node::directory);
            self.put(destination.to_vec(), node, to, added)?;
        }
        for (path, node) in from.below(source) {
            self.stop.check()?;
            let rest = path.get(source.len()..).unwrap_or_default();
            self.put(join(destination, &clean(rest)), node.clone(), to, added)?;
        }
        Ok(())
    }

    /// Puts one node, with the directories above it that are missing.
    fn put(&self, path: Vec<u8>, mut node: Node, to: &mut Tree, added: &mut Added) -> Result<(), Failure> {
        let path =
            to.resolve(&path, false).ok_or_else(|| Failure::Failed("too many levels of symbolic links".into()))?;
        if path.is_empty() || node.is_directory() && to.is_directory(&path) {
            return Ok(());
        }
        let mut missing = Vec::new();
        let mut folder = parent(&path);
        while !to.is_directory(folder) {
            missing.push(folder.to_vec());
            folder = parent(folder);
        }
        for folder in missing {
            to.put(folder.clone(), Node::directory());
            added.insert(folder, Node::directory());
        }
        (node.user, node.group) = self.owner;
        if let Some(mode) = self.mode.filter(|_| !matches!(node.kind, NodeKind::Link(_))) {
            node.mode = mode;
        }
        to.put(path.clone(), node.clone());
        added.insert(path, node);
        Ok(())
    }
}

/// A path against the working directory, its slash at the end kept.
pub(super) fn absolute(path: &str, workdir: &str) -> String {
    let whole = if path.starts_with('/') { String::from(path) } else { format!("{workdir}/{path}") };
    let clean: Vec<&str> = names(whole.as_bytes()).filter_map(|name| core::str::from_utf8(name).ok()).collect();
    let slash = if !clean.is_empty() && matches!(path.rsplit('/').next(), Some("" | ".")) { "/" } else { "" };
    format!("/{}{slash}", clean.join("/"))
}

/// `--chown`: numbers, or root.
pub(super) fn owner(text: Option<&str>) -> Result<(u32, u32), Failure> {
    let Some(text) = text else { return Ok((0, 0)) };
    let number = |part: &str| if part == "root" { Some(0) } else { part.parse().ok() };
    let (user, group) = text.split_once(':').unwrap_or((text, text));
    number(user).zip(number(group)).ok_or_else(|| {
        Failure::Failed(format!(
            "--chown={text}: names of users need buildah on the machine of the emulator; write numbers"
        ))
    })
}

/// `--chmod`: octal.
pub(super) fn mode(text: Option<&str>) -> Result<Option<u32>, Failure> {
    let mode =
        text.map(|text| u32::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o7777).ok_or(text)).transpose();
    mode.map_err(|text| {
        Failure::Failed(format!("invalid chmod parameter: '{text}'. it should be octal string and between 0 and 07777"))
    })
}
