//! A browser with one store, its pages, and a server, all in one thread and without time of their own.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use shared::board::{Board, Replica, ReplicaError};
use shared::color::Color;
use shared::element::{NewElement, Shape, Style};
use shared::geometry::{Bounds, Geometry};
use shared::id::{ClientId, ElementId, Incarnation, MemberId, Seq};
use shared::keep::{Found, Keep, Key, Write};
use shared::presence::PresencePatch;
use shared::protocol::{
    ClientMessage, CloseCode, Hello, Identity, Member, Role, ServerMessage, Ticket, Welcome,
};
use shared::session::{Courier, Event, Session};
use shared::time::Time;

/// What is in view of all pages: some of what is drawn.
pub const VIEW: Bounds = Bounds { x0: -50.0, y0: -50.0, x1: 150.0, y1: 50.0 };

/// What all pages of a browser share.
#[derive(Default)]
pub struct Browser {
    pub store: BTreeMap<Key, Vec<u8>>,
    last_key: u64,
    locks: BTreeSet<ClientId>,
    has_keeper: bool,
    /// The store refuses everything.
    pub is_full: bool,
}

impl Browser {
    pub fn new() -> Rc<RefCell<Self>> {
        Rc::default()
    }

    /// Does all of a write, or nothing.
    pub fn write(&mut self, write: &Write) -> Option<Vec<Key>> {
        if self.is_full && !write.put.is_empty() {
            return None;
        }
        for key in &write.delete {
            self.store.remove(key);
        }
        let mut put = |bytes: &Vec<u8>| {
            self.last_key += 1;
            self.store.insert(Key(self.last_key), bytes.clone());
            Key(self.last_key)
        };
        Some(write.put.iter().map(&mut put).collect())
    }

    fn read(&self, found: &mut Found) {
        for (&key, bytes) in self.store.range(found.next()..) {
            found.read(key, bytes);
        }
    }
}

/// One room of a server.
pub struct Server {
    pub replica: Replica,
    pub incarnation: Incarnation,
    pub is_up: bool,
    /// What is sent to all who are connected.
    log: Vec<Vec<u8>>,
    /// Why somebody was refused for good, if that happened.
    pub refusals: Vec<String>,
}

impl Server {
    pub fn new() -> Self {
        let replica = Replica::default();
        Self { replica, incarnation: Incarnation(1), is_up: true, log: vec![], refusals: vec![] }
    }

    fn ticket(client: ClientId) -> Ticket {
        Ticket(client.value().to_be_bytes().to_vec())
    }

    fn welcome(&mut self, hello: &Hello) -> Result<ServerMessage, String> {
        let is_proved = hello.ticket.as_ref() == Some(&Self::ticket(hello.client));
        if !is_proved && self.replica.knows(hello.client) {
            return Err("this client id is somebody else's".into());
        }
        let is_same_life = hello.incarnation.is_none_or(|it| it == self.incarnation);
        let known: &[u8] = if is_same_life { &hello.state_vector } else { &[] };
        let (id, presence) = (MemberId(0), PresencePatch::default());
        Ok(ServerMessage::Welcome(Welcome {
            you: id,
            role: Role::Editor,
            members: vec![Member { id, identity: hello.identity.clone(), presence }],
            incarnation: self.incarnation,
            seq: Seq(self.log.len() as u64),
            update: self.replica.diff(known).unwrap(),
            state_vector: self.replica.state_vector(),
            ticket: Self::ticket(hello.client),
        }))
    }
}

/// A socket's end at the server.
#[derive(Default)]
struct Line {
    is_open: bool,
    client: Option<ClientId>,
    /// How much of the log was sent.
    n_sent: usize,
}

/// One page of the board.
pub struct Page {
    browser: Rc<RefCell<Browser>>,
    pub session: Session,
    pub board: Board,
    pub own: ClientId,
    adopted: Vec<ClientId>,
    is_keeper: bool,
    line: Line,
    courier: Option<(Courier, Line)>,
    write: Option<Write>,
    pub events: Vec<Event>,
    /// All that was drawn here.
    pub drawn: Vec<ElementId>,
    pub found_damage: bool,
    pub now: Time,
    rng: fastrand::Rng,
}

impl Page {
    /// Opens the board as the driver does: reads, takes an id that is free, reads on, begins.
    pub fn open(browser: &Rc<RefCell<Browser>>, seed: u64) -> Self {
        Self::open_after(browser, seed, 0)
    }

    /// Opens the board by parts, as the driver does with a large one: [`Page::load`] does the rest.
    pub fn open_in_parts(browser: &Rc<RefCell<Browser>>, seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut shared = browser.borrow_mut();
        let mut found = Found::default();
        shared.read(&mut found);
        let mut adopted = found.workers();
        adopted.extend(found.usable());
        adopted.retain(|client| shared.locks.insert(*client));
        let author = ClientId::random(&mut rng);
        shared.locks.insert(author);
        let found_damage = found.is_damaged();
        let (keep, shelf) = Keep::shelving(found, author, adopted.clone());
        let identity = Identity::new("Ann", Color::INK);
        let session = Session::opening(identity, None, rng.u64(..), keep, shelf);
        let board = Board::new(author, rng.u64(..));
        drop(shared);
        let mut page = Self::new(browser, session, board, adopted, found_damage, rng);
        page.session.load_in_parts(VIEW);
        page
    }

