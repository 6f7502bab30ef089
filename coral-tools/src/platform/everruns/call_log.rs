//! What is told of one call.

/// A call, by the places of the events that say something of it.
#[derive(Debug, Default)]
pub(super) struct CallLog {
    pub(super) asked: Option<u64>,
    /// Its place among the calls of the same event.
    pub(super) index: usize,
    pub(super) done: Option<Done>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Done {
    pub(super) at: u64,
    pub(super) lost: bool,
}

impl CallLog {
    /// An answer to an earlier call of this id is none to this one.
    pub(super) fn done(&self) -> Option<Done> {
        self.done.filter(|done| self.asked.is_none_or(|asked| done.at >= asked))
    }

    pub(super) fn is_open(&self) -> bool {
        self.asked.is_some() && self.done().is_none()
    }
}
