//! Objects, key by key.

use std::collections::HashSet;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess};

use super::key::WatchedKey;
use super::{Place, REFUSED, Seed};
use crate::schema::shape::Object;
use crate::schema::tidy::holds_null;

/// As many fields as [`Entries`] has bits for; larger objects are read whole first.
pub(super) const MAX_FIELDS: usize = 128;

/// The entries of an object, each key at most once and only if the schema has it.
pub(super) struct Entries<'s, A> {
    state: State<'s>,
    inner: A,
}

/// What has come so far.
pub(super) struct State<'s> {
    place: Place<'s>,
    object: &'s Object,
    /// One bit for each field that came.
    seen: u128,
    /// Keys that came and are not fields.
    others: HashSet<Box<str>>,
    /// The place of the value whose key was read last.
    current: Option<Place<'s>>,
}

impl<'s, A> Entries<'s, A> {
    pub(super) fn new(place: Place<'s>, object: &'s Object, inner: A) -> Self {
        let state = State {
            place,
            object,
            seen: 0,
            others: HashSet::new(),
            current: None,
        };
        Self { state, inner }
    }

    /// Whether every required field came.
    pub(super) fn are_complete(&self) -> bool {
        let State { object, seen, .. } = &self.state;
        let mut fields = object.fields.iter().enumerate();
        fields.all(|(index, field)| !field.required || seen & (1 << index) != 0)
    }
}

impl State<'_> {
    /// Takes note of a key; the schema has it, and it is new.
    pub(super) fn enter(&mut self, key: &str) -> bool {
        match self.object.field(key) {
            Some((index, _)) => self.enter_field(index),
            None => self.enter_other(key),
        }
    }

    fn enter_field(&mut self, index: usize) -> bool {
        let field = &self.object.fields[index];
        let tree = self.place.tree;
        // `null` means the default, which the type gives only if there is nothing at all.
        let by_null = tree.null_is_absence && !field.required && field.node.notes.default.is_none();
        let mut place = self.place.inside(&field.node);
        place.optional = by_null && !holds_null(tree, &field.node);
        self.current = Some(place);
        let bit = 1 << index;
        let is_new = self.seen & bit == 0;
        self.seen |= bit;
        is_new
    }

    fn enter_other(&mut self, key: &str) -> bool {
        let Some(node) = self.object.other(key) else {
            return false;
        };
        self.current = node.map(|node| self.place.inside(node));
        self.others.insert(key.into())
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for &mut Entries<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
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
