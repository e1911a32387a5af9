//! What must be known of a whole program to cut it.

use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};
use wasmparser::{
    ConstExpr, ElementItems, ElementKind, ExternalKind, FunctionBody, KnownCustom, Name, Operator,
    Parser, Payload, TableType, TypeRef,
};

pub struct Outline {
    /// The functions that are imported; the program's own are numbered after them.
    pub n_imported: u32,
    /// The type of each function.
    pub types: Vec<u32>,
    /// The parameters of each type; nothing for what is no function.
    pub n_parameters: Vec<u32>,
    /// The type of a function without parameters and results.
    pub plain: u32,
    /// For each of the program's own functions, whom it calls.
    pub calls: Vec<Vec<u32>>,
    /// What each function is called, without the hashes of crates.
    names: HashMap<u32, String>,
    /// Functions that must be there from the beginning.
    roots: Vec<u32>,
    /// The table of functions, as it is filled: places and functions.
    pub table: Vec<(u32, u32)>,
    /// The size of the table of functions.
    pub table_size: u32,
    /// All tables.
    pub tables: Vec<TableType>,
    /// Which of them is the functions'.
    pub table_number: u32,
    /// The global variables.
    pub n_globals: u32,
    /// What the exported tables, memories and globals are called, by kind and number.
    exported: Vec<(ExternalKind, u32, String)>,
}

impl Outline {
    pub fn read(program: &[u8]) -> Result<Self> {
        let mut it = Self {
            n_imported: 0,
            types: Vec::new(),
            n_parameters: Vec::new(),
            plain: 0,
            calls: Vec::new(),
            names: HashMap::new(),
            roots: Vec::new(),
            table: Vec::new(),
            table_size: 0,
            tables: Vec::new(),
            table_number: 0,
            n_globals: 0,
            exported: Vec::new(),
        };
        let mut plain = None;
        for payload in Parser::new(0).parse_all(program) {
            match payload? {
                Payload::TypeSection(section) => {
                    for kind in section.into_iter_err_on_gc_types() {
                        let kind = kind?;
                        if kind.params().is_empty() && kind.results().is_empty() {
                            plain.get_or_insert(it.n_parameters.len() as u32);
                        }
                        it.n_parameters.push(kind.params().len() as u32);
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        match import?.ty {
                            TypeRef::Func(kind) => it.types.push(kind),
                            _ => bail!("the program imports more than functions"),
                        }
                    }
                    it.n_imported = it.types.len() as u32;
                }
                Payload::FunctionSection(section) => {
                    for kind in section {
                        it.types.push(kind?);
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        it.tables.push(table?.ty);
                    }
                    it.find_table()?;
                }
                Payload::GlobalSection(section) => it.n_globals = section.count(),
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            it.roots.push(export.index);
                        } else {
                            it.exported.push((export.kind, export.index, export.name.to_owned()));
                        }
                    }
                }
                Payload::StartSection { func, .. } => it.roots.push(func),
                Payload::ElementSection(section) => {
                    for element in section {
                        let element = element?;
                        it.add_elements(&element.kind, element.items)?;
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let number = it.next_body()?;
                    it.add_body(number, &body)?;
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(names) = section.as_known() {
                        for name in names {
                            if let Name::Function(functions) = name? {
                                for named in functions {
                                    let named = named?;
                                    it.names.insert(named.index, without_hashes(named.name));
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        ensure!(!it.names.is_empty(), "the program has no names");
        it.plain = plain.context("the program has no function without parameters and results")?;
        Ok(it)
    }

    /// What the program itself exports a table, memory or global as.
    pub fn export(&self, kind: ExternalKind, number: u32) -> Option<&str> {
        let mut found = self.exported.iter().filter(|it| (it.0, it.1) == (kind, number));
        found.next().map(|(.., name)| name.as_str())
    }

    /// For each function, whether it can come later: `is_later` says so of its name, or nobody calls it but such.
    pub fn unreached(&self, is_later: impl Fn(&str) -> bool) -> Vec<bool> {
        let is_named = |function: u32| self.names.get(&function).is_some_and(|name| is_later(name));
        let mut is_unreached = vec![true; self.types.len()];
        is_unreached[..self.n_imported as usize].fill(false);
        let in_table = self.table.iter().map(|&(_, function)| function);
        let mut open: Vec<u32> = in_table.filter(|&function| !is_named(function)).collect();
        open.extend(&self.roots);
        while let Some(function) = open.pop() {
            if std::mem::take(&mut is_unreached[function as usize])
                && let Some(own) = function.checked_sub(self.n_imported)
            {
                let callees = self.calls[own as usize].iter();
                open.extend(callees.filter(|&&callee| !is_named(callee)));
            }
        }
        is_unreached
    }

    /// The number of the function whose body comes next.
    fn next_body(&self) -> Result<u32> {
        let number = self.n_imported + self.calls.len() as u32;
        ensure!((number as usize) < self.types.len(), "a function has no type");
        Ok(number)
    }

    fn find_table(&mut self) -> Result<()> {
        let mut of_functions =
            (0..).zip(&self.tables).filter(|(_, table)| table.element_type.is_func_ref());
        let (number, table) =
            of_functions.next().context("the program has no table of functions")?;
        ensure!(of_functions.next().is_none(), "the program has two tables of functions");
        (self.table_number, self.table_size) = (number, u32::try_from(table.initial)?);
        Ok(())
    }

    fn add_elements(&mut self, kind: &ElementKind<'_>, items: ElementItems<'_>) -> Result<()> {
        let ElementKind::Active { table_index, offset_expr } = kind else {
            bail!("functions are put into the table while the program runs");
        };
        let ElementItems::Functions(functions) = items else {
            // Of another table: what the page hands over.
            return Ok(());
        };
        ensure!(table_index.unwrap_or(0) == self.table_number, "functions in a table of others");
        let start = constant(offset_expr)?;
        for (slot, function) in (start..).zip(functions) {
            self.table.push((slot, function?));
        }
        Ok(())
    }

    fn add_body(&mut self, number: u32, body: &FunctionBody<'_>) -> Result<()> {
        let mut callees = Vec::new();
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } => callees.push(function_index),
                Operator::ReturnCall { .. } | Operator::RefFunc { .. } => {
                    bail!("function {number} refers to others in a way that cannot be cut")
                }
                // What refers to data or elements by number stays with them.
                Operator::MemoryInit { .. }
                | Operator::DataDrop { .. }
                | Operator::TableInit { .. }
                | Operator::ElemDrop { .. } => self.roots.push(number),
                _ => {}
            }
        }
        callees.sort_unstable();
        callees.dedup();
        self.calls.push(callees);
        Ok(())
    }
}

fn constant(offset: &ConstExpr<'_>) -> Result<u32> {
    match offset.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(u32::try_from(value)?),
        _ => bail!("the table is filled from a place that is not a number"),
    }
}

/// `shared[10a4557455069938]::board` is `shared::board`.
fn without_hashes(name: &str) -> String {
    let mut short = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        short.push_str(before);
        rest = match after.split_once(']') {
            Some((hash, after)) if is_hash(hash) => after,
            _ => {
                short.push('[');
                after
            }
        };
    }
    short + rest
}

fn is_hash(text: &str) -> bool {
    text.len() >= 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
