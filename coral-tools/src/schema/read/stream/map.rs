//! Objects, entry by entry.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::read_state::ReadState;
use super::selected_object::SelectedObject;
use super::{CheckingSeed, ExpectedNode, ensure, from_inner, not_allowed, to_inner};
use crate::schema::read::checked::{MapVisitorSeed, TypeError};
use crate::schema::read::key::KeyDeserializer;
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::node::NodeKind;

/// The visitor of a type that is an object.
pub(super) struct CheckedMapVisitor<'s, V> {
    pub(super) expected: ExpectedNode<'s>,
    pub(super) visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedMapVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.expected.visit_map(inner, self.visitor, |_, _, _| Err(not_allowed())).map_err(to_inner)
    }
}

impl<'s> ExpectedNode<'s> {
    /// Passes an object on, or calls `visit_number` with a number that the JSON deserializer passes on as an object.
    pub(super) fn visit_map<'de, V, A>(
        self,
        inner: A,
        visitor: V,
        visit_number: fn(Self, Bound, V) -> Result<V::Value, TypeError>,
    ) -> Result<V::Value, TypeError>
    where
        V: Visitor<'de>,
        A: MapAccess<'de>,
    {
        let mut entries = CheckedMapAccess { state: ReadState::new(self), inner };
        match &self.node.kind {
            NodeKind::Object(object) => entries.state.object = Some(object),
            _ => match entries.state.select(&mut entries.inner)? {
                SelectedObject::Entries => {}
                SelectedObject::Buffered(value) => {
                    return entries.state.expected.match_value(&value)?.read(MapVisitorSeed(visitor));
                }
                SelectedObject::Number(number) => return visit_number(self, number, visitor),
            },
        }
        let value = visitor.visit_map(&mut entries)?;
        ensure(entries.state.is_complete())?;
        Ok(value)
    }
}

/// The entries of an object; unknown and duplicate keys are errors.
struct CheckedMapAccess<'s, 'de, A> {
    state: ReadState<'s, 'de>,
    inner: A,
}

/// Checks a key and passes it on.
struct CheckedKeySeed<'a, 's, 'de, K> {
    state: &'a mut ReadState<'s, 'de>,
    seed: K,
}

impl<'de, K: DeserializeSeed<'de>> CheckedKeySeed<'_, '_, 'de, K> {
    #[inline]
    fn pass_on<E: Error>(self, key: Cow<'de, str>) -> Result<K::Value, E> {
        let Self { state, seed } = self;
        let is_allowed = ensure(state.enter(&key));
        is_allowed.and_then(|()| seed.deserialize(KeyDeserializer::new(key))).map_err(to_inner)
    }
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for CheckedKeySeed<'_, '_, 'de, K> {
    type Value = K::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<K::Value, D::Error> {
        inner.deserialize_str(self)
    }
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for CheckedKeySeed<'_, '_, 'de, K> {
    type Value = K::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<K::Value, E> {
        self.pass_on(Cow::Borrowed(key))
    }

    #[cold]
    fn visit_str<E: Error>(self, key: &str) -> Result<K::Value, E> {
        self.pass_on(Cow::Owned(key.to_owned()))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for &mut CheckedMapAccess<'_, 'de, A> {
    type Error = TypeError;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, TypeError> {
        let state = &mut self.state;
        let read = if state.is_unread() { None } else { state.next_read_key()? };
        match read {
            Some(key) => seed.deserialize(KeyDeserializer::new(key)).map(Some),
            None => self.inner.next_key_seed(CheckedKeySeed { state, seed }).map_err(from_inner),
        }
    }

    #[inline]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, TypeError> {
        match self.state.has_value() {
            true => self.state.read_value(seed),
            false => self.inner.next_value_seed(CheckingSeed { expected: self.state.next, seed }).map_err(from_inner),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}
