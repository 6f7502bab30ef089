//! Keys of objects, which some maps deserialize as numbers.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};
use serde::forward_to_deserialize_any;

use super::NOT_ALLOWED;
use super::fields::ObjectReadState;

/// Checks a key and passes it to the type.
pub(super) struct CheckedKeyVisitor<'a, 's, K> {
    pub(super) state: &'a mut ObjectReadState<'s>,
    pub(super) seed: K,
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for CheckedKeyVisitor<'_, '_, K> {
    type Value = K::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<K::Value, E> {
        if !self.state.enter(text) {
            return Err(E::custom(NOT_ALLOWED));
        }
        let error = PhantomData;
        self.seed.deserialize(KeyDeserializer { text, error })
    }
}

/// Deserializes a key, which is a string in JSON even if it is a number in the map.
struct KeyDeserializer<'k, E> {
    text: &'k str,
    error: PhantomData<E>,
}

macro_rules! deserialize_number {
    ($($method:ident => $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
            match self.text.parse() {
                Ok(key) => visitor.$visit(key),
                Err(_) => Err(E::custom(NOT_ALLOWED)),
            }
        }
    )*};
}

impl<'de, E: Error> Deserializer<'de> for KeyDeserializer<'_, E> {
    type Error = E;

    deserialize_number! {
        deserialize_i8 => visit_i8
        deserialize_i16 => visit_i16
        deserialize_i32 => visit_i32
        deserialize_i64 => visit_i64
        deserialize_i128 => visit_i128
        deserialize_u8 => visit_u8
        deserialize_u16 => visit_u16
        deserialize_u32 => visit_u32
        deserialize_u64 => visit_u64
        deserialize_u128 => visit_u128
        deserialize_bool => visit_bool
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_str(self.text)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_enum(StrDeserializer::new(self.text))
    }

    forward_to_deserialize_any! {
        f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
