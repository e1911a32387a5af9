//! The task that drives one [`Room`]: it loads the log, hands over letters one by one, carries out
//! the effects, and ends when the room has been empty for a while or its log is lost.

mod carry;
mod letter;
mod loading;
mod work;

use std::future::ready;
use std::sync::Arc;

use bytes::Bytes;
use shared::id::{Batch, RoomName};
use shared::protocol::{ClientMessage, CloseCode, NewUpdate};
use shared::time::Time;
use tokio::sync::OwnedSemaphorePermit;
use tracing::{debug, error};

use crate::compaction::Growth;
use crate::limits::UNLOAD_AFTER;
use crate::outbox::Ending;
use crate::room::{ConnId, Room};
use crate::rooms::{Inbox, Rooms};
use crate::yjs::YjsMessage;
use carry::Carrier;
pub use letter::Letter;
use loading::{Loaded, load};
use work::{Edit, Job, Part, Step, Work, processor_time};

/// Most letters that are opened before the effects' records go to the store together.
const LETTERS_AT_ONCE: usize = 64;

/// For how long a room works on large edits before it looks after everything else again.
const WORK_AT_ONCE: std::time::Duration = std::time::Duration::from_millis(2);

/// How soon a room looks again whether slow readers have read what was left for them.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(50);

/// How soon an ending room looks again whether it is still held.
const RETIRE_AGAIN: std::time::Duration = std::time::Duration::from_millis(20);

/// Runs the room called `name` until it ends.
pub async fn run(rooms: Rooms, name: RoomName, mailbox: Inbox) {
    let _counted = rooms.metrics().room();
    let ending = Ending::new(CloseCode::TryLater, "the board cannot be reached now");
    let mut guard = Ended { rooms: rooms.clone(), name: name.clone(), mailbox, ending };
    match load(&rooms, &name).await {
        Ok(Loaded { incarnation, document, growth }) => {
            debug!(room = %name, seq = document.seq().0, "room loaded");
            let secret = rooms.store().secret().clone();
            let room = Room::new(
                name,
                secret,
                incarnation,
                document,
                Arc::clone(rooms.limits()),
                fastrand::u64(..),
            );
            Driver::new(room, growth, guard).run().await;
        }
        Err(error) => {
            error!(room = %name, "the room cannot be loaded: {error}");
            guard.ending = error.ending();
        }
    }
}

/// However the task ends, later joiners get a fresh room, and those on their way are sent off.
struct Ended {
    rooms: Rooms,
    name: RoomName,
    mailbox: Inbox,
    /// What those on their way are told.
    ending: Ending,
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.mailbox.close();
        self.rooms.forget_closed(&self.name);
        while let Some(letter) = self.mailbox.take() {
            if let Letter::Hello { outbox, .. } | Letter::YjsOpen { outbox, .. } = letter {
                outbox.close(self.ending.clone());
            }
        }
    }
}

struct Driver {
    room: Room,
    carrier: Carrier,
    work: Work,
    /// When to look whether the room is still needed; `None` while somebody is here.
    unload_at: Option<Time>,
    /// The tick that the thread knows of.
    noted_tick: Option<Time>,
    /// When to look whether slow readers have caught up, if there are any.
    look_at: Option<Time>,
    is_stopping: bool,
    ended: Ended,
}

impl Driver {
    fn new(room: Room, growth: Growth, ended: Ended) -> Self {
        let (rooms, name) = (ended.rooms.clone(), ended.name.clone());
        let carrier = Carrier::new(rooms, name, room.incarnation(), growth);
        let unload_at = Some(ended.rooms.clock().now() + UNLOAD_AFTER);
        Self {
            room,
            carrier,
            work: Work::default(),
            unload_at,
            look_at: None,
            noted_tick: None,
            is_stopping: false,
            ended,
        }
    }

    async fn run(mut self) {
        let clock = self.ended.rooms.clock();
        let stop = self.ended.rooms.stop().clone();
        let doze = self.ended.rooms.shard(&self.ended.name).doze.clone();
        let mut n_letters = 0;
        while !self.room.has_failed() {
            let dues = [self.room.poll_timeout(), self.unload_at, self.look_at];
            let wake = dues.into_iter().flatten().min();
            let tick_due = self.room.tick_due();
            if let Some(due) = tick_due.filter(|_| tick_due != self.noted_tick) {
                doze.note_tick(clock.instant(due).into_std());
            }
            self.noted_tick = tick_due;
            let has_letters = self.ended.mailbox.doze(tick_due.is_some());
            let has_letters = has_letters || n_letters == LETTERS_AT_ONCE || !self.work.is_empty();
            tokio::select! {
                biased;
                committed = self.carrier.committed() => {
                    match committed {
                        Ok(seq) => self.room.handle_committed(seq),
                        Err(_) => self.room.handle_failed_commit(),
                    }
                    self.carrier.carry_out(&mut self.room).await;
                }
                () = ready(()), if has_letters => {}
                () = self.ended.mailbox.rung() => {}
                () = sleep_until(wake.map(|time| clock.instant(time))) => {}
                () = stop.cancelled(), if !self.is_stopping => {
                    self.is_stopping = true;
                    self.unload_at = None;
                }
            }
            n_letters = 0;
            // Those that come to a room which has ended are sent off.
            while n_letters < LETTERS_AT_ONCE
                && !self.room.has_failed()
                && let Some(letter) = self.ended.mailbox.take()
            {
                n_letters += 1;
                if !letter.is_quiet() {
                    doze.note_urgent();
                }
                self.handle(letter, clock.now());
                self.carrier.carry_out(&mut self.room).await;
            }
            let now = clock.now();
            self.work_on(now).await;
            self.room.handle_timeout(now);
            for (conn, lost) in self.carrier.caught_up() {
                self.room.handle_drained(conn, lost, now);
            }
            self.look_at = self.carrier.has_laggards().then(|| now + LOOK_AGAIN);
            self.carrier.carry_out(&mut self.room).await;
            self.carrier.flush(&mut self.room).await;
            self.carrier.write();
            if !self.work.is_empty() {
                // The other rooms of this thread have their turn.
                tokio::task::yield_now().await;
            }
            if self.is_over(now) {
                debug!(room = %self.ended.name, "room unloaded");
                self.carrier.unload();
                return;
            }
        }
    }

