//! One connection as the room knows it, in either dialect.

use shared::id::{ClientId, MemberId};
use shared::presence::{Presence, ShownPoint};
use shared::protocol::{Identity, Member, Role};
use shared::time::Time;

use super::effect::Dialect;
use crate::bucket::Bucket;
use crate::limits::SYNCS_PER_SECOND;
use crate::yjs::{Entry, native_state};

/// Somebody who has said hello, or who speaks Yjs and need not.
pub(super) struct Connection {
    pub(super) role: Role,
    pub(super) identity: Identity,
    pub(super) shown: Presence,
    /// When the cursor last moved.
    pub(super) moved_at: Time,
    pub(super) stage: Stage,
    pub(super) speaker: Speaker,
    /// How Yjs clients are shown this one, if at all. A native member's is written only when one
    /// listens.
    pub(super) entry: Option<Entry>,
    /// What had happened in the roster before it came, as counted there.
    pub(super) since: u64,
    /// The client ids that nobody else may use while this one is here.
    pub(super) claims: Vec<ClientId>,
}

/// What only one of the dialects has.
pub(super) enum Speaker {
    Native {
        /// Under which it writes, proved by its ticket.
        client: ClientId,
    },
    Yjs {
        /// How often it may ask for what it lacks.
        syncs: Bucket,
        /// Whether it was asked again for what is missing here.
        was_asked_again: bool,
        /// Where its pointer is, as it said last; that the cursor has faded does not change this.
        pointer: Option<ShownPoint>,
    },
}

pub(super) enum Stage {
    /// The welcome waits for a commit, or nothing was shown yet.
    Waiting,
    Member(MemberId),
}

impl Connection {
    /// One that said hello. Yjs clients know it by `alias`.
    pub(super) fn native(client: ClientId, alias: ClientId, identity: Identity) -> Self {
        let entry = Entry { client: alias, clock: 0, state: Entry::GONE };
        Self::new(Speaker::Native { client }, Some(entry), identity)
    }

    /// One that speaks Yjs.
    pub(super) fn yjs(identity: Identity, now: Time) -> Self {
        let syncs = Bucket::new(SYNCS_PER_SECOND, now);
        Self::new(Speaker::Yjs { syncs, was_asked_again: false, pointer: None }, None, identity)
    }

    fn new(speaker: Speaker, entry: Option<Entry>, identity: Identity) -> Self {
        Self {
            role: Role::Editor,
            identity,
            shown: Presence::default(),
            moved_at: Time::default(),
            stage: Stage::Waiting,
            speaker,
            entry,
            since: 0,
            claims: Vec::new(),
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        match self.speaker {
            Speaker::Native { .. } => Dialect::Native,
            Speaker::Yjs { .. } => Dialect::Yjs,
        }
    }

    pub(super) fn member_id(&self) -> Option<MemberId> {
        match self.stage {
            Stage::Waiting => None,
            Stage::Member(id) => Some(id),
        }
    }

    pub(super) fn as_member(&self) -> Option<Member> {
        let id = self.member_id()?;
        Some(Member { id, identity: self.identity.clone(), presence: self.shown.as_patch() })
    }

    /// Writes the entry of a native member anew, with a clock that Yjs clients take for news.
    pub(super) fn renew_entry(&mut self) {
        if let (Speaker::Native { .. }, Some(entry)) = (&self.speaker, &mut self.entry) {
            entry.clock += 1;
            entry.state = native_state(&self.identity, self.shown.cursor);
        }
    }
}
