//! Updates that are well-formed and mean nothing good: any struct on any other.

use proptest::prelude::*;

use super::damage::put_varint;

/// An update of one author, who is the board's or another, with a few structs and deletions. The clocks
/// begin at `known`, where those of the board's author end, or anywhere before.
pub fn forged(known: u64) -> impl Strategy<Value = Vec<u8>> {
    let client = prop::sample::select(vec![WRITER, STRANGER]);
    let clock = prop_oneof![3 => Just(known), 1 => 0..known + 1];
    let structs = prop::collection::vec(one_struct(known), 0..6);
    let deletes = prop::collection::vec((author(), 0..known + 4, 1..5_u64), 0..3);
    (client, clock, structs, deletes).prop_map(|(client, clock, structs, deletes)| {
        let mut out = vec![1];
        put_varint(structs.len() as u64, &mut out);
        put_varint(client, &mut out);
        put_varint(if client == WRITER { clock } else { 0 }, &mut out);
        structs.iter().for_each(|bytes| out.extend(bytes));
        let mut deletes = deletes;
        deletes.dedup_by_key(|(client, _, _)| *client);
        put_varint(deletes.len() as u64, &mut out);
        for (client, clock, len) in deletes {
            [client, 1, clock, len].iter().for_each(|number| put_varint(*number, &mut out));
        }
        out
    })
}

/// Who wrote the fixtures.
const WRITER: u64 = 77;
const STRANGER: u64 = 9;

fn author() -> impl Strategy<Value = u64> {
    prop_oneof![3 => Just(WRITER), 1 => Just(STRANGER)]
}

fn id(known: u64) -> impl Strategy<Value = Vec<u8>> {
    (author(), 0..known + 6).prop_map(|(client, clock)| {
        let mut out = Vec::new();
        put_varint(client, &mut out);
        put_varint(clock, &mut out);
        out
    })
}

fn one_struct(known: u64) -> impl Strategy<Value = Vec<u8>> {
    let parent = prop_oneof![
        Just(b"\x01\x08elements".to_vec()),
        Just(b"\x01\x01r".to_vec()),
        id(known).prop_map(|id| [&[0], &id[..]].concat()),
    ];
    let key = prop::sample::select(vec!["kind", "text", "e"]);
    let ids = prop_oneof![
        Just((None, None)),
        id(known).prop_map(|origin| (Some(origin), None)),
        id(known).prop_map(|right_origin| (None, Some(right_origin))),
        (id(known), id(known)).prop_map(|(origin, right)| (Some(origin), Some(right))),
    ];
    let item = (ids, parent, prop::option::of(key), content()).prop_map(
        |((origin, right_origin), parent, key, (kind, content))| {
            let flag = |is_there: bool, bit: u8| if is_there { bit } else { 0 };
            let mut out = vec![
                kind | flag(origin.is_some(), 0x80)
                    | flag(right_origin.is_some(), 0x40)
                    | flag(key.is_some(), 0x20),
            ];
            let has_parent = origin.is_none() && right_origin.is_none();
            out.extend([origin, right_origin].into_iter().flatten().flatten());
            if has_parent {
                out.extend(parent);
                let key = key.map(|key| [&[key.len() as u8], key.as_bytes()].concat());
                out.extend(key.into_iter().flatten());
            }
            out.extend(content);
            out
        },
    );
    let long = prop::sample::select(vec![
        b"\x04\x01\x01r\x05b\xf0\x9f\xa6\x80".to_vec(),
        b"\x08\x01\x01r\x02\x77\x04text\x7e".to_vec(),
    ]);
    prop_oneof![
        12 => item,
        2 => long,
        1 => (1..5_u8).prop_map(|len| vec![GC, len]),
        1 => (1..5_u8).prop_map(|len| vec![SKIP, len]),
    ]
}

const GC: u8 = 0;
const SKIP: u8 = 10;

/// The kind of a content, and its bytes.
fn content() -> impl Strategy<Value = (u8, Vec<u8>)> {
    let constant = |kind: u8, bytes: &[u8]| Just((kind, bytes.to_vec()));
    prop_oneof![
        (1..5_u8).prop_map(|len| (1, vec![len])),
        constant(3, b"\x01x"),
        constant(4, b"\x01x"),
        constant(5, b"\x02{}"),
        constant(6, b"\x01b\x04true"),
        (prop::sample::select(vec![0_u8, 1, 2, 4, 6])).prop_map(|kind| (7, vec![kind])),
        constant(8, b"\x01\x77\x04line"),
        constant(8, b"\x02\x77\x04line\x7e"),
        constant(4, b"\x05b\xf0\x9f\xa6\x80"),
    ]
}
