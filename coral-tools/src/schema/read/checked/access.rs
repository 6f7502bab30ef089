//! The items of an array, the entries of an object, and an enum with data.

use std::borrow::Cow;
use std::slice;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::type_error::TypeError;
use super::{CheckedValue, is_absent};
use crate::schema::read::key::KeyDeserializer;
use crate::schema::read::parsed::ParsedValue;
use crate::schema::tree::location::LocationStep;
use crate::schema::tree::node::{NodeKind, SchemaNode};

type Entry<'de> = (Cow<'de, str>, ParsedValue<'de>);

/// The step from a value to one inside it.
#[derive(Clone, Copy)]
enum ChildStep<'k> {
    Index(usize),
    Key(&'k str),
}

/// The items of an array.
pub(super) struct CheckedItems<'a, 's, 'de> {
    array: CheckedValue<'a, 's, 'de>,
    items: slice::Iter<'a, ParsedValue<'de>>,
    index: usize,
}

impl<'a, 's, 'de> CheckedItems<'a, 's, 'de> {
    pub(super) fn new(array: CheckedValue<'a, 's, 'de>, items: &'a [ParsedValue<'de>]) -> Self {
        Self { array, items: items.iter(), index: 0 }
    }

    fn item_node(&self) -> Option<&'s SchemaNode> {
        match &self.array.node?.kind {
            NodeKind::Array(array) => array.item(self.index),
            _ => None,
        }
    }
}

// `#[inline(never)]`: the code for a type of fields is shared by all types with such fields. Speed matters in `stream` only.
impl<'de> SeqAccess<'de> for CheckedItems<'_, '_, 'de> {
    type Error = TypeError;

    #[inline(never)]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, TypeError> {
        let Some(item) = self.items.next() else {
            return Ok(None);
        };
        let item = self.array.child(self.item_node(), item);
        let index = self.index;
        self.index += 1;
        self.array.read_child(item, ChildStep::Index(index), seed).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

impl<'a, 's, 'de> CheckedValue<'a, 's, 'de> {
    fn read_child<T: DeserializeSeed<'de>>(
        &self,
        child: CheckedValue<'a, 's, 'de>,
        step: ChildStep<'_>,
        seed: T,
    ) -> Result<T::Value, TypeError> {
        seed.deserialize(child).inspect_err(|_| self.add_failure(step, child.node))
    }

    #[cold]
    #[inline(never)]
    fn add_failure(&self, step: ChildStep<'_>, node: Option<&'s SchemaNode>) {
        let step = match step {
            ChildStep::Index(index) => LocationStep::Index(index),
            ChildStep::Key(key) => LocationStep::Key(key.to_owned()),
        };
        if let Some(failures) = self.shared.failures {
            failures.add(self.depth, step, node);
        }
    }

    /// The value of a key of this object.
    #[inline(never)]
    fn member(&self, key: &str, value: &'a ParsedValue<'de>) -> Self {
        let node = match self.node.map(|node| &node.kind) {
            Some(NodeKind::Object(object)) => object.value(key),
            _ => None,
        };
        self.child(node, value)
    }
}

/// The entries of an object, without those that stand for absent values.
pub(super) struct CheckedEntries<'a, 's, 'de> {
    object: CheckedValue<'a, 's, 'de>,
    entries: slice::Iter<'a, Entry<'de>>,
    current: Option<&'a Entry<'de>>,
}

impl<'a, 's, 'de> CheckedEntries<'a, 's, 'de> {
    pub(super) fn new(object: CheckedValue<'a, 's, 'de>, entries: &'a [Entry<'de>]) -> Self {
        Self { object, entries: entries.iter(), current: None }
    }

    #[inline(never)]
    fn next_entry_key(&mut self) -> Option<Cow<'de, str>> {
        let node = self.object.node;
        self.current = self.entries.find(|(key, value)| !is_absent(node, key, value));
        self.current.map(|(key, _)| key.clone())
    }

    #[cold]
    #[inline(never)]
    fn add_key_failure(&self) {
        if let (Some((key, _)), Some(failures)) = (self.current, self.object.shared.failures) {
            failures.add_key(self.object.depth, key);
        }
    }
}

impl<'de> MapAccess<'de> for CheckedEntries<'_, '_, 'de> {
    type Error = TypeError;

    #[inline(never)]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, TypeError> {
        match self.next_entry_key() {
            Some(key) => seed.deserialize(KeyDeserializer::new(key)).map(Some).inspect_err(|_| self.add_key_failure()),
            None => Ok(None),
        }
    }

    #[inline(never)]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, TypeError> {
        let (key, value) = self.current.take().ok_or_else(|| TypeError::custom("a value without a key"))?;
        let member = self.object.member(key, value);
        self.object.read_child(member, ChildStep::Key(key), seed)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// An enum with data: an object with one key.
pub(super) struct CheckedVariant<'a, 's, 'de> {
    object: CheckedValue<'a, 's, 'de>,
    entry: &'a Entry<'de>,
}

impl<'a, 's, 'de> CheckedVariant<'a, 's, 'de> {
    pub(super) fn new(object: CheckedValue<'a, 's, 'de>, entries: &'a [Entry<'de>]) -> Result<Self, TypeError> {
        match entries {
            [entry] => Ok(Self { object, entry }),
            _ => Err(TypeError::custom("not an object with one key")),
        }
    }

    fn read<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, TypeError> {
        let (key, value) = self.entry;
        let member = self.object.member(key, value);
        self.object.read_child(member, ChildStep::Key(key), seed)
    }
}

impl<'de> EnumAccess<'de> for CheckedVariant<'_, '_, 'de> {
    type Error = TypeError;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), TypeError> {
        let name = seed.deserialize(KeyDeserializer::new(self.entry.0.clone()))?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for CheckedVariant<'_, '_, 'de> {
    type Error = TypeError;

    fn unit_variant(self) -> Result<(), TypeError> {
        self.read(std::marker::PhantomData)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, TypeError> {
        self.read(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, TypeError> {
        self.read(SeqVisitorSeed(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        self.read(MapVisitorSeed(visitor))
    }
}

/// Passes an array to a visitor.
pub(crate) struct SeqVisitorSeed<V>(pub(crate) V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for SeqVisitorSeed<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        inner.deserialize_seq(self.0)
    }
}

/// Passes an object to a visitor.
pub(crate) struct MapVisitorSeed<V>(pub(crate) V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for MapVisitorSeed<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        inner.deserialize_map(self.0)
    }
}
