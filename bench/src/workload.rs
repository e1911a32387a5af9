//! The loads that every server is put under, as a table.

use crate::contender::Contender;

/// What clients do, how many of them, and to whom.
pub struct Workload {
    /// A word to choose it by.
    pub name: &'static str,
    /// What the table calls it.
    pub title: &'static str,
    /// Rooms at the same time.
    pub n_rooms: usize,
    /// Clients in each room.
    pub per_room: usize,
    /// What they do.
    pub activity: Activity,
    /// Whether vandals are in the room too.
    pub is_disturbed: bool,
    /// Who is measured.
    pub contenders: &'static [Contender],
}

/// What the clients of a workload do.
#[derive(Clone, Copy)]
pub enum Activity {
    /// Each moves its cursor this many times a second.
    Cursors(u32),
    /// The first client of the only room edits this many times a second.
    Edits(u32),
    /// Nothing: what a connection costs in memory.
    Idle,
}

const ALL: &[Contender] = &Contender::ALL;

/// In the order of the table.
pub const WORKLOADS: [Workload; 7] = [
    Workload {
        name: "room",
        title: "1 room × 100 clients × 20 Hz cursors",
        n_rooms: 1,
        per_room: 100,
        activity: Activity::Cursors(20),
        is_disturbed: false,
        contenders: ALL,
    },
    Workload {
        name: "rooms",
        title: "20 rooms × 10 clients × 20 Hz cursors",
        n_rooms: 20,
        per_room: 10,
        activity: Activity::Cursors(20),
        is_disturbed: false,
        contenders: ALL,
    },
    Workload {
        name: "edits",
        title: "1 writer × 50 Hz edits, 100 readers",
        n_rooms: 1,
        per_room: 101,
        activity: Activity::Edits(50),
        is_disturbed: false,
        contenders: ALL,
    },
    Workload {
        name: "idle",
        title: "1,000 idle connections in 100 rooms",
        n_rooms: 100,
        per_room: 10,
        activity: Activity::Idle,
        is_disturbed: false,
        contenders: ALL,
    },
    Workload {
        name: "crowd",
        title: "1 room × 1,000 clients × 10 Hz cursors",
        n_rooms: 1,
        per_room: 1000,
        activity: Activity::Cursors(10),
        is_disturbed: false,
        contenders: &[Contender::TandemNative],
    },
    Workload {
        name: "calm",
        title: "1 room × 97 clients × 20 Hz cursors",
        n_rooms: 1,
        per_room: 97,
        activity: Activity::Cursors(20),
        is_disturbed: false,
        contenders: ALL,
    },
    Workload {
        name: "hostile",
        title: "the same 97 clients, and 3 vandals",
        n_rooms: 1,
        per_room: 97,
        activity: Activity::Cursors(20),
        is_disturbed: true,
        contenders: ALL,
    },
];
