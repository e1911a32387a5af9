//! Finding text on a board.

use shared::board::Board;
use shared::element::{Element, Shape};
use shared::id::ElementId;

/// The elements whose text, name or link has `wanted` in it, whatever the case, in the order of reading: from
/// the top down, those at the same height from the left.
pub fn find(board: &Board, wanted: &str) -> Vec<ElementId> {
    let wanted = folded(wanted.trim());
    if wanted.is_empty() {
        return Vec::new();
    }
    let has = |text: &str| folded(text).contains(&wanted);
    let is_found = |element: &&Element| match &element.shape {
        Shape::Text(text) => has(&text.value),
        Shape::Frame(frame) => has(&frame.name),
        _ => element.link.as_deref().is_some_and(has),
    };
    let place = |element: &Element| (element.geometry.y, element.geometry.x);
    let mut found: Vec<&Element> = Vec::new();
    for element in board.elements().map(AsRef::as_ref).filter(is_found) {
        // A whole sort is kilobytes of page for the few that there are.
        let at = found.partition_point(|it| place(it) <= place(element));
        found.insert(at, element);
    }
    let chosen = |element: &Element| match &element.shape {
        // A label is chosen with what it labels.
        Shape::Text(text) => text.container.clone().unwrap_or_else(|| element.id.clone()),
        _ => element.id.clone(),
    };
    found.into_iter().map(chosen).collect()
}

/// A text without the difference between capitals and small letters. The tables that know this of all of
/// Unicode are 6 kB of the page; what is written in Latin, Greek, Cyrillic or Armenian letters follows a few rules.
fn folded(text: &str) -> String {
    text.replace(['ß', 'ẞ'], "ss").chars().map(small).collect()
}

/// The small letter of a capital one.
fn small(letter: char) -> char {
    // Which of two neighbors is the capital.
    let (even, odd) = (u32::from(letter) | 1, (u32::from(letter) + 1) & !1);
    let code = match letter {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => {
            u32::from(letter) + 32
        }
        'ς' => u32::from('σ'),
        'Ά' => u32::from('ά'),
        'Έ'..='Ί' => u32::from(letter) + 37,
        'Ό' => u32::from('ό'),
        'Ύ' | 'Ώ' => u32::from(letter) + 63,
        'Ÿ' => u32::from('ÿ'),
        'Ѐ'..='Џ' => u32::from(letter) + 80,
        'Ա'..='Ֆ' => u32::from(letter) + 48,
        'Ā'..='į' | 'Ĳ'..='ķ' | 'Ŋ'..='ŷ' | 'Ǟ'..='ǯ' | 'Ǹ'..='ȟ' | 'Ȣ'..='ȳ' => even,
        'Ϙ'..='ϯ' | 'Ѡ'..='ҁ' | 'Ҋ'..='ҿ' | 'Ӑ'..='ԯ' | 'Ḁ'..='ẕ' | 'Ạ'..='ỿ' => {
            even
        }
        'Ĺ'..='ň' | 'Ź'..='ž' | 'Ǎ'..='ǜ' | 'Ӂ'..='ӎ' => odd,
        _ => return letter,
    };
    char::from_u32(code).unwrap_or(letter)
}

/// What was found, and which of it is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// Counted from 1; 0 if nothing was found.
    pub n: usize,
    /// How many there are.
    pub of: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_and_small_letters_are_the_same() {
        // Letters whose other case is no single one, and a few that hardly anybody writes.
        let odd = "ϏϗĸİıŉſΐΰϐϑϕϖϰϱϴϵϷϸϹϺϻӀӏ";
        for code in (0..0x24f).chain(0x386..0x590).chain(0x1e00..0x1f00) {
            let Some(letter) = char::from_u32(code).filter(|it| !odd.contains(*it)) else {
                continue;
            };
            let is_extended = (0x180..0x1cd).contains(&code)
                || (0x1f0..0x1f8).contains(&code)
                || (0x220..0x222).contains(&code)
                || (0x234..0x24f).contains(&code)
                || (0x3f3..0x400).contains(&code)
                || (0x1e96..0x1ea0).contains(&code);
            if !is_extended {
                let small: String = letter.to_lowercase().collect();
                assert_eq!(folded(&letter.to_string()), folded(&small), "{letter} {code:x}");
                let stays = folded(&letter.to_string()) == letter.to_string();
                assert!(stays || letter.is_uppercase() || "ßς".contains(letter), "{letter}");
            }
        }
        assert!(folded("Die STRASSE").contains(&folded("straße")));
    }
}
