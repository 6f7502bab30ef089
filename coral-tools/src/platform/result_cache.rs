//! Results of earlier calls, so that no call runs twice.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

use crate::platform::event::ToolCall;
use crate::platform::turn::CallOutcome;

const MAX_ENTRIES: usize = 4096;
const MAX_BYTES: usize = 64 << 20;

/// A cache of the results of calls, by session and call: the last 4096, at most 64 MiB together. If a platform repeats a call,
/// because of a disconnect or a lost response, its result comes from here; a call that still runs is awaited, not run again.
///
/// Clones share their results. Each client of a platform has its own cache; a program with several clients can share one between
/// them with the client's `result_cache`, or set one on a [`Run`](super::Run). The cache is in memory: after a restart, a call
/// whose result the platform has not received runs again, and so does a call that was running when a [`Run`](super::Run) was
/// dropped. A tool whose effect must not repeat stores the [`call_id`](crate::CallContext::call_id) with it.
#[derive(Clone, Default)]
pub struct ResultCache {
    entries: Arc<Mutex<CacheEntries>>,
}

/// The session, the call's id, and the sequence number of its request: model providers may use an id again.
type CacheKey = (String, String, Option<u64>);

#[derive(Default)]
struct CacheEntries {
    by_key: HashMap<CacheKey, CacheEntry>,
    /// Oldest first.
    order: VecDeque<CacheKey>,
    bytes: usize,
}

#[derive(Default)]
struct CacheEntry {
    cell: Arc<OnceCell<CachedResult>>,
    /// 0 while the call runs.
    bytes: usize,
}

/// The result of a call, as the agent reads it.
#[derive(Debug, Clone)]
pub(super) struct CachedResult {
    pub(super) json: Arc<[u8]>,
    pub(super) outcome: CallOutcome,
}

impl ResultCache {
    /// An empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the cached result of a call, or else runs it with `run`; and whether the result was cached.
    pub(super) async fn get_or_run(
        &self,
        session: &str,
        call: &ToolCall,
        run: impl Future<Output = CachedResult>,
    ) -> (CachedResult, bool) {
        let key = (session.to_owned(), call.id.clone(), call.sequence);
        let cell = self.entries().cell(&key);
        let mut is_new = false;
        let result = cell.get_or_init(async || {
            is_new = true;
            run.await
        });
        let result = result.await.clone();
        if is_new {
            self.entries().add_bytes(&key, result.json.len());
        }
        (result, !is_new)
    }

    fn entries(&self) -> MutexGuard<'_, CacheEntries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CacheEntries {
    fn cell(&mut self, key: &CacheKey) -> Arc<OnceCell<CachedResult>> {
        if let Some(entry) = self.by_key.get(key) {
            return Arc::clone(&entry.cell);
        }
        let entry = CacheEntry::default();
        let cell = Arc::clone(&entry.cell);
        self.order.push_back(key.clone());
        self.by_key.insert(key.clone(), entry);
        self.evict();
        cell
    }

    fn add_bytes(&mut self, key: &CacheKey, bytes: usize) {
        if let Some(entry) = self.by_key.get_mut(key) {
            entry.bytes = bytes;
            self.bytes += bytes;
            self.evict();
        }
    }

    fn evict(&mut self) {
        while self.order.len() > 1 && (self.order.len() > MAX_ENTRIES || self.bytes > MAX_BYTES) {
            let oldest = self.order.pop_front().and_then(|key| self.by_key.remove(&key));
            self.bytes -= oldest.map_or(0, |entry| entry.bytes);
        }
    }
}

impl fmt::Debug for ResultCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResultCache").field("entries", &self.entries().order.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn is_cached(cache: &ResultCache, sequence: u64, bytes: usize) -> bool {
        let call =
            ToolCall { id: "call_1".into(), sequence: Some(sequence), tool: String::new(), arguments: Vec::new() };
        let run = async || CachedResult { json: vec![b' '; bytes].into(), outcome: CallOutcome::Success };
        cache.get_or_run("session_1", &call, run()).await.1
    }

    #[tokio::test]
    async fn the_oldest_results_are_evicted_by_count_and_by_size() {
        let cache = ResultCache::new();
        for sequence in 0..=MAX_ENTRIES as u64 {
            assert!(!is_cached(&cache, sequence, 0).await);
        }
        assert!(is_cached(&cache, MAX_ENTRIES as u64, 0).await && is_cached(&cache, 1, 0).await);
        assert!(!is_cached(&cache, 0, MAX_BYTES / 2).await && is_cached(&cache, MAX_ENTRIES as u64, 0).await);
        assert!(!is_cached(&cache, 1, MAX_BYTES / 2).await && is_cached(&cache, 0, 0).await, "both fit");
        assert!(!is_cached(&cache, 2, 1).await && !is_cached(&cache, 0, 0).await, "the older large one was evicted");
        assert!(is_cached(&cache, 1, 0).await && is_cached(&cache, 2, 0).await);
    }
}
