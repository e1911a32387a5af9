//! People with the JavaScript libraries `yjs` and `y-websocket`: `tests/yjs/client.mjs` in a process of
//! Node, told what to do and telling what it sees in lines of JSON.

mod view;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

pub use view::YjsView;

use crate::node::node;
use crate::{PATIENCE, Site};

type Views = HashMap<String, YjsView>;

/// The process in which all of them live.
pub struct YjsPeople {
    orders: mpsc::UnboundedSender<Value>,
    views: Arc<Mutex<Views>>,
    /// Tells that somebody sees something else.
    changes: watch::Receiver<()>,
    /// Ends when this is dropped.
    _process: Child,
}

/// One of them: a document, and a provider that keeps it in step with a room.
pub struct YjsPerson {
    name: String,
    orders: mpsc::UnboundedSender<Value>,
    views: Arc<Mutex<Views>>,
    changes: watch::Receiver<()>,
}

impl YjsPeople {
    /// Starts the process, with nobody in it.
    pub fn start() -> Self {
        let mut process = node("client.mjs").spawn().unwrap();
        let (orders, orders_to_write) = mpsc::unbounded_channel();
        let views = Arc::default();
        let (changed, changes) = watch::channel(());
        tokio::spawn(write(process.stdin.take().expect("it is piped"), orders_to_write));
        let stdout = process.stdout.take().expect("it is piped");
        tokio::spawn(read(stdout, Arc::clone(&views), changed));
        Self { orders, views, changes, _process: process }
    }

    /// Somebody who begins to connect to `room`, with further `options` of the provider.
    pub fn arrive(&self, site: Site, room: &str, name: &str, options: &Value) -> YjsPerson {
        self.enter(name, json!({ "url": site.yjs_url(), "room": room, "options": options }))
    }

    /// Somebody who has synchronized with `room` and shows a name.
    pub async fn join(&self, site: Site, room: &str, name: &str) -> YjsPerson {
        let person = self.arrive(site, room, name, &json!({}));
        person.shows(&json!({ "user": { "name": name, "color": "#7b66dc" } }));
        person.until("being in sync", |view| view.n_synced() == 1).await;
        person
    }

    /// Lets so much time pass for all of them at once.
    pub fn pass(&self, time: Duration) {
        self.orders
            .send(json!({ "does": "pass", "milliseconds": time.as_millis() as u64 }))
            .unwrap();
    }

    fn enter(&self, name: &str, how: Value) -> YjsPerson {
        let person = YjsPerson {
            name: name.into(),
            orders: self.orders.clone(),
            views: Arc::clone(&self.views),
            changes: self.changes.clone(),
        };
        person.does("join", how);
        person
    }
}

impl YjsPerson {
    /// Does one of the deeds that `client.mjs` lists.
    pub fn does(&self, deed: &str, mut how: Value) {
        how["who"] = self.name.as_str().into();
        how["does"] = deed.into();
        self.orders.send(how).expect("the process of the Yjs people has ended");
    }

    /// Writes an element as a map of its properties. A `text` becomes a shared text, `ink` the chunks
    /// of these points.
    pub fn writes(&self, id: &str, element: &Value) {
        self.does("write", json!({ "id": id, "element": element }));
    }

    /// Sets one property.
    pub fn sets(&self, id: &str, key: &str, value: &Value) {
        self.does("set", json!({ "id": id, "key": key, "value": value }));
    }

    /// Shows something to the others.
    pub fn shows(&self, state: &Value) {
        self.does("show", json!({ "state": state }));
    }

    /// Looks at what it sees now.
    pub fn view(&self) -> YjsView {
        self.views.lock().unwrap().get(&self.name).cloned().unwrap_or_default()
    }

    /// Waits until `condition` holds; `what` says in a failure what was waited for.
    pub async fn until(&self, what: &str, mut condition: impl FnMut(&YjsView) -> bool) {
        let mut changes = self.changes.clone();
        let waiting = async {
            loop {
                changes.borrow_and_update();
                let view = self.view();
                if condition(&view) {
                    return;
                }
                if changes.changed().await.is_err() {
                    panic!("the process of the Yjs people has ended; above it says why");
                }
            }
        };
        if timeout(PATIENCE, waiting).await.is_err() {
            panic!("{} waited in vain for {what}: {}", self.name, self.view().summary());
        }
    }

    /// Waits until it sees these elements, as the server tells them, and no others.
    pub async fn until_elements(&self, expected: &[Value]) {
        self.until("the server's board", |view| {
            let elements = view.elements();
            let is_same = |it: &Value| {
                let seen = &elements[it["id"].as_str().unwrap()];
                let place = ["x", "y", "w", "h", "angle"].map(|key| it[key].as_f64());
                let seen_place: Vec<_> =
                    seen["geometry"].as_array().into_iter().flatten().map(Value::as_f64).collect();
                let is_told = |key: &str| seen[key].is_null() || seen[key] == it[key];
                ["kind", "z", "stroke", "text"].into_iter().all(is_told)
                    && (seen_place.is_empty() || seen_place == place)
            };
            elements.as_object().map_or(0, Map::len) == expected.len()
                && expected.iter().all(is_same)
        })
        .await;
    }
}

async fn write(mut stdin: ChildStdin, mut orders: mpsc::UnboundedReceiver<Value>) {
    while let Some(order) = orders.recv().await {
        // A process that has ended is noticed by whoever waits for it.
        stdin.write_all(format!("{order}\n").as_bytes()).await.ok();
    }
}

async fn read(stdout: ChildStdout, views: Arc<Mutex<Views>>, changed: watch::Sender<()>) {
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        let Ok(Value::Object(mut change)) = serde_json::from_str(&line) else {
            panic!("no view: {line}");
        };
        let Some(Value::String(name)) = change.remove("who") else { panic!("whose view? {line}") };
        views.lock().unwrap().entry(name).or_default().apply(change);
        changed.send_replace(());
    }
}
