//! What has to be known of a module before it is split.

use anyhow::{Result, bail};
use wasmparser::{
    ElementItems, Export, ExternalKind, FuncType, FunctionBody, GlobalType, MemoryType, Operator, OperatorsReader,
    Parser, Payload, TableType, TypeRef,
};

/// A module, section by section.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub(super) types: Vec<FuncType>,
    /// The type of each function: first those that are imported, then those that have a body.
    pub(super) functions: Vec<u32>,
    pub(super) bodies: Vec<FunctionBody<'a>>,
    pub(super) tables: Vec<TableType>,
    pub(super) memories: Vec<MemoryType>,
    pub(super) globals: Vec<GlobalType>,
    pub(super) exports: Vec<Export<'a>>,
    /// Functions that stand in tables, or run first.
    pub(super) pinned: Vec<u32>,
}

impl<'a> Parts<'a> {
    /// # Errors
    /// When the bytes are no module, or one that imports more than functions.
    pub(super) fn read(module: &'a [u8]) -> Result<Self> {
        let mut parts = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            parts.take(payload?)?;
        }
        Ok(parts)
    }

    /// How many functions are imported.
    pub(super) fn imported(&self) -> usize {
        self.functions.len() - self.bodies.len()
    }

    /// The body of a function, unless it is imported.
    pub(super) fn body(&self, function: usize) -> Option<&FunctionBody<'a>> {
        self.bodies.get(function.checked_sub(self.imported())?)
    }

    /// The functions that a function calls, or names.
    pub(super) fn callees(&self, function: usize) -> Result<Vec<u32>> {
        self.body(function).map_or(Ok(Vec::new()), |body| named(body.get_operators_reader()?))
    }

    /// The exports of functions.
    pub(super) fn exported_functions(&self) -> impl Iterator<Item = &Export<'a>> {
        self.exports.iter().filter(|export| export.kind == ExternalKind::Func)
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                self.types = section.into_iter_err_on_gc_types().collect::<Result<_, _>>()?;
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let TypeRef::Func(function) = import?.ty else { bail!("the module imports more than functions") };
                    self.functions.push(function);
                }
            }
            Payload::FunctionSection(section) => {
                for function in section {
                    self.functions.push(function?);
                }
            }
            Payload::TableSection(section) => {
                self.tables = section.into_iter().map(|table| Ok(table?.ty)).collect::<Result<_>>()?;
            }
            Payload::MemorySection(section) => self.memories = section.into_iter().collect::<Result<_, _>>()?,
            Payload::GlobalSection(section) => {
                self.globals = section.into_iter().map(|global| Ok(global?.ty)).collect::<Result<_>>()?;
            }
            Payload::ExportSection(section) => self.exports = section.into_iter().collect::<Result<_, _>>()?,
            Payload::StartSection { func, .. } => self.pinned.push(func),
            Payload::ElementSection(section) => {
                for element in section {
                    self.pin(element?.items)?;
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            _ => {}
        }
        Ok(())
    }

    fn pin(&mut self, items: ElementItems<'a>) -> Result<()> {
        match items {
            ElementItems::Functions(functions) => {
                for function in functions {
                    self.pinned.push(function?);
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions {
                    self.pinned.extend(named(expression?.get_operators_reader())?);
                }
            }
        }
        Ok(())
    }
}

fn named(mut operators: OperatorsReader<'_>) -> Result<Vec<u32>> {
    let mut functions = Vec::new();
    while !operators.eof() {
        match operators.read()? {
            Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } => functions.push(function_index),
            _ => {}
        }
    }
    Ok(functions)
}
