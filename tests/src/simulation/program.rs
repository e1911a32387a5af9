//! A Yjs program as the y-websocket library makes them: it syncs when it connects, has no
//! acknowledgements, and comes again when the line is gone.

use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use server::room::ConnId;
use server::yjs::{self, Entry, YjsMessage};
use shared::board::{Board, ReplicaError};
use shared::id::ClientId;
use shared::time::Time;

use super::judge::{Judge, Violation, violation};
use super::line::{Heard, Line};
use super::tally::What;
use crate::scribble;

pub(super) struct Program {
    pub board: Board,
    pub line: Option<ConnId>,
    /// When it opens a socket, while it has none.
    pub opening: Option<Time>,
    pub next_act: Option<Time>,
    /// Updates that build on others which have not come yet: Yjs keeps them.
    early: Vec<Bytes>,
    rng: Rng,
    n_acts: u32,
    clock: u64,
}

impl Program {
    pub(super) fn new(n_acts: u32, mut rng: Rng) -> Self {
        Self {
            board: Board::new(ClientId::random(&mut rng), rng.u64(..)),
            line: None,
            opening: Some(Time(rng.u64(..1000))),
            next_act: Some(Time(rng.u64(..1000))),
            early: Vec::new(),
            rng,
            n_acts,
            clock: 0,
        }
    }

    /// Draws something or shows itself.
    pub(super) fn act(&mut self, line: Option<&mut Line>, now: Time, judge: &mut Judge) {
        let frame = if self.rng.u8(..5) == 0 {
            self.clock += 1;
            let state = Bytes::from_static(br#"{"user":{"name":"Program"}}"#);
            let own = Entry { client: self.board.author(), clock: self.clock, state };
            vec![yjs::awareness([&own].into_iter())]
        } else {
            judge.tally.count(What::Edit);
            self.n_acts = self.n_acts.saturating_sub(1);
            scribble(&mut self.board, &mut self.rng);
            self.board.take_updates().iter().map(|update| yjs::update(update)).collect()
        };
        if let Some(line) = line {
            frame.into_iter().for_each(|frame| line.say(frame.to_vec(), now));
        }
        let pause = Duration::from_millis(1 << self.rng.u32(2..10));
        self.next_act = (self.n_acts > 0).then(|| now + pause);
    }

    /// A socket is open, or could not be opened.
    pub(super) fn handle_opened(
        &mut self,
        conn: Option<ConnId>,
        line: Option<&mut Line>,
        now: Time,
    ) {
        self.line = conn;
        self.opening = None;
        match line {
            Some(line) => line.say(yjs::step1(&self.board.state_vector()).to_vec(), now),
            None => self.come_again(now),
        }
    }

    /// Something arrives.
    pub(super) fn hear(
        &mut self,
        heard: Heard,
        line: &mut Line,
        now: Time,
    ) -> Result<(), Violation> {
        let frame = match heard {
            Heard::Message(frame) => frame,
            Heard::Close(_) => {
                self.come_again(now);
                line.hang_up(now);
                return Ok(());
            }
        };
        let Ok(messages) = yjs::decode(frame.into()) else {
            return violation("a Yjs program hears nonsense");
        };
        for message in messages {
            match message {
                YjsMessage::Step1(state_vector) => match self.board.diff(&state_vector) {
                    Ok(update) => line.say(yjs::step2(&update).to_vec(), now),
                    Err(error) => return violation(format!("a step 1 is none: {error}")),
                },
                YjsMessage::Step2(update) | YjsMessage::Update(update) => {
                    self.take(update)?;
                }
                YjsMessage::Awareness(_) | YjsMessage::QueryAwareness => {}
            }
        }
        Ok(())
    }

    /// Takes in an update, and all that has waited for it.
    fn take(&mut self, update: Bytes) -> Result<(), Violation> {
        let mut is_news = true;
        self.early.push(update);
        while std::mem::take(&mut is_news) {
            for update in std::mem::take(&mut self.early) {
                match self.board.apply_remote(&update) {
                    Ok(()) => is_news = true,
                    Err(ReplicaError::Missing) => self.early.push(update),
                    Err(error) => {
                        return violation(format!("a Yjs program is sent no update: {error}"));
                    }
                }
            }
        }
        Ok(())
    }

    /// The line is gone.
    pub(super) fn come_again(&mut self, now: Time) {
        self.line = None;
        self.opening = Some(now + Duration::from_millis(self.rng.u64(100..2500)));
    }

    /// Whether it has drawn all that it wanted to and is connected.
    pub(super) fn is_done(&self) -> bool {
        self.next_act.is_none() && self.line.is_some()
    }
}
