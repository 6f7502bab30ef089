//! [`LruMap`]: a map that can remove the entry that was used least recently.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

/// A map that knows the order in which its entries were used.
#[derive(Debug)]
pub(super) struct LruMap<K, V> {
    entries: HashMap<K, Entry<V>>,
    /// The keys by their last use, the oldest first.
    order: BTreeMap<u64, K>,
    uses: u64,
}

#[derive(Debug)]
struct Entry<V> {
    last_use: u64,
    value: V,
}

impl<K, V> Default for LruMap<K, V> {
    fn default() -> Self {
        Self { entries: HashMap::new(), order: BTreeMap::new(), uses: 0 }
    }
}

impl<K: Clone + Eq + Hash, V> LruMap<K, V> {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns the value of `key`, which is the most recently used one now.
    pub(super) fn get_mut<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let entry = self.entries.get_mut(key)?;
        let key = self.order.remove(&entry.last_use)?;
        self.uses += 1;
        entry.last_use = self.uses;
        self.order.insert(self.uses, key);
        Some(&mut entry.value)
    }

    /// Sets the value of `key`, which is the most recently used one now. Returns the previous value.
    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let previous = self.remove(&key);
        self.uses += 1;
        self.order.insert(self.uses, key.clone());
        self.entries.insert(key, Entry { last_use: self.uses, value });
        previous
    }

    pub(super) fn remove<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let entry = self.entries.remove(key)?;
        self.order.remove(&entry.last_use);
        Some(entry.value)
    }

    /// Removes the entry that was used least recently.
    pub(super) fn pop_oldest(&mut self) -> Option<(K, V)> {
        let (_, key) = self.order.pop_first()?;
        let entry = self.entries.remove(&key)?;
        Some((key, entry.value))
    }
}

#[cfg(test)]
mod tests {
    use super::LruMap;

    #[test]
    fn the_entry_that_was_used_least_recently_is_the_oldest() {
        let mut map = LruMap::default();
        for key in ["a", "b", "c"] {
            assert_eq!(map.insert(key, 0), None);
        }
        *map.get_mut("a").expect("an entry") += 1;
        assert_eq!(map.insert("b", 5), Some(0));
        assert_eq!(map.remove("missing"), None);
        let oldest: Vec<_> = std::iter::from_fn(|| map.pop_oldest()).collect();
        assert_eq!(oldest, [("c", 0), ("a", 1), ("b", 5)]);
        assert_eq!(map.len(), 0);
    }
}
