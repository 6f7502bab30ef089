//! Objects, key by key.

use std::collections::HashSet;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess};

use super::fields::State;
use super::key::WatchedKey;
use super::{Place, REFUSED, Seed};
use crate::schema::tree::node::Object;

/// As many fields as [`Entries`] has bits for; larger objects are read whole first.
pub(super) const MAX_FIELDS: usize = 128;

/// The entries of an object, each key at most once and only if the schema has it.
pub(super) struct Entries<'s, A> {
    state: State<'s>,
    inner: A,
}

impl<'s, A> Entries<'s, A> {
    pub(super) fn new(place: Place<'s>, object: &'s Object, inner: A) -> Self {
        let state = State { place, object, seen: 0, others: HashSet::new(), current: None };
        Self { state, inner }
    }

    /// Whether every required field came.
    pub(super) fn are_complete(&self) -> bool {
        let State { object, seen, .. } = &self.state;
        let mut fields = object.fields.iter().enumerate();
        fields.all(|(index, field)| !field.required || seen & (1 << index) != 0)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for &mut Entries<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let state = &mut self.state;
        self.inner.next_key_seed(KeySeed { state, seed })
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        match self.state.current.take() {
            Some(place) => self.inner.next_value_seed(Seed { place, seed }),
            None => Err(A::Error::custom(REFUSED)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

struct KeySeed<'a, 's, K> {
    state: &'a mut State<'s>,
    seed: K,
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for KeySeed<'_, '_, K> {
    type Value = K::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<K::Value, D::Error> {
        let Self { state, seed } = self;
        inner.deserialize_str(WatchedKey { state, seed })
    }
}
