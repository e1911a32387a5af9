//! The messages: synchronizing the document in two steps and by updates, and awareness.

use bytes::Bytes;
use shared::varint;

use super::YjsError;
use super::awareness::Entry;
use super::read::{Source, put_bytes};

/// Most messages in one frame. Yjs sends one, some programs greet with two.
pub const MESSAGES_MAX: usize = 16;

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const QUERY_AWARENESS: u64 = 3;

const STEP_1: u64 = 0;
const STEP_2: u64 = 1;
const UPDATE: u64 = 2;

/// What a Yjs client says. Document bytes are only cut out here: the room's gate looks into them.
#[derive(Clone, PartialEq, Debug)]
pub enum YjsMessage {
    /// What the client has, a state vector: it wants the rest.
    Step1(Bytes),
    /// The answer to the server's own question: what the server lacks.
    Step2(Bytes),
    /// An edit.
    Update(Bytes),
    /// What somebody shows.
    Awareness(Vec<Entry>),
    /// The client wants to know what everybody shows.
    QueryAwareness,
}

/// Reads a frame, which may hold several messages.
pub fn decode(frame: Bytes) -> Result<Vec<YjsMessage>, YjsError> {
    let mut source = Source::new(frame);
    let mut messages = Vec::with_capacity(1);
    while !source.is_empty() {
        if messages.len() == MESSAGES_MAX {
            return Err(YjsError::Range);
        }
        messages.push(match source.number()? {
            SYNC => match source.number()? {
                STEP_1 => YjsMessage::Step1(source.bytes()?),
                STEP_2 => YjsMessage::Step2(source.bytes()?),
                UPDATE => YjsMessage::Update(source.bytes()?),
                _ => return Err(YjsError::Range),
            },
            AWARENESS => YjsMessage::Awareness(Entry::read_all(source.bytes()?)?),
            QUERY_AWARENESS => YjsMessage::QueryAwareness,
            _ => return Err(YjsError::Range),
        });
    }
    Ok(messages)
}

/// What the server has: the client answers with what it has beyond.
pub fn step1(state_vector: &[u8]) -> Bytes {
    sync(STEP_1, state_vector)
}

/// What a client lacks that has said what it has.
pub fn step2(update: &[u8]) -> Bytes {
    sync(STEP_2, update)
}

/// Somebody's edit.
pub fn update(update: &[u8]) -> Bytes {
    sync(UPDATE, update)
}

/// What these show.
pub fn awareness<'a>(entries: impl ExactSizeIterator<Item = &'a Entry>) -> Bytes {
    let mut content = Vec::with_capacity(16 + 128 * entries.len());
    varint::put(entries.len() as u64, &mut content);
    for entry in entries {
        entry.put(&mut content);
    }
    let mut out = Vec::with_capacity(content.len() + 8);
    varint::put(AWARENESS, &mut out);
    put_bytes(&mut out, &content);
    out.into()
}

fn sync(step: u64, content: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(content.len() + 12);
    varint::put(SYNC, &mut out);
    varint::put(step, &mut out);
    put_bytes(&mut out, content);
    out.into()
}

#[cfg(test)]
mod tests {
    use shared::id::ClientId;

    use super::*;

    fn read(frame: &[u8]) -> Result<Vec<YjsMessage>, YjsError> {
        decode(Bytes::copy_from_slice(frame))
    }

    #[test]
    fn a_frame_holds_one_message_or_some() {
        let entry = Entry { client: ClientId::new(9).unwrap(), clock: 300, state: "{}".into() };
        let frames =
            [step1(&[0]), step2(&[0, 0]), update(&[0, 0]), awareness([&entry].into_iter())];
        let all = [
            YjsMessage::Step1(Bytes::from_static(&[0])),
            YjsMessage::Step2(Bytes::from_static(&[0, 0])),
            YjsMessage::Update(Bytes::from_static(&[0, 0])),
            YjsMessage::Awareness(vec![entry]),
        ];
        for (frame, message) in frames.iter().zip(&all) {
            assert_eq!(read(frame).as_deref(), Ok(std::slice::from_ref(message)));
        }
        assert_eq!(read(&frames.concat()).as_deref(), Ok(&all[..]));
        assert_eq!(read(&[3]), Ok(vec![YjsMessage::QueryAwareness]));
    }

    #[test]
    fn what_is_no_message_is_refused() {
        assert_eq!(read(&[9]), Err(YjsError::Range));
        assert_eq!(read(&[0, 3, 0]), Err(YjsError::Range));
        assert_eq!(read(&[0, 2, 200, 1, 0]), Err(YjsError::Length));
        assert_eq!(read(&[1, 1, 5]), Err(YjsError::Length), "five entries in no bytes");
        assert_eq!(read(&[3; MESSAGES_MAX + 1]), Err(YjsError::Range));
    }
}
