//! [`CacheEntries`]: cached results, bounded in number and bytes.

use std::sync::Arc;

use tokio::time::Instant;

use crate::call::CallOrigin;
use crate::middleware::lru_map::LruMap;

/// The calls that have the same result.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct CacheKey {
    pub(super) tool: String,
    pub(super) arguments: Vec<u8>,
    /// The session or namespace.
    pub(super) owner: Option<(CallOrigin, String)>,
}

#[derive(Debug)]
pub(super) struct CachedJson {
    pub(super) json: Arc<[u8]>,
    pub(super) expires: Instant,
}

#[derive(Debug)]
pub(super) struct CacheEntries {
    results: LruMap<CacheKey, CachedJson>,
    bytes: usize,
    max_results: usize,
    max_bytes: usize,
}

impl Default for CacheEntries {
    fn default() -> Self {
        Self::new(1000, 16 << 20)
    }
}

impl CacheEntries {
    pub(super) fn new(max_results: usize, max_bytes: usize) -> Self {
        Self { results: LruMap::default(), bytes: 0, max_results, max_bytes }
    }

    pub(super) fn get(&mut self, key: &CacheKey, now: Instant) -> Option<Arc<[u8]>> {
        let cached = self.results.get_mut(key)?;
        if cached.expires > now {
            return Some(Arc::clone(&cached.json));
        }
        let expired = self.results.remove(key)?;
        self.bytes -= size(key, &expired);
        None
    }

    pub(super) fn insert(&mut self, key: CacheKey, cached: CachedJson) {
        let added = size(&key, &cached);
        if added > self.max_bytes {
            return;
        }
        let key_size = added - cached.json.len();
        let replaced = self.results.insert(key, cached);
        self.bytes += added;
        self.bytes -= replaced.map_or(0, |previous| key_size + previous.json.len());
        while self.results.len() > self.max_results || self.bytes > self.max_bytes {
            let Some((key, dropped)) = self.results.pop_oldest() else { return };
            self.bytes -= size(&key, &dropped);
        }
    }
}

/// The bytes of an entry: its key is stored twice.
fn size(key: &CacheKey, cached: &CachedJson) -> usize {
    let owner = key.owner.as_ref().map_or(0, |(_, name)| name.len());
    2 * (key.tool.len() + key.arguments.len() + owner) + cached.json.len()
}
