//! Objects, entry by entry.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::buffered::read_buffered;
use super::selected_object::{ReadEntries, SelectedObject};
use super::{CheckingSeed, ExpectedNode, ensure, not_allowed};
use crate::schema::read::checked::MapVisitorSeed;
use crate::schema::read::key::KeyDeserializer;
use crate::schema::read::parse::NUMBER_KEY;
use crate::schema::read::parsed::ParsedValue;
use crate::schema::read::seen_keys::SeenKeys;
use crate::schema::tree::node::{NodeKind, NullRule, ObjectSchema, UnlistedKeyRule};

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
        self.expected.visit_map(inner, self.visitor)
    }
}

impl<'s> ExpectedNode<'s> {
    pub(super) fn visit_map<'de, V, A>(self, inner: A, visitor: V) -> Result<V::Value, A::Error>
    where
        V: Visitor<'de>,
        A: MapAccess<'de>,
    {
        match &self.node.kind {
            NodeKind::Object(object) => self.visit_object(object, ReadEntries::default(), inner, visitor),
            _ => self.visit_selected(inner, visitor),
        }
    }

    fn visit_selected<'de, V, A>(self, mut inner: A, visitor: V) -> Result<V::Value, A::Error>
    where
        V: Visitor<'de>,
        A: MapAccess<'de>,
    {
        match self.select(&mut inner)? {
            SelectedObject::Object(node, object, read) => node.visit_object(object, read, inner, visitor),
            SelectedObject::Buffered(node, value) => read_buffered(node, &value, MapVisitorSeed(visitor)),
            SelectedObject::Number(number) => self.number(number, visitor),
        }
    }

    fn visit_object<'de, V, A>(
        self,
        object: &'s ObjectSchema,
        read: ReadEntries<'de>,
        inner: A,
        visitor: V,
    ) -> Result<V::Value, A::Error>
    where
        V: Visitor<'de>,
        A: MapAccess<'de>,
    {
        let seen = SeenKeys::default();
        let state = ReadState { expected: self, object, seen, read, next: None, next_read: None, likely: 0 };
        let mut entries = CheckedMapAccess { state, inner };
        let value = visitor.visit_map(&mut entries)?;
        ensure(entries.state.seen.has_required(object))?;
        Ok(value)
    }
}

/// A value that was read before its key is passed on.
enum ReadValue<'s, 'de> {
    Tag(Cow<'de, str>),
    Other(ExpectedNode<'s>, ParsedValue<'de>),
}

/// The entries of an object; unknown and duplicate keys are errors.
struct CheckedMapAccess<'s, 'de, A> {
    state: ReadState<'s, 'de>,
    inner: A,
}

/// The state of reading an object.
struct ReadState<'s, 'de> {
    expected: ExpectedNode<'s>,
    object: &'s ObjectSchema,
    seen: SeenKeys<'de>,
    read: ReadEntries<'de>,
    /// The node of the next value, which has not been read.
    next: Option<ExpectedNode<'s>>,
    /// The next value, if it has been read.
    next_read: Option<ReadValue<'s, 'de>>,
    /// The index of the field after the last one, which is probably the next.
    likely: usize,
}

impl<'s, 'de> ReadState<'s, 'de> {
    /// Records a key. Returns the node of its value, unless the schema forbids the key or it is a duplicate.
    #[inline]
    #[expect(clippy::ptr_arg, reason = "a borrowed key is kept without a copy")]
    fn enter(&mut self, key: &Cow<'de, str>) -> Option<ExpectedNode<'s>> {
        let object = self.object;
        match object.field_near(self.likely, key) {
            Some((index, field)) if self.seen.add_field(index, key) => {
                self.likely = index + 1;
                let optional = field.null == NullRule::AbsentByType;
                Some(ExpectedNode { optional, ..self.expected.inside(&field.node) })
            }
            Some(_) => None,
            None => self.enter_additional(key),
        }
    }

    #[expect(clippy::ptr_arg, reason = "a borrowed key is kept without a copy")]
    fn enter_additional(&mut self, key: &Cow<'de, str>) -> Option<ExpectedNode<'s>> {
        match self.object.additional(key) {
            // A number, or a key of this name, which only the second pass can tell apart.
            UnlistedKeyRule::Schema(_) if key == NUMBER_KEY => None,
            UnlistedKeyRule::Schema(node) => self.seen.add_other(key.clone()).then(|| self.expected.inside(node)),
            UnlistedKeyRule::Forbidden | UnlistedKeyRule::Unspecified => None,
        }
    }

    /// Passes a key on to the type, if the schema allows it.
    #[inline]
    fn read_key<K, E>(&mut self, key: Cow<'de, str>, seed: K) -> Result<K::Value, E>
    where
        K: DeserializeSeed<'de>,
        E: Error,
    {
        self.next = self.enter(&key);
        ensure(self.next.is_some())?;
        seed.deserialize(KeyDeserializer::new(key))
    }

    /// Returns the next key that was read with its value.
    fn next_read_key<E: Error>(&mut self) -> Result<Option<Cow<'de, str>>, E> {
        if let Some((key, tag)) = self.read.tag.take() {
            ensure(self.enter(&key).is_some())?;
            self.next_read = Some(ReadValue::Tag(tag));
            return Ok(Some(key));
        }
        let Some((key, value)) = self.read.earlier.pop() else {
            return Ok(None);
        };
        let expected = self.enter(&key).ok_or_else(not_allowed)?;
        self.next_read = Some(ReadValue::Other(expected, value));
        Ok(Some(key))
    }

    fn read_value<T: DeserializeSeed<'de>, E: Error>(&mut self, seed: T) -> Result<T::Value, E> {
        match self.next_read.take() {
            Some(ReadValue::Tag(tag)) => seed.deserialize(CowStrDeserializer::new(tag)),
            Some(ReadValue::Other(expected, value)) => read_buffered(expected, &value, seed),
            None => Err(not_allowed()),
        }
    }
}

/// Checks a key and passes it on.
struct CheckedKeySeed<'a, 's, 'de, K> {
    state: &'a mut ReadState<'s, 'de>,
    seed: K,
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
        self.state.read_key(Cow::Borrowed(key), self.seed)
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<K::Value, E> {
        self.state.read_key(Cow::Owned(key.to_owned()), self.seed)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for &mut CheckedMapAccess<'_, 'de, A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let state = &mut self.state;
        if state.read.is_empty() {
            return self.inner.next_key_seed(CheckedKeySeed { state, seed });
        }
        if let Some(key) = state.next_read_key()? {
            return seed.deserialize(KeyDeserializer::new(key)).map(Some);
        }
        match state.read.key.take() {
            Some(key) => state.read_key(key, seed).map(Some),
            None => self.inner.next_key_seed(CheckedKeySeed { state, seed }),
        }
    }

    #[inline]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        match self.state.next.take() {
            Some(expected) => self.inner.next_value_seed(CheckingSeed { expected, seed }),
            None => self.state.read_value(seed),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}
