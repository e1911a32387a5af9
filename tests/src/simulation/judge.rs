//! Looks at all that happens, and says what must not have. It judges documents by their content: an
//! update that changes nothing where it is taken in again is there.

use std::collections::{HashMap, HashSet};
use std::fmt;

use bytes::Bytes;
use server::log::{Log, Record};
use server::room::{Dialect, Document};
use server::yjs::{self, YjsMessage};
use shared::board::{Board, Replica};
use shared::id::{Batch, ClientId, Incarnation};
use shared::protocol::ServerMessage;

use super::tally::{Tally, What};
use crate::has;

/// What must not have happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation(pub String);

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Says what must not have happened.
pub(super) fn violation<T>(what: impl Into<String>) -> Result<T, Violation> {
    Err(Violation(what.into()))
}

/// Whose batch: the author, and which of its sessions.
pub(super) type Writer = (ClientId, u32);

pub(super) struct Judge {
    pub tally: Tally,
    /// What the log has, and nothing else.
    committed: Replica,
    /// All that people wrote.
    written: HashMap<(Writer, Batch), Vec<u8>>,
    honest: HashMap<ClientId, HashSet<Vec<u8>>>,
    /// What was acknowledged.
    promised: HashSet<(Writer, Batch)>,
}

impl Judge {
    pub(super) fn new() -> Self {
        Self {
            tally: Tally::default(),
            committed: Replica::default(),
            written: HashMap::new(),
            honest: HashMap::new(),
            promised: HashSet::new(),
        }
    }

    /// Somebody writes a batch.
    pub(super) fn note_written(&mut self, writer: Writer, batch: Batch, bytes: &[u8]) {
        self.written.insert((writer, batch), bytes.to_vec());
        self.honest.entry(writer.0).or_default().insert(bytes.to_vec());
    }

    pub(super) fn is_promised(&self, writer: Writer, batch: Batch) -> bool {
        self.promised.contains(&(writer, batch))
    }

    /// Whether the log has anything that `author` wrote.
    pub(super) fn knows(&self, author: ClientId) -> bool {
        self.committed.knows(author)
    }

    /// The room wants to write something.
    pub(super) fn note_record(&self, record: &Record) -> Result<(), Violation> {
        let Some(author) = record.author else { return Ok(()) };
        let is_honest = self.honest.get(&author).is_some_and(|it| it.contains(&record.bytes[..]));
        if !is_honest {
            return violation(format!("record {} is none that its author wrote", record.seq.0));
        }
        Ok(())
    }

    /// The disk has more.
    pub(super) fn note_committed(&mut self, records: &[Record]) -> Result<(), Violation> {
        for record in records {
            if let Err(error) = self.committed.take(&record.bytes) {
                return violation(format!("record {} makes no sense: {error}", record.seq.0));
            }
        }
        Ok(())
    }

    /// The server has crashed, and this is what is left.
    pub(super) fn note_recovered(&mut self, log: &[Record]) -> Result<(), Violation> {
        let all = Log { records: log.to_vec(), ..Log::empty(Incarnation(0)) };
        if let Err(error) = Document::from_log(&all) {
            return violation(format!("the log cannot be read: {error}"));
        }
        self.committed = Replica::default();
        self.note_committed(log)?;
        self.check_promises("the log after a crash")
    }

    fn check_promises(&mut self, place: &str) -> Result<(), Violation> {
        for (writer, batch) in &self.promised {
            if !has(&mut self.committed, &self.written[&(*writer, *batch)]) {
                let batch = batch.0;
                return violation(format!("batch {batch} is acknowledged and not in {place}"));
            }
        }
        Ok(())
    }

    /// A frame leaves the room for a client.
    pub(super) fn note_leaving(
        &mut self,
        dialect: Dialect,
        frame: &Bytes,
    ) -> Result<(), Violation> {
        let updates = match dialect {
            Dialect::Native => match ServerMessage::decode(frame) {
                Ok(ServerMessage::Update(update)) => vec![update.bytes],
                Ok(ServerMessage::Welcome(welcome)) => vec![welcome.update],
                Ok(_) => vec![],
                Err(error) => return violation(format!("the server talks nonsense: {error}")),
            },
            Dialect::Yjs => {
                let update = |message| match message {
                    YjsMessage::Step2(update) | YjsMessage::Update(update) => Some(update.to_vec()),
                    YjsMessage::Step1(_)
                    | YjsMessage::Awareness(_)
                    | YjsMessage::QueryAwareness => None,
                };
                let Ok(messages) = yjs::decode(frame.clone()) else {
                    return violation("the server talks nonsense to a Yjs program");
                };
                messages.into_iter().filter_map(update).collect()
            }
        };
        for update in updates {
            if !has(&mut self.committed, &update) {
                return violation("an update left the room before it was committed");
            }
        }
        Ok(())
    }

    /// An acknowledgement leaves the room.
    pub(super) fn note_ack(&mut self, writer: Writer, batch: Batch) -> Result<(), Violation> {
        self.tally.count(What::Ack);
        let Some(bytes) = self.written.get(&(writer, batch)) else {
            return violation(format!("batch {} is acknowledged and was never written", batch.0));
        };
        if !has(&mut self.committed, bytes) {
            return violation(format!("batch {} is acknowledged and not committed", batch.0));
        }
        self.promised.insert((writer, batch));
        Ok(())
    }

    /// All is over: what was promised is in the log.
    pub(super) fn check_log(&mut self, log: &[Record]) -> Result<(), Violation> {
        self.committed = Replica::default();
        self.note_committed(log)?;
        self.check_promises("the log at the end")
    }

    /// All is over: a board is the log's.
    pub(super) fn check_board(&self, whose: &str, board: &Board) -> Result<(), Violation> {
        let expected = self.committed.elements();
        if board.elements().map(AsRef::as_ref).eq(&expected) {
            return Ok(());
        }
        let (n_is, n_expected) = (board.n_elements(), expected.len());
        violation(format!("{whose} has another board: {n_is} elements, not {n_expected}"))
    }
}
