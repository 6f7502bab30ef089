//! Objects, entry by entry.

use std::collections::HashSet;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess};

use super::fields::ObjectReadState;
use super::key::CheckedKeyVisitor;
use super::{CheckingSeed, NOT_ALLOWED, ResolvedNode};
use crate::schema::tree::node::ObjectSchema;

/// The number of bits in [`ObjectReadState`]. Larger objects are buffered.
pub(super) const MAX_FIELDS: usize = 128;

/// The entries of an object; unknown and duplicate keys are errors.
pub(super) struct CheckedMapAccess<'s, A> {
    state: ObjectReadState<'s>,
    inner: A,
}

impl<'s, A> CheckedMapAccess<'s, A> {
    pub(super) fn new(expected: ResolvedNode<'s>, object: &'s ObjectSchema, inner: A) -> Self {
        let state = ObjectReadState { expected, object, seen_fields: 0, seen_keys: HashSet::new(), value_node: None };
        Self { state, inner }
    }

    /// Whether every required field has been read.
    pub(super) fn has_required_fields(&self) -> bool {
        let ObjectReadState { object, seen_fields, .. } = &self.state;
        let mut fields = object.fields.iter().enumerate();
        fields.all(|(index, field)| !field.required || seen_fields & (1 << index) != 0)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for &mut CheckedMapAccess<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let state = &mut self.state;
        self.inner.next_key_seed(CheckedKeySeed { state, seed })
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        match self.state.value_node.take() {
            Some(expected) => self.inner.next_value_seed(CheckingSeed { expected, seed }),
            None => Err(A::Error::custom(NOT_ALLOWED)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

struct CheckedKeySeed<'a, 's, K> {
    state: &'a mut ObjectReadState<'s>,
    seed: K,
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for CheckedKeySeed<'_, '_, K> {
    type Value = K::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<K::Value, D::Error> {
        let Self { state, seed } = self;
        inner.deserialize_str(CheckedKeyVisitor { state, seed })
    }
}
