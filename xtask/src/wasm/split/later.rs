//! The second half: the functions that go, over the memory, tables and globals of the first.

use std::collections::BTreeMap;
use std::convert::Infallible;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, FunctionSection, ImportSection, Module, TableType,
    TypeSection,
};

use super::FIRST;
use super::plan::{Kind, Plan};

/// The module that is instantiated when it is needed.
///
/// # Errors
/// When it cannot be written.
pub(super) fn encode(plan: &Plan<'_>) -> Result<Vec<u8>> {
    let mut half = Later { numbers: plan.called.iter().chain(&plan.moved).copied().zip(0..).collect(), plan };
    let mut module = Module::new();
    module.section(&half.types()?).section(&half.imports()?).section(&half.functions());
    module.section(&half.elements()?).section(&half.code()?);
    Ok(module.finish())
}

struct Later<'a> {
    plan: &'a Plan<'a>,
    /// The new number of each function: first those that it takes from the other half.
    numbers: BTreeMap<u32, u32>,
}

impl Reencode for Later<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(self.numbers.get(&function).copied().unwrap_or(u32::MAX))
    }
}

impl Later<'_> {
    fn types(&mut self) -> Result<TypeSection> {
        let mut types = TypeSection::new();
        for ty in &self.plan.parts.types {
            types.ty().func_type(&self.func_type(ty.clone())?);
        }
        Ok(types)
    }

    /// Tables, memories and globals keep their numbers, for all of them are taken.
    fn imports(&mut self) -> Result<ImportSection> {
        let mut imports = ImportSection::new();
        for ((kind, index), name) in &self.plan.names {
            imports.import(FIRST, name, self.import(*kind, *index).context("what is shared is not there")?);
        }
        Ok(imports)
    }

    fn import(&mut self, kind: Kind, index: u32) -> Option<EntityType> {
        let parts = &self.plan.parts;
        let at = index as usize;
        match kind {
            Kind::Function => parts.functions.get(at).map(|ty| EntityType::Function(*ty)),
            Kind::Table => Some(EntityType::Table(self.table(at)?)),
            Kind::Memory => Some(EntityType::Memory(self.memory_type(*parts.memories.get(at)?).ok()?)),
            Kind::Global => Some(EntityType::Global(self.global_type(*parts.globals.get(at)?).ok()?)),
        }
    }

    /// As the other half has it: with places for the stubs.
    fn table(&mut self, at: usize) -> Option<TableType> {
        let mut table = self.table_type(*self.plan.parts.tables.get(at)?).ok()?;
        if at == 0 {
            let more = self.plan.stubs.len() as u64;
            table.minimum += more;
            table.maximum = table.maximum.map(|maximum| maximum + more);
        }
        Some(table)
    }

    fn functions(&self) -> FunctionSection {
        let mut functions = FunctionSection::new();
        let types = self.plan.moved.iter().filter_map(|function| self.plan.parts.functions.get(*function as usize));
        types.for_each(|ty| _ = functions.function(*ty));
        functions
    }

    /// What the stubs call.
    fn elements(&mut self) -> Result<ElementSection> {
        let mut elements = ElementSection::new();
        let functions = self.plan.stubs.iter().map(|function| self.function_index(*function));
        let functions: Vec<u32> = functions.collect::<Result<_, _>>()?;
        let place = ConstExpr::i32_const(self.plan.table()?.initial as i32);
        elements.active(None, &place, Elements::Functions(functions.into()));
        Ok(elements)
    }

    fn code(&mut self) -> Result<CodeSection> {
        let mut code = CodeSection::new();
        for function in &self.plan.moved {
            let body = self.plan.parts.body(*function as usize).context("a function has no body")?;
            self.parse_function_body(&mut code, body.clone())?;
        }
        Ok(code)
    }
}