    /// Takes so many steps of loading what is loaded by parts.
    pub fn load(&mut self, most: usize) {
        for _ in 0..most {
            if !self.session.is_loading() {
                return;
            }
            self.session.load_more(self.now, &mut self.board);
        }
    }

    /// Opens the board after so many pages that did and came to a sudden end.
    pub fn open_after(browser: &Rc<RefCell<Browser>>, seed: u64, n_ended: u32) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut shared = browser.borrow_mut();
        let mut found = Found::default();
        shared.read(&mut found);
        let mut own = found.usable().into_iter().find(|client| shared.locks.insert(*client));
        let mut adopted = found.workers();
        adopted.retain(|client| shared.locks.insert(*client));
        found.distrust(n_ended);
        let mut author = own.unwrap_or_else(|| ClientId::random(&mut rng));
        let (mut board, is_whole) = found.assemble(author, rng.u64(..));
        if let Some(used) = own.filter(|_| !is_whole) {
            adopted.push(used);
            own = None;
            author = ClientId::random(&mut rng);
            (board, _) = found.assemble(author, rng.u64(..));
        }
        shared.locks.insert(author);
        let found_damage = found.is_damaged();
        let keep = Keep::new(found, author, own.is_some(), adopted.clone());
        let identity = Identity::new("Ann", Color::INK);
        let session = Session::keeping(identity, None, rng.u64(..), keep);
        drop(shared);
        Self::new(browser, session, board, adopted, found_damage, rng)
    }

    fn new(
        browser: &Rc<RefCell<Browser>>,
        session: Session,
        board: Board,
        adopted: Vec<ClientId>,
        found_damage: bool,
        rng: fastrand::Rng,
    ) -> Self {
        let is_keeper = !std::mem::replace(&mut browser.borrow_mut().has_keeper, true);
        let mut page = Self {
            browser: Rc::clone(browser),
            session,
            own: board.author(),
            board,
            adopted,
            is_keeper,
            line: Line::default(),
            courier: None,
            write: None,
            events: Vec::new(),
            drawn: Vec::new(),
            found_damage,
            now: Time(0),
            rng,
        };
        if page.is_keeper {
            page.session.handle_keeper(&page.board);
        }
        page.session.connect(page.now);
        page
    }

    pub fn draw(&mut self) -> ElementId {
        let x = f64::from(self.rng.u16(..40) * 10);
        let geometry = Some(Geometry { x, w: 10.0, h: 10.0, ..Geometry::default() });
        let id = self.board.insert(NewElement::new(geometry, Style::default(), Shape::Rectangle));
        self.session.handle_edits(&mut self.board);
        self.drawn.push(id.clone());
        id
    }

    /// Moves an element: an edit that builds on the one that drew it.
    pub fn place(&mut self, id: &ElementId, x: f64) {
        self.board.place(&[(id.clone(), Geometry { x, w: 10.0, h: 10.0, ..Geometry::default() })]);
        self.session.handle_edits(&mut self.board);
    }

    /// Hands the next write to the store, if none is under way.
    pub fn begin_write(&mut self) {
        if self.write.is_none() {
            self.write = self.session.poll_write();
        }
    }

    /// The store does the write that is under way.
    pub fn end_write(&mut self) {
        if let Some(write) = self.write.take() {
            let keys = self.browser.borrow_mut().write(&write);
            self.session.handle_written(keys);
        }
    }

    /// Everything that the store has to do.
    pub fn store_all(&mut self) {
        loop {
            self.begin_write();
            if self.write.is_none() {
                return;
            }
            self.end_write();
        }
    }

    /// Reads what other pages have written, and adopts those that are gone.
    pub fn look_around(&mut self) {
        let Some(keep) = self.session.keep() else { return };
        let mut found = Found::default();
        for (&key, bytes) in self.browser.borrow().store.range(keep.next()..) {
            found.read(key, bytes);
        }
        self.session.handle_found(found, &mut self.board);
        for client in self.session.keep().unwrap().strangers() {
            if self.browser.borrow_mut().locks.insert(client) {
                self.adopted.push(client);
                self.session.adopt(client);
            }
        }
        let is_free = !std::mem::replace(&mut self.browser.borrow_mut().has_keeper, true);
        if is_free {
            self.is_keeper = true;
            self.session.handle_keeper(&self.board);
        }
    }

    /// Sends and hears, at most `most` frames of the page and its courier.
    pub fn exchange(&mut self, server: &mut Server, most: usize) {
        let budget = &mut { most };
        drive(
            &mut self.session,
            &mut self.board,
            &mut self.line,
            server,
            self.now,
            budget,
            &mut self.events,
        );
        if self.courier.is_none() {
            let seed = self.rng.u64(..);
            self.courier =
                self.session.poll_courier(self.now, seed).map(|it| (it, Line::default()));
        }
        if let Some((courier, line)) = &mut self.courier {
            drive(
                &mut courier.session,
                &mut self.board,
                line,
                server,
                self.now,
                budget,
                &mut self.events,
            );
            if !self.session.attend(courier) {
                self.courier = None;
            }
        }
    }

    /// Lets time pass, until waits for the next attempt are over.
    pub fn wait(&mut self) {
        self.now = self.now + Duration::from_secs(16);
        self.session.handle_timeout(self.now);
        if let Some((courier, _)) = &mut self.courier {
            courier.session.handle_timeout(self.now);
        }
    }

    /// Everything, until the server has all of it.
    pub fn settle(&mut self, server: &mut Server) {
        for _ in 0..50 {
            self.load(usize::MAX);
            self.store_all();
            self.exchange(server, usize::MAX);
            self.look_around();
            if !self.session.is_loading() && self.session.n_unsaved() == 0 {
                self.store_all();
                return;
            }
            self.wait();
        }
        panic!(
            "{} edits are still unsaved; refused: {:?}",
            self.session.n_unsaved(),
            server.refusals
        );
    }

    pub fn ids(&self) -> BTreeSet<ElementId> {
        self.board.elements().map(|element| element.id.clone()).collect()
    }

    /// The page is gone, whatever it was doing.
    pub fn close(self) {}

    /// The page goes, and knows it: what is under way may be done or not, and what waits is written.
    pub fn leave(self, is_done: bool) {
        let last = self.session.keep().and_then(Keep::last_write);
        let mut browser = self.browser.borrow_mut();
        for write in self.write.iter().filter(|_| is_done).chain(&last) {
            browser.write(write);
        }
        drop(browser);
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let mut browser = self.browser.borrow_mut();
        browser.locks.remove(&self.own);
        for client in &self.adopted {
            browser.locks.remove(client);
        }
        if self.is_keeper {
            browser.has_keeper = false;
        }
    }
}

