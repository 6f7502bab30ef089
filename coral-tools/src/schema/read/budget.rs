//! [`Budget`]: a limit for the work of checking one call.

use std::cell::Cell;

/// The steps of every call.
const STEPS: u64 = 1_000_000;
/// Additional steps for each byte of the body.
const STEPS_PER_BYTE: u64 = 16;

/// The steps that a call may still take. Each value that is buffered, compared with a node or tried as a variant is a step.
///
/// A value that is read in one pass takes none, because the work for it is proportional to its size.
#[derive(Debug)]
pub(crate) struct Budget {
    steps: Cell<u64>,
}

impl Budget {
    /// The budget of a body with `len` bytes.
    pub(crate) fn for_body(len: usize) -> Self {
        Self { steps: Cell::new(STEPS + STEPS_PER_BYTE * len as u64) }
    }

    #[cfg(test)]
    pub(in crate::schema) fn with_steps(steps: u64) -> Self {
        Self { steps: Cell::new(steps) }
    }

    #[cfg(test)]
    pub(in crate::schema) fn left(&self) -> u64 {
        self.steps.get()
    }

    /// The budget for values that are not from a call, such as defaults and results.
    pub(crate) fn unlimited() -> Self {
        Self { steps: Cell::new(u64::MAX) }
    }

    /// Takes steps. Returns `false` if there are not enough; then all further steps are refused too.
    pub(crate) fn take(&self, steps: usize) -> bool {
        let left = self.steps.get().checked_sub(steps as u64);
        self.steps.set(left.unwrap_or(0));
        left.is_some_and(|left| left > 0)
    }

    pub(crate) fn is_exhausted(&self) -> bool {
        self.steps.get() == 0
    }
}
