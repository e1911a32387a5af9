//! Breaking text into lines that fit a width. Letters keep their order, whichever way they are read: what
//! shows a line turns those around that run from right to left.

/// How wide a piece of text is, in whatever unit the width is in.
pub(crate) type Width<'a> = &'a dyn Fn(&str) -> f64;

/// The lines of `value`, none wider than `max` if it can be helped. Between words, between Chinese or
/// Japanese letters and after hyphens; words that are too long are cut. What is typed as a new line is one.
pub(crate) fn broken(value: &str, max: f64, width: Width<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in value.split('\n') {
        let mut line = String::new();
        for unit in units(paragraph, is_break) {
            let n_before = line.len();
            line.push_str(unit);
            if width(line.trim_end()) <= max {
                continue;
            }
            line.truncate(n_before);
            if !line.trim().is_empty() {
                lines.push(line.trim_end().to_owned());
                line.clear();
            }
            line.push_str(unit);
            if width(line.trim_end()) > max {
                let word = std::mem::take(&mut line);
                for letter in units(&word, |_, _| true) {
                    let n_before = line.len();
                    line.push_str(letter);
                    let is_full = width(&line) > max && !letter.trim().is_empty();
                    if is_full && n_before > 0 {
                        lines.push(line[..n_before].to_owned());
                        line.clear();
                        line.push_str(letter);
                    }
                }
            }
        }
        lines.push(line);
    }
    lines
}

/// How wide the widest piece of `value` is that no line can be broken in without cutting it.
pub(crate) fn longest(value: &str, width: Width<'_>) -> f64 {
    let pieces = value.split('\n').flat_map(|it| units(it, is_break));
    pieces.map(|it| width(it.trim_end())).fold(0.0, f64::max)
}

/// `text` in parts: between any two letters where `may_break` allows it, but never within what is seen as
/// one letter.
fn units(text: &str, may_break: fn(char, char) -> bool) -> Vec<&str> {
    let mut units = Vec::new();
    let (mut start, mut n_flags) = (0, 0);
    let mut before = None;
    for (at, letter) in text.char_indices() {
        let is_flag = ('\u{1f1e6}'..='\u{1f1ff}').contains(&letter);
        let completes_flag = is_flag && n_flags % 2 == 1;
        n_flags = if is_flag { n_flags + 1 } else { 0 };
        let is_joined = |before| joins(letter) || before == ZERO_WIDTH_JOINER || completes_flag;
        if before.is_some_and(|before| !is_joined(before) && may_break(before, letter)) {
            units.push(&text[start..at]);
            start = at;
        }
        before = Some(letter);
    }
    units.push(&text[start..]);
    units
}

const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// Letters that are part of what is before them: accents, signs of vowels, skin colors, and the like.
const JOINING: &[(char, char)] = &[
    ('\u{300}', '\u{36f}'),
    ('\u{591}', '\u{5c7}'),
    ('\u{610}', '\u{61a}'),
    ('\u{64b}', '\u{65f}'),
    ('\u{900}', '\u{903}'),
    ('\u{93a}', '\u{94f}'),
    ('\u{e31}', '\u{e3a}'),
    ('\u{e47}', '\u{e4e}'),
    ('\u{1160}', '\u{11ff}'),
    ('\u{200c}', '\u{200d}'),
    ('\u{20d0}', '\u{20ff}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{1f3fb}', '\u{1f3ff}'),
    ('\u{e0020}', '\u{e007f}'),
];

/// Letters that need no space between them: Chinese, Japanese, and pictures.
const WIDE: &[(char, char)] = &[
    ('\u{2e80}', '\u{a4cf}'),
    ('\u{f900}', '\u{faff}'),
    ('\u{fe30}', '\u{fe4f}'),
    ('\u{ff00}', '\u{ff60}'),
    ('\u{1f300}', '\u{1faff}'),
    ('\u{20000}', '\u{3ffff}'),
];

/// Signs that no line begins with.
const CLOSING: &str = "、。，．！？：；）］｝〉》」』】ー～…";
/// Signs that no line ends with.
const OPENING: &str = "（［｛〈《「『【";

fn is_among(letter: char, ranges: &[(char, char)]) -> bool {
    ranges.iter().any(|(low, high)| (*low..=*high).contains(&letter))
}

fn joins(letter: char) -> bool {
    is_among(letter, JOINING)
}

/// Whether it is a letter. Beyond ASCII nearly all signs are; the table that knows it for sure is heavy.
fn is_letter(sign: char) -> bool {
    sign.is_ascii_alphabetic() || !sign.is_ascii()
}

/// Whether a line may end between two letters.
fn is_break(before: char, after: char) -> bool {
    if after.is_whitespace() {
        return false;
    }
    if before.is_whitespace() || before == '-' && is_letter(after) {
        return true;
    }
    let is_wide = is_among(before, WIDE) || is_among(after, WIDE);
    is_wide && !CLOSING.contains(after) && !OPENING.contains(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every letter is one wide.
    #[track_caller]
    fn check(value: &str, max: f64, lines: &[&str]) {
        let width = |text: &str| text.chars().filter(|c| !joins(*c)).count() as f64;
        assert_eq!(broken(value, max, &width), lines);
    }

    #[test]
    fn words_go_to_the_next_line_whole() {
        check("one two three", 7.0, &["one two", "three"]);
        check("one two three", 8.0, &["one two", "three"]);
        check("", 7.0, &[""]);
        check("one\n\ntwo", 7.0, &["one", "", "two"]);
        check("well-known", 6.0, &["well-", "known"]);
        check("-1 -2", 2.0, &["-1", "-2"]);
    }

    #[test]
    fn spaces_stay_but_do_not_begin_or_end_a_line() {
        check("a   b", 9.0, &["a   b"]);
        check("aaa   bbb", 4.0, &["aaa", "bbb"]);
        check("  a", 4.0, &["  a"]);
        check("a ", 4.0, &["a "]);
    }

    #[test]
    fn long_words_are_cut() {
        check("abcdefgh", 3.0, &["abc", "def", "gh"]);
        check("a abcdefgh b", 3.0, &["a", "abc", "def", "gh", "b"]);
        check("abc", 0.5, &["a", "b", "c"]);
    }

    #[test]
    fn chinese_and_japanese_break_anywhere_but_before_a_stop() {
        check("白板共同編集", 3.0, &["白板共", "同編集"]);
        check("白板共。同編", 3.0, &["白板", "共。同", "編"]);
        check("ab白板", 3.0, &["ab白", "板"]);
    }

    #[test]
    fn what_is_one_letter_is_never_cut() {
        let family = "👩\u{200d}👩\u{200d}👧";
        for text in [family, "👍🏽", "🇩🇪🇫🇷", "e\u{301}e\u{301}"] {
            let lines = broken(text, 0.1, &|text| text.len() as f64);
            assert_eq!(lines.concat(), text);
            assert_eq!(
                lines.len(),
                if text == family || text == "👍🏽" { 1 } else { 2 },
                "{lines:?}"
            );
        }
    }

    #[test]
    fn what_runs_from_right_to_left_keeps_its_order() {
        check("שלום עולם טוב", 9.0, &["שלום עולם", "טוב"]);
    }
}
