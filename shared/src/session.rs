//! The client's end of the protocol as a state machine without I/O.
//!
//! The driver tells it what happened (`handle_*`, with the time), then drains [`Session::poll_transmit`]
//! and [`Session::poll_event`] and comes back at [`Session::poll_timeout`]. Edits that are not
//! acknowledged are kept and sent again after every reconnect.

mod backoff;
mod connecting;
mod courier;
mod hear;
mod kept;
mod loading;
mod opening;
mod state;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::board::Board;
use crate::geometry::Bounds;
use crate::id::{Batch, ClientId, Incarnation, MemberId, Seq};
use crate::keep::Keep;
use crate::limits::{ANSWER_MAX, PING_EVERY, PRESENCE_ALONE_EVERY, PRESENCE_EVERY};
use crate::presence::{Presence, PresencePatch};
use crate::protocol::{ClientMessage, CloseCode, Identity, NewUpdate, Role, Ticket};
use crate::time::Time;
use backoff::Backoff;
use loading::Loading;
use opening::Opening;
use state::State;

pub use courier::Courier;

/// A connection that lasted so long was a good one: the next attempt comes as soon as if there had been no failure
/// before. One that ends at once says that the server is not well, and the attempts come ever later.
const GOOD_AFTER: Duration = Duration::from_secs(1);

/// How long a socket may take to open.
const OPEN_TIMEOUT: Duration = Duration::from_secs(15);

/// How long the welcome may take after that, at first, and each piece of a large one after the one before. Until
/// something is here nothing shows whether the line is slow or dead, so that each attempt that was too short doubles
/// the time.
const WELCOME_TIMEOUT: Duration = Duration::from_secs(15);

/// The most times that the time for a welcome doubles: to four minutes.
const WELCOME_DOUBLINGS_MAX: u32 = 4;

/// The connection as a person sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Connection {
    /// A socket is being opened, or the board is being synced.
    Connecting,
    /// Edits go out and come in.
    Live,
    /// The next attempt comes by itself.
    Waiting,
    /// Not trying: not begun, told to stop, or refused for good.
    Offline,
}

impl Connection {
    /// The word that the page shows.
    pub fn word(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Waiting => "waiting",
            Self::Offline => "offline",
        }
    }
}

/// Something for the driver to do or to show.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// Open a socket to the room, then call [`Session::handle_open`].
    Open,
    /// Close the socket, if it is open, with this code, and forget it.
    Close(CloseCode),
    /// The connection's state changed.
    Connection(Connection),
    /// Members came, left or changed their names.
    Members,
    /// This member shows something else.
    Presence(MemberId),
    /// The board took in others' edits.
    Board,
    /// The number of unsaved edits changed.
    Saved,
    /// The time to the server and back was measured.
    Rtt(Duration),
    /// The server said why it closes for good.
    Refused(String),
    /// The server speaks a later version of the protocol: the page is to be loaded anew. What is
    /// unsaved is kept.
    Outdated,
    /// The server does not take what the browser kept: the id it was written under, or one of its
    /// edits, for this reason. The board shown is not the room's any more.
    Stranded(String),
    /// A part of what the browser kept of the board cannot be read: the server sends it anew.
    Damaged,
    /// What the browser kept has broken the board: the page is to be loaded anew, and not to look at that again.
    Broken,
    /// The browser's store failed. From here on unsaved edits are only in [`Session::unsaved`].
    Unkept,
    /// The room was deleted or restored since the board was loaded: the board shown is not the
    /// room's any more. The unsaved edits stay in [`Session::unsaved`].
    Replaced,
}

/// One client in one room.
pub struct Session {
    identity: Identity,
    token: Option<String>,
    /// Under whom it writes, if not under the board's author.
    client: Option<ClientId>,
    keep: Option<Keep>,
    /// What of the board is seen, if it is loaded by parts.
    view: Option<Bounds>,
    loading: Option<Loading>,
    /// What the browser has kept of it, as long as not all of that is there.
    opening: Option<Opening>,
    state: State,
    backoff: Backoff,
    /// Attempts in a row that were given up because the welcome had not come.
    n_unwelcomed: u32,
    unsaved: VecDeque<NewUpdate>,
    last_batch: Batch,
    /// The last batch that left with this connection.
    last_sent: Batch,
    /// Whether batches may leave without having been stored.
    is_released: bool,
    incarnation: Option<Incarnation>,
    ticket: Option<Ticket>,
    seq: Seq,
    /// What has come so far of the update in the welcome that is on its way.
    ahead: Vec<u8>,
    me: Option<(MemberId, Role)>,
    members: BTreeMap<MemberId, SeenMember>,
    shown: Presence,
    unshown: PresencePatch,
    shown_at: Option<Time>,
    rtt: Option<Duration>,
    outbox: VecDeque<Vec<u8>>,
    events: VecDeque<Event>,
}

/// Somebody in the room, as last heard of.
#[derive(Clone, PartialEq, Debug)]
pub struct SeenMember {
    /// Name and color.
    pub identity: Identity,
    /// What they show.
    pub presence: Presence,
    /// When they last showed something new.
    pub seen_at: Time,
}

