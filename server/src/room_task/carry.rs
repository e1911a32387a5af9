//! Carries out what a room wants: frames to outboxes, records to the store, answers to askers.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use shared::id::{ClientId, Incarnation, RoomName, Seq};
use shared::protocol::CloseCode;
use shared::time::Time;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio::time::Instant;
use tracing::{debug, error};

use super::{Loaded, load};
use crate::bucket::Bucket;
use crate::compaction::Growth;
use crate::log::Record;
use crate::metrics::{Counted, Metrics};
use crate::outbox::{Ending, Frame, Outbox, Pushed};
use crate::room::{Answer, ConnId, Dialect, Effect, Lane, Lost, RequestId, Room};
use crate::rooms::Rooms;
use crate::store::{Append, CommitFailed};

/// Everybody whom a room's effects concern.
pub(super) struct Carrier {
    rooms: Rooms,
    name: RoomName,
    incarnation: Incarnation,
    peers: HashMap<ConnId, Peer>,
    /// Whether one of them has more to be written.
    has_pushed: bool,
    /// Those for whom something was dropped.
    laggards: HashSet<ConnId>,
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
    growth: Growth,
}

/// How a commit went.
struct Report {
    up_to: Seq,
    n_records: usize,
    n_bytes: u64,
    /// When the first of the records came.
    since: Instant,
    result: Result<(), CommitFailed>,
}

struct Peer {
    outbox: Outbox,
    /// Whether something was pushed that is still to be written.
    has_more: bool,
    /// What it speaks, once it is admitted and counts among the members.
    admitted: Option<(Dialect, Counted)>,
    /// For how many microseconds its edits may occupy the processor.
    time: Bucket,
    /// Where a Yjs client's reader looks for the id under which it shows itself.
    own: Option<Arc<OnceLock<ClientId>>>,
}

impl Peer {
    /// Whether something was dropped now.
    fn push(&mut self, lane: Lane, frame: Frame, metrics: &Metrics) -> bool {
        self.has_more = true;
        let is_lost = self.outbox.push(lane, frame) == Pushed::Overflow;
        if is_lost {
            metrics.overflow(lane);
        }
        is_lost
    }

    fn speaks(&self) -> Option<Dialect> {
        self.admitted.as_ref().map(|(dialect, _)| *dialect)
    }
}

impl Carrier {
    pub(super) fn new(
        rooms: Rooms,
        name: RoomName,
        incarnation: Incarnation,
        mut growth: Growth,
    ) -> Self {
        let (reports, commits) = mpsc::unbounded_channel();
        // A server before this one may have been killed when it was due.
        growth.compact_if_due(&rooms, &name);
        Self {
            rooms,
            name,
            incarnation,
            peers: HashMap::new(),
            has_pushed: false,
            laggards: HashSet::new(),
            askers: HashMap::new(),
            n_requests: 0,
            records: Vec::new(),
            since: None,
            permits: Vec::new(),
            reports,
            commits,
            growth,
        }
    }

    pub(super) fn add(
        &mut self,
        conn: ConnId,
        outbox: Outbox,
        own: Option<Arc<OnceLock<ClientId>>>,
        now: Time,
    ) {
        let time = self.rooms.limits().edit_time_per_second.as_micros();
        let time = Bucket::new(u64::try_from(time).unwrap_or(u64::MAX), now);
        self.peers.insert(conn, Peer { outbox, has_more: false, admitted: None, time, own });
    }

    /// Notes for how long an edit of `conn` has occupied the processor; `false` if that is too much.
    pub(super) fn charge(&mut self, conn: ConnId, spent: Duration, now: Time) -> bool {
        let n_micros = usize::try_from(spent.as_micros()).unwrap_or(usize::MAX);
        self.peers.get_mut(&conn).is_none_or(|peer| peer.time.take(n_micros, now))
    }

    /// Keeps an edit's share of memory until it is committed, or found to need no commit.
    pub(super) fn hold(&mut self, permit: Option<OwnedSemaphorePermit>) {
        self.permits.extend(permit);
    }

    pub(super) fn remove(&mut self, conn: ConnId) {
        self.peers.remove(&conn);
    }

    /// Those who have read all that was left for them after something was dropped, and what.
    pub(super) fn caught_up(&mut self) -> Vec<(ConnId, Lost)> {
        let mut caught_up = Vec::new();
        let peers = &self.peers;
        self.laggards.retain(|conn| {
            let Some(peer) = peers.get(conn) else { return false };
            let lost = peer.outbox.ask();
            caught_up.extend(lost.map(|lost| (*conn, lost)));
            peer.outbox.has_lost()
        });
        caught_up
    }

    /// Whether there is anybody for whom something was dropped.
    pub(super) fn has_laggards(&self) -> bool {
        !self.laggards.is_empty()
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
        let Some(report) = self.commits.recv().await else { return Err(CommitFailed) };
        let Report { up_to, n_records, n_bytes, since, result } = report;
        result?;
        self.growth.note_committed(n_bytes);
        self.growth.compact_if_due(&self.rooms, &self.name);
        self.rooms.metrics().committed(n_records, since.elapsed());
        Ok(up_to)
    }

