//! A deserializer that checks the schema in the same pass.
//!
//! [`CheckingDeserializer`] is between a type and the JSON deserializer. It knows the node that describes the current
//! value and passes a value on only if the node allows it, so that a type never receives a value that the schema rejects.
//! A value that cannot be checked in one pass, such as that of a union, is buffered.
//!
//! Its errors have no details, because a second pass finds the problems.

mod fields;
mod key;
mod map;
mod seq;
mod value;

use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};
use serde_json::Value;

use crate::schema::read::check::check;
use crate::schema::read::coerce::{allows_null_value, coerce};
use crate::schema::read::parse::parse_strict;
use crate::schema::tree::node::{NodeKind, SchemaNode, SchemaTree};
use map::MAX_FIELDS;
use value::{CheckedEnumVisitor, CheckedOptionVisitor, CheckedVisitor};

const NOT_ALLOWED: &str = "the schema does not allow this";

/// A deserializer whose values are checked against a node.
#[derive(Debug)]
pub(crate) struct CheckingDeserializer<'s, D> {
    expected: ResolvedNode<'s>,
    inner: D,
}

/// The node of the current value, and whether `null` stands for an absent value.
#[derive(Debug, Clone, Copy)]
struct ResolvedNode<'s> {
    tree: &'s SchemaTree,
    node: &'s SchemaNode,
    optional: bool,
}

impl<'s> ResolvedNode<'s> {
    fn new(tree: &'s SchemaTree, node: &'s SchemaNode, optional: bool) -> Self {
        let node = tree.resolve(node);
        Self { tree, node, optional }
    }

    fn inside(&self, node: &'s SchemaNode) -> Self {
        Self::new(self.tree, node, false)
    }

    fn allows_null(&self) -> bool {
        self.optional || allows_null_value(self.tree, self.node)
    }

    /// The same, if the value is known not to be `null`.
    fn without_null(self) -> Self {
        let expected = Self { optional: false, ..self };
        match &self.node.kind {
            NodeKind::Union(nodes) => match &nodes[..] {
                [node, null] | [null, node] if matches!(null.kind, NodeKind::Null) => expected.inside(node),
                _ => expected,
            },
            _ => expected,
        }
    }

    /// Whether the value must be buffered to check it.
    fn needs_buffer(&self) -> bool {
        match &self.node.kind {
            NodeKind::Union(_) => true,
            NodeKind::Array(array) => array.unique_items,
            NodeKind::Object(object) => object.fields.len() > MAX_FIELDS,
            _ => false,
        }
    }
}

impl<'s, D> CheckingDeserializer<'s, D> {
    pub(crate) fn new(tree: &'s SchemaTree, node: &'s SchemaNode, inner: D) -> Self {
        Self { expected: ResolvedNode::new(tree, node, false), inner }
    }

    fn is_any(&self) -> bool {
        matches!(self.expected.node.kind, NodeKind::Any)
    }
}

impl<'de, D: Deserializer<'de>> CheckingDeserializer<'_, D> {
    /// Reads the whole value, checks it and coerces it.
    fn read_buffered(self) -> Result<Value, D::Error> {
        let ResolvedNode { tree, node, .. } = self.expected;
        let value = parse_strict(self.inner)?;
        let is_absence = self.expected.optional && value.is_null();
        if !is_absence && !check(tree, node, &value).is_empty() {
            return Err(D::Error::custom(NOT_ALLOWED));
        }
        Ok(coerce(tree, node, value))
    }

    fn check_value<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.expected.needs_buffer() {
            let value = self.read_buffered()?;
            return value.deserialize_any(visitor).map_err(D::Error::custom);
        }
        let expected = self.expected;
        self.inner.deserialize_any(CheckedVisitor { expected, visitor })
    }
}

/// Deserializes a value that is checked against a node.
struct CheckingSeed<'s, T> {
    expected: ResolvedNode<'s>,
    seed: T,
}

impl<'de, T: DeserializeSeed<'de>> DeserializeSeed<'de> for CheckingSeed<'_, T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<T::Value, D::Error> {
        let expected = self.expected;
        self.seed.deserialize(CheckingDeserializer { expected, inner })
    }
}

/// The hints of the type are ignored, because the schema decides which values are allowed.
macro_rules! checked {
    ($($method:ident($($name:ident: $type:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            if self.is_any() {
                return self.inner.$method($($name,)* visitor);
            }
            self.check_value(visitor)
        }
    )*};
}

/// `deserialize_any` is limited to 64 bits.
macro_rules! wide_integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            match &self.expected.node.kind {
                NodeKind::Number(numeric) if numeric.is_huge() => {
                    let expected = self.expected;
                    self.inner.$method(CheckedVisitor { expected, visitor })
                }
                NodeKind::Any => self.inner.$method(visitor),
                _ => self.check_value(visitor),
            }
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for CheckingDeserializer<'_, D> {
    type Error = D::Error;

    checked! {
        deserialize_any();
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_f32();
        deserialize_f64();
        deserialize_char();
        deserialize_str();
        deserialize_string();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_unit();
        deserialize_unit_struct(name: &'static str);
        deserialize_seq();
        deserialize_tuple(len: usize);
        deserialize_tuple_struct(name: &'static str, len: usize);
        deserialize_map();
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
        deserialize_identifier();
        deserialize_ignored_any();
    }

    wide_integers! { deserialize_i128 deserialize_u128 }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.is_any() {
            return self.inner.deserialize_option(visitor);
        }
        let expected = self.expected;
        self.inner.deserialize_option(CheckedOptionVisitor { expected, visitor })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        if self.is_any() {
            return self.inner.deserialize_newtype_struct(name, visitor);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        match &self.expected.node.kind {
            NodeKind::Any => self.inner.deserialize_enum(name, variants, visitor),
            NodeKind::Enum(enum_schema) => self.inner.deserialize_any(CheckedEnumVisitor { enum_schema, visitor }),
            _ => {
                let value = self.read_buffered()?;
                value.deserialize_enum(name, variants, visitor).map_err(D::Error::custom)
            }
        }
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}