impl Session {
    /// A session that has not begun; `seed` spreads its reconnects.
    pub fn new(identity: Identity, token: Option<String>, seed: u64) -> Self {
        Self {
            identity,
            token,
            client: None,
            keep: None,
            view: None,
            loading: None,
            opening: None,
            state: State::Offline,
            backoff: Backoff::new(seed),
            n_unwelcomed: 0,
            unsaved: VecDeque::new(),
            last_batch: Batch(0),
            last_sent: Batch(0),
            is_released: true,
            incarnation: None,
            ticket: None,
            seq: Seq(0),
            ahead: Vec::new(),
            me: None,
            members: BTreeMap::new(),
            shown: Presence::default(),
            unshown: PresencePatch::default(),
            shown_at: None,
            rtt: None,
            outbox: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// Takes the author's new edits off the board: they are kept until acknowledged, and sent as soon
    /// as there is a connection.
    pub fn handle_edits(&mut self, board: &mut Board) {
        for bytes in board.take_updates() {
            self.last_batch = Batch(self.last_batch.0 + 1);
            if let Some(keep) = &mut self.keep {
                keep.handle_edit(self.last_batch, &bytes);
            }
            self.unsaved.push_back(NewUpdate { batch: self.last_batch, bytes });
            self.events.push_back(Event::Saved);
        }
        self.send_ready();
    }

    /// Sends the batches that may leave and have not left with this connection.
    fn send_ready(&mut self) {
        if !matches!(self.state, State::Live { .. }) {
            return;
        }
        let stored = self.keep.as_ref().map_or(Batch(u64::MAX), Keep::sendable);
        let last = if self.is_released { stored } else { Batch(0) };
        let is_due = |it: &&NewUpdate| it.batch > self.last_sent && it.batch <= last;
        let due: Vec<NewUpdate> = self.unsaved.iter().filter(is_due).cloned().collect();
        for update in due {
            self.last_sent = update.batch;
            self.transmit(&ClientMessage::Update(update));
        }
    }

    /// Shows something else to the others, at most every [`PRESENCE_EVERY`]; every [`PRESENCE_ALONE_EVERY`] while
    /// there are none. Who comes is shown what waits at once.
    pub fn show_presence(&mut self, now: Time, patch: PresencePatch) {
        self.shown.apply(patch.clone());
        self.unshown.merge(patch);
        self.show(now);
    }

    /// Changes how this person appears, now and in later connections.
    pub fn rename(&mut self, identity: Identity) {
        self.identity = identity.clone();
        if matches!(self.state, State::Live { .. }) {
            self.transmit(&ClientMessage::Rename(identity));
        }
    }

    /// The next frame to be sent.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.outbox.pop_front()
    }

    /// The next thing to do or to show.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// When to call [`Session::handle_timeout`] next, if nothing happens before.
    pub fn poll_timeout(&self) -> Option<Time> {
        match &self.state {
            State::Offline => None,
            State::Waiting { until } | State::Opening { until } | State::Syncing { until } => {
                Some(*until)
            }
            State::Live { heard_at, ping, since } => {
                let ping_at = ping.map_or(*since, |(_, at)| at) + PING_EVERY;
                let show_at = match (self.shown_at, self.unshown.is_empty()) {
                    (_, true) => Time(u64::MAX),
                    (None, false) => Time(0),
                    (Some(last), false) => last + self.show_every(),
                };
                let unanswered = ping.map(|(_, at)| at).filter(|at| heard_at < at);
                let next = unanswered.map_or(ping_at, |at| at + ANSWER_MAX);
                Some(next.min(show_at))
            }
        }
    }

    /// The connection as a person sees it.
    pub fn connection(&self) -> Connection {
        match self.state {
            State::Offline => Connection::Offline,
            State::Waiting { .. } => Connection::Waiting,
            State::Opening { .. } | State::Syncing { .. } => Connection::Connecting,
            State::Live { .. } => Connection::Live,
        }
    }

    /// The edits that are not acknowledged yet, oldest first.
    pub fn unsaved(&self) -> impl ExactSizeIterator<Item = &NewUpdate> {
        self.unsaved.iter()
    }

    /// Which member this client is, and what it may do, once it was welcomed.
    pub fn me(&self) -> Option<(MemberId, Role)> {
        self.me
    }

    /// Everybody in the room, oneself included, as of the last connection.
    pub fn members(&self) -> &BTreeMap<MemberId, SeenMember> {
        &self.members
    }

    /// The last measured time to the server and back.
    pub fn rtt(&self) -> Option<Duration> {
        self.rtt
    }

    /// How this person appears.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    fn show(&mut self, now: Time) {
        let is_due = self.shown_at.is_none_or(|last| now.since(last) >= self.show_every());
        if matches!(self.state, State::Live { .. }) && is_due && !self.unshown.is_empty() {
            let patch = std::mem::take(&mut self.unshown);
            self.transmit(&ClientMessage::Presence(patch));
            self.shown_at = Some(now);
        }
    }

    fn show_every(&self) -> Duration {
        if self.members.len() > 1 { PRESENCE_EVERY } else { PRESENCE_ALONE_EVERY }
    }

    fn transmit(&mut self, message: &ClientMessage) {
        self.outbox.push_back(message.encode());
    }

    fn leave(&mut self) {
        self.ahead = Vec::new();
        self.outbox.clear();
        self.members.clear();
        self.me = None;
        self.rtt = None;
        self.events.push_back(Event::Members);
    }
}
