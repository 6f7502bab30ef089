//! The deserializer that types see. The compiler generates its functions for each type, so they only call others.

use serde::de::value::MapDeserializer;
use serde::de::{Deserializer, Visitor};

use super::entries::Entries;
use super::enumeration::{EnumVariant, VariantData};
use super::{ArgumentValue, Shape, TypeError};

/// The name of the newtype that `RawValue` of `serde_json` is deserialized from, and the key of the map in it.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

impl<'de> ArgumentValue<'_, '_, 'de> {
    fn visit_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, TypeError> {
        match self.shape() {
            Shape::Items => self.deserialize_seq(visitor),
            Shape::Entries => self.deserialize_map(visitor),
            Shape::Null | Shape::Scalar => self.scalar(&visitor)?.visit(visitor),
        }
    }
}

/// Methods of types that are neither arrays nor objects, so that no code for those is generated for each type.
macro_rules! scalars {
    ($read:ident: $($method:ident)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
            self.$read(&visitor)?.visit(visitor)
        }
    )*};
}

/// Methods of numbers. They are called for each item of an array of numbers, so they do not pass through [`Scalar`](super::Scalar).
macro_rules! numbers {
    ($($method:ident)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
            match self {
                Self::Text(value) => value.number()?.visit(visitor),
                Self::Matched(value) => value.scalar(&visitor)?.visit(visitor),
            }
        }
    )*};
}

macro_rules! any {
    ($($method:ident($($type:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $(_: $type,)* visitor: V) -> Result<V::Value, TypeError> {
            self.visit_any(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for ArgumentValue<'_, '_, 'de> {
    type Error = TypeError;

    scalars! { scalar:
        deserialize_bool deserialize_char deserialize_str deserialize_string deserialize_identifier
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16 deserialize_u32
        deserialize_u64 deserialize_f64
    }

    scalars! { f32: deserialize_f32 }

    scalars! { wide_integer: deserialize_i128 deserialize_u128 }

    any! {
        deserialize_bytes() deserialize_byte_buf() deserialize_unit() deserialize_unit_struct(&'static str)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        self.with_exact_number()?.visit_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self {
            Self::Text(value) if value.is_any() => {
                value.skip()?;
                visitor.visit_unit()
            }
            value => value.visit_any(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        let mut items = self.items(&visitor)?;
        let value = visitor.visit_seq(&mut items)?;
        items.end()?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, TypeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        let mut entries = self.entries(&visitor)?;
        let value = visitor.visit_map(&mut entries)?;
        entries.end()?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        self.log_unread(fields);
        self.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, TypeError> {
        match self.shape() {
            Shape::Null => {
                self.scalar(&visitor)?;
                visitor.visit_none()
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        if name != RAW_VALUE {
            return visitor.visit_newtype_struct(self);
        }
        let text = self.into_text()?;
        visitor.visit_map(MapDeserializer::new(std::iter::once((name, text))))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        let (name, mut entries) = self.variant(&visitor)?;
        let value = visitor.visit_enum(EnumVariant { name, data: VariantData(entries.as_mut()) })?;
        entries.as_mut().map_or(Ok(()), Entries::end)?;
        Ok(value)
    }
}
