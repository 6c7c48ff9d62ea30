//! What goes where.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use wasmparser::{Export, ExternalKind, TableType};

use super::parts::Parts;

/// A module, and which functions of it go to the second half.
pub(super) struct Plan<'a> {
    pub(super) parts: Parts<'a>,
    /// Functions that go, in their order.
    pub(super) moved: BTreeSet<u32>,
    /// Those among them that have a stub in the first half.
    pub(super) stubs: Vec<u32>,
    /// Functions of the first half that the second calls.
    pub(super) called: BTreeSet<u32>,
    /// What the second half takes from the first, and under which name.
    pub(super) names: BTreeMap<(Kind, u32), String>,
    /// Exports that the first half has for the second alone.
    pub(super) added: Vec<(Kind, u32)>,
}

/// What can be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Function,
    Table,
    Memory,
    Global,
}

impl<'a> Plan<'a> {
    pub(super) fn new(parts: Parts<'a>, wanted: &[&str], stamp: &str) -> Result<Self> {
        for name in wanted {
            if !parts.exported_functions().any(|export| export.name == *name) {
                bail!("the module has no export {name}, which was to be in its second half");
            }
        }
        let kept = kept(&parts, wanted)?;
        let moved: BTreeSet<u32> =
            (parts.imported() as u32..parts.functions.len() as u32).filter(|at| !kept.contains(at)).collect();
        let stubs: BTreeSet<u32> =
            parts.exported_functions().map(|export| export.index).filter(|at| moved.contains(at)).collect();
        let mut called = BTreeSet::new();
        for function in &moved {
            called.extend(parts.callees(*function as usize)?.into_iter().filter(|callee| !moved.contains(callee)));
        }
        let mut plan = Self {
            parts,
            moved,
            stubs: stubs.into_iter().collect(),
            called,
            names: BTreeMap::new(),
            added: Vec::new(),
        };
        plan.name(stamp);
        Ok(plan)
    }

    /// The table that stubs call through, as it was.
    pub(super) fn table(&self) -> Result<&TableType> {
        self.parts
            .tables
            .first()
            .filter(|table| table.element_type.is_func_ref())
            .context("the module has no table of functions")
    }

    /// Finds names for all that is shared: those that it has, or new ones.
    fn name(&mut self, stamp: &str) {
        let (tables, memories, globals) =
            (self.parts.tables.len(), self.parts.memories.len(), self.parts.globals.len());
        let all = [(Kind::Table, tables), (Kind::Memory, memories), (Kind::Global, globals)];
        let all = all.into_iter().flat_map(|(kind, count)| (0..count as u32).map(move |index| (kind, index)));
        for shared in all.chain(self.called.iter().map(|function| (Kind::Function, *function))) {
            let old =
                self.parts.exports.iter().find(|export| kind(export) == Some(shared.0) && export.index == shared.1);
            let name = match (old, shared) {
                // This one is under its new name too, for the sake of the name.
                (_, (Kind::Table, 0)) => stamp.to_owned(),
                (Some(old), _) => old.name.to_owned(),
                (None, _) => self.added.len().to_string(),
            };
            if old.is_none_or(|old| old.name != name) {
                self.added.push(shared);
            }
            self.names.insert(shared, name);
        }
    }
}

/// All functions that are needed even if nobody calls an export that is `wanted` later.
fn kept(parts: &Parts<'_>, wanted: &[&str]) -> Result<BTreeSet<u32>> {
    let exports = parts.exported_functions().filter(|export| !wanted.contains(&export.name));
    let mut waiting: Vec<u32> = exports.map(|export| export.index).chain(parts.pinned.iter().copied()).collect();
    let mut kept = BTreeSet::new();
    while let Some(function) = waiting.pop() {
        if kept.insert(function) {
            waiting.extend(parts.callees(function as usize)?);
        }
    }
    Ok(kept)
}

fn kind(export: &Export<'_>) -> Option<Kind> {
    match export.kind {
        ExternalKind::Func => Some(Kind::Function),
        ExternalKind::Table => Some(Kind::Table),
        ExternalKind::Memory => Some(Kind::Memory),
        ExternalKind::Global => Some(Kind::Global),
        _ => None,
    }
}
