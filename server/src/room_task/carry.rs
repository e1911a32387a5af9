//! Carries out what a room wants: frames to outboxes, records to the store, answers to askers.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use shared::id::{ClientId, Incarnation, RoomName, Seq};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio::time::Instant;
use tracing::{debug, error};

use super::load;
use crate::log::Record;
use crate::metrics::Counted;
use crate::outbox::{Ending, Outbox, Pushed};
use crate::room::{Answer, ConnId, Dialect, Effect, Lane, Lost, RequestId, Room};
use crate::rooms::Rooms;
use crate::store::{Append, CommitFailed};

/// Everybody whom a room's effects concern.
pub(super) struct Carrier {
    rooms: Rooms,
    name: RoomName,
    incarnation: Incarnation,
    peers: HashMap<ConnId, Peer>,
    askers: HashMap<RequestId, oneshot::Sender<Answer>>,
    n_requests: u64,
    /// Records of this round; the store takes them together.
    records: Vec<Record>,
    /// When the first of them came.
    since: Option<Instant>,
    /// The memory that they take up.
    permits: Vec<OwnedSemaphorePermit>,
    reports: mpsc::UnboundedSender<Report>,
    /// Unbounded, but each report answers one job in the store's bounded queue.
    commits: mpsc::UnboundedReceiver<Report>,
}

/// How a commit went.
struct Report {
    up_to: Seq,
    n_records: usize,
    /// When the first of the records came.
    since: Instant,
    result: Result<(), CommitFailed>,
}

struct Peer {
    outbox: Outbox,
    /// What it speaks, once it is admitted and counts among the members.
    admitted: Option<(Dialect, Counted)>,
    /// Where a Yjs client's reader looks for the id under which it shows itself.
    own: Option<Arc<OnceLock<ClientId>>>,
}

impl Peer {
    fn speaks(&self) -> Option<Dialect> {
        self.admitted.as_ref().map(|(dialect, _)| *dialect)
    }
}

impl Carrier {
    pub(super) fn new(rooms: Rooms, name: RoomName, incarnation: Incarnation) -> Self {
        let (reports, commits) = mpsc::unbounded_channel();
        Self {
            rooms,
            name,
            incarnation,
            peers: HashMap::new(),
            askers: HashMap::new(),
            n_requests: 0,
            records: Vec::new(),
            since: None,
            permits: Vec::new(),
            reports,
            commits,
        }
    }

    pub(super) fn add(
        &mut self,
        conn: ConnId,
        outbox: Outbox,
        own: Option<Arc<OnceLock<ClientId>>>,
    ) {
        self.peers.insert(conn, Peer { outbox, admitted: None, own });
    }

    /// Keeps an edit's share of memory until it is committed, or found to need no commit.
    pub(super) fn hold(&mut self, permit: Option<OwnedSemaphorePermit>) {
        self.permits.extend(permit);
    }

    pub(super) fn remove(&mut self, conn: ConnId) {
        self.peers.remove(&conn);
    }

    /// What a connection that reads again has lost.
    pub(super) fn ask(&self, conn: ConnId) -> Option<Lost> {
        self.peers.get(&conn)?.outbox.ask()
    }

    /// Remembers whom to answer.
    pub(super) fn expect(&mut self, asker: oneshot::Sender<Answer>) -> RequestId {
        self.n_requests += 1;
        let request = RequestId(self.n_requests);
        self.askers.insert(request, asker);
        request
    }

    /// How the next commit went.
    pub(super) async fn committed(&mut self) -> Result<Seq, CommitFailed> {
        // This end keeps a sender, so the channel never ends.
        let Some(Report { up_to, n_records, since, result }) = self.commits.recv().await else {
            return Err(CommitFailed);
        };
        result?;
        self.rooms.metrics().committed(n_records, since.elapsed());
        Ok(up_to)
    }

