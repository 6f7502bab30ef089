//! Which events have been seen.

use std::collections::BTreeSet;

/// So many places are remembered, so as to know them again.
const REMEMBERED: usize = 8192;

/// The events that have been seen, by their places.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Everything before this place has been.
    from: u64,
    places: BTreeSet<u64>,
}

impl Seen {
    /// Whether the event of this place has not been seen before; it has, then.
    pub(super) fn is_new(&mut self, place: u64) -> bool {
        let is_new = place >= self.from && self.places.insert(place);
        if self.places.len() > REMEMBERED {
            self.places.pop_first();
        }
        is_new
    }

    /// Nothing up to here will be told for the first time.
    pub(super) fn all_to(&mut self, place: u64) {
        self.from = self.from.max(place.saturating_add(1));
        self.places = self.places.split_off(&self.from);
    }
}
