//! The messages between a client and the server; `docs/protocol.md` tells the conversation.
//!
//! One message is one binary WebSocket frame. Bytes that are no message become a [`WireError`], never
//! a panic, and never more memory than a small multiple of their length.

use crate::color::Color;
use crate::id::{Batch, ClientId, Incarnation, MemberId, Seq};
use crate::limits::{
    FRAME_MAX_BYTES, MEMBER_NAME_MAX_CHARS, PROTOCOL_VERSION, SERVER_FRAME_MAX_BYTES,
};
use crate::presence::{Presence, PresenceChange, PresencePatch};
use crate::wire::{
    self, Source, Taken, Wire, WireError, listed, malformed, numbered, put_array, record,
    transparent,
};

numbered! {
    /// What a client says. Number 3 is kept for signals (reactions, laser).
    #[derive(Clone, PartialEq, Debug)]
    pub enum ClientMessage {
        /// The first message, and only the first.
        0 => Hello(Hello),
        /// An edit to be kept.
        1 => Update(NewUpdate),
        /// A change of presence.
        2 => Presence(PresencePatch),
        /// Are you there? The number comes back in a [`ServerMessage::Pong`].
        4 => Ping(u32),
        /// A new name or color.
        5 => Rename(Identity),
    }
}

numbered! {
    /// What the server says.
    #[derive(Clone, PartialEq, Debug)]
    pub enum ServerMessage {
        /// The answer to a [`Hello`]: from here on the client is a member.
        0 => Welcome(Welcome),
        /// Somebody's edit, committed.
        1 => Update(LoggedUpdate),
        /// The client's edit with this number is committed.
        2 => Ack(Batch),
        /// A tick's changes of presence, one's own included.
        3 => Presences(Vec<PresenceChange>),
        /// Somebody came. For a member who is known: another name or color, and of what it shows
        /// only what changed.
        4 => Joined(Member),
        /// Somebody left.
        5 => Left(MemberId),
        /// One's own role changed.
        6 => Role(Role),
        /// Why the server is about to close.
        7 => Error(ErrorReport),
        /// The answer to [`ClientMessage::Ping`].
        8 => Pong(u32),
        /// The next bytes of the update in the [`Welcome`] that is on its way: what that says of it comes after these.
        9 => Ahead(Vec<u8>),
    }
}

impl ClientMessage {
    /// The message as a frame's bytes.
    pub fn encode(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads a frame's bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        wire::decode(bytes, FRAME_MAX_BYTES)
    }
}

impl ServerMessage {
    /// The message as a frame's bytes.
    pub fn encode(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads a frame's bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        wire::decode(bytes, SERVER_FRAME_MAX_BYTES)
    }
}

/// Who is there, which version is spoken, and what the client has already.
#[derive(Clone, PartialEq, Debug)]
pub struct Hello {
    /// [`PROTOCOL_VERSION`] of the client. First, so that every version can read it.
    pub version: u16,
    /// Proof of a role, where the server asks for one.
    pub token: Option<String>,
    /// The person's name and color.
    pub identity: Identity,
    /// The author under which this client writes.
    pub client: ClientId,
    /// Proof that `client` is this device's, from an earlier [`Welcome`].
    pub ticket: Option<Ticket>,
    /// The life of the room in which `state_vector` was reached.
    pub incarnation: Option<Incarnation>,
    /// The last position of the log that the client has heard of.
    pub last_seq: Seq,
    /// What the client's document has: a Yjs v1 state vector.
    pub state_vector: Vec<u8>,
}

record!(Hello { version, token, identity, client, ticket, incarnation, last_seq, state_vector });

impl Hello {
    /// What somebody says who has nothing to prove and was not in the room yet. `state_vector` (Yjs v1) is of a document of
    /// one's own.
    pub fn new(identity: Identity, client: ClientId, state_vector: Vec<u8>) -> Self {
        let (token, ticket, incarnation) = (None, None, None);
        let (version, last_seq) = (PROTOCOL_VERSION, Seq(0));
        Self { version, token, identity, client, ticket, incarnation, last_seq, state_vector }
    }

    /// The version of the [`Hello`] in a frame, of which a stranger's version may share nothing else.
    pub fn version_in(bytes: &[u8]) -> Option<u16> {
        let mut source = Source::new(bytes);
        source.array_of(2).ok()?;
        if source.integer::<u8>().ok()? != 0 || source.array().ok()? == 0 {
            return None;
        }
        source.integer().ok()
    }
}

/// Proof that a client id was given to a device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ticket(pub Vec<u8>);

transparent!(Ticket);

/// How a person appears to others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// The name, at most [`MEMBER_NAME_MAX_CHARS`] characters, never empty.
    pub name: String,
    /// The color of cursor and avatar.
    pub color: Color,
}

