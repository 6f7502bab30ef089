//! Enums as serde writes them: a string, or an object with one key.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, VariantAccess, Visitor};

use super::{CheckingSeed, ExpectedNode, ensure, from_inner, not_allowed, to_inner};
use crate::schema::read::checked::{MapVisitorSeed, SeqVisitorSeed, TypeError};
use crate::schema::read::key::KeyDeserializer;
use crate::schema::read::parse::KeySeed;
use crate::schema::tree::node::{NodeKind, ObjectSchema, ObjectSelector, SchemaNode};

/// The visitor of an enum.
pub(super) struct CheckedEnumVisitor<'s, V> {
    pub(super) expected: ExpectedNode<'s>,
    pub(super) visitor: V,
}

impl<'s> ExpectedNode<'s> {
    /// Returns the node of the data of the variant with this name.
    fn variant_data(&self, name: &str) -> Option<&'s SchemaNode> {
        let data = |object: &'s ObjectSchema| object.field(name).map(|(_, field)| &field.node);
        match &self.as_only_object().node.kind {
            NodeKind::Any => Some(self.node),
            NodeKind::Object(object) if object.only_key() == Some(name) => data(object),
            NodeKind::Union(union) if union.selector == ObjectSelector::Key => {
                let (_, object) =
                    self.context.tree.objects(union).find(|(_, object)| object.only_key() == Some(name))?;
                data(object)
            }
            _ => None,
        }
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedEnumVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        ensure(self.expected.allows_str(text)).map_err(to_inner)?;
        self.visitor.visit_enum(StrDeserializer::new(text)).map_err(to_inner)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        ensure(self.expected.allows_str(text)).map_err(to_inner)?;
        self.visitor.visit_enum(BorrowedStrDeserializer::new(text)).map_err(to_inner)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut inner: A) -> Result<V::Value, A::Error> {
        let name = inner.next_key_seed(KeySeed)?.ok_or_else(|| to_inner(not_allowed()))?;
        let data = self.expected.variant_data(&name).ok_or_else(|| to_inner(not_allowed()))?;
        let expected = self.expected.inside(data);
        let value = self.visitor.visit_enum(CheckedVariant { name, expected, inner: &mut inner });
        let value = value.map_err(to_inner)?;
        ensure(inner.next_key_seed(KeySeed)?.is_none()).map_err(to_inner)?;
        Ok(value)
    }
}

/// The variant whose name has been read, and its data.
struct CheckedVariant<'s, 'm, 'de, A> {
    name: Cow<'de, str>,
    expected: ExpectedNode<'s>,
    inner: &'m mut A,
}

impl<'s, 'm, 'de, A: MapAccess<'de>> EnumAccess<'de> for CheckedVariant<'s, 'm, 'de, A> {
    type Error = TypeError;
    type Variant = CheckedVariantData<'s, 'm, A>;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self::Variant), TypeError> {
        let Self { name, expected, inner } = self;
        let variant = seed.deserialize(KeyDeserializer::new(name))?;
        Ok((variant, CheckedVariantData { expected, inner }))
    }
}

struct CheckedVariantData<'s, 'm, A> {
    expected: ExpectedNode<'s>,
    inner: &'m mut A,
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for CheckedVariantData<'_, '_, A> {
    type Error = TypeError;

    fn unit_variant(self) -> Result<(), TypeError> {
        self.newtype_variant_seed(std::marker::PhantomData)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, TypeError> {
        self.inner.next_value_seed(CheckingSeed { expected: self.expected, seed }).map_err(from_inner)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, TypeError> {
        self.newtype_variant_seed(SeqVisitorSeed(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        self.newtype_variant_seed(MapVisitorSeed(visitor))
    }
}
