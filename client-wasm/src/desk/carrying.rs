//! The courier that brings the work of pages that are gone, and its socket.

use editor::Input;
use shared::session::{Courier, Event};

use super::network::REPLACED;
use super::{Desk, Handle};
use crate::socket::{Heard, Socket, Unheard};
use crate::{clock, early};

/// A courier on its way.
pub(super) struct Carrier {
    pub(super) courier: Courier,
    socket: Option<Socket>,
    /// Which of its sockets that is.
    number: u64,
}

impl Carrier {
    fn send(&mut self) {
        while let Some(frame) = self.courier.session.poll_transmit() {
            if let Some(socket) = &self.socket {
                socket.send(&frame);
            }
        }
    }
}

impl Desk {
    /// Sends a courier if one is needed, and drives the one that is on its way.
    pub(super) fn carry(&mut self, handle: &Handle) {
        if self.carrier.is_none() && !self.is_leaving {
            let seed = clock::seed();
            let courier = self.session.poll_courier(clock::now(), seed);
            self.carrier = courier.map(|courier| Carrier { courier, socket: None, number: 0 });
        }
        let Some(mut carrier) = self.carrier.take() else { return };
        carrier.send();
        while let Some(event) = carrier.courier.session.poll_event() {
            match event {
                Event::Open => self.open_carriers_socket(&mut carrier, handle),
                Event::Close(code) => {
                    if let Some(socket) = carrier.socket.take() {
                        socket.close(code);
                    }
                }
                Event::Board => drop(self.input(Input::BoardChanged)),
                Event::Refused(why) | Event::Stranded(why) => {
                    return self.part_from_room(why, handle);
                }
                Event::Replaced => return self.part_from_room(REPLACED.into(), handle),
                Event::Outdated => return self.show_outdated(),
                Event::Connection(_)
                | Event::Members
                | Event::Presence(_)
                | Event::Saved
                | Event::Rtt(_)
                | Event::Unkept
                | Event::Damaged
                | Event::Broken => {}
            }
            carrier.send();
        }
        if self.session.attend(&mut carrier.courier) {
            carrier.send();
            self.carrier = Some(carrier);
        }
    }

    fn open_carriers_socket(&mut self, carrier: &mut Carrier, handle: &Handle) {
        carrier.number = clock::seed();
        let (number, handle) = (carrier.number, handle.clone());
        let hear = move |heard| {
            handle.with(move |desk| desk.hear_for_carrier(number, heard));
        };
        let socket = Unheard::open(&early::socket_address(self.room.as_str()));
        carrier.socket = socket.map(|socket| Socket::hear(socket, hear));
        if carrier.socket.is_none() {
            carrier.courier.session.handle_close(clock::now(), 1006, "");
        }
    }

    fn hear_for_carrier(&mut self, number: u64, heard: Heard) {
        let Some(carrier) = self.carrier.as_mut().filter(|it| it.number == number) else { return };
        let (now, session) = (clock::now(), &mut carrier.courier.session);
        match heard {
            Heard::Open => session.handle_open(now, &self.board),
            Heard::Frame(bytes) => session.handle_message(now, &bytes, &mut self.board),
            Heard::Closed { code, reason } => {
                carrier.socket = None;
                session.handle_close(now, code, &reason);
            }
        }
    }
}