    /// Carries out all that the room wants now. Records only gather, until [`Carrier::flush`].
    pub(super) async fn carry_out(&mut self, room: &mut Room) {
        let metrics = self.rooms.metrics().clone();
        while let Some(effect) = room.poll_effect() {
            self.has_pushed = true;
            match effect {
                Effect::Admit { conn, dialect, frames, mark } => {
                    if let Some(peer) = self.peers.get_mut(&conn) {
                        peer.admitted = Some((dialect, metrics.member()));
                        peer.has_more = true;
                        peer.outbox.push_whole(frames.into_iter().map(Frame::message), mark);
                    }
                }
                Effect::Own { conn, client } => {
                    if let Some(own) = self.peers.get(&conn).and_then(|peer| peer.own.as_ref()) {
                        // It is said once for each connection.
                        own.set(client).ok();
                    }
                }
                Effect::Show { conn, frames } => {
                    if let Some(peer) = self.peers.get_mut(&conn) {
                        metrics.presence_frames(frames.len() as u64);
                        for frame in frames {
                            if peer.push(Lane::Presence, Frame::shared(frame), &metrics) {
                                self.laggards.insert(conn);
                            }
                        }
                    }
                }
                Effect::Send { conn, frame } => {
                    if let Some(peer) = self.peers.get_mut(&conn) {
                        // When answers overflow, the connection ends.
                        let _ = peer.push(Lane::Answer, Frame::message(frame), &metrics);
                    }
                }
                Effect::Mark(mark) => {
                    for peer in self.peers.values().filter(|peer| peer.speaks().is_some()) {
                        peer.outbox.push_mark(Arc::clone(&mark));
                    }
                }
                Effect::CatchUp { conn, has_lost, frames, mark } => {
                    if let Some(peer) = self.peers.get_mut(&conn) {
                        if has_lost {
                            debug!(room = %self.name, seq = mark.seq.0, "a slow reader is resynced");
                            metrics.resync();
                        }
                        peer.has_more = true;
                        peer.outbox.push_whole(frames.into_iter().map(Frame::message), mark);
                    }
                }
                Effect::ShowAgain { conn, frames } => {
                    if let Some(peer) = self.peers.get_mut(&conn) {
                        peer.has_more = true;
                        peer.outbox.push_presence_again(frames.into_iter().map(Frame::message));
                    }
                }
                Effect::SendAll { to, frame, lane, except } => {
                    let others = self.peers.iter_mut().filter(|(conn, _)| Some(**conn) != except);
                    let frame = Frame::message(frame);
                    let mut n_receivers = 0;
                    for (conn, peer) in others.filter(|(_, peer)| peer.speaks() == Some(to)) {
                        if peer.push(lane, frame.clone(), &metrics) {
                            self.laggards.insert(*conn);
                        }
                        n_receivers += 1;
                    }
                    if lane == Lane::Presence {
                        metrics.presence_frames(n_receivers);
                    }
                }
                Effect::Close { conn, code, text, refusal } => {
                    debug!(room = %self.name, code = code as u16, text, "connection closed");
                    if let Some(peer) = self.peers.remove(&conn) {
                        if let Some(refusal) = refusal {
                            metrics.refused(refusal);
                        }
                        peer.outbox.close(Ending { code: Some(code), text, refusal });
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
                    Ok(Loaded { document, .. }) => room.handle_reloaded(document),
                    Err(error) => {
                        error!(room = %self.name, "the room cannot be loaded again: {error}");
                        room.handle_failed_commit();
                    }
                },
            }
        }
    }

    /// Writes what was pushed, as far as the sockets take it at once.
    pub(super) fn write(&mut self) {
        if !std::mem::take(&mut self.has_pushed) {
            return;
        }
        let mut n_bytes = 0;
        for peer in self.peers.values_mut() {
            if std::mem::take(&mut peer.has_more) {
                n_bytes += peer.outbox.write();
            }
        }
        self.rooms.metrics().sent(n_bytes);
    }

    /// Nobody needs the room any more, and all is committed.
    pub(super) fn unload(&mut self) {
        self.growth.compact_unloaded(&self.rooms, &self.name);
    }

    /// Hands the gathered records to the store; waits while its queue is full.
    pub(super) async fn flush(&mut self, room: &mut Room) {
        let permits = std::mem::take(&mut self.permits);
        let Some(last) = self.records.last() else { return };
        let (up_to, n_records) = (last.seq, self.records.len());
        let n_bytes = self.records.iter().map(|record| record.bytes.len() as u64).sum();
        let since = self.since.take().unwrap_or_else(Instant::now);
        let reports = self.reports.clone();
        let append = Append {
            room: self.name.clone(),
            incarnation: self.incarnation,
            records: std::mem::take(&mut self.records),
            done: Box::new(move |result| {
                drop(permits);
                // The room may have ended meanwhile.
                reports.send(Report { up_to, n_records, n_bytes, since, result }).ok();
            }),
        };
        if self.rooms.store().append(append).await.is_err() {
            room.handle_failed_commit();
            self.carry_out(room).await;
        }
    }
}

impl Drop for Carrier {
    /// However the room's task ends, nobody waits for it in vain.
    fn drop(&mut self) {
        for peer in self.peers.values() {
            let text = "the room has ended; come again";
            peer.outbox.close(Ending::new(CloseCode::Internal, text));
        }
    }
}
