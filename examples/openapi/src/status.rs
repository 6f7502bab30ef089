//! A tool that is a method: it has a value of its own.

use std::sync::atomic::{AtomicUsize, Ordering};

use coral_tools::coral_tools;

/// How often the description of the API has been loaded.
#[derive(Debug, Default)]
pub(crate) struct Status {
    loads: AtomicUsize,
}

#[coral_tools]
impl Status {
    pub(crate) fn loaded(&self) {
        self.loads.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns how often the description of the API has been loaded.
    #[coral_tool(read_only)]
    fn loads(&self) -> usize {
        self.loads.load(Ordering::Relaxed)
    }
}