    fn handle(&mut self, letter: Letter, now: Time) {
        match letter {
            Letter::Hello { conn, hello, delivery, outbox } => {
                self.carrier.add(conn, outbox, None, now);
                self.room.handle_hello(conn, *hello, delivery);
            }
            Letter::Message { conn, message, permit } => match *message {
                ClientMessage::Update(NewUpdate { batch, bytes }) => {
                    self.handle_edit(conn, bytes.into(), Some(batch), permit, now);
                }
                message => self.room.handle_message(conn, message, now),
            },
            Letter::YjsOpen { conn, outbox, own } => {
                self.carrier.add(conn, outbox, Some(own), now);
                self.room.handle_yjs_open(conn, now);
            }
            Letter::Yjs { conn, message, permit } => match message {
                YjsMessage::Step2(bytes) | YjsMessage::Update(bytes) => {
                    self.handle_edit(conn, bytes, None, permit, now);
                }
                YjsMessage::Step1(_) if self.work.is_busy(conn) => {
                    self.work.push(conn, Job::Yjs(message));
                }
                message => self.room.handle_yjs(conn, message, now),
            },
            Letter::Gone(conn) if self.work.is_busy(conn) => self.work.push(conn, Job::Gone),
            Letter::Gone(conn) => self.take_step(conn, Step::Gone, now),
            Letter::Snapshot { reply } => {
                let request = self.carrier.expect(reply);
                self.room.handle_snapshot(request);
            }
            Letter::Deleted => self.room.handle_deleted(),
            Letter::Import { author, updates, reply } => {
                let request = self.carrier.expect(reply);
                self.room.handle_import(request, author, updates, now);
            }
        }
    }

    /// Takes in an edit, at once if it is small and nothing of its sender's waits.
    fn handle_edit(
        &mut self,
        conn: ConnId,
        bytes: Bytes,
        batch: Option<Batch>,
        permit: Option<OwnedSemaphorePermit>,
        now: Time,
    ) {
        let parts = match self.room.cut(&bytes) {
            Ok(parts) => parts,
            Err(error) => return self.room.handle_malformed(conn, &error),
        };
        let mut edit = Edit::new(bytes, parts, batch, permit);
        if self.work.is_busy(conn) || !edit.is_short() {
            self.work.push(conn, Job::Edit(edit));
        } else {
            self.take_step(conn, Step::Part(edit.next_part()), now);
        }
    }

    /// Does what waits, for a short while.
    async fn work_on(&mut self, now: Time) {
        if self.work.is_empty() {
            return;
        }
        let until = processor_time() + WORK_AT_ONCE;
        while let Some((conn, step)) = self.work.next_step() {
            self.take_step(conn, step, now);
            self.carrier.carry_out(&mut self.room).await;
            if processor_time() >= until {
                break;
            }
        }
    }

    fn take_step(&mut self, conn: ConnId, step: Step, now: Time) {
        match step {
            Step::Part(Part { bytes, is_last, batch, permit }) => {
                self.carrier.hold(permit);
                let since = processor_time();
                let goes_on = self.room.handle_edit(conn, bytes, batch, now);
                let spent = processor_time().saturating_sub(since);
                if !self.carrier.charge(conn, spent, now) {
                    self.room.handle_overspent(conn);
                }
                if !goes_on && !is_last {
                    self.work.drop_edit(conn);
                }
            }
            Step::Yjs(message) => self.room.handle_yjs(conn, message, now),
            Step::Gone => {
                self.carrier.remove(conn);
                self.room.handle_gone(conn);
            }
        }
    }

    /// Whether nobody needs the room any more.
    fn is_over(&mut self, now: Time) -> bool {
        if !self.room.is_idle() {
            self.unload_at = None;
            return false;
        }
        let grace = if self.is_stopping { RETIRE_AGAIN } else { UNLOAD_AFTER };
        if now < *self.unload_at.get_or_insert(now + grace) {
            return false;
        }
        self.unload_at = Some(now + grace);
        self.ended.rooms.retire(&self.ended.name, &self.ended.mailbox)
    }
}

async fn sleep_until(wake: Option<tokio::time::Instant>) {
    match wake {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
