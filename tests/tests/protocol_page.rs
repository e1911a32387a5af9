//! The examples in `docs/protocol.md` are messages, byte for byte.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use shared::protocol::{ClientMessage, ServerMessage};

const PAGE: &str = include_str!("../../docs/protocol.md");

#[test]
fn the_examples_on_the_page_are_what_they_claim() {
    let (mut n_client, mut n_server) = (0, 0);
    let mut fence = None;
    for line in PAGE.lines() {
        if let Some(kind) = line.strip_prefix("```") {
            fence = Some(kind).filter(|kind| !kind.is_empty());
            continue;
        }
        let Some(kind) = fence else { continue };
        let (hex, claim) = line.split_once(' ').unwrap();
        let bytes = bytes(hex);
        let (name, again) = match kind {
            "client" => {
                n_client += 1;
                let message = ClientMessage::decode(&bytes).unwrap();
                (format!("{message:?}"), message.encode())
            }
            "server" => {
                n_server += 1;
                let message = ServerMessage::decode(&bytes).unwrap();
                (format!("{message:?}"), message.encode())
            }
            other => panic!("a block of {other}"),
        };
        let word: String = claim.trim().chars().take_while(|c| c.is_alphabetic()).collect();
        assert!(name.starts_with(&word), "{line} is {name}");
        assert_eq!(again, bytes, "{line}");
    }
    assert!(n_client >= 10 && n_server >= 9, "{n_client} and {n_server} examples were found");
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}
