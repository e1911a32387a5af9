//! What members show, on its way to the others: encoded once a tick for everybody, or in a large room
//! once for each cell of the board and every half second for everybody. Nothing is encoded for one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use bytes::Bytes;
use shared::geometry::BoardPoint;
use shared::id::MemberId;
use shared::limits::FRAME_MAX_BYTES;
use shared::presence::{PresenceChange, PresencePatch, Viewport};
use shared::protocol::{Identity, Member, ServerMessage};
use shared::time::Time;

use super::Room;
use super::cells::Cell;
use super::effect::{ConnId, Dialect, Effect, Lane};
use super::ticker::Change;
use crate::yjs;

/// Up to so many native connections, all are sent all changes at each tick.
const SMALL_ROOM_CONNECTIONS: usize = 64;

/// Who sees more cells than this in which something happens, is sent all changes instead.
const CELLS_MAX: usize = 16;

/// How often Yjs clients hear again of members who do not say so themselves: after thirty seconds
/// they would forget them.
pub(super) const RENEW_EVERY: Duration = Duration::from_secs(15);

impl Room {
    /// [`Room::poll_timeout`] has come.
    pub fn handle_timeout(&mut self, now: Time) {
        for (conn, patch) in self.roster.fade(now) {
            self.show(conn, patch, now);
        }
        self.renew(now);
        let n_native = self.roster.n_speaking(Dialect::Native);
        let is_large = n_native > SMALL_ROOM_CONNECTIONS;
        let mut tick = self.ticker.take(now).unwrap_or_default();
        if n_native == 0 {
            tick.changes.clear();
        }
        if is_large && !tick.changes.is_empty() {
            self.ticker.keep_unseen(&tick.changes, now);
        }
        let unseen = self.ticker.take_unseen(now, is_large);
        let changes = tick.changes;
        if !is_large {
            self.show_all(encode(unseen));
            self.show_all(encode(patches(&changes)));
        } else if unseen.is_empty() {
            self.show_cells(&changes);
        } else {
            // These changes are among them.
            self.show_all(encode(unseen));
        }
        self.tell_renamed(tick.renamed);
        let entries = self.entries_of(tick.entries);
        self.show_entries(entries);
        self.show_again(&tick.behind);
    }

    /// A connection shows something else.
    pub(super) fn show(&mut self, conn: ConnId, patch: PresencePatch, now: Time) {
        let has_moved = patch.cursor.is_some();
        let Some((member, before)) = self.roster.show(conn, patch.clone(), now) else { return };
        if has_moved {
            self.note_entry(conn, now);
        }
        if !patch.is_empty() {
            self.ticker.note(member, patch, before.map(Cell::of));
            self.ticker.wake(now, self.roster.len());
        }
    }

    /// A connection has another name.
    pub(super) fn rename(&mut self, conn: ConnId, identity: Identity, now: Time) {
        if let Some(member) = self.roster.rename(conn, identity) {
            self.ticker.waiting().renamed.insert(member);
            self.note_entry(conn, now);
            self.ticker.wake(now, self.roster.len());
        }
    }

    /// Yjs clients are to be shown a connection's entry, if there are any.
    pub(super) fn note_entry(&mut self, conn: ConnId, now: Time) {
        if self.roster.n_speaking(Dialect::Yjs) > 0 {
            self.ticker.waiting().entries.insert(conn);
            self.ticker.wake(now, self.roster.len());
        }
    }

    /// What everybody shows, for somebody who knows nothing of it.
    pub(super) fn everything(&mut self, dialect: Dialect) -> Vec<Bytes> {
        match dialect {
            Dialect::Native => {
                encode(self.roster.members().into_iter().map(|it| (it.id, it.presence)))
            }
            Dialect::Yjs => {
                let everybody: Vec<_> = self.roster.iter().map(|(_, conn, _)| conn).collect();
                self.entries_of(everybody).into_iter().collect()
            }
        }
    }

    fn renew(&mut self, now: Time) {
        if self.renew_due.is_none_or(|due| now < due) {
            return;
        }
        let is_heard = self.roster.n_speaking(Dialect::Yjs) > 0;
        self.renew_due = is_heard.then(|| now + RENEW_EVERY);
        let natives = self.roster.iter().filter(|(_, _, it)| it.dialect() == Dialect::Native);
        let natives: Vec<_> = natives.map(|(_, conn, _)| conn).collect();
        if natives.is_empty() {
            // Who shows nothing has no echo to hear, and its library connects anew when all is silent.
            self.show_entries(Some(yjs::awareness(std::iter::empty())));
        }
        for conn in natives {
            self.note_entry(conn, now);
        }
    }

    /// One message of the entries of these, if any is to be shown.
    pub(super) fn entries_of(&mut self, conns: impl IntoIterator<Item = ConnId>) -> Option<Bytes> {
        let mut shown = Vec::new();
        for conn in conns {
            if let Some(connection) = self.roster.connection_mut(conn) {
                connection.renew_entry();
                shown.push(conn);
            }
        }
        let entries = shown.iter().filter_map(|&conn| self.roster.connection(conn)?.entry.as_ref());
        let entries: Vec<_> = entries.filter(|entry| !entry.is_gone()).collect();
        (!entries.is_empty()).then(|| yjs::awareness(entries.into_iter()))
    }