fn drive(
    session: &mut Session,
    board: &mut Board,
    line: &mut Line,
    server: &mut Server,
    now: Time,
    budget: &mut usize,
    events: &mut Vec<Event>,
) {
    if line.is_open && !server.is_up {
        *line = Line::default();
        session.handle_close(now, 1006, "");
    }
    loop {
        while let Some(event) = session.poll_event() {
            match &event {
                Event::Open if server.is_up => {
                    *line = Line { is_open: true, ..Line::default() };
                    session.handle_open(now, board);
                }
                Event::Open => session.handle_close(now, 1006, ""),
                Event::Close(_) => *line = Line::default(),
                _ => {}
            }
            events.push(event);
        }
        while line.client.is_some() && line.n_sent < server.log.len() {
            let bytes = server.log[line.n_sent].clone();
            line.n_sent += 1;
            let seq = Seq(line.n_sent as u64);
            let update = shared::protocol::LoggedUpdate { seq, bytes };
            session.handle_message(now, &ServerMessage::Update(update).encode(), board);
        }
        if *budget == 0 || !line.is_open {
            return;
        }
        let Some(frame) = session.poll_transmit() else { return };
        *budget -= 1;
        let refuse = |server: &mut Server,
                      session: &mut Session,
                      line: &mut Line,
                      code: CloseCode,
                      why: &str| {
            *line = Line::default();
            if code == CloseCode::Refused {
                server.refusals.push(why.into());
            }
            session.handle_close(now, code as u16, why);
        };
        match ClientMessage::decode(&frame).unwrap() {
            ClientMessage::Hello(hello) => match server.welcome(&hello) {
                Ok(welcome) => {
                    (line.client, line.n_sent) = (Some(hello.client), server.log.len());
                    session.handle_message(now, &welcome.encode(), board);
                }
                Err(why) => refuse(server, session, line, CloseCode::Refused, &why),
            },
            ClientMessage::Update(update) => match server.replica.check(&update.bytes) {
                Ok(checked) if checked.authors().iter().any(|it| Some(*it) != line.client) => {
                    refuse(server, session, line, CloseCode::Refused, "somebody else's id");
                }
                Ok(checked) => {
                    let bytes = checked.trimmed().unwrap_or(&update.bytes).to_vec();
                    server.replica.apply(checked).unwrap();
                    server.log.push(bytes);
                    session.handle_message(now, &ServerMessage::Ack(update.batch).encode(), board);
                }
                Err(ReplicaError::Missing) => {
                    refuse(server, session, line, CloseCode::TryLater, "");
                }
                Err(error) => refuse(server, session, line, CloseCode::Refused, &error.to_string()),
            },
            ClientMessage::Presence(_) | ClientMessage::Ping(_) | ClientMessage::Rename(_) => {}
        }
    }
}
