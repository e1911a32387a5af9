//! One WebSocket, as callbacks. Closing it drops the callbacks, so nothing is heard of it any more.

use crate::early;
use js_sys::{ArrayBuffer, Uint8Array};
use shared::protocol::CloseCode;
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

/// What a socket reports.
pub(crate) enum Heard {
    /// It is open.
    Open,
    /// A binary frame came.
    Frame(Vec<u8>),
    /// It closed, or never opened.
    Closed {
        /// The close code; 1006 without one.
        code: u16,
        /// Why, in words.
        reason: String,
    },
}

/// An open or opening socket.
pub(crate) struct Socket {
    socket: WebSocket,
    _on_open: Closure<dyn FnMut()>,
    _on_frame: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

/// A socket that nobody hears yet: the server says nothing before it was greeted.
pub(crate) struct Unheard(WebSocket);

impl Unheard {
    /// Begins to open a socket; `None` if the browser refuses the address.
    pub(crate) fn open(url: &str) -> Option<Self> {
        let socket = WebSocket::new(url).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        Some(Self(socket))
    }

    /// The one that the document has opened.
    pub(crate) fn early() -> Option<Self> {
        early::socket().map(Self)
    }

    /// Whether it has closed already.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.ready_state() > WebSocket::OPEN
    }
}

impl Socket {
    /// Hears what a socket has to report from now on, and that it is open if it is already.
    pub(crate) fn hear(socket: Unheard, hear: impl Fn(Heard) + Clone + 'static) -> Self {
        let Unheard(socket) = socket;
        if socket.ready_state() == WebSocket::OPEN {
            hear(Heard::Open);
        }
        let (on_open, on_frame, on_close) = (hear.clone(), hear.clone(), hear);
        let open = Closure::<dyn FnMut()>::new(move || on_open(Heard::Open));
        let frame = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                on_frame(Heard::Frame(Uint8Array::new(&buffer).to_vec()));
            }
        });
        let close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            on_close(Heard::Closed { code: event.code(), reason: event.reason() });
        });
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(frame.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        Self { socket, _on_open: open, _on_frame: frame, _on_close: close }
    }

    /// Sends a binary frame. One that cannot be sent is lost with its connection, whose end is heard.
    pub(crate) fn send(&self, frame: &[u8]) {
        self.socket.send_with_u8_array(frame).ok();
    }

    /// Closes it with a code that a page may use.
    pub(crate) fn close(self, code: CloseCode) {
        let code = if code == CloseCode::Normal { 1000 } else { 4000 };
        self.socket.close_with_code(code).ok();
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        self.socket.close().ok();
    }
}
