//! Values of any type.

use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{CheckingDeserializer, ExpectedNode, ensure, to_inner};
use crate::schema::tree::constraint::Bound;

/// The visitor of a type that accepts values of several JSON types.
pub(super) struct CheckedVisitor<'s, V> {
    pub(super) expected: ExpectedNode<'s>,
    pub(super) visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        ensure(self.expected.allows_bool(value)).map_err(to_inner)?;
        self.visitor.visit_bool(value).map_err(to_inner)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        self.expected.visit_i64(value, self.visitor).map_err(to_inner)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        self.expected.visit_u64(value, self.visitor).map_err(to_inner)
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<V::Value, E> {
        self.expected.number(Bound::Int(value), self.visitor).map_err(to_inner)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        self.expected.visit_f64(value, self.visitor).map_err(to_inner)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        ensure(self.expected.allows_str(text)).map_err(to_inner)?;
        self.visitor.visit_str(text).map_err(to_inner)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        ensure(self.expected.allows_str(text)).map_err(to_inner)?;
        self.visitor.visit_borrowed_str(text).map_err(to_inner)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        ensure(self.expected.allows_null()).map_err(to_inner)?;
        self.visitor.visit_unit().map_err(to_inner)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.expected.visit_seq(inner, self.visitor).map_err(to_inner)
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.expected
            .visit_map(inner, self.visitor, |expected, number, visitor| expected.number(number, visitor))
            .map_err(to_inner)
    }
}

/// The visitor of an `Option`.
pub(super) struct CheckedOptionVisitor<'s, V> {
    pub(super) expected: ExpectedNode<'s>,
    pub(super) visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedOptionVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        ensure(self.expected.allows_null()).map_err(to_inner)?;
        self.visitor.visit_none().map_err(to_inner)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let expected = self.expected.without_null();
        self.visitor.visit_some(CheckingDeserializer { expected, inner }).map_err(to_inner).map_err(to_inner)
    }
}
