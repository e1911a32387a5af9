//! Who is in the room: connections that wait for their welcome, those that look on, and members.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use shared::geometry::BoardPoint;
use shared::id::{ClientId, MemberId};
use shared::presence::PresencePatch;
use shared::protocol::{Identity, Member, ServerMessage};
use shared::time::Time;

use super::connection::{Connection, Stage};
use super::effect::{ConnId, Dialect};

/// How long a cursor stays that does not move.
const CURSOR_IDLE_MAX: Duration = Duration::from_secs(30);

/// Whoever has gone is remembered for at least so many changes.
const GONE_CHANGES: usize = 1024;

/// All connections of a room.
#[derive(Default)]
pub(super) struct Roster {
    /// Each in a box of its own, for a table has many empty places.
    connections: HashMap<ConnId, Box<Connection>>,
    by_member: BTreeMap<MemberId, ConnId>,
    n_yjs: usize,
    /// Client ids that nobody may use but their holder.
    claims: HashMap<ClientId, ConnId>,
    /// Which Yjs client shows itself under which id.
    shown: HashMap<ClientId, ConnId>,
    /// When the next cursor may have to fade.
    fade_due: Option<Time>,
    n_changes: u64,
    /// When each number's member last came, left or was renamed, as counted by `n_changes`.
    changed: BTreeMap<MemberId, u64>,
    /// What Yjs clients were shown of those who have gone.
    gone: HashMap<ClientId, Gone>,
}

/// Somebody who was shown to Yjs clients and has gone.
struct Gone {
    /// The last clock that anybody heard of.
    clock: u64,
    /// After how many changes.
    at: u64,
}

impl Roster {
    pub(super) fn len(&self) -> usize {
        self.connections.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }

    /// How many connections speak a dialect.
    pub(super) fn n_speaking(&self, dialect: Dialect) -> usize {
        match dialect {
            Dialect::Native => self.connections.len() - self.n_yjs,
            Dialect::Yjs => self.n_yjs,
        }
    }

    pub(super) fn contains(&self, conn: ConnId) -> bool {
        self.connections.contains_key(&conn)
    }

    pub(super) fn connection(&self, conn: ConnId) -> Option<&Connection> {
        self.connections.get(&conn).map(AsRef::as_ref)
    }

    pub(super) fn connection_mut(&mut self, conn: ConnId) -> Option<&mut Connection> {
        self.connections.get_mut(&conn).map(AsMut::as_mut)
    }

    pub(super) fn of_member(&self, member: MemberId) -> Option<&Connection> {
        self.connections.get(self.by_member.get(&member)?).map(AsRef::as_ref)
    }

