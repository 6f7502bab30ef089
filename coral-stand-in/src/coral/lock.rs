//! Locking without poisoning.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Ignores poisoning: no change under a lock can panic half-way.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
