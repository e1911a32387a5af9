//! The seeded board: any number of elements, always the same ones, spread over 20,000 x 20,000 px, as
//! Excalidraw's file format has them. Half of it is freehand ink, the rest boxes, lines and words.

use std::f64::consts::TAU;

use serde_json::{Value, json};

/// Sides of the board, in board units.
pub const SIDE: f64 = 20_000.0;

const SEED: u32 = 24_301;
const COLORS: [&str; 6] = ["#1e1e1e", "#e03131", "#2f9e44", "#1971c2", "#f08c00", "#9c36b5"];
const WORDS: [&str; 12] = [
    "board", "idea", "sketch", "plan", "note", "river", "stone", "cloud", "graph", "signal",
    "paper", "window",
];
/// The kinds, over and over: freehand, rectangle, ellipse, text, arrow, line.
const KINDS: &[u8; 20] = b"frfeftfrfafefrftfefl";
const N_POINTS: usize = 50;
const LETTER_WIDTH: f64 = 11.0;
const LINE_HEIGHT: f64 = 25.0;

/// The first `n` elements.
pub fn elements(n: usize) -> Vec<Value> {
    let mut random = Mulberry32(SEED);
    (0..n).map(|index| element(index, &mut random)).collect()
}

fn element(index: usize, random: &mut Mulberry32) -> Value {
    let color = COLORS[random.below(COLORS.len())];
    let mut element = match KINDS[index % KINDS.len()] {
        b'f' => freehand(random),
        b'r' => boxed("rectangle", 3, random),
        b'e' => boxed("ellipse", 2, random),
        b'a' => line("arrow", random),
        b'l' => line("line", random),
        _ => text(random),
    };
    let common = json!({
        "id": format!("seeded-{index}"), "seed": index + 1, "version": 1, "versionNonce": index + 1,
        "updated": 1, "isDeleted": false, "angle": 0, "strokeColor": color,
        "backgroundColor": "transparent", "fillStyle": "solid", "strokeWidth": 2,
        "strokeStyle": "solid", "roughness": 1, "opacity": 100, "groupIds": [], "frameId": null,
        "boundElements": [], "link": null, "locked": false,
    });
    if let (Value::Object(element), Value::Object(common)) = (&mut element, common) {
        element.extend(common);
    }
    element
}

fn freehand(random: &mut Mulberry32) -> Value {
    let mut heading = random.next() * TAU;
    let phase = random.next() * TAU;
    let (mut x, mut y) = (0.0, 0.0);
    let (mut points, mut pressures) = (Vec::new(), Vec::new());
    for k in 0..N_POINTS {
        points.push((x, y));
        pressures.push(rounded(0.5 + 0.3 * (k as f64 / 8.0 + phase).sin()));
        heading += (random.next() - 0.5) * 0.9;
        let step = 4.0 + 8.0 * random.next();
        x += heading.cos() * step;
        y += heading.sin() * step;
    }
    let mut element = placed(&points, random);
    element["type"] = "freedraw".into();
    element["simulatePressure"] = false.into();
    element["pressures"] = json!(pressures);
    element
}

fn boxed(kind: &str, roundness: u8, random: &mut Mulberry32) -> Value {
    let (w, h) = (60.0 + 240.0 * random.next(), 40.0 + 160.0 * random.next());
    let (x, y) = place(w, h, random);
    json!({
        "type": kind, "x": rounded(x), "y": rounded(y), "width": rounded(w), "height": rounded(h),
        "roundness": { "type": roundness },
    })
}

fn line(kind: &str, random: &mut Mulberry32) -> Value {
    let angle = random.next() * TAU;
    let length = 80.0 + 320.0 * random.next();
    let end = (angle.cos() * length, angle.sin() * length);
    let mut element = placed(&[(0.0, 0.0), end], random);
    element["type"] = kind.into();
    element["roundness"] = json!({ "type": 2 });
    element["startArrowhead"] = Value::Null;
    element["endArrowhead"] = if kind == "arrow" { "arrow".into() } else { Value::Null };
    element
}

fn text(random: &mut Mulberry32) -> Value {
    let n_words = 2 + random.below(5);
    let words: Vec<&str> = (0..n_words).map(|_| WORDS[random.below(WORDS.len())]).collect();
    let text = words.join(" ");
    let (w, h) = (text.len() as f64 * LETTER_WIDTH, LINE_HEIGHT);
    let (x, y) = place(w, h, random);
    json!({
        "type": "text", "x": rounded(x), "y": rounded(y), "width": w, "height": h, "text": text,
        "originalText": text, "fontSize": 20, "fontFamily": 5, "lineHeight": 1.25,
        "textAlign": "left", "verticalAlign": "top", "autoResize": true, "containerId": null,
        "roundness": null,
    })
}

/// A drawing of points, somewhere on the board: its place is that of its first point.
fn placed(points: &[(f64, f64)], random: &mut Mulberry32) -> Value {
    let least = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(-f64::INFINITY, f64::max);
    let (left, top) = (least(|p| p.0), least(|p| p.1));
    let (w, h) = (most(|p| p.0) - left, most(|p| p.1) - top);
    let (x, y) = place(w, h, random);
    let points: Vec<_> = points.iter().map(|p| [rounded(p.0), rounded(p.1)]).collect();
    json!({
        "x": rounded(x - left), "y": rounded(y - top), "width": rounded(w), "height": rounded(h),
        "points": points, "roundness": null,
    })
}

fn place(w: f64, h: f64, random: &mut Mulberry32) -> (f64, f64) {
    (random.next() * (SIDE - w), random.next() * (SIDE - h))
}

fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// A small generator of random numbers that programs in every language have.
struct Mulberry32(u32);

impl Mulberry32 {
    /// From 0 to less than 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x6d2b_79f5);
        let mut t = (self.0 ^ (self.0 >> 15)).wrapping_mul(1 | self.0);
        t = t.wrapping_add((t ^ (t >> 7)).wrapping_mul(61 | t)) ^ t;
        f64::from(t ^ (t >> 14)) / 4_294_967_296.0
    }

    /// A whole number from 0 to less than `n`.
    fn below(&mut self, n: usize) -> usize {
        (self.next() * n as f64) as usize
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn its_first_thousand_elements_are_those_of_the_fixture() {
        let fixture = include_str!("../../../shared/tests/fixtures/boards/board-1000.excalidraw");
        let fixture: Value = serde_json::from_str(fixture).unwrap();
        let expected = fixture["elements"].as_array().unwrap();
        let made = elements(expected.len());
        assert_eq!(made.len(), 1000);
        for (made, expected) in made.iter().zip(expected) {
            for key in ["type", "strokeColor", "text", "strokeWidth", "roughness"] {
                assert_eq!(made[key], expected[key], "{made}");
            }
            for key in ["x", "y", "points", "pressures"] {
                assert!(is_near(&made[key], &expected[key]), "{key} of {made}: {}", expected[key]);
            }
            // Excalidraw measured the letters itself.
            if made["type"] != "text" {
                assert!(is_near(&made["width"], &expected["width"]), "{made}");
                assert!(is_near(&made["height"], &expected["height"]), "{made}");
            }
        }
    }

    /// Whether all numbers agree but for their rounding.
    fn is_near(one: &Value, other: &Value) -> bool {
        match (one, other) {
            (Value::Array(one), Value::Array(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(a, b)| is_near(a, b))
            }
            (Value::Number(one), Value::Number(other)) => {
                (one.as_f64().unwrap() - other.as_f64().unwrap()).abs() < 0.011
            }
            (one, other) => one == other,
        }
    }
}
