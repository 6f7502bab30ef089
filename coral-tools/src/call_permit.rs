//! [`CallPermit`]: the permission to run a call, which counts against limits until it is dropped.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A number of running calls.
#[derive(Debug, Default)]
pub(crate) struct CallCounter(AtomicUsize);

impl CallCounter {
    /// Counts a call until the result is dropped. Returns `None` if `limit` calls are running.
    pub(crate) fn try_add(self: &Arc<Self>, limit: usize) -> Option<CountedCall> {
        let add = |running: usize| (running < limit).then_some(running + 1);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).ok()?;
        Some(CountedCall(Arc::clone(self)))
    }
}

/// A call that a [`CallCounter`] counts.
#[derive(Debug)]
pub(crate) struct CountedCall(Arc<CallCounter>);

impl Drop for CountedCall {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The permission to run a call.
#[derive(Debug)]
#[expect(dead_code, reason = "the counts are held, not read")]
pub(crate) struct CallPermit {
    /// Among all calls.
    pub(crate) all: CountedCall,
    /// Among those of the same tool.
    pub(crate) tool: CountedCall,
    /// Among those of blocking tools.
    pub(crate) blocking: Option<CountedCall>,
}

/// Holds the permit of a call until a blocking tool takes it to its thread.
#[derive(Debug, Default)]
pub(crate) struct CallPermitSlot(Mutex<Option<CallPermit>>);

impl CallPermitSlot {
    pub(crate) fn new(permit: CallPermit) -> Self {
        Self(Mutex::new(Some(permit)))
    }

    pub(crate) fn take(&self) -> Option<CallPermit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A copy of a call has no permit.
impl Clone for CallPermitSlot {
    fn clone(&self) -> Self {
        Self::default()
    }
}
