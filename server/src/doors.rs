//! How many connections are open, in all and from each address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::limits::Limits;
use crate::metrics::Refusal;

/// Counts connections; clones are the same doors.
#[derive(Clone)]
pub struct Doors(Arc<Inner>);

struct Inner {
    limits: Arc<Limits>,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    n_all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One connection's place; free again when it is dropped.
pub struct Entry {
    doors: Doors,
    /// `None` where addresses do not count.
    address: Option<IpAddr>,
}

impl Doors {
    /// Doors that let in as many as `limits` says.
    pub fn new(limits: Arc<Limits>) -> Self {
        Self(Arc::new(Inner { limits, open: Mutex::default() }))
    }

    /// A place for a connection from `address`, if it is known.
    pub fn enter(&self, address: Option<IpAddr>) -> Result<Entry, Refusal> {
        let address = address.and_then(counted);
        let mut open = self.lock();
        if open.n_all >= self.0.limits.connections {
            return Err(Refusal::Connections);
        }
        if let Some(address) = address {
            let n = open.by_address.entry(address).or_default();
            if *n >= self.0.limits.address_connections {
                return Err(Refusal::AddressConnections);
            }
            *n += 1;
        }
        open.n_all += 1;
        Ok(Entry { doors: self.clone(), address })
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        // Nothing panics between two changes that belong together.
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut open = self.doors.lock();
        open.n_all -= 1;
        if let Some(address) = self.address
            && let Some(n) = open.by_address.get_mut(&address)
        {
            *n -= 1;
            if *n == 0 {
                open.by_address.remove(&address);
            }
        }
    }
}

/// What counts as one address: none on this machine, and of IPv6 the network that a household gets.
fn counted(address: IpAddr) -> Option<IpAddr> {
    match address.to_canonical() {
        address if address.is_loopback() => None,
        IpAddr::V6(address) => {
            let network = address.to_bits() & !u128::from(u64::MAX);
            Some(IpAddr::V6(Ipv6Addr::from_bits(network)))
        }
        address @ IpAddr::V4(_) => Some(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doors() -> Doors {
        let limits = Limits { connections: 4, address_connections: 2, ..Limits::default() };
        Doors::new(Arc::new(limits))
    }

    fn enter(doors: &Doors, address: &str) -> Result<Entry, Refusal> {
        doors.enter(Some(address.parse().unwrap()))
    }

    #[test]
    fn an_address_has_its_share_and_gets_it_back() {
        let doors = doors();
        let first = enter(&doors, "192.0.2.1").ok();
        let second = enter(&doors, "::ffff:192.0.2.1").ok();
        assert!(first.is_some() && second.is_some());
        assert_eq!(enter(&doors, "192.0.2.1").err(), Some(Refusal::AddressConnections));
        assert!(enter(&doors, "192.0.2.2").is_ok());
        drop(first);
        assert!(enter(&doors, "192.0.2.1").is_ok());
        drop(second);
        assert!(doors.lock().by_address.is_empty());
        assert_eq!(doors.lock().n_all, 0);
    }

    #[test]
    fn one_network_is_one_address() {
        let doors = doors();
        let _first = enter(&doors, "2001:db8::1").ok();
        let _second = enter(&doors, "2001:db8::2").ok();
        assert!(enter(&doors, "2001:db8::3").is_err());
        assert!(enter(&doors, "2001:db8:0:1::3").is_ok());
    }

    #[test]
    fn this_machine_counts_only_in_all() {
        let doors = doors();
        let entries: Vec<_> =
            ["127.0.0.1", "127.0.0.2", "::1", "127.0.0.1"].map(|it| enter(&doors, it)).into();
        assert!(entries.iter().all(Result::is_ok));
        assert_eq!(enter(&doors, "127.0.0.1").err(), Some(Refusal::Connections));
    }
}
