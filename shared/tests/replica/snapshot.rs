//! A replica that was made of a snapshot shows and judges just as the one that the snapshot is of, but
//! that it may let pass what builds on structs that are gone.

use proptest::prelude::*;
use shared::board::{Board, Encoding, Replica, ReplicaError, ReplicaSnapshot};

use super::{Deed, act, author, deeds};

/// What a room would do with an update.
#[derive(PartialEq, Eq, Debug)]
enum Verdict {
    Taken {
        authors: Vec<u64>,
        trimmed: Option<Vec<u8>>,
        is_news: bool,
        is_change: bool,
    },
    Missing,
    Malformed(String),
    /// The document is to be dropped.
    Broken,
}

fn judge(replica: &mut Replica, update: &[u8]) -> Verdict {
    let checked = match replica.check(update) {
        Ok(checked) => checked,
        Err(ReplicaError::Missing) => return Verdict::Missing,
        Err(ReplicaError::Malformed(why)) => return Verdict::Malformed(why),
        Err(ReplicaError::Broken(_)) => return Verdict::Broken,
    };
    let mut authors: Vec<_> = checked.authors().iter().map(|it| it.value()).collect();
    authors.sort_unstable();
    let (trimmed, is_news) = (checked.trimmed().map(<[u8]>::to_vec), checked.is_news());
    match replica.apply(checked) {
        Ok(is_change) => Verdict::Taken { authors, trimmed, is_news, is_change },
        Err(_) => Verdict::Broken,
    }
}

/// One replica that goes on, and one that is put to rest now and then.
#[derive(Default)]
struct Pair {
    awake: Replica,
    rested: Replica,
}

impl Pair {
    fn rest(&mut self) {
        (self.rested, _) = Replica::from_snapshot(&self.rested.snapshot().unwrap()).unwrap();
    }

    /// Something forged comes. Nobody is harmed who takes what the other refuses, but then they differ.
    #[track_caller]
    fn take_forged(&mut self, update: &[u8]) -> Verdict {
        let [awake, rested] = [&self.awake, &self.rested].map(|it| it.check(update).is_ok());
        match (awake, rested) {
            (false, true) => Verdict::Missing,
            _ => self.take(update),
        }
    }

    /// Both are told the same; the answer is whether they go on.
    #[track_caller]
    fn take(&mut self, update: &[u8]) -> Verdict {
        let verdict = judge(&mut self.awake, update);
        assert_eq!(judge(&mut self.rested, update), verdict, "after a rest");
        verdict
    }

    #[track_caller]
    fn check(&self) {
        let (awake, rested) = (&self.awake, &self.rested);
        assert_eq!(told(rested), told(awake), "the same bytes");
        assert_eq!(rested.elements(), awake.elements());
    }
}

/// What somebody who is sent the whole state would pass on: in this, what is gone forms one stretch where
/// it has no gap, however it came about.
fn told(replica: &Replica) -> Vec<u8> {
    let mut newcomer = Replica::default();
    newcomer.take(&replica.diff(&[]).unwrap()).unwrap();
    newcomer.diff(&[]).unwrap()
}

/// What happens to the pair.
#[derive(Clone, Debug)]
enum Event {
    /// One of two people does something, and the room hears of it.
    Deed(bool, Deed),
    /// The other one hears of all that has happened.
    Meet,
    /// Something that was sent before comes again.
    Again(usize),
    /// The same, with one byte changed.
    Forged {
        which: usize,
        at: usize,
        xor: u8,
    },
    Rest,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let deed = || (any::<bool>(), deeds()).prop_map(|(who, mut all)| (who, all.remove(0)));
    let event = prop_oneof![
        4 => deed().prop_map(|(who, deed)| Event::Deed(who, deed)),
        1 => Just(Event::Meet),
        1 => (0..30_usize).prop_map(Event::Again),
        3 => (0..30_usize, 0..400_usize, 1..=255_u8)
            .prop_map(|(which, at, xor)| Event::Forged { which, at, xor }),
        2 => Just(Event::Rest),
    ];
    prop::collection::vec(event, 1..60)
}

proptest! {
    #[test]
    fn a_rest_changes_neither_the_board_nor_any_verdict(events in events()) {
        let mut pair = Pair::default();
        let mut people = [Board::new(author(7), 1), Board::new(author(8), 2)];
        let mut sent: Vec<Vec<u8>> = Vec::new();
        for event in events {
            match event {
                Event::Deed(who, deed) => {
                    let board = &mut people[usize::from(who)];
                    act(board, &deed);
                    for update in board.take_updates() {
                        pair.take(&update);
                        sent.push(update);
                    }
                }
                Event::Meet => {
                    let all = pair.awake.diff(&[]).unwrap();
                    for board in &mut people {
                        // What was forged may not fit what they have written meanwhile.
                        board.apply_remote(&all).ok();
                    }
                }
                Event::Again(which) => {
                    if let Some(update) = sent.get(which) {
                        pair.take(update);
                    }
                }
                Event::Forged { which, at, xor } => {
                    let Some(mut update) = sent.get(which).cloned() else { continue };
                    let n_bytes = update.len();
                    update[at % n_bytes] ^= xor;
                    if pair.take_forged(&update) == Verdict::Broken {
                        return Ok(());
                    }
                }
                Event::Rest => {
                    pair.rest();
                    pair.check();
                }
            }
        }
        pair.check();
    }
}

#[test]
fn what_cannot_be_read_in_the_smaller_encoding_is_put_to_rest_in_the_other() {
    let mut pair = Pair::default();
    // Bytes in a shared array.
    pair.take(&[1, 1, 9, 0, 3, 1, 1, b'r', 2, 7, 8, 0]);
    assert_eq!(pair.awake.snapshot().unwrap().encoding, Encoding::V1);
    pair.rest();
    pair.check();
    pair.take(&[1, 1, 9, 1, 0x83, 9, 0, 1, 9, 0]);
    pair.check();
}

#[test]
fn what_is_no_snapshot_is_refused() {
    let mut board = Board::new(author(7), 1);
    act(&mut board, &Deed::Insert("a".into()));
    let mut replica = Replica::default();
    replica.take(&board.diff(&[]).unwrap()).unwrap();
    let good = replica.snapshot().unwrap();
    assert_eq!(good.encoding, Encoding::V2);
    assert!(Replica::from_snapshot(&good).is_ok());
    let state = good.state[..good.state.len() / 2].to_vec();
    assert!(Replica::from_snapshot(&ReplicaSnapshot { state, ..good }).is_err());
}
