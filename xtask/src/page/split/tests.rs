//! A small program, cut in two and looked at.

use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, Instruction, MemorySection, MemoryType, Module,
    NameMap, NameSection, RefType, TableSection, TableType, TypeSection, ValType,
};
use wasmparser::{Operator, Parser, Payload, Validator};

use super::{ASK, split};

const NAMES: [&str; 6] = ["from_page", "main", "menu::open", "helper", "both", "menu::close"];

/// `main` calls `menu::open`, which calls `helper`, `both` and what the page gives; `main` calls `both` too; and
/// `menu::close` is only in the table.
fn program(exported: u32) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([ValType::I64, ValType::F32], [ValType::I64]);
    let mut imports = ImportSection::new();
    imports.import("page", NAMES[0], EntityType::Function(0));
    let mut functions = FunctionSection::new();
    for kind in [0, 1, 0, 0, 0] {
        functions.function(kind);
    }
    let mut tables = TableSection::new();
    tables.table(table(RefType::EXTERNREF, 4));
    tables.table(table(RefType::FUNCREF, 2));
    let mut memories = MemorySection::new();
    let memory = MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    };
    memories.memory(memory);
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0).export("start", ExportKind::Func, exported);
    let mut elements = ElementSection::new();
    elements.active(Some(1), &ConstExpr::i32_const(1), Elements::Functions(vec![5].into()));
    let mut code = CodeSection::new();
    let open = [Instruction::I64Const(7), Instruction::F32Const(1.0.into()), Instruction::Call(2)];
    code.function(&body(&[&open[..], &[Instruction::Drop, Instruction::Call(4)]].concat()));
    let calls = [Instruction::Call(3), Instruction::Call(4), Instruction::Call(0)];
    code.function(&body(&[&calls[..], &[Instruction::LocalGet(0)]].concat()));
    for _ in 0..3 {
        code.function(&body(&[]));
    }
    let mut names = NameMap::new();
    for (number, name) in (0..).zip(NAMES) {
        names.append(number, &name.replace("::", "[0123456789abcdef]::"));
    }
    let mut name_section = NameSection::new();
    name_section.functions(&names);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&tables);
    module.section(&memories).section(&exports).section(&elements).section(&code);
    module.section(&name_section);
    module.finish()
}

fn table(element_type: RefType, size: u64) -> TableType {
    TableType { element_type, minimum: size, maximum: Some(size), table64: false, shared: false }
}

fn body(instructions: &[Instruction<'_>]) -> Function {
    let mut body = Function::new([]);
    for instruction in instructions {
        body.instruction(instruction);
    }
    body.instruction(&Instruction::End);
    body
}

/// What the functions of a part do across the cut and within it: `call 3`, or `table 2`.
fn calls(part: &[u8]) -> Vec<Vec<String>> {
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(part) {
        if let Payload::CodeSectionEntry(body) = payload.unwrap() {
            let mut slot = 0;
            let mut calls = Vec::new();
            for operator in body.get_operators_reader().unwrap() {
                match operator.unwrap() {
                    Operator::I32Const { value } => slot = value,
                    Operator::Call { function_index } => {
                        calls.push(format!("call {function_index}"));
                    }
                    Operator::CallIndirect { table_index: 1, .. } => {
                        calls.push(format!("table {slot}"));
                    }
                    _ => {}
                }
            }
            bodies.push(calls);
        }
    }
    bodies
}

/// The functions that a part puts into the table, and where.
fn slots(part: &[u8]) -> Vec<(u32, u32)> {
    super::outline::Outline::read(&[part, NAMED].concat()).unwrap().table
}

/// A section with one name, for parts have none.
const NAMED: &[u8] = b"\0\x0a\x04name\x01\x03\x01\0\0";

#[test]
fn what_only_the_second_part_needs_goes_with_it_and_calls_across_go_by_the_table() {
    let parts = split(&program(1), |name| name.starts_with("menu::")).unwrap();
    for part in [&parts.first, &parts.later] {
        Validator::new().validate_all(part).unwrap();
    }
    // The page's function, the one that asks, `main`, `both`, and two that ask: for `open` and `close`.
    let expected =
        [vec!["table 2", "call 3"], vec![], vec!["call 1", "table 2"], vec!["call 1", "table 1"]];
    assert_eq!(calls(&parts.first), expected);
    // Two calls of `main` cross the cut, and two of `open` lead back, one of them to the page.
    assert_eq!(calls(&parts.later), [vec!["call 1", "table 4", "table 3"], vec![], vec![]]);
    assert_eq!(slots(&parts.first), [(1, 5), (2, 4), (3, 0), (4, 3)]);
    let text = String::from_utf8_lossy(&parts.first);
    assert!(text.contains(ASK) && text.contains(".t1"), "the first part asks, and shows its table");
}

#[test]
fn the_second_part_takes_the_places_of_those_that_ask_for_it() {
    let parts = split(&program(1), |name| name.starts_with("menu::")).unwrap();
    let mut taken = Vec::new();
    for payload in Parser::new(0).parse_all(&parts.later) {
        if let Payload::ElementSection(section) = payload.unwrap() {
            for element in section {
                let wasmparser::ElementItems::Functions(functions) = element.unwrap().items else {
                    panic!("no functions");
                };
                taken.extend(functions.into_iter().map(Result::unwrap));
            }
        }
    }
    // `close` stood in the table before, `open` behind it.
    assert_eq!(taken, [2, 0]);
}

#[test]
fn what_the_page_starts_stays_even_if_it_is_named() {
    let parts = split(&program(2), |name| name == "menu::open").unwrap();
    assert_eq!(calls(&parts.first)[0], ["call 3", "call 4", "call 0"], "`open` as it was");
    assert_eq!(calls(&parts.later).len(), 1, "`main` is not needed by anybody");
}

#[test]
fn a_program_without_names_is_not_cut() {
    assert!(split(b"\0asm\x01\0\0\0", |_| true).is_err());
}
