//! A document that was compacted and loaded again goes on as one that was not.

use super::super::document::{BoardSize, Document, Verdict, Writer};
use super::*;

/// More than these boards ever hold.
const MAX: BoardSize = BoardSize { n_bytes: 1_000_000, n_structs: 1_000_000 };

/// One document that goes on, and one that is put to rest now and then.
#[derive(Default)]
struct Pair {
    seed: u64,
    /// Whether what comes was changed on the way.
    is_forged: bool,
    awake: Document,
    rested: Document,
}

/// What became of an update, in words.
fn word(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Taken { record, authors } => format!("taken as {record:?} by {authors:?}"),
        Verdict::Known => "known".into(),
        Verdict::Refused(why) => format!("refused: {why}"),
        Verdict::Full => "full".into(),
        Verdict::TooEarly => "too early".into(),
        Verdict::Missing => "missing".into(),
        Verdict::Broken(why) => format!("broken: {why}"),
    }
}

impl Pair {
    fn rest(&mut self) {
        let compacted = self.rested.compacted().unwrap();
        let log = Log { compacted: Some(compacted), ..Log::empty(LIFE) };
        self.rested = Document::from_log(&log).unwrap();
    }

    #[track_caller]
    fn take(&mut self, bytes: &[u8], writer: &Writer<'_>, max: BoardSize) -> String {
        let bytes = Bytes::copy_from_slice(bytes);
        let awake = word(&self.awake.take(bytes.clone(), writer, Time(5), max));
        let rested = word(&self.rested.take(bytes, writer, Time(5), max));
        if self.is_forged && rested != awake {
            // It builds on what is gone, of which the other does not know any more what it was.
            assert!(awake.starts_with("refused: not a Yjs update"), "seed {}: {awake}", self.seed);
            return "different".into();
        }
        assert_eq!(rested, awake, "seed {}", self.seed);
        assert_eq!(self.rested.seq(), self.awake.seq());
        assert_eq!(self.rested.n_bytes(), self.awake.n_bytes());
        awake
    }
}

/// People with tickets and Yjs clients, who try each other's ids and send things twice, changed, and in
/// the wrong order.
#[track_caller]
fn check(seed: u64) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut pair = Pair { seed, ..Pair::default() };
    let mut boards = [1, 2, 3, 4].map(board);
    let mut sent: Vec<Vec<u8>> = Vec::new();
    for _ in 0..60 {
        if rng.u8(..4) == 0 {
            pair.rest();
        }
        let who = rng.usize(..4);
        let what = rng.u8(..6);
        pair.is_forged = what == 0;
        let bytes = match what {
            0 if !sent.is_empty() => {
                let mut bytes = sent[rng.usize(..sent.len())].clone();
                let at = rng.usize(..bytes.len());
                bytes[at] ^= rng.u8(1..);
                bytes
            }
            1 if !sent.is_empty() => sent[rng.usize(..sent.len())].clone(),
            2 => {
                let all = pair.awake.diff(&[]).unwrap();
                // What was changed on the way may not fit what somebody has.
                boards[who].apply_remote(&all).ok();
                continue;
            }
            3 if boards[who].elements().next().is_some() => {
                let id = boards[who].elements().next().map(|it| it.id.clone());
                boards[who].delete(id.as_slice());
                boards[who].take_updates().concat()
            }
            _ => draw(&mut boards[who]),
        };
        if bytes.is_empty() {
            continue;
        }
        // Now and then under somebody else's name.
        let name = if rng.u8(..5) == 0 { rng.usize(..4) } else { who };
        let is_free = |_| true;
        let writer = match name {
            0 | 1 => Writer::Ticketed(boards[name].author()),
            _ => Writer::Yjs(&is_free),
        };
        let word = pair.take(&bytes, &writer, MAX);
        if word.starts_with("broken") || word == "missing" || word == "different" {
            return;
        }
        sent.push(bytes);
    }
    assert_eq!(word_of_state(&mut pair.rested), word_of_state(&mut pair.awake), "seed {seed}");
}

fn word_of_state(document: &mut Document) -> String {
    let mut newcomer = Board::new(client(99), 1);
    newcomer.apply_remote(&document.diff(&[]).unwrap()).unwrap();
    format!("{:?}", newcomer.elements().collect::<Vec<_>>())
}

#[test]
fn a_rest_changes_no_verdict() {
    (0..300).for_each(check);
}

#[test]
fn whose_ids_are_ticketed_is_known_after_a_rest() {
    let mut pair = Pair::default();
    let (mut ann, is_free) = (board(1), |_| true);
    let first = pair.take(&draw(&mut ann), &Writer::Ticketed(client(1)), MAX);
    assert!(first.starts_with("taken"), "{first}");
    pair.rest();
    let forged = pair.take(&draw(&mut ann), &Writer::Yjs(&is_free), MAX);
    assert!(forged.starts_with("refused"), "{forged}");
    assert!(pair.rested.is_ticketed(client(1)) && pair.rested.knows(client(1)));
}

#[test]
fn a_full_board_is_full_after_a_rest() {
    let mut pair = Pair::default();
    let mut ann = board(1);
    let max = BoardSize { n_bytes: 2_000, ..MAX };
    while pair.take(&draw(&mut ann), &Writer::Ticketed(client(1)), max) != "full" {}
    pair.rest();
    // The one that was refused is missing to those that follow; so somebody else draws.
    let mut bob = board(2);
    let drawn = pair.take(&draw(&mut bob), &Writer::Ticketed(client(2)), max);
    assert_eq!(drawn, "full");
}
