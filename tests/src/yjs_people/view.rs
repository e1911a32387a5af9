//! What somebody with the JavaScript libraries sees, as `tests/yjs/client.mjs` tells it.

use serde_json::{Map, Value};

/// What one of them sees.
#[derive(Clone, Debug, Default)]
pub struct YjsView(Map<String, Value>);

impl YjsView {
    /// How often it was in sync after it was not.
    pub fn n_synced(&self) -> u64 {
        self["nSynced"].as_u64().unwrap_or(0)
    }

    /// Whether the socket is open.
    pub fn is_connected(&self) -> bool {
        self["status"] == "connected"
    }

    /// The codes with which the other end closed, in order.
    pub fn codes(&self) -> Vec<u64> {
        self["codes"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect()
    }

    /// The elements by their ids, as the document has them; ink as points.
    pub fn elements(&self) -> &Value {
        &self["elements"]
    }

    /// The awareness state that names its user so.
    pub fn state(&self, name: &str) -> &Value {
        self.entry(name).map_or(&Value::Null, |(_, state)| state)
    }

    /// Whether the state that names its user so says just this.
    pub fn shows(&self, name: &str, state: &Value) -> bool {
        is_same(self.state(name), state)
    }

    /// The clock of the state that names its user so.
    pub fn clock(&self, name: &str) -> Option<u64> {
        self["clocks"][self.entry(name)?.0].as_u64()
    }

    /// The names in all awareness states, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.states().map(|(_, it)| name_in(it)).collect();
        names.sort_unstable();
        names
    }

    fn entry(&self, name: &str) -> Option<(&String, &Value)> {
        self.states().find(|(_, state)| name_in(state) == name)
    }

    fn states(&self) -> impl Iterator<Item = (&String, &Value)> {
        self["states"].as_object().into_iter().flatten()
    }

    /// Takes over what has changed.
    pub(super) fn apply(&mut self, change: Map<String, Value>) {
        self.0.extend(change);
    }

    /// A line for failures.
    pub(super) fn summary(&self) -> String {
        let n_elements = self.elements().as_object().map_or(0, Map::len);
        let mut elements = self.elements().to_string();
        elements.truncate(elements.floor_char_boundary(2000));
        format!(
            "it is {}, was in sync {} times, was closed with {:?}, sees {} and {n_elements} \
             elements: {elements}",
            self["status"],
            self.n_synced(),
            self.codes(),
            self["states"],
        )
    }
}

impl std::ops::Index<&str> for YjsView {
    type Output = Value;

    fn index(&self, key: &str) -> &Value {
        self.0.get(key).unwrap_or(&Value::Null)
    }
}

fn name_in(state: &Value) -> &str {
    state["user"]["name"].as_str().unwrap_or("")
}

/// Whether two values say the same: JavaScript writes 10.0 as 10.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, it)| b.get(key).is_some_and(|b| is_same(it, b)))
        }
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (a, b) => a == b,
    }
}
