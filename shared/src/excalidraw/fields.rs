//! The properties of one element in a file, read with forbearance: what has the wrong type counts as
//! missing, and only what an element cannot do without is an error.

use serde_json::{Map, Value};

use crate::geometry::BoardPoint;
use crate::limits::COORDINATE_MAX;

/// Why an element cannot be imported, as a sentence.
pub(super) type Reason = String;

/// One element's JSON object.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The value, unless it is missing or null.
    pub(super) fn value(self, key: &str) -> Option<&'a Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    /// A text.
    pub(super) fn text(self, key: &str) -> Option<&'a str> {
        self.value(key)?.as_str()
    }

    /// A finite number.
    pub(super) fn number(self, key: &str) -> Option<f64> {
        number(self.value(key)?)
    }

    /// A finite number that the element needs.
    pub(super) fn needed(self, key: &str) -> Result<f64, Reason> {
        self.number(key).ok_or_else(|| format!("its {key} is not a number"))
    }

    /// Whether the property is there and true.
    pub(super) fn is_true(self, key: &str) -> bool {
        self.value(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A list; empty when there is none.
    pub(super) fn list(self, key: &str) -> &'a [Value] {
        self.value(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The points of a line or of ink, on the board: in files they count from the element's x and y.
    pub(super) fn points(self, most: usize) -> Result<Vec<BoardPoint>, Reason> {
        let (x, y) = (self.needed("x")?, self.needed("y")?);
        let points = self.list("points");
        if points.is_empty() {
            return Err("it has no points".into());
        }
        if points.len() > most {
            return Err(format!("it has more than {most} points"));
        }
        let on_board = |point: &Value| {
            let [dx, dy, ..] = point.as_array()?.as_slice() else { return None };
            let clamped = |v: f64| v.clamp(-COORDINATE_MAX, COORDINATE_MAX);
            Some(BoardPoint::new(clamped(x + number(dx)?), clamped(y + number(dy)?)))
        };
        let points: Option<_> = points.iter().map(on_board).collect();
        points.ok_or_else(|| "one of its points is not a pair of numbers".into())
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().filter(|number| number.is_finite())
}
