//! The order of Java's hash maps, in which servers list threads and namespaces.

/// The smallest number of buckets.
const MIN_BUCKETS: usize = 16;

/// Sorts items as a `ConcurrentHashMap` with these keys would list them.
pub(super) fn sort_by_hash<T>(items: &mut [T], key: impl Fn(&T) -> &str) {
    let mut buckets = MIN_BUCKETS;
    // A table is doubled when three quarters of it are used.
    while items.len() >= buckets - buckets / 4 {
        buckets *= 2;
    }
    items.sort_by_key(|item| hash(key(item)) as usize & (buckets - 1));
}

/// `String.hashCode`, with its upper half folded into the lower one.
fn hash(key: &str) -> u32 {
    let hash = key.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::sort_by_hash;

    #[test]
    fn keys_are_listed_in_the_order_of_their_buckets() {
        let mut keys = ["two", "one", "b", "a", "zeta", "alpha"];
        sort_by_hash(&mut keys, |key| key);
        assert_eq!(keys, ["zeta", "a", "b", "one", "alpha", "two"]);
    }
}