impl Identity {
    /// An identity with the name trimmed, cut to its limit, without control characters; a name of
    /// nothing becomes "Guest".
    pub fn new(name: &str, color: Color) -> Self {
        // In this order, so that neither a control character nor the cut leaves a space at an end.
        let visible: String = name.chars().filter(|c| !c.is_control()).collect();
        let name: String = visible.trim().chars().take(MEMBER_NAME_MAX_CHARS).collect();
        let name = if name.is_empty() { "Guest" } else { name.trim_end() }.into();
        Self { name, color: Color { a: 255, ..color } }
    }
}

impl Wire for Identity {
    fn put(&self, out: &mut Vec<u8>) {
        put_array(out, 2);
        self.name.put(out);
        self.color.put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        from.array_of(2)?;
        Ok(Self::new(&String::take(from)?, Color::take(from)?))
    }
}

/// An edit on its way to the log.
#[derive(Clone, PartialEq, Debug)]
pub struct NewUpdate {
    /// The client's own number for it.
    pub batch: Batch,
    /// A Yjs v1 update.
    pub bytes: Vec<u8>,
}

record!(NewUpdate { batch, bytes });

/// An edit that is in the log.
#[derive(Clone, PartialEq, Debug)]
pub struct LoggedUpdate {
    /// Its position.
    pub seq: Seq,
    /// A Yjs v1 update.
    pub bytes: Vec<u8>,
}

record!(LoggedUpdate { seq, bytes });

/// The room as a newcomer finds it.
#[derive(Clone, PartialEq, Debug)]
pub struct Welcome {
    /// Which member the client is.
    pub you: MemberId,
    /// What it may do.
    pub role: Role,
    /// Everybody who is there, the newcomer included.
    pub members: Vec<Member>,
    /// Which life of the room this is.
    pub incarnation: Incarnation,
    /// The position of the log that `update` leads to.
    pub seq: Seq,
    /// What the client lacks: a Yjs v1 update, or the end of one of which the rest came [`ServerMessage::Ahead`].
    pub update: Vec<u8>,
    /// What the server's document has: a Yjs v1 state vector.
    pub state_vector: Vec<u8>,
    /// Proof of the client id, to be shown on reconnecting.
    pub ticket: Ticket,
}

record!(Welcome { you, role, members, incarnation, seq, update, state_vector, ticket });

/// Somebody in the room.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    /// The number by which presence names them.
    pub id: MemberId,
    /// Name and color.
    pub identity: Identity,
    /// What they show right now.
    pub presence: PresencePatch,
}

record!(Member { id, identity, presence });
listed!(Member);

impl Member {
    /// All that the member shows.
    pub fn shown(&self) -> Presence {
        let mut presence = Presence::default();
        presence.apply(self.presence.clone());
        presence
    }
}

/// What a member may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Look.
    Viewer,
    /// Look and edit.
    Editor,
    /// Everything.
    Owner,
}

impl Wire for Role {
    fn put(&self, out: &mut Vec<u8>) {
        (*self as u8).put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        let number = u8::take(from)?;
        let mut roles = [Self::Viewer, Self::Editor, Self::Owner].into_iter();
        roles.find(|&role| role as u8 == number).ok_or_else(|| malformed("no such role"))
    }
}

/// Why a connection ends, for people and logs; the close code says it to programs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ErrorReport {
    /// The [`CloseCode`] that follows.
    pub code: u16,
    /// The reason in a sentence.
    pub text: String,
}

record!(ErrorReport { code, text });

/// How a socket ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u16)]
pub enum CloseCode {
    /// All is done.
    Normal = 1000,
    /// The other end goes away.
    GoingAway = 1001,
    /// Frames that RFC 6455 does not allow.
    Broken = 1002,
    /// A text frame, or a message out of turn.
    Policy = 1008,
    /// A frame above the limit.
    TooBig = 1009,
    /// Something broke on the server; come again.
    Internal = 1011,
    /// The server restarts; come again, not all at once.
    Restarting = 1012,
    /// Too busy, or the client read too slowly; come again later.
    TryLater = 1013,
    /// A token is needed, or was refused.
    Unauthorized = 4001,
    /// Not allowed, or bytes that are no honest message.
    Refused = 4003,
    /// No first message in time.
    NoHello = 4004,
    /// Too many messages.
    TooFast = 4008,
    /// The room is full.
    RoomFull = 4009,
    /// The protocol version is not spoken.
    Version = 4010,
}

impl CloseCode {
    /// Whether coming again unchanged cannot help: the client stops and says why.
    pub fn is_final(code: u16) -> bool {
        [Self::Unauthorized, Self::Refused, Self::Version].iter().any(|&c| c as u16 == code)
    }
}