    /// Sends Yjs clients a message of entries, if there are any.
    pub(super) fn show_entries(&mut self, frame: Option<Bytes>) {
        if let Some(frame) = frame
            && self.roster.n_speaking(Dialect::Yjs) > 0
        {
            let (to, lane) = (Dialect::Yjs, Lane::Presence);
            self.effects.push_back(Effect::SendAll { to, frame, lane, except: None });
        }
    }

    fn tell_renamed(&mut self, renamed: BTreeSet<MemberId>) {
        for id in renamed {
            if let Some(connection) = self.roster.of_member(id) {
                let identity = connection.identity.clone();
                let presence = PresencePatch::default();
                self.tell_all(&ServerMessage::Joined(Member { id, identity, presence }), None);
            }
        }
    }

    fn show_again(&mut self, behind: &BTreeSet<ConnId>) {
        for dialect in [Dialect::Native, Dialect::Yjs] {
            let speaks = |conn: &ConnId| {
                self.roster.connection(*conn).is_some_and(|it| it.dialect() == dialect)
            };
            let conns: Vec<_> = behind.iter().copied().filter(speaks).collect();
            if conns.is_empty() {
                continue;
            }
            let frames = self.everything(dialect);
            for conn in conns {
                self.effects.push_back(Effect::ShowAgain { conn, frames: frames.clone() });
            }
        }
    }

    fn show_all(&mut self, frames: Vec<Bytes>) {
        for frame in frames {
            let (to, lane) = (Dialect::Native, Lane::Presence);
            self.effects.push_back(Effect::SendAll { to, frame, lane, except: None });
        }
    }

    /// Sends everybody the cells that they see.
    fn show_cells(&mut self, changes: &BTreeMap<MemberId, Change>) {
        let cells = self.by_cell(changes);
        let mut encoded: HashMap<Cell, Vec<Bytes>> = HashMap::new();
        let mut all: Option<Vec<Bytes>> = None;
        let mut effects = Vec::new();
        for (_, conn, connection) in self.roster.iter() {
            if connection.dialect() != Dialect::Native {
                continue;
            }
            let seen = connection.shown.viewport.and_then(|view| seen_cells(&cells, view));
            let frames = match seen {
                Some(seen) => {
                    let mut frames = Vec::with_capacity(seen.len());
                    for cell in seen {
                        let of_cell = encoded.entry(cell).or_insert_with(|| {
                            encode(cells[&cell].iter().map(|id| (*id, changes[id].patch.clone())))
                        });
                        frames.extend(of_cell.iter().cloned());
                    }
                    frames
                }
                None => all.get_or_insert_with(|| encode(patches(changes))).clone(),
            };
            if !frames.is_empty() {
                effects.push(Effect::Show { conn, frames });
            }
        }
        self.effects.extend(effects);
    }

    /// Who is to be told of in each cell. Who has no cursor is out of everybody's sight.
    fn by_cell(&self, changes: &BTreeMap<MemberId, Change>) -> BTreeMap<Cell, BTreeSet<MemberId>> {
        let mut cells: BTreeMap<Cell, BTreeSet<MemberId>> = BTreeMap::new();
        for (&member, change) in changes {
            let cursor = self.roster.of_member(member).and_then(|it| it.shown.cursor);
            let at = cursor.map(|cursor| Cell::of(BoardPoint::from(cursor)));
            for cell in [at, change.from].into_iter().flatten() {
                cells.entry(cell).or_default().insert(member);
            }
        }
        cells
    }
}

/// The cells in view, unless they are too many.
fn seen_cells(cells: &BTreeMap<Cell, BTreeSet<MemberId>>, view: Viewport) -> Option<Vec<Cell>> {
    let mut seen = Vec::new();
    for cell in cells.keys().filter(|cell| cell.is_in(view)) {
        if seen.len() == CELLS_MAX {
            return None;
        }
        seen.push(*cell);
    }
    Some(seen)
}

fn patches(
    changes: &BTreeMap<MemberId, Change>,
) -> impl Iterator<Item = (MemberId, PresencePatch)> + '_ {
    changes.iter().map(|(&member, change)| (member, change.patch.clone()))
}

/// One frame, or more if it would be larger than a frame may be; none if nothing changed.
pub(super) fn encode(changes: impl IntoIterator<Item = (MemberId, PresencePatch)>) -> Vec<Bytes> {
    let changes = changes.into_iter();
    let changes: Vec<_> = changes.map(|(member, patch)| PresenceChange { member, patch }).collect();
    let mut frames = Vec::new();
    if !changes.is_empty() {
        encode_into(changes, &mut frames);
    }
    frames
}

fn encode_into(changes: Vec<PresenceChange>, frames: &mut Vec<Bytes>) {
    let n_changes = changes.len();
    let message = ServerMessage::Presences(changes);
    let frame = message.encode();
    match message {
        ServerMessage::Presences(mut changes) if frame.len() > FRAME_MAX_BYTES && n_changes > 1 => {
            let rest = changes.split_off(n_changes / 2);
            encode_into(changes, frames);
            encode_into(rest, frames);
        }
        _ => frames.push(frame.into()),
    }
}