    /// Carries out all that the room wants now. Records only gather, until [`Carrier::flush`].
    pub(super) async fn carry_out(&mut self, room: &mut Room) {
        while let Some(effect) = room.poll_effect() {
            match effect {
                Effect::Admit { conn, dialect, frames, mark } => {
                    if let Some(peer) = self.peers.get_mut(&conn) {
                        peer.admitted = Some((dialect, self.rooms.metrics().member()));
                        peer.outbox.push_whole(frames, mark);
                    }
                }
                Effect::Own { conn, client } => {
                    if let Some(own) = self.peers.get(&conn).and_then(|peer| peer.own.as_ref()) {
                        // It is said once for each connection.
                        own.set(client).ok();
                    }
                }
                Effect::Show { conn, frames } => {
                    if let Some(peer) = self.peers.get(&conn) {
                        self.rooms.metrics().presence_frames(frames.len() as u64);
                        for frame in frames {
                            self.push(peer, Lane::Presence, frame);
                        }
                    }
                }
                Effect::Send { conn, frame } => {
                    if let Some(peer) = self.peers.get(&conn) {
                        self.push(peer, Lane::Answer, frame);
                    }
                }
                Effect::Mark(mark) => {
                    for peer in self.peers.values().filter(|peer| peer.speaks().is_some()) {
                        peer.outbox.push_mark(Arc::clone(&mark));
                    }
                }
                Effect::CatchUp { conn, has_lost, frames, mark } => {
                    if let Some(peer) = self.peers.get(&conn) {
                        if has_lost {
                            debug!(room = %self.name, seq = mark.seq.0, "a slow reader is resynced");
                            self.rooms.metrics().resync();
                        }
                        peer.outbox.push_whole(frames, mark);
                    }
                }
                Effect::ShowAgain { conn, frames } => {
                    if let Some(peer) = self.peers.get(&conn) {
                        peer.outbox.push_presence_again(frames);
                    }
                }
                Effect::SendAll { to, frame, lane, except } => {
                    let others = self.peers.iter().filter(|&(&conn, _)| Some(conn) != except);
                    let mut n_receivers = 0;
                    for (_, peer) in others.filter(|(_, peer)| peer.speaks() == Some(to)) {
                        self.push(peer, lane, frame.clone());
                        n_receivers += 1;
                    }
                    if lane == Lane::Presence {
                        self.rooms.metrics().presence_frames(n_receivers);
                    }
                }
                Effect::Close { conn, code, text, refusal } => {
                    debug!(room = %self.name, code = code as u16, text, "connection closed");
                    if let Some(peer) = self.peers.remove(&conn) {
                        peer.outbox.close(Ending { code, text, refusal });
                    }
                }
                Effect::Append(record) => {
                    self.since.get_or_insert_with(Instant::now);
                    self.records.push(record);
                }
                Effect::Answer { request, answer } => {
                    if let Some(asker) = self.askers.remove(&request) {
                        // Who asked may have gone meanwhile.
                        asker.send(answer).ok();
                    }
                }
                Effect::Reload => match load(&self.rooms, &self.name).await {
                    Ok((_, document)) => room.handle_reloaded(document),
                    Err(error) => {
                        error!(room = %self.name, "the room cannot be loaded again: {error}");
                        room.handle_failed_commit();
                    }
                },
            }
        }
    }

    fn push(&self, peer: &Peer, lane: Lane, frame: Bytes) {
        if let Pushed::Overflow = peer.outbox.push(lane, frame) {
            self.rooms.metrics().overflow(lane);
        }
    }

    /// Hands the gathered records to the store; waits while its queue is full.
    pub(super) async fn flush(&mut self, room: &mut Room) {
        let permits = std::mem::take(&mut self.permits);
        let Some(last) = self.records.last() else { return };
        let (up_to, n_records) = (last.seq, self.records.len());
        let since = self.since.take().unwrap_or_else(Instant::now);
        let reports = self.reports.clone();
        let append = Append {
            room: self.name.clone(),
            incarnation: self.incarnation,
            records: std::mem::take(&mut self.records),
            done: Box::new(move |result| {
                drop(permits);
                // The room may have ended meanwhile.
                reports.send(Report { up_to, n_records, since, result }).ok();
            }),
        };
        if self.rooms.store().append(append).await.is_err() {
            room.handle_failed_commit();
            self.carry_out(room).await;
        }
    }
}
