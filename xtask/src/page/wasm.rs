//! Reads as much of the WebAssembly format as it takes to name a program's imports anew, and to leave out
//! what only tools read (the sections that the format calls custom).

use anyhow::{Context, Result, bail, ensure};

/// What a program begins with: its name and the format's version.
const HEAD: &[u8; 8] = b"\0asm\x01\0\0\0";
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;

/// The program with what `name` makes of the names of its imports, and of those of the modules these come from.
pub fn rewrite(program: &[u8], mut name: impl FnMut(&str) -> String) -> Result<Vec<u8>> {
    let rest = program.strip_prefix(HEAD).context("this is no WebAssembly program")?;
    let mut source = Source { left: rest };
    let mut out = HEAD.to_vec();
    while !source.left.is_empty() {
        let id = source.byte()?;
        let section = source.bytes()?;
        match id {
            CUSTOM => {}
            IMPORTS => put_section(&mut out, id, &imports(section, &mut name)?),
            _ => put_section(&mut out, id, section),
        }
    }
    Ok(out)
}

fn imports(section: &[u8], name: &mut impl FnMut(&str) -> String) -> Result<Vec<u8>> {
    let mut source = Source { left: section };
    let n = source.number()?;
    let mut out = Vec::new();
    put_number(&mut out, n);
    for _ in 0..n {
        for _ in 0..2 {
            let new = name(std::str::from_utf8(source.bytes()?)?);
            put_number(&mut out, new.len());
            out.extend(new.bytes());
        }
        let from = source.left;
        source.skip_kind()?;
        out.extend(&from[..from.len() - source.left.len()]);
    }
    ensure!(source.left.is_empty(), "bytes follow the imports");
    Ok(out)
}

fn put_section(out: &mut Vec<u8>, id: u8, section: &[u8]) {
    out.push(id);
    put_number(out, section.len());
    out.extend(section);
}

/// Writes a number in the format's way: seven bits a byte, the lowest first.
fn put_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// The bytes that are still to be read.
struct Source<'a> {
    left: &'a [u8],
}

impl<'a> Source<'a> {
    fn byte(&mut self) -> Result<u8> {
        let (byte, left) = self.left.split_first().context("the program ends too early")?;
        self.left = left;
        Ok(*byte)
    }

    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        bail!("a number is too long")
    }

    /// Bytes with their number before them.
    fn bytes(&mut self) -> Result<&'a [u8]> {
        let n = self.number()?;
        let (bytes, left) = self.left.split_at_checked(n).context("the program ends too early")?;
        self.left = left;
        Ok(bytes)
    }

    /// Passes by what an import is: a function, table, memory, global or tag.
    fn skip_kind(&mut self) -> Result<()> {
        match self.byte()? {
            0 => drop(self.number()?),
            1 => {
                self.byte()?;
                self.skip_limits()?;
            }
            2 => self.skip_limits()?,
            3 | 4 => {
                self.byte()?;
                self.number()?;
            }
            kind => bail!("no import is of kind {kind}"),
        }
        Ok(())
    }

    fn skip_limits(&mut self) -> Result<()> {
        let has_most = self.byte()? & 1 == 1;
        self.number()?;
        if has_most {
            self.number()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that imports a memory and a function, with a custom section and a type.
    const PROGRAM: &[u8] = b"\0asm\x01\0\0\0\
        \x01\x04\x01\x60\0\0\
        \x02\x10\x02\x01m\x03mem\x02\0\x01\x01m\x01f\0\0\
        \0\x05\x04name";

    #[test]
    fn imports_are_named_anew_and_the_rest_stays() {
        let renamed = rewrite(PROGRAM, |name| format!("{name}!")).unwrap();
        let expected: &[u8] = b"\0asm\x01\0\0\0\
            \x01\x04\x01\x60\0\0\
            \x02\x14\x02\x02m!\x04mem!\x02\0\x01\x02m!\x02f!\0\0";
        assert_eq!(renamed, expected);
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        for end in (0..PROGRAM.len()).filter(|end| ![8, 14, 32].contains(end)) {
            assert!(rewrite(&PROGRAM[..end], str::to_owned).is_err(), "{end}");
        }
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for number in [0, 1, 127, 128, 300, 1 << 20] {
            let mut out = Vec::new();
            put_number(&mut out, number);
            assert_eq!(Source { left: &out }.number().unwrap(), number);
        }
    }
}