    /// Everybody's connection who is a member, in the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (MemberId, ConnId, &Connection)> {
        let all = self.by_member.iter();
        all.filter_map(|(&id, &conn)| Some((id, conn, self.connections.get(&conn)?.as_ref())))
    }

    /// Who writes under `client` now.
    pub(super) fn holder_of(&self, client: ClientId) -> Option<ConnId> {
        self.claims.get(&client).copied()
    }

    /// From now on only `conn` writes under `client`, until it leaves.
    pub(super) fn claim(&mut self, client: ClientId, conn: ConnId) {
        if let Some(connection) = self.connections.get_mut(&conn)
            && self.claims.insert(client, conn).is_none()
        {
            connection.claims.push(client);
        }
    }

    /// Whether `conn` may show itself under `client`.
    pub(super) fn may_show(&self, client: ClientId, conn: ConnId) -> bool {
        let holders = [self.claims.get(&client), self.shown.get(&client)];
        holders.into_iter().flatten().all(|holder| *holder == conn)
    }

    /// From now on only `conn` shows itself under `client`, until it leaves. Who writes under it is
    /// another question: this may be one that repeats what it heard of somebody before we did.
    pub(super) fn note_shown(&mut self, client: ClientId, conn: ConnId) {
        self.shown.insert(client, conn);
    }

    pub(super) fn add(&mut self, conn: ConnId, mut connection: Connection) {
        connection.since = self.n_changes;
        if connection.dialect() == Dialect::Yjs {
            self.n_yjs += 1;
        }
        self.connections.insert(conn, connection.into());
    }

    /// Makes a connection a member, by the smallest number that is free.
    pub(super) fn admit(&mut self, conn: ConnId) -> Option<Member> {
        let taken = self.by_member.keys().zip(0..);
        let n_in_a_row = taken.take_while(|&(id, n)| usize::from(id.0) == n).count();
        let id = MemberId(u16::try_from(n_in_a_row).ok()?);
        let connection = self.connections.get_mut(&conn)?;
        connection.stage = Stage::Member(id);
        self.by_member.insert(id, conn);
        let member = connection.as_member();
        self.note_change(id);
        member
    }

    /// Makes a member one who only looks on; the answer is the member it was.
    pub(super) fn dismiss(&mut self, conn: ConnId) -> Option<MemberId> {
        let connection = self.connections.get_mut(&conn)?;
        let member = connection.member_id()?;
        connection.stage = Stage::Waiting;
        self.by_member.remove(&member);
        self.note_change(member);
        Some(member)
    }

    /// Somebody whom Yjs clients were shown has gone. Some may still repeat it.
    pub(super) fn note_gone(&mut self, client: ClientId, clock: u64) {
        if self.n_yjs == 0 {
            return self.gone.clear();
        }
        if self.gone.len() >= 2 * GONE_CHANGES {
            let n_changes = self.n_changes;
            self.gone.retain(|_, gone| gone.at + GONE_CHANGES as u64 > n_changes);
        }
        self.gone.insert(client, Gone { clock, at: self.n_changes });
    }

    /// Whether a connection that says this may only repeat what it was shown of somebody who has gone.
    /// Whoever came later was never shown it, and a later clock is nobody else's.
    pub(super) fn is_repeat(&self, conn: ConnId, client: ClientId, clock: u64) -> bool {
        let since = self.connections.get(&conn).map(|it| it.since);
        let gone = self.gone.get(&client);
        since.zip(gone).is_some_and(|(since, gone)| since < gone.at && clock <= gone.clock)
    }

    /// Forgets a connection; call [`Roster::dismiss`] before.
    pub(super) fn remove(&mut self, conn: ConnId) {
        if let Some(connection) = self.connections.remove(&conn) {
            if connection.dialect() == Dialect::Yjs {
                self.n_yjs -= 1;
            }
            for client in connection.claims {
                self.claims.remove(&client);
            }
            if let Some(entry) = connection.entry {
                self.shown.remove(&entry.client);
            }
        }
    }

    pub(super) fn drain(&mut self) -> impl Iterator<Item = ConnId> {
        self.by_member.clear();
        self.claims.clear();
        self.shown.clear();
        self.n_yjs = 0;
        self.connections.drain().map(|(conn, _)| conn)
    }

    /// Takes over what a connection shows; the answer is whose it is and where its cursor was.
    pub(super) fn show(
        &mut self,
        conn: ConnId,
        patch: PresencePatch,
        now: Time,
    ) -> Option<(MemberId, Option<BoardPoint>)> {
        let connection = self.connections.get_mut(&conn)?;
        let before = connection.shown.cursor;
        if patch.cursor.is_some_and(|cursor| cursor.is_some()) {
            connection.moved_at = now;
            self.fade_due.get_or_insert(now + CURSOR_IDLE_MAX);
        }
        connection.shown.apply(patch);
        Some((connection.member_id()?, before.map(Into::into)))
    }

    /// When [`Roster::fade`] wants to be called.
    pub(super) fn fade_due(&self) -> Option<Time> {
        self.fade_due
    }

    /// Takes the cursors away that have not moved for long; the answer is whose they were.
    pub(super) fn fade(&mut self, now: Time) -> Vec<(ConnId, PresencePatch)> {
        if self.fade_due.is_none_or(|due| now < due) {
            return Vec::new();
        }
        let with_cursor = || self.connections.iter().filter(|(_, it)| it.shown.cursor.is_some());
        let is_idle = |it: &Connection| now >= it.moved_at + CURSOR_IDLE_MAX;
        let hidden = PresencePatch { cursor: Some(None), ..PresencePatch::default() };
        let idle = with_cursor().filter(|(_, it)| is_idle(it));
        let idle = idle.map(|(&conn, _)| (conn, hidden.clone())).collect();
        let others = with_cursor().filter(|(_, it)| !is_idle(it));
        self.fade_due = others.map(|(_, it)| it.moved_at + CURSOR_IDLE_MAX).min();
        idle
    }

    /// Gives a connection another name; the answer is the member whose name it is, if that is news.
    pub(super) fn rename(&mut self, conn: ConnId, identity: Identity) -> Option<MemberId> {
        let connection = self.connections.get_mut(&conn)?;
        if connection.identity == identity {
            return None;
        }
        connection.identity = identity;
        let member = connection.member_id()?;
        self.note_change(member);
        Some(member)
    }

    pub(super) fn n_members(&self) -> usize {
        self.by_member.len()
    }

    /// Everybody who was welcomed, in the order of their numbers.
    pub(super) fn members(&self) -> Vec<Member> {
        self.iter().filter_map(|(_, _, connection)| connection.as_member()).collect()
    }

    /// How many changes there have been.
    pub(super) fn n_changes(&self) -> u64 {
        self.n_changes
    }

    /// What somebody is to be told who knows of `n_changes` only.
    pub(super) fn news_since(&self, n_changes: u64) -> Vec<ServerMessage> {
        let news = self.changed.iter().filter(|&(_, &at)| at > n_changes);
        news.map(|(&id, _)| match self.of_member(id).and_then(Connection::as_member) {
            Some(member) => ServerMessage::Joined(member),
            None => ServerMessage::Left(id),
        })
        .collect()
    }

    /// How much there is of what must not grow: members, claimed ids, numbers that were ever used.
    #[cfg(test)]
    pub(super) fn n_kept(&self) -> (usize, usize, usize) {
        let n_ids = self.claims.len() + self.shown.len();
        (self.by_member.len(), n_ids, self.changed.len())
    }

    fn note_change(&mut self, member: MemberId) {
        self.n_changes += 1;
        self.changed.insert(member, self.n_changes);
    }
}
