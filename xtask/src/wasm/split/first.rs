//! The first half: the module without what goes, with stubs in its place.

use std::collections::BTreeMap;
use std::convert::Infallible;

use anyhow::Result;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, TableSection};
use wasmparser::{CodeSectionReader, ExportSectionReader, FunctionSectionReader, Parser, TableSectionReader};

use super::plan::{Kind, Plan};

/// The module that is there at once.
///
/// # Errors
/// When it cannot be written.
pub(super) fn encode(plan: &Plan<'_>, module: &[u8]) -> Result<Vec<u8>> {
    let mut half = Module::new();
    let table = plan.table()?.initial as u32;
    First { numbers: numbers(plan), plan, table }.parse_core_module(&mut half, Parser::new(0), module)?;
    Ok(half.finish())
}

struct First<'a> {
    plan: &'a Plan<'a>,
    /// The new number of each function; of one that goes, that of its stub.
    numbers: BTreeMap<u32, u32>,
    /// Places in the table that were there before.
    table: u32,
}

fn numbers(plan: &Plan<'_>) -> BTreeMap<u32, u32> {
    let kept = (0..plan.parts.functions.len() as u32).filter(|function| !plan.moved.contains(function));
    kept.chain(plan.stubs.iter().copied()).zip(0..).collect()
}

impl Reencode for First<'_> {
    type Error = Infallible;

    /// One that is nowhere gets a number that no function has, which validation refuses.
    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(self.numbers.get(&function).copied().unwrap_or(u32::MAX))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let Plan { parts, moved, stubs, .. } = self.plan;
        let types = (0..).zip(&parts.functions).skip(parts.imported());
        types.filter(|(at, _)| !moved.contains(at)).for_each(|(_, ty)| _ = functions.function(*ty));
        stubs.iter().filter_map(|at| parts.functions.get(*at as usize)).for_each(|ty| _ = functions.function(*ty));
        Ok(())
    }

    fn parse_table_section(&mut self, tables: &mut TableSection, section: TableSectionReader<'_>) -> Result<(), Error> {
        for (at, table) in section.into_iter().enumerate() {
            let mut table = table?;
            if at == 0 {
                let more = self.plan.stubs.len() as u64;
                table.ty.initial += more;
                table.ty.maximum = table.ty.maximum.map(|maximum| maximum + more);
            }
            self.parse_table(tables, table)?;
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_export_section(self, exports, section)?;
        for shared @ (kind, index) in &self.plan.added {
            let (kind, index) = match kind {
                Kind::Function => (ExportKind::Func, self.function_index(*index)?),
                Kind::Table => (ExportKind::Table, *index),
                Kind::Memory => (ExportKind::Memory, *index),
                Kind::Global => (ExportKind::Global, *index),
            };
            self.plan.names.get(shared).into_iter().for_each(|name| _ = exports.export(name, kind, index));
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result<(), Error> {
        for (at, body) in (self.plan.parts.imported() as u32..).zip(section) {
            if !self.plan.moved.contains(&at) {
                self.parse_function_body(code, body?)?;
            }
        }
        (self.table..).zip(&self.plan.stubs).for_each(|(place, function)| self.stub(code, *function, place));
        Ok(())
    }
}

impl First<'_> {
    /// Hands its parameters on to what stands in the table at `place`.
    fn stub(&self, code: &mut CodeSection, function: u32, place: u32) {
        let parts = &self.plan.parts;
        let ty = parts.functions.get(function as usize).copied().unwrap_or(u32::MAX);
        let parameters = parts.types.get(ty as usize).map_or(0, |ty| ty.params().len() as u32);
        let mut stub = Function::new([]);
        let mut body = stub.instructions();
        (0..parameters).for_each(|parameter| _ = body.local_get(parameter));
        body.i32_const(place as i32).call_indirect(0, ty).end();
        code.function(&stub);
    }
}
