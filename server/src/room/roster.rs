//! Who is in the room: connections that wait for their welcome, and members.

use std::collections::{BTreeMap, HashMap};

use shared::id::{ClientId, MemberId};
use shared::presence::{Presence, PresencePatch};
use shared::protocol::{Identity, Member, Role, ServerMessage};

use super::effect::ConnId;

/// Somebody who has said hello.
pub(super) struct Connection {
    pub(super) client: ClientId,
    pub(super) role: Role,
    identity: Identity,
    shown: Presence,
    stage: Stage,
}

enum Stage {
    /// The welcome waits for a commit.
    Waiting,
    Member(MemberId),
}

impl Connection {
    pub(super) fn new(client: ClientId, role: Role, identity: Identity) -> Self {
        Self { client, role, identity, shown: Presence::default(), stage: Stage::Waiting }
    }

    fn member_id(&self) -> Option<MemberId> {
        match self.stage {
            Stage::Waiting => None,
            Stage::Member(id) => Some(id),
        }
    }

    fn as_member(&self) -> Option<Member> {
        let id = self.member_id()?;
        Some(Member { id, identity: self.identity.clone(), presence: self.shown.as_patch() })
    }
}

/// All connections of a room.
#[derive(Default)]
pub(super) struct Roster {
    connections: HashMap<ConnId, Connection>,
    n_changes: u64,
    /// When each number's member last came, left or was renamed, as counted by `n_changes`.
    changed: BTreeMap<MemberId, u64>,
}

impl Roster {
    pub(super) fn len(&self) -> usize {
        self.connections.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }

    pub(super) fn contains(&self, conn: ConnId) -> bool {
        self.connections.contains_key(&conn)
    }

    pub(super) fn connection(&self, conn: ConnId) -> Option<&Connection> {
        self.connections.get(&conn)
    }

    /// Who writes under `client` now.
    pub(super) fn holder_of(&self, client: ClientId) -> Option<ConnId> {
        let mut all = self.connections.iter();
        all.find(|(_, connection)| connection.client == client).map(|(&conn, _)| conn)
    }

    pub(super) fn add(&mut self, conn: ConnId, connection: Connection) {
        self.connections.insert(conn, connection);
    }

    /// Makes a waiting connection a member, by the smallest number that is free.
    pub(super) fn admit(&mut self, conn: ConnId) -> Option<Member> {
        let id = self.free_id()?;
        let connection = self.connections.get_mut(&conn)?;
        connection.stage = Stage::Member(id);
        let member = connection.as_member();
        self.note_change(id);
        member
    }

    /// Forgets a connection; the answer is the member it was.
    pub(super) fn remove(&mut self, conn: ConnId) -> Option<MemberId> {
        let member = self.connections.remove(&conn)?.member_id()?;
        self.note_change(member);
        Some(member)
    }

    pub(super) fn drain(&mut self) -> impl Iterator<Item = ConnId> {
        self.connections.drain().map(|(conn, _)| conn)
    }

    /// Takes over what a connection shows; the answer is what the members are to be told.
    pub(super) fn show(
        &mut self,
        conn: ConnId,
        patch: PresencePatch,
    ) -> Option<(MemberId, PresencePatch)> {
        let connection = self.connections.get_mut(&conn)?;
        connection.shown.apply(patch.clone());
        let member = connection.member_id()?;
        (!patch.is_empty()).then_some((member, patch))
    }

    /// Gives a connection another name; the answer is whom the members are to be told of.
    pub(super) fn rename(&mut self, conn: ConnId, identity: Identity) -> Option<Member> {
        let connection = self.connections.get_mut(&conn)?;
        connection.identity = identity;
        let member = connection.as_member()?;
        self.note_change(member.id);
        Some(member)
    }

    pub(super) fn n_members(&self) -> usize {
        self.connections.values().filter_map(Connection::member_id).count()
    }

    /// Everybody who was welcomed, in the order of their numbers.
    pub(super) fn members(&self) -> Vec<Member> {
        let mut members: Vec<_> =
            self.connections.values().filter_map(Connection::as_member).collect();
        members.sort_by_key(|member| member.id);
        members
    }

    /// How many changes there have been.
    pub(super) fn n_changes(&self) -> u64 {
        self.n_changes
    }

    /// What somebody is to be told who knows of `n_changes` only.
    pub(super) fn news_since(&self, n_changes: u64) -> Vec<ServerMessage> {
        let members = self.members();
        let news = self.changed.iter().filter(|&(_, &at)| at > n_changes);
        news.map(|(&id, _)| match members.binary_search_by_key(&id, |member| member.id) {
            Ok(index) => ServerMessage::Joined(members[index].clone()),
            Err(_) => ServerMessage::Left(id),
        })
        .collect()
    }

    fn note_change(&mut self, member: MemberId) {
        self.n_changes += 1;
        self.changed.insert(member, self.n_changes);
    }

    fn free_id(&self) -> Option<MemberId> {
        let mut is_taken = vec![false; self.len() + 1];
        for MemberId(id) in self.connections.values().filter_map(Connection::member_id) {
            if let Some(is_taken) = is_taken.get_mut(usize::from(id)) {
                *is_taken = true;
            }
        }
        let free = is_taken.iter().position(|is_taken| !is_taken)?;
        u16::try_from(free).ok().map(MemberId)
    }
}
