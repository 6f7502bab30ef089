//! Enums as serde writes them: a string, or an object with one key.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, VariantAccess, Visitor};

use super::entries::Entries;
use super::key::KeyDeserializer;
use super::type_error::TypeError;

/// The name of a variant, and its data.
pub(super) struct EnumVariant<'b, 'a, 's, 'de> {
    pub(super) name: Cow<'de, str>,
    pub(super) data: VariantData<'b, 'a, 's, 'de>,
}

/// The data of a variant; `None` if the enum is a string.
pub(super) struct VariantData<'b, 'a, 's, 'de>(pub(super) Option<&'b mut Entries<'a, 's, 'de>>);

impl<'b, 'a, 's, 'de> EnumAccess<'de> for EnumVariant<'b, 'a, 's, 'de> {
    type Error = TypeError;
    type Variant = VariantData<'b, 'a, 's, 'de>;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self::Variant), TypeError> {
        let name = seed.deserialize(KeyDeserializer::new(self.name))?;
        Ok((name, self.data))
    }
}

impl<'de> VariantAccess<'de> for VariantData<'_, '_, '_, 'de> {
    type Error = TypeError;

    fn unit_variant(self) -> Result<(), TypeError> {
        match self.0 {
            Some(entries) => entries.next_value(),
            None => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, TypeError> {
        match self.0 {
            Some(entries) => entries.next_value_seed(seed),
            None => Err(TypeError::custom("a variant without data")),
        }
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

/// Passes an array to a visitor.
struct SeqVisitorSeed<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for SeqVisitorSeed<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        inner.deserialize_seq(self.0)
    }
}

/// Passes an object to a visitor.
struct MapVisitorSeed<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for MapVisitorSeed<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        inner.deserialize_map(self.0)
    }
}
