//! Writes the second part: functions, and where in the table they belong. Everything else is the first part's.

use std::convert::Infallible;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, FunctionSection, ImportSection, Module,
    TypeSection,
};
use wasmparser::{ExternalKind, FunctionBody, Parser, Payload};

use super::first::{exported_as, larger_table, write_body};
use super::outline::Outline;
use super::{Cut, FIRST};

pub fn write(program: &[u8], outline: &Outline, cut: &Cut) -> Result<Vec<u8>> {
    Later::new(outline, cut).write(program).map_err(|error| anyhow!("{error}"))
}

struct Later<'a> {
    outline: &'a Outline,
    cut: &'a Cut,
    /// The new number of each function that comes later.
    places: Vec<u32>,
}

impl<'a> Later<'a> {
    fn new(outline: &'a Outline, cut: &'a Cut) -> Self {
        let mut next = 0;
        let mut places = Vec::with_capacity(cut.is_later.len());
        for &is_later in &cut.is_later {
            places.push(next);
            next += u32::from(is_later);
        }
        Self { outline, cut, places }
    }

    fn write(&mut self, program: &[u8]) -> Result<Vec<u8>, Error> {
        let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
        let mut code = CodeSection::new();
        let mut number = self.outline.n_imported;
        for payload in Parser::new(0).parse_all(program) {
            match payload? {
                Payload::TypeSection(section) => self.parse_type_section(&mut types, section)?,
                Payload::TableSection(section) => {
                    for (number, table) in (0..).zip(section) {
                        let table = self.table_type(table?.ty)?;
                        let table = larger_table(number, table, self.outline, self.cut);
                        let name = exported_as(self.outline, ExternalKind::Table, number);
                        imports.import(FIRST, &name, table);
                    }
                }
                Payload::MemorySection(section) => {
                    for (number, memory) in (0..).zip(section) {
                        let name = exported_as(self.outline, ExternalKind::Memory, number);
                        imports.import(FIRST, &name, self.memory_type(memory?)?);
                    }
                }
                Payload::GlobalSection(section) => {
                    for (number, global) in (0..).zip(section) {
                        let name = exported_as(self.outline, ExternalKind::Global, number);
                        imports.import(FIRST, &name, self.global_type(global?.ty)?);
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    if self.cut.is_later[number as usize] {
                        self.parse_function_body(&mut code, body)?;
                    }
                    number += 1;
                }
                _ => {}
            }
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&self.functions());
        module.section(&self.elements()).section(&code);
        Ok(module.finish())
    }

    fn functions(&self) -> FunctionSection {
        let mut functions = FunctionSection::new();
        for (&kind, &is_later) in self.outline.types.iter().zip(&self.cut.is_later) {
            if is_later {
                functions.function(kind);
            }
        }
        functions
    }

    /// All places of the table that are this part's, by runs of them.
    fn elements(&self) -> ElementSection {
        let mut all = self.outline.table.clone();
        all.extend((self.outline.table_size..).zip(self.cut.added.iter().copied()));
        all.retain(|&(_, function)| self.cut.is_later[function as usize]);
        all.sort_unstable();
        let mut elements = ElementSection::new();
        for run in all.chunk_by(|(slot, _), (next, _)| slot + 1 == *next) {
            let functions = run.iter().map(|&(_, function)| self.places[function as usize]);
            let functions = Elements::Functions(functions.collect::<Vec<_>>().into());
            let table = Some(self.outline.table_number).filter(|&number| number > 0);
            elements.active(table, &ConstExpr::i32_const(run[0].0 as i32), functions);
        }
        elements
    }
}

impl Reencode for Later<'_> {
    type Error = Infallible;

    fn function_index(&mut self, number: u32) -> Result<u32, Error> {
        self.places.get(number as usize).copied().ok_or(Error::InvalidCodeSectionSize)
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error> {
        let (outline, cut) = (self.outline, self.cut);
        write_body(self, code, &body, (outline, cut), |callee| !cut.is_later[callee as usize])
    }
}
