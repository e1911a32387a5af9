//! The socket as RFC 6455 has it: what is right is understood however it is cut, what is wrong ends
//! the connection by the right code, and nobody else notices.
//!
//! The cases follow the sections of the Autobahn test suite. Its own need an endpoint that echoes;
//! here a `Ping` of the protocol is the question, and its `Pong` says that it was heard.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod closing;
mod control;
mod fragments;
mod framing;
mod handshake;
mod heartbeat;
mod reserved;
mod room;
mod size;
mod text;
