//! Which events have been seen.

use std::collections::{HashSet, VecDeque};

use super::event::Event;

/// So many events are remembered, so as to know them again.
const REMEMBERED: usize = 8192;

/// The events that have been seen, by their place, or by their id where they have none.
#[derive(Debug, Default)]
pub(super) struct Seen {
    keys: HashSet<Key>,
    order: VecDeque<Key>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Place(u64),
    Id(String),
}

impl Seen {
    /// Whether it has not been seen before; it has, then.
    pub(super) fn is_new(&mut self, event: &Event) -> bool {
        let key = event.sequence.map_or_else(|| Key::Id(event.id.clone()), Key::Place);
        if !self.keys.insert(key.clone()) {
            return false;
        }
        self.order.push_back(key);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.keys.remove(&oldest);
        }
        true
    }
}
