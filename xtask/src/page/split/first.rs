//! Writes the first part: the program without what comes later, whose places ask for it.

use std::convert::Infallible;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, Instruction, Module, TableSection, TableType,
};
use wasmparser::{
    CodeSectionReader, ElementSectionReader, ExportSectionReader, ExternalKind, FunctionBody,
    FunctionSectionReader, ImportSectionReader, Imports, Operator, Parser, TypeRef,
};

use super::outline::Outline;
use super::{ASK, Cut};

pub fn write(program: &[u8], outline: &Outline, cut: &Cut) -> Result<Vec<u8>> {
    let mut module = Module::new();
    First::new(outline, cut)
        .parse_core_module(&mut module, Parser::new(0), program)
        .map_err(|error| anyhow!("{error}"))?;
    Ok(module.finish())
}

struct First<'a> {
    outline: &'a Outline,
    cut: &'a Cut,
    /// The new number of each function; for those that come later, of the one that asks for it.
    places: Vec<u32>,
}

impl<'a> First<'a> {
    fn new(outline: &'a Outline, cut: &'a Cut) -> Self {
        // The one that asks comes behind the other imports.
        let mut next = outline.n_imported + 1;
        let mut places = Vec::with_capacity(cut.is_later.len());
        for (number, is_later) in (0..).zip(&cut.is_later) {
            places.push(if number < outline.n_imported { number } else { next });
            next += u32::from(number >= outline.n_imported && !is_later);
        }
        for (place, &function) in (next..).zip(&cut.asked_for) {
            places[function as usize] = place;
        }
        Self { outline, cut, places }
    }

    fn stays(&self, own: usize) -> bool {
        !self.cut.is_later[self.outline.n_imported as usize + own]
    }

    /// Asks for the second part, which takes the place of this function, and calls what is there then.
    fn asking(&self, function: u32) -> Function {
        let kind = self.outline.types[function as usize];
        let mut asking = Function::new([]);
        asking.instruction(&Instruction::Call(self.outline.n_imported));
        for parameter in 0..self.outline.n_parameters[kind as usize] {
            asking.instruction(&Instruction::LocalGet(parameter));
        }
        for instruction in call_by_table(self.outline, self.cut, function) {
            asking.instruction(&instruction);
        }
        asking.instruction(&Instruction::End);
        asking
    }
}

/// Calls a function that is on the other side.
fn call_by_table(outline: &Outline, cut: &Cut, function: u32) -> [Instruction<'static>; 2] {
    let slot = cut.slots[function as usize].unwrap_or(u32::MAX);
    let type_index = outline.types[function as usize];
    let table_index = outline.table_number;
    [Instruction::I32Const(slot as i32), Instruction::CallIndirect { type_index, table_index }]
}

/// Writes a function, whose calls of those that are `across` the cut go by the table.
pub fn write_body<R: Reencode<Error = Infallible>>(
    part: &mut R,
    code: &mut CodeSection,
    body: &FunctionBody<'_>,
    (outline, cut): (&Outline, &Cut),
    across: impl Fn(u32) -> bool,
) -> Result<(), Error> {
    let mut function = part.new_function_with_parsed_locals(body)?;
    for operator in body.get_operators_reader()? {
        match operator? {
            Operator::Call { function_index: callee } if across(callee) => {
                for instruction in call_by_table(outline, cut, callee) {
                    function.instruction(&instruction);
                }
            }
            operator => {
                function.instruction(&part.instruction(operator)?);
            }
        }
    }
    code.function(&function);
    Ok(())
}

/// The table with room for those who are called across the cut.
pub fn larger_table(number: u32, mut table: TableType, outline: &Outline, cut: &Cut) -> TableType {
    if number == outline.table_number {
        let added = cut.added.len() as u64;
        table.minimum += added;
        table.maximum = table.maximum.map(|maximum| maximum + added);
    }
    table
}

impl Reencode for First<'_> {
    type Error = Infallible;

    fn function_index(&mut self, number: u32) -> Result<u32, Error> {
        self.places.get(number as usize).copied().ok_or(Error::InvalidCodeSectionSize)
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        let mut module = "";
        for import in section.clone() {
            if let Imports::Single(_, import) = import?
                && let TypeRef::Func(_) = import.ty
            {
                module = import.module;
            }
        }
        utils::parse_import_section(self, imports, section)?;
        imports.import(module, ASK, EntityType::Function(self.outline.plain));
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        for (own, kind) in section.into_iter().enumerate() {
            let kind = kind?;
            if self.stays(own) {
                functions.function(kind);
            }
        }
        for &function in &self.cut.asked_for {
            functions.function(self.outline.types[function as usize]);
        }
        Ok(())
    }

    fn parse_table_section(
        &mut self,
        tables: &mut TableSection,
        section: wasmparser::TableSectionReader<'_>,
    ) -> Result<(), Error> {
        for (number, table) in (0..).zip(section) {
            let table = self.table_type(table?.ty)?;
            tables.table(larger_table(number, table, self.outline, self.cut));
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_export_section(self, exports, section)?;
        let tables = (0..self.outline.tables.len() as u32).map(|it| (ExternalKind::Table, it));
        let globals = (0..self.outline.n_globals).map(|it| (ExternalKind::Global, it));
        for (kind, number) in tables.chain(globals) {
            if self.outline.export(kind, number).is_none() {
                let is_table = kind == ExternalKind::Table;
                let kind_written = if is_table { ExportKind::Table } else { ExportKind::Global };
                exports.export(&exported_as(self.outline, kind, number), kind_written, number);
            }
        }
        Ok(())
    }

    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: ElementSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_element_section(self, elements, section)?;
        let added = self.cut.added.iter().map(|&function| self.places[function as usize]);
        let added = Elements::Functions(added.collect::<Vec<_>>().into());
        let start = ConstExpr::i32_const(self.outline.table_size as i32);
        let table = Some(self.outline.table_number).filter(|&number| number > 0);
        elements.active(table, &start, added);
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        for (own, body) in section.into_iter().enumerate() {
            let body = body?;
            if self.stays(own) {
                self.parse_function_body(code, body)?;
            }
        }
        for &function in &self.cut.asked_for {
            code.function(&self.asking(function));
        }
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error> {
        let (outline, cut) = (self.outline, self.cut);
        write_body(self, code, &body, (outline, cut), |callee| cut.is_later[callee as usize])
    }
}

/// What the first part exports a table, memory or global as.
pub fn exported_as(outline: &Outline, kind: ExternalKind, number: u32) -> String {
    let letter = if kind == ExternalKind::Table { 't' } else { 'g' };
    outline.export(kind, number).map_or_else(|| format!(".{letter}{number}"), str::to_owned)
}
