//! A small module, split: what is where, and that the halves fit.

use std::collections::BTreeMap;

use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, ImportSection, MemorySection, MemoryType, Module, RefType, TableSection, TableType,
    TypeSection, ValType,
};
use wasmparser::{ElementItems, ElementKind, ExternalKind, Operator, Parser, Payload, TypeRef};

use super::parts::Parts;
use super::{Halves, split};

/// Functions: 0 is imported; 1 `both` is called by all; 2 `now` calls 1; 3 `alone` is called by 4 only; 4 `then` calls 0, 1 and 3; 5 stands in
/// the table.
fn module() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    types.ty().function([ValType::I32, ValType::I64], [ValType::I32, ValType::I64]);
    let mut imports = ImportSection::new();
    imports.import("js", "print", EntityType::Function(0));
    let mut functions = FunctionSection::new();
    [0, 0, 0, 1, 0].into_iter().for_each(|ty| _ = functions.function(ty));
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        minimum: 2,
        maximum: Some(2),
        table64: false,
        shared: false,
    });
    tables.table(TableType {
        element_type: RefType::EXTERNREF,
        minimum: 8,
        maximum: None,
        table64: false,
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
    let mut globals = GlobalSection::new();
    globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(1024));
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0).export("refs", ExportKind::Table, 1);
    exports.export("now", ExportKind::Func, 2).export("then", ExportKind::Func, 4).export("both", ExportKind::Func, 1);
    let mut elements = ElementSection::new();
    elements.active(None, &ConstExpr::i32_const(1), Elements::Functions(vec![5].into()));
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&tables).section(&memories).section(&globals);
    module.section(&exports).section(&elements).section(&code());
    module.finish()
}

fn code() -> CodeSection {
    let mut code = CodeSection::new();
    let mut add = |write: &dyn Fn(&mut Function)| {
        let mut function = Function::new([]);
        write(&mut function);
        function.instructions().end();
        code.function(&function);
    };
    add(&|both| _ = both.instructions().local_get(0).global_get(0).i32_add());
    add(&|now| _ = now.instructions().local_get(0).call(1));
    add(&|alone| {
        _ = alone.instructions().local_get(0).i32_load(wasm_encoder::MemArg { offset: 0, align: 2, memory_index: 0 })
    });
    add(&|then| _ = then.instructions().local_get(0).call(0).call(1).call(3).local_get(1));
    add(&|pinned| _ = pinned.instructions().local_get(0));
    code
}

fn halves(wanted: &[&str]) -> Halves {
    split(&module(), wanted, "abc").expect("halves")
}

fn exports(module: &[u8]) -> BTreeMap<String, (ExternalKind, u32)> {
    let parts = Parts::read(module).expect("a module");
    parts.exports.iter().map(|export| (export.name.to_owned(), (export.kind, export.index))).collect()
}

fn imports(module: &[u8]) -> Vec<(String, TypeRef)> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(section) = payload.expect("a module") {
            for import in section.into_imports() {
                let import = import.expect("a module");
                assert_eq!(import.module, "first");
                found.push((import.name.to_owned(), import.ty));
            }
        }
    }
    found
}

#[test]
fn what_only_later_exports_need_goes() {
    let halves = halves(&["then"]);
    let first = Parts::read(&halves.first).expect("a module");
    // `both`, `now`, what is in the table, and the stub of `then`.
    assert_eq!((first.imported(), first.bodies.len()), (1, 4));
    let later: usize = Parser::new(0)
        .parse_all(&halves.later)
        .filter(|payload| matches!(payload, Ok(Payload::CodeSectionEntry(_))))
        .count();
    assert_eq!(later, 2, "`alone` and `then`");
}

#[test]
fn its_exports_stay_as_stubs_that_call_through_the_table() {
    let halves = halves(&["then"]);
    let first = Parts::read(&halves.first).expect("a module");
    let names = exports(&halves.first);
    let (kind, stub) = names["then"];
    assert_eq!(kind, ExternalKind::Func);
    assert_eq!(first.functions[stub as usize], 1, "of the same type");
    let operators = first.body(stub as usize).expect("a module").get_operators_reader().expect("a module");
    let operators: Vec<Operator<'_>> = operators.into_iter().collect::<Result<_, _>>().expect("a module");
    assert!(
        matches!(
            operators[..],
            [
                Operator::LocalGet { local_index: 0 },
                Operator::LocalGet { local_index: 1 },
                Operator::I32Const { value: 2 },
                Operator::CallIndirect { type_index: 1, table_index: 0 },
                Operator::End
            ]
        ),
        "{operators:?}"
    );
    assert_eq!((first.tables[0].initial, first.tables[0].maximum), (3, Some(3)));
    assert_eq!(placed(&halves.later), (2, 1), "one function at the place behind the last");
}

/// Where the second half puts functions into the table, and how many.
fn placed(module: &[u8]) -> (i32, u32) {
    let section = Parser::new(0).parse_all(module).find_map(|payload| match payload.expect("a module") {
        Payload::ElementSection(section) => Some(section),
        _ => None,
    });
    let element = section.expect("a module").into_iter().next().expect("a module").expect("a module");
    let (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(functions)) = (element.kind, element.items)
    else {
        panic!("not active")
    };
    let Operator::I32Const { value } = offset_expr.get_operators_reader().read().expect("a module") else {
        panic!("no place")
    };
    (value, functions.count())
}

#[test]
fn the_second_half_takes_all_from_the_first() {
    let halves = halves(&["then"]);
    let names = exports(&halves.first);
    let first = Parts::read(&halves.first).expect("a module");
    let wanted = imports(&halves.later);
    assert_eq!(wanted.len(), 2 + 2 + 1 + 1, "functions, tables, the memory, the global");
    for (name, ty) in wanted {
        let (kind, index) = names[&name];
        let at = index as usize;
        match ty {
            TypeRef::Func(ty) => assert_eq!((kind, ty), (ExternalKind::Func, first.functions[at]), "{name}"),
            TypeRef::Table(ty) => assert_eq!((kind, ty), (ExternalKind::Table, first.tables[at]), "{name}"),
            TypeRef::Memory(ty) => assert_eq!((kind, ty), (ExternalKind::Memory, first.memories[at]), "{name}"),
            TypeRef::Global(ty) => assert_eq!((kind, ty), (ExternalKind::Global, first.globals[at]), "{name}"),
            other => panic!("{name} is {other:?}"),
        }
    }
    assert_eq!(names["abc"], (ExternalKind::Table, 0), "the stamp");
    assert_eq!(names.len(), 5 + 3, "the function that is called and the global have new names: {names:?}");
}

#[test]
fn what_is_needed_at_once_stays_whoever_else_wants_it() {
    let halves = halves(&["then", "both"]);
    assert_eq!(exports(&halves.first)["both"], (ExternalKind::Func, 1));
    let first = Parts::read(&halves.first).expect("a module");
    assert_eq!(first.bodies.len(), 4);
}

#[test]
fn refuses_what_it_cannot_split() {
    let error = split(&module(), &["never"], "abc").expect_err("an export that is not there");
    assert!(error.to_string().contains("never"), "{error}");
    assert!(split(b"no module", &[], "abc").is_err());
    assert!(split(b"\0asm\x01\0\0\0", &[], "abc").is_err(), "no table");
}
