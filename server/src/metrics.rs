//! What the server counts, for Prometheus: names, units, and the text of `/metrics`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use shared::protocol::CloseCode;

use crate::room::Lane;

/// The largest value of each bucket of the latency of acknowledgements, in seconds.
const ACK_BUCKETS: [f64; 12] =
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The numbers of one server; clones are the same numbers.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    connections: Gauge,
    rooms: Gauge,
    members: Gauge,
    updates: Counter,
    ack_latency: Histogram,
    presence_frames: Counter,
    received: Counter,
    sent: Counter,
    overflows: Family<LaneLabel, Counter>,
    resyncs: Counter,
    stalled: Counter,
    refused: Family<RefusalLabel, Counter>,
}

/// Why something was not let in. One counter each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Refusal {
    /// The server has as many connections as it may.
    Connections,
    /// The address has as many connections as it may.
    AddressConnections,
    /// The room is full.
    Members,
    /// As many rooms are loaded as may be.
    Rooms,
    /// The store cannot be written to.
    Store,
    /// Too many messages in too little time.
    MessageRate,
    /// Too many bytes in too little time.
    ByteRate,
    /// Edits that occupy a processor for too long.
    EditTime,
    /// A frame above the limit.
    FrameSize,
    /// The board is as large as one may be.
    DocumentSize,
    /// No first message in time.
    HelloTimeout,
    /// A version of the protocol that is not spoken.
    Version,
    /// Frames that RFC 6455 does not allow.
    Broken,
    /// Out of turn, or no binary frame.
    Policy,
    /// Bytes that are no honest message, or something that is not allowed.
    Hostile,
    /// An update that builds on others that are missing.
    TooEarly,
    /// A client id under which somebody is still connected.
    Busy,
}

impl Refusal {
    /// The word that stands for it in labels.
    fn word(self) -> &'static str {
        match self {
            Self::Connections => "connections",
            Self::AddressConnections => "address_connections",
            Self::Members => "members",
            Self::Rooms => "rooms",
            Self::Store => "store",
            Self::MessageRate => "message_rate",
            Self::ByteRate => "byte_rate",
            Self::EditTime => "edit_time",
            Self::FrameSize => "frame_size",
            Self::DocumentSize => "document_size",
            Self::HelloTimeout => "hello_timeout",
            Self::Version => "version",
            Self::Broken => "broken",
            Self::Policy => "policy",
            Self::Hostile => "hostile",
            Self::TooEarly => "too_early",
            Self::Busy => "busy",
        }
    }

    /// How a connection ends for this reason.
    pub fn code(self) -> CloseCode {
        match self {
            Self::Connections
            | Self::AddressConnections
            | Self::Rooms
            | Self::Store
            | Self::TooEarly
            | Self::Busy => CloseCode::TryLater,
            Self::Members => CloseCode::RoomFull,
            Self::MessageRate | Self::ByteRate | Self::EditTime => CloseCode::TooFast,
            Self::FrameSize => CloseCode::TooBig,
            Self::DocumentSize | Self::Hostile => CloseCode::Refused,
            Self::HelloTimeout => CloseCode::NoHello,
            Self::Version => CloseCode::Version,
            Self::Broken => CloseCode::Broken,
            Self::Policy => CloseCode::Policy,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct RefusalLabel {
    reason: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct LaneLabel {
    lane: &'static str,
}

/// One of those that a gauge counts, for as long as it exists.
pub struct Counted(Gauge);

impl Counted {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut inner = Inner {
            registry: Registry::with_prefix("tandem"),
            connections: Gauge::default(),
            rooms: Gauge::default(),
            members: Gauge::default(),
            updates: Counter::default(),
            ack_latency: Histogram::new(ACK_BUCKETS),
            presence_frames: Counter::default(),
            received: Counter::default(),
            sent: Counter::default(),
            overflows: Family::default(),
            resyncs: Counter::default(),
            stalled: Counter::default(),
            refused: Family::default(),
        };
        inner.register();
        Self(Arc::new(inner))
    }
}

impl Inner {
    fn register(&mut self) {
        let it = &mut self.registry;
        it.register("connections", "Open sockets", self.connections.clone());
        it.register("rooms", "Rooms in memory", self.rooms.clone());
        it.register("members", "Members of all rooms", self.members.clone());
        it.register("updates", "Edits that were committed", self.updates.clone());
        let help = "From taking an edit in to its commit, when it is acknowledged";
        it.register_with_unit("ack_latency", help, Unit::Seconds, self.ack_latency.clone());
        let help = "Frames of presence for all their receivers";
        it.register("presence_frames", help, self.presence_frames.clone());
        let help = "Messages from clients";
        it.register_with_unit("received", help, Unit::Bytes, self.received.clone());
        it.register_with_unit("sent", "Messages to clients", Unit::Bytes, self.sent.clone());
        let help = "Times that a slow reader's lane was dropped";
        it.register("outbox_overflows", help, self.overflows.clone());
        let help = "Slow readers that were sent one diff instead";
        it.register("resyncs", help, self.resyncs.clone());
        let help = "Connections closed because they took nothing";
        it.register("stalled_connections", help, self.stalled.clone());
        let help = "What was not let in, by reason";
        it.register("refused", help, self.refused.clone());
    }
}

impl Metrics {
    /// All numbers as OpenMetrics text.
    pub fn encode(&self) -> Result<String, fmt::Error> {
        let mut out = String::new();
        text::encode(&mut out, &self.0.registry)?;
        Ok(out)
    }

    /// An open socket.
    pub fn connection(&self) -> Counted {
        Counted::new(&self.0.connections)
    }

    /// A room in memory.
    pub fn room(&self) -> Counted {
        Counted::new(&self.0.rooms)
    }

    /// A member of a room.
    pub fn member(&self) -> Counted {
        Counted::new(&self.0.members)
    }

    /// So many edits were committed, all so long after they came.
    pub fn committed(&self, n_updates: usize, latency: Duration) {
        self.0.updates.inc_by(n_updates as u64);
        for _ in 0..n_updates {
            self.0.ack_latency.observe(latency.as_secs_f64());
        }
    }

    /// A frame of presence went to so many.
    pub fn presence_frames(&self, n_receivers: u64) {
        self.0.presence_frames.inc_by(n_receivers);
    }

    /// A message came in.
    pub fn received(&self, n_bytes: usize) {
        self.0.received.inc_by(n_bytes as u64);
    }

    /// Messages went out.
    pub fn sent(&self, n_bytes: usize) {
        self.0.sent.inc_by(n_bytes as u64);
    }

    /// A slow reader's lane was dropped.
    pub fn overflow(&self, lane: Lane) {
        let lane = match lane {
            Lane::Update => "updates",
            Lane::Presence => "presence",
            Lane::Answer => "answers",
        };
        self.0.overflows.get_or_create(&LaneLabel { lane }).inc();
    }

    /// A slow reader is sent one diff.
    pub fn resync(&self) {
        self.0.resyncs.inc();
    }

    /// A connection took nothing for too long.
    pub fn stalled(&self) {
        self.0.stalled.inc();
    }

    /// Something was not let in.
    pub fn refused(&self, reason: Refusal) {
        self.0.refused.get_or_create(&RefusalLabel { reason: reason.word() }).inc();
    }
}
