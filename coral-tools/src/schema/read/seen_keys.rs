//! [`SeenKeys`]: the keys of an object that have been read.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::schema::tree::node::ObjectSchema;

/// The number of fields that are bits. The names of further fields are kept like those of additional keys.
const BITS: usize = 64;

/// The keys of one object that have been read, to find duplicate keys and missing fields.
#[derive(Debug, Default)]
pub(crate) struct SeenKeys<'k> {
    fields: u64,
    others: OtherKeys<'k>,
}

impl<'k> SeenKeys<'k> {
    /// Adds the field with this index. Returns `false` if it was there before.
    #[inline]
    #[expect(clippy::ptr_arg, reason = "a borrowed key is kept without a copy")]
    pub(crate) fn add_field(&mut self, index: usize, key: &Cow<'k, str>) -> bool {
        if index >= BITS {
            return self.add_other(key.clone());
        }
        let bit = 1 << index;
        let is_new = self.fields & bit == 0;
        self.fields |= bit;
        is_new
    }

    /// Adds a key that is not a field. Returns `false` if it was there before.
    pub(crate) fn add_other(&mut self, key: Cow<'k, str>) -> bool {
        self.others.add(key)
    }

    /// Whether every required field has been read.
    #[inline]
    pub(crate) fn has_required(&self, object: &ObjectSchema) -> bool {
        let bits = object.required_bits;
        self.fields & bits == bits && (object.fields.len() <= BITS || self.has_required_others(object))
    }

    fn has_required_others(&self, object: &ObjectSchema) -> bool {
        object.fields[BITS..].iter().all(|field| !field.required || self.others.contains(&field.name))
    }
}

/// A set of keys. Keys in ascending order, as many programs write them, need no hash.
#[derive(Debug)]
enum OtherKeys<'k> {
    Ascending(Vec<Cow<'k, str>>),
    Hashed(HashSet<Cow<'k, str>>),
}

impl Default for OtherKeys<'_> {
    fn default() -> Self {
        Self::Ascending(Vec::new())
    }
}

impl<'k> OtherKeys<'k> {
    fn add(&mut self, key: Cow<'k, str>) -> bool {
        match self {
            Self::Ascending(keys) if keys.last().is_none_or(|last| *last < key) => {
                keys.push(key);
                true
            }
            Self::Ascending(keys) => {
                let mut hashed: HashSet<_> = std::mem::take(keys).into_iter().collect();
                let is_new = hashed.insert(key);
                *self = Self::Hashed(hashed);
                is_new
            }
            Self::Hashed(keys) => keys.insert(key),
        }
    }

    fn contains(&self, key: &str) -> bool {
        match self {
            Self::Ascending(keys) => keys.iter().any(|own| own == key),
            Self::Hashed(keys) => keys.contains(key),
        }
    }
}
