//! Text from so far away that nobody can read it: a bar for each word, or for each line.

use shared::color::Color;
use shared::element::{Align, Style, Text};
use shared::geometry::{Bounds, Geometry};

use super::Sketch;
use crate::display::Item;
use crate::text::item;

/// Letters lower than this many pixels cannot be read.
const LOW: f64 = 3.2;
/// Of letters lower than this many pixels one does not see where words end.
const TINY: f64 = 1.5;
/// How high the letters are that have no stems, in letter heights.
const LOW_LETTERS: f64 = 0.5;
/// How much of that a line of letters covers, with the gaps between words and without.
const LINE_COVER: f64 = 0.28;
const WORD_COVER: f64 = 0.34;
/// How broad a letter is, in letter heights, if the text's author did not say how broad all of it is.
const BROAD: f64 = 0.55;

/// The text where a pixel is `pixel` board units wide; `None` if its letters are seen.
pub(super) fn sketch(text: &Text, geometry: Geometry, style: &Style, pixel: f64) -> Option<Sketch> {
    if text.size >= LOW * pixel || geometry.angle != 0.0 {
        return None;
    }
    let Some(Item::Text { lines, size, align, .. }) = item(text, geometry, style) else {
        return Some(Sketch::Bars(Vec::new(), style.stroke));
    };
    let length = |line: &str| line.chars().count() as f64;
    let longest = lines.iter().map(|line| length(&line.text)).fold(1.0, f64::max);
    let letter = if geometry.w > 0.0 { geometry.w / longest } else { size * BROAD };
    let center = geometry.center();
    let mut bars = Vec::new();
    for line in &lines {
        let part = match align {
            Align::Left => 0.0,
            Align::Center => 0.5,
            Align::Right => 1.0,
        };
        let begin = center.x + line.x - part * letter * length(&line.text);
        let y1 = center.y + line.baseline_y;
        let mut put = |from: f64, n: f64| {
            let (x0, x1) = (begin + from * letter, begin + (from + n) * letter);
            bars.push(Bounds { x0, y0: y1 - LOW_LETTERS * size, x1, y1 });
        };
        if size < TINY * pixel {
            put(0.0, length(&line.text));
            continue;
        }
        let mut at = 0.0;
        for word in line.text.split(' ') {
            let n = length(word);
            if n > 0.0 {
                put(at, n);
            }
            at += n + 1.0;
        }
    }
    let cover = if size < TINY * pixel { LINE_COVER } else { WORD_COVER };
    let a = (f64::from(style.stroke.a) * cover).round() as u8;
    Some(Sketch::Bars(bars, Color { a, ..style.stroke }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(align: Align, pixel: f64) -> Option<Vec<Bounds>> {
        let lines = vec!["a big idea".to_owned(), String::new(), "no".to_owned()];
        let text = Text { lines, align, size: 20.0, ..Text::default() };
        let place = Geometry { x: 100.0, y: 50.0, w: 100.0, h: 75.0, ..Geometry::default() };
        match sketch(&text, place, &Style::default(), pixel) {
            Some(Sketch::Bars(bars, _)) => Some(bars),
            _ => None,
        }
    }

    #[test]
    fn unreadable_text_is_a_bar_for_each_word_and_from_further_away_for_each_line() {
        assert_eq!(bars(Align::Left, 6.0), None, "it can be read");
        let words = bars(Align::Left, 8.0).unwrap_or_default();
        let sides = |bars: &[Bounds]| bars.iter().map(|it| (it.x0, it.x1)).collect::<Vec<_>>();
        let first = [(100.0, 110.0), (120.0, 150.0), (160.0, 200.0)];
        assert_eq!(sides(&words), [&first[..], &[(100.0, 120.0)]].concat());
        assert!(words[0].y1 < 75.0 && words[3].y0 > 100.0 && words[3].y1 < 125.0, "{words:?}");
        let lines = bars(Align::Right, 20.0).unwrap_or_default();
        assert_eq!(sides(&lines), [(100.0, 200.0), (180.0, 200.0)]);
    }
}
