//! Makes a WebAssembly program compress better, without a change to what it does: its imports have short
//! names, functions that begin alike lie side by side, and what only tools read is left out.

use std::convert::Infallible;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, ImportSection, Module};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, Import, Imports,
    Parser, Payload, TypeRef,
};

/// The program with what `name` makes of the names of its imports, and of those of the modules these come from.
pub fn rewrite(program: &[u8], name: impl FnMut(&str) -> String) -> Result<Vec<u8>> {
    let mut rewriting = Rewriting { name, order: Vec::new(), places: Vec::new() };
    rewriting.find_order(program)?;
    let mut module = Module::new();
    rewriting
        .parse_core_module(&mut module, Parser::new(0), program)
        .map_err(|error| anyhow!("{error}"))?;
    Ok(module.finish())
}

struct Rewriting<N> {
    name: N,
    /// The program's own functions, by the numbers they had without the imported ones, in their new order.
    order: Vec<u32>,
    /// The new number of each function, imported ones included.
    places: Vec<u32>,
}

impl<N> Rewriting<N> {
    fn find_order(&mut self, program: &[u8]) -> Result<()> {
        let (mut n_imported, mut bodies) = (0, Vec::new());
        for payload in Parser::new(0).parse_all(program) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        n_imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => bodies.push(&program[body.range()]),
                _ => {}
            }
        }
        self.order = (0..bodies.len() as u32).collect();
        self.order.sort_by_key(|&number| bodies[number as usize]);
        self.places = (0..n_imported + bodies.len() as u32).collect();
        for (place, &number) in (n_imported..).zip(&self.order) {
            self.places[(n_imported + number) as usize] = place;
        }
        Ok(())
    }

    /// What a section lists, in the new order of functions.
    fn in_order<T: Clone>(&self, listed: &[T]) -> Result<Vec<T>, Error> {
        let wanted = self.order.iter().map(|&number| listed.get(number as usize).cloned());
        wanted.collect::<Option<_>>().ok_or(Error::InvalidCodeSectionSize)
    }
}

impl<N: FnMut(&str) -> String> Reencode for Rewriting<N> {
    type Error = Infallible;

    fn function_index(&mut self, number: u32) -> Result<u32, Error> {
        self.places.get(number as usize).copied().ok_or(Error::InvalidCodeSectionSize)
    }

    fn parse_imports(
        &mut self,
        section: &mut ImportSection,
        imports: Imports<'_>,
    ) -> Result<(), Error> {
        match imports {
            Imports::Single(_, Import { module, name, ty }) => {
                let (module, name) = ((self.name)(module), (self.name)(name));
                section.import(&module, &name, self.entity_type(ty)?);
                Ok(())
            }
            // Of a proposal that no browser has.
            other => utils::parse_imports(self, section, other),
        }
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for kind in self.in_order(&types)? {
            functions.function(kind);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        let bodies = section.into_iter().collect::<Result<Vec<FunctionBody<'_>>, _>>()?;
        for body in self.in_order(&bodies)? {
            self.parse_function_body(code, body)?;
        }
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        _: &mut Module,
        _: CustomSectionReader<'_>,
    ) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that imports a memory and a function, and has two functions, of which the second calls the
    /// first, the exported one, and the imported one; and a custom section.
    const PROGRAM: &[u8] = b"\0asm\x01\0\0\0\
        \x01\x04\x01\x60\0\0\
        \x02\x10\x02\x01m\x03mem\x02\0\x01\x01m\x01f\0\0\
        \x03\x03\x02\0\0\
        \x07\x05\x01\x01x\0\x01\
        \x0a\x0c\x02\x03\0\x01\x0b\x06\0\x10\x01\x10\0\x0b\
        \0\x05\x04name";

    #[test]
    fn imports_are_named_anew_and_calls_lead_to_where_they_led() {
        let expected: &[u8] = b"\0asm\x01\0\0\0\
            \x01\x04\x01\x60\0\0\
            \x02\x14\x02\x02m!\x04mem!\x02\0\x01\x02m!\x02f!\0\0\
            \x03\x03\x02\0\0\
            \x07\x05\x01\x01x\0\x01\
            \x0a\x0c\x02\x03\0\x01\x0b\x06\0\x10\x01\x10\0\x0b";
        assert_eq!(rewrite(PROGRAM, |name| format!("{name}!")).unwrap(), expected);
    }

    #[test]
    fn functions_that_begin_alike_lie_side_by_side() {
        // The first function is a loop, the second a block that calls the first; a loop sorts behind a block.
        let program: &[u8] = b"\0asm\x01\0\0\0\
            \x01\x04\x01\x60\0\0\
            \x03\x03\x02\0\0\
            \x07\x05\x01\x01x\0\0\
            \x0a\x0f\x02\x05\0\x03\x40\x0b\x0b\x07\0\x02\x40\x10\0\x0b\x0b";
        let expected: &[u8] = b"\0asm\x01\0\0\0\
            \x01\x04\x01\x60\0\0\
            \x03\x03\x02\0\0\
            \x07\x05\x01\x01x\0\x01\
            \x0a\x0f\x02\x07\0\x02\x40\x10\x01\x0b\x0b\x05\0\x03\x40\x0b\x0b";
        assert_eq!(rewrite(program, str::to_owned).unwrap(), expected);
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        assert!(rewrite(&PROGRAM[..PROGRAM.len() - 10], str::to_owned).is_err());
        assert!(rewrite(b"no program", str::to_owned).is_err());
    }
}
