//! Visitors that check each value before the type receives it.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::map::CheckedMapAccess;
use super::seq::CheckedSeqAccess;
use super::{CheckingDeserializer, NOT_ALLOWED, ResolvedNode};
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::node::{EnumSchema, NodeKind};

/// The visitor of a type, and the node that the value must match.
pub(super) struct CheckedVisitor<'s, V> {
    pub(super) expected: ResolvedNode<'s>,
    pub(super) visitor: V,
}

fn ensure<E: Error>(kept: bool) -> Result<(), E> {
    match kept {
        true => Ok(()),
        false => Err(E::custom(NOT_ALLOWED)),
    }
}

impl<'de, V: Visitor<'de>> CheckedVisitor<'_, V> {
    fn number<E: Error>(self, number: Bound) -> Result<V::Value, E> {
        let whole = number.as_integer();
        let admitted = match &self.expected.node.kind {
            NodeKind::Number(numeric) if numeric.integer => {
                whole.map(Bound::Int).filter(|whole| numeric.allows(*whole))
            }
            NodeKind::Number(numeric) => Some(number).filter(|number| numeric.allows(*number)),
            NodeKind::Enum(enum_schema) => whole.filter(|whole| enum_schema.allows_integer(*whole)).map(Bound::Int),
            _ => None,
        };
        match admitted {
            Some(number) => self.forward(number),
            None => Err(E::custom(NOT_ALLOWED)),
        }
    }

    fn forward<E: Error>(self, number: Bound) -> Result<V::Value, E> {
        let whole = match number {
            Bound::Float(float) => return self.visitor.visit_f64(float),
            Bound::Int(whole) => whole,
        };
        match (u64::try_from(whole), i64::try_from(whole)) {
            (Ok(whole), _) => self.visitor.visit_u64(whole),
            (_, Ok(whole)) => self.visitor.visit_i64(whole),
            _ if whole >= 0 => self.visitor.visit_u128(whole.unsigned_abs()),
            _ => self.visitor.visit_i128(whole),
        }
    }

    fn allows_str(&self, text: &str) -> bool {
        match &self.expected.node.kind {
            NodeKind::String(rules) => rules.allows(text),
            NodeKind::Enum(enum_schema) => enum_schema.allows_str(text),
            _ => false,
        }
    }

    fn null<E: Error>(self) -> Result<V::Value, E> {
        ensure(self.expected.allows_null())?;
        self.visitor.visit_unit()
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        ensure(match &self.expected.node.kind {
            NodeKind::Boolean => true,
            NodeKind::Enum(enum_schema) => enum_schema.values.contains(&value.into()),
            _ => false,
        })?;
        self.visitor.visit_bool(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        self.number(Bound::Int(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        self.number(Bound::Int(value.into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<V::Value, E> {
        self.number(Bound::Int(value))
    }

    /// Values beyond `i128` are allowed only without a maximum.
    fn visit_u128<E: Error>(self, value: u128) -> Result<V::Value, E> {
        if let Ok(value) = i128::try_from(value) {
            return self.visit_i128(value);
        }
        ensure(matches!(&self.expected.node.kind, NodeKind::Number(numeric) if numeric.is_unbounded_above()))?;
        self.visitor.visit_u128(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        self.number(Bound::Float(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        ensure(self.allows_str(text))?;
        self.visitor.visit_str(text)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        ensure(self.allows_str(text))?;
        self.visitor.visit_borrowed_str(text)
    }

    fn visit_string<E: Error>(self, text: String) -> Result<V::Value, E> {
        ensure(self.allows_str(&text))?;
        self.visitor.visit_string(text)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.null()
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.null()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let NodeKind::Array(array) = &self.expected.node.kind else {
            return Err(A::Error::custom(NOT_ALLOWED));
        };
        let mut count = 0;
        let value = self.visitor.visit_seq(CheckedSeqAccess::new(self.expected, array, inner, &mut count))?;
        ensure(array.allows_count(count))?;
        Ok(value)
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let NodeKind::Object(object) = &self.expected.node.kind else {
            return Err(A::Error::custom(NOT_ALLOWED));
        };
        let mut entries = CheckedMapAccess::new(self.expected, object, inner);
        let value = self.visitor.visit_map(&mut entries)?;
        ensure(entries.has_required_fields())?;
        Ok(value)
    }
}

/// The visitor of an `Option`.
pub(super) struct CheckedOptionVisitor<'s, V> {
    pub(super) expected: ResolvedNode<'s>,
    pub(super) visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedOptionVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        ensure(self.expected.allows_null())?;
        self.visitor.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let expected = self.expected.without_null();
        self.visitor.visit_some(CheckingDeserializer { expected, inner })
    }
}

/// The visitor of an enum without data, which is a string in JSON.
pub(super) struct CheckedEnumVisitor<'s, V> {
    pub(super) enum_schema: &'s EnumSchema,
    pub(super) visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedEnumVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        ensure(self.enum_schema.allows_str(text))?;
        self.visitor.visit_enum(StrDeserializer::new(text))
    }
}
