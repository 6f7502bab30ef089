//! Booleans, numbers and strings.

use std::fmt;

use serde::de::{Error, Visitor};

use super::{ExpectedNode, ensure, not_allowed, to_inner};
use crate::schema::read::checked::{TypeError, visit_number};
use crate::schema::read::scalar::{admit_number, allows_bool, allows_str, string_allows};
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::node::NodeKind;

/// The visitor of a type that is a boolean, a number or a string.
pub(super) struct CheckedScalarVisitor<'s, V> {
    pub(super) expected: ExpectedNode<'s>,
    pub(super) visitor: V,
}

impl ExpectedNode<'_> {
    pub(super) fn allows_bool(&self, value: bool) -> bool {
        allows_bool(self.context.tree, self.node, value)
    }

    #[inline]
    pub(super) fn allows_str(&self, text: &str) -> bool {
        match &self.node.kind {
            NodeKind::String(schema) => string_allows(schema, self.context.budget, text),
            _ => allows_str(self.context.tree, self.context.budget, self.node, text),
        }
    }

    /// Whether the node allows the integer without a further check.
    #[inline]
    fn directly_allows_u64(&self, value: u64) -> bool {
        matches!(&self.node.kind, NodeKind::Number(numeric) if numeric.direct.contains_u64(value))
    }

    #[inline]
    fn directly_allows_i64(&self, value: i64) -> bool {
        matches!(&self.node.kind, NodeKind::Number(numeric) if numeric.direct.contains_i64(value))
    }

    /// Whether the node allows every number, so that no number has to be checked.
    #[inline]
    pub(super) fn allows_every_number(&self) -> bool {
        match &self.node.kind {
            NodeKind::Any => true,
            NodeKind::Number(numeric) => numeric.direct.every_number,
            _ => false,
        }
    }

    fn admit(&self, number: Bound) -> Option<Bound> {
        admit_number(self.context.tree, self.node, number)
    }

    fn allows_u128(&self) -> bool {
        matches!(&self.node.kind, NodeKind::Number(numeric) if numeric.is_unbounded_above())
    }

    pub(super) fn number<'de, V: Visitor<'de>>(&self, number: Bound, visitor: V) -> Result<V::Value, TypeError> {
        match self.admit(number) {
            Some(number) => visit_number(visitor, number),
            None => Err(not_allowed()),
        }
    }

    #[inline]
    pub(super) fn visit_u64<'de, V: Visitor<'de>>(&self, value: u64, visitor: V) -> Result<V::Value, TypeError> {
        match self.directly_allows_u64(value) {
            true => visitor.visit_u64(value),
            false => self.number(Bound::Int(value.into()), visitor),
        }
    }

    #[inline]
    pub(super) fn visit_i64<'de, V: Visitor<'de>>(&self, value: i64, visitor: V) -> Result<V::Value, TypeError> {
        match self.directly_allows_i64(value) {
            true => visitor.visit_i64(value),
            false => self.number(Bound::Int(value.into()), visitor),
        }
    }

    #[inline]
    pub(super) fn visit_f64<'de, V: Visitor<'de>>(&self, value: f64, visitor: V) -> Result<V::Value, TypeError> {
        match self.allows_every_number() {
            true => visitor.visit_f64(value),
            false => self.number(Bound::Float(value), visitor),
        }
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedScalarVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        ensure(self.expected.allows_bool(value)).map_err(to_inner)?;
        self.visitor.visit_bool(value).map_err(to_inner)
    }

    #[inline]
    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        self.expected.visit_i64(value, self.visitor).map_err(to_inner)
    }

    #[inline]
    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        self.expected.visit_u64(value, self.visitor).map_err(to_inner)
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<V::Value, E> {
        self.expected.number(Bound::Int(value), self.visitor).map_err(to_inner)
    }

    /// Values beyond `i128` are allowed only without a maximum.
    fn visit_u128<E: Error>(self, value: u128) -> Result<V::Value, E> {
        if let Ok(value) = i128::try_from(value) {
            return self.visit_i128(value);
        }
        ensure(self.expected.allows_u128()).map_err(to_inner)?;
        self.visitor.visit_u128(value).map_err(to_inner)
    }

    #[inline]
    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        self.expected.visit_f64(value, self.visitor).map_err(to_inner)
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        ensure(self.expected.allows_str(text)).map_err(to_inner)?;
        self.visitor.visit_str(text).map_err(to_inner)
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        ensure(self.expected.allows_str(text)).map_err(to_inner)?;
        self.visitor.visit_borrowed_str(text).map_err(to_inner)
    }
}
