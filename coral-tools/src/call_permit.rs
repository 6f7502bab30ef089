//! [`CallPermit`]: the permission to run a call, which counts against limits until it is dropped.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};

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

/// The permits of a call, which a blocking tool takes to its thread.
#[derive(Debug, Default)]
pub(crate) struct CallPermits(Mutex<HeldPermits>);

/// The permits that a thread holds until its function has ended, also if that is after the call.
#[derive(Debug, Default)]
#[expect(dead_code, reason = "the permits are held, not read")]
pub(crate) struct ThreadPermits {
    permit: Option<CallPermit>,
    of_middleware: Vec<Arc<dyn Any + Send + Sync>>,
}

#[derive(Debug, Default)]
struct HeldPermits {
    permit: Option<CallPermit>,
    /// Middleware releases its permits itself, unless a thread holds them as well.
    #[expect(clippy::box_collection, reason = "most calls have none, and every call has room for it")]
    of_middleware: Option<Box<Vec<Weak<dyn Any + Send + Sync>>>>,
}

impl CallPermits {
    #[cfg(feature = "webhook")]
    pub(crate) fn new(permit: CallPermit) -> Self {
        Self(Mutex::new(HeldPermits { permit: Some(permit), of_middleware: None }))
    }

    /// Adds a permit, which is released when the returned value is dropped and no thread runs a function of this call.
    pub(crate) fn add(&self, permit: impl Any + Send + Sync) -> Arc<dyn Any + Send + Sync> {
        let permit: Arc<dyn Any + Send + Sync> = Arc::new(permit);
        let mut held = self.held();
        let of_middleware = held.of_middleware.get_or_insert_default();
        of_middleware.retain(|permit| permit.strong_count() > 0);
        of_middleware.push(Arc::downgrade(&permit));
        permit
    }

    /// Returns the permits for a thread.
    pub(crate) fn for_thread(&self) -> ThreadPermits {
        let mut held = self.held();
        let of_middleware =
            held.of_middleware.iter().flat_map(|permits| &**permits).filter_map(Weak::upgrade).collect();
        ThreadPermits { permit: held.permit.take(), of_middleware }
    }

    fn held(&self) -> MutexGuard<'_, HeldPermits> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A copy of a call has no permits.
impl Clone for CallPermits {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// A value for each tool that is called, such as the number of its running calls.
#[derive(Debug)]
pub(crate) struct PerTool<T>(RwLock<BTreeMap<String, Arc<T>>>);

impl<T> PerTool<T> {
    /// Returns the value of a tool, and creates it if the tool has none.
    pub(crate) fn get(&self, tool: &str, new: impl FnOnce() -> T) -> Arc<T> {
        let values = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = values.get(tool) {
            return Arc::clone(value);
        }
        drop(values);
        let mut values = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Tools that are not called now, among them those that were removed from the set.
        values.retain(|_, value| Arc::strong_count(value) > 1);
        Arc::clone(values.entry(tool.to_owned()).or_insert_with(|| Arc::new(new())))
    }
}

impl<T> Default for PerTool<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}
