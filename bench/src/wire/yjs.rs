//! The y-websocket protocol, and Hocuspocus' envelopes around it.

use super::edit::numbers_in;
use super::lib0::{Source, put_bytes, put_number};
use super::{FIRST_ID, Heard, Speaker, client_id, place};

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
/// Only in envelopes: a token, which a server without authentication does not look at.
const AUTH: u64 = 2;
/// Only in envelopes: a [`SYNC`] that asks for no answer.
const SYNC_REPLY: u64 = 4;

const STEP_1: u64 = 0;
const STEP_2: u64 = 1;
const UPDATE: u64 = 2;

/// What stands before a state's number, which ends the state.
const NUMBER: &str = ",\"n\":";

/// Asks for the whole document.
pub fn step1() -> Vec<u8> {
    sync(STEP_1, &[0])
}

/// Has nothing that the server lacks.
pub fn empty_step2() -> Vec<u8> {
    sync(STEP_2, &[0, 0])
}

/// An edit.
pub fn update(update: &[u8]) -> Vec<u8> {
    sync(UPDATE, update)
}

fn sync(step: u64, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put_number(&mut out, SYNC);
    put_number(&mut out, step);
    put_bytes(&mut out, content);
    out
}

/// The state of a client whose cursor moves, with a number that no server knows of.
pub fn cursor(index: usize, number: u32) -> Vec<u8> {
    let (x, y) = place(index, number);
    let state = format!(
        "{{\"user\":{{\"name\":\"c{index}\",\"color\":\"#3366ff\"}},\
         \"cursor\":{{\"x\":{x},\"y\":{y}}}{NUMBER}{number}}}"
    );
    let mut entries = Vec::new();
    put_number(&mut entries, 1);
    put_number(&mut entries, client_id(index).value());
    // Yjs' clocks count changes too.
    put_number(&mut entries, number.into());
    put_bytes(&mut entries, state.as_bytes());
    awareness(&entries)
}

fn awareness(entries: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put_number(&mut out, AWARENESS);
    put_bytes(&mut out, entries);
    out
}

/// Messages of each kind around a content that may be anything.
pub fn around(content: &[u8]) -> [Vec<u8>; 4] {
    [sync(STEP_1, content), sync(STEP_2, content), sync(UPDATE, content), awareness(content)]
}

/// Hocuspocus hears nothing before it is shown a token, any token.
pub fn login() -> Vec<u8> {
    const TOKEN: u64 = 0;
    let mut out = Vec::new();
    put_number(&mut out, AUTH);
    put_number(&mut out, TOKEN);
    put_bytes(&mut out, b"token");
    out
}

/// The message as Hocuspocus wants it: behind the room's name.
pub fn enveloped(speaker: &Speaker, message: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put_bytes(&mut out, speaker.room.as_bytes());
    out.extend(message);
    out
}

/// Tells what matters in a message that is [`enveloped`].
pub fn hear_enveloped(message: &[u8], hear: &mut impl FnMut(Heard)) {
    let mut source = Source(message);
    if source.bytes().is_some() {
        read_all(&mut source, hear);
    }
}

/// Tells what matters in a frame, which may hold several messages.
pub fn hear(frame: &[u8], hear: &mut impl FnMut(Heard)) {
    read_all(&mut Source(frame), hear);
}

/// Reads up to the first message that is of no interest.
fn read_all(source: &mut Source<'_>, hear: &mut impl FnMut(Heard)) {
    while read_one(source, hear).is_some() {}
}

fn read_one(source: &mut Source<'_>, hear: &mut impl FnMut(Heard)) -> Option<()> {
    match source.number()? {
        SYNC | SYNC_REPLY => {
            let step = source.number()?;
            let content = source.bytes()?;
            match step {
                STEP_1 => hear(Heard::Asked),
                STEP_2 => hear(Heard::Synced),
                UPDATE => numbers_in(content).for_each(|number| hear(Heard::Edit { number })),
                _ => return None,
            }
        }
        AWARENESS => {
            let mut entries = Source(source.bytes()?);
            for _ in 0..entries.number()? {
                let id = entries.number()?;
                let _clock = entries.number()?;
                let state = entries.bytes()?;
                if let (Some(index), Some(number)) = (id.checked_sub(FIRST_ID), number_of(state)) {
                    hear(Heard::Cursor { sender: index as usize, number });
                }
            }
        }
        _ => return None,
    }
    Some(())
}

/// The number at the end of a state that [`cursor`] wrote. Every server keeps the order of keys.
fn number_of(state: &[u8]) -> Option<u32> {
    let state = state.strip_suffix(b"}")?;
    let n_digits = state.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (head, digits) = state.split_at(state.len() - n_digits);
    if !head.ends_with(NUMBER.as_bytes()) {
        return None;
    }
    Some(
        digits.iter().fold(0, |value: u32, digit| {
            value.wrapping_mul(10).wrapping_add(u32::from(digit - b'0'))
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::super::Author;
    use super::*;

    #[track_caller]
    fn check(frame: &[u8], expected: &[Heard]) {
        let mut heard = Vec::new();
        hear(frame, &mut |it| heard.push(it));
        assert_eq!(heard, expected);
    }

    #[test]
    fn what_a_client_says_is_heard_when_it_comes_back() {
        check(&cursor(17, 1234), &[Heard::Cursor { sender: 17, number: 1234 }]);
        let edit = Author::new(0).draw(5);
        check(
            &[step1(), empty_step2(), update(&edit)].concat(),
            &[Heard::Asked, Heard::Synced, Heard::Edit { number: 5 }],
        );
    }

    #[test]
    fn one_message_may_hold_many_cursors_and_strangers() {
        let mut entries = vec![3];
        for (id, state) in [
            (client_id(2).value(), &br#"{"cursor":null,"n":7}"#[..]),
            (5, br#"{"a":1}"#),
            (client_id(3).value(), b"null"),
        ] {
            put_number(&mut entries, id);
            put_number(&mut entries, 1);
            put_bytes(&mut entries, state);
        }
        let mut frame = vec![1];
        put_bytes(&mut frame, &entries);
        check(&frame, &[Heard::Cursor { sender: 2, number: 7 }]);
        check(&frame[..20], &[]);
    }

    #[test]
    fn an_envelope_is_opened() {
        let speaker = Speaker { index: 0, room: "room".into() };
        let mut heard = Vec::new();
        hear_enveloped(&enveloped(&speaker, &cursor(1, 2)), &mut |it| heard.push(it));
        assert_eq!(heard, [Heard::Cursor { sender: 1, number: 2 }]);
    }
}
