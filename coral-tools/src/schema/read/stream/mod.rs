//! A deserializer that checks the schema in the same pass.
//!
//! [`CheckingDeserializer`] is between a type and the JSON deserializer. It knows the node that describes the current
//! value and passes a value on only if the node allows it, so that a type never receives a value that the schema rejects.
//! Only a value whose variant of a union depends on all of it is buffered.
//!
//! Its errors have no details, because a second pass finds the problems.
//!
//! Only a type that accepts any value is read by the JSON deserializer itself. The visitor of any other type is inside one of
//! this module, also where the schema allows any value: otherwise the compiler would generate its code for both deserializers.

mod buffered;
mod enumeration;
mod map;
mod read_state;
mod scalar;
mod selected_object;
mod seq;
mod union;
mod value;

use serde::de::value::MapDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};

use crate::schema::read::budget::Budget;
use crate::schema::read::checked::TypeError;
use crate::schema::read::raw_value::{RAW_VALUE, RawTextVisitor};
use crate::schema::tree::node::{NodeKind, SchemaNode, SchemaTree};
use enumeration::CheckedEnumVisitor;
use map::CheckedMapVisitor;
use scalar::CheckedScalarVisitor;
use seq::CheckedSeqVisitor;
use value::{CheckedOptionVisitor, CheckedVisitor};

/// The error for a value that the schema does not allow. `serde_json` reads the position at its end, and would find out that of an
/// error without one, at each level.
const NOT_ALLOWED: &str = "the schema does not allow this at line 1 column 1";

/// A deserializer whose values are checked against a node.
#[derive(Debug)]
pub(crate) struct CheckingDeserializer<'s, D> {
    expected: ExpectedNode<'s>,
    inner: D,
}

/// The node of the current value, and whether `null` stands for an absent value.
#[derive(Debug, Clone, Copy)]
struct ExpectedNode<'s> {
    context: &'s ReadContext<'s>,
    node: &'s SchemaNode,
    optional: bool,
}

/// The tree and the budget of a call.
#[derive(Debug)]
pub(crate) struct ReadContext<'s> {
    pub(crate) tree: &'s SchemaTree,
    pub(crate) budget: &'s Budget,
}

impl<'s> ExpectedNode<'s> {
    #[inline]
    fn inside(&self, node: &'s SchemaNode) -> Self {
        Self { node: self.context.tree.resolve(node), optional: false, ..*self }
    }

    fn allows_null(&self) -> bool {
        self.optional || self.context.tree.allows_null(self.node)
    }

    /// The same, if the value is known not to be `null`.
    #[inline]
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

    #[inline]
    fn is_any(&self) -> bool {
        matches!(self.node.kind, NodeKind::Any)
    }
}

impl<'s, D> CheckingDeserializer<'s, D> {
    pub(crate) fn new(context: &'s ReadContext<'s>, inner: D) -> Self {
        let node = context.tree.resolve(&context.tree.root);
        Self { expected: ExpectedNode { context, node, optional: false }, inner }
    }

    /// Not inlined, so that `deserialize_f64` is, and numbers without bounds cost little more than without a check.
    #[inline(never)]
    fn deserialize_bounded_f64<'de, V>(self, visitor: V) -> Result<V::Value, TypeError>
    where
        D: Deserializer<'de>,
        V: Visitor<'de>,
    {
        let Self { expected, inner } = self;
        inner.deserialize_f64(CheckedScalarVisitor { expected, visitor }).map_err(from_inner)
    }
}

#[cold]
#[inline(never)]
fn not_allowed() -> TypeError {
    TypeError::from_static(NOT_ALLOWED)
}

#[inline]
fn ensure(is_allowed: bool) -> Result<(), TypeError> {
    if is_allowed { Ok(()) } else { Err(not_allowed()) }
}

/// Converts the error of the JSON deserializer to that of types.
#[cold]
#[inline(never)]
fn from_inner<E: Error>(_error: E) -> TypeError {
    not_allowed()
}

/// Converts the error of types to that of the JSON deserializer.
#[cold]
#[inline(never)]
fn to_inner<E: Error>(_error: TypeError) -> E {
    E::custom(NOT_ALLOWED)
}

/// Deserializes a value that is checked against a node.
struct CheckingSeed<'s, T> {
    expected: ExpectedNode<'s>,
    seed: T,
}

impl<'de, T: DeserializeSeed<'de>> DeserializeSeed<'de> for CheckingSeed<'_, T> {
    type Value = T::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<T::Value, D::Error> {
        let expected = self.expected;
        self.seed.deserialize(CheckingDeserializer { expected, inner }).map_err(to_inner)
    }
}

/// Methods that call `$inner` of the JSON deserializer with the visitor `$checked`.
macro_rules! checked {
    ($checked:ident: $($method:ident($($type:ty),*) => $inner:ident;)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, $(_: $type,)* visitor: V) -> Result<V::Value, TypeError> {
            let Self { expected, inner } = self;
            inner.$inner($checked { expected, visitor }).map_err(from_inner)
        }
    )*};
}

/// A wide integer type: `deserialize_i64` reads `5.0`, but has only 64 bits.
macro_rules! wide_integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
            let Self { expected, inner } = self;
            match &expected.node.kind {
                NodeKind::Any => inner.$method(visitor),
                NodeKind::Number(numeric) if numeric.is_huge() => {
                    inner.$method(CheckedScalarVisitor { expected, visitor })
                }
                _ => inner.deserialize_i64(CheckedScalarVisitor { expected, visitor }),
            }
            .map_err(from_inner)
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for CheckingDeserializer<'_, D> {
    type Error = TypeError;

    checked! { CheckedScalarVisitor:
        deserialize_bool() => deserialize_bool;
        deserialize_i8() => deserialize_i8;
        deserialize_i16() => deserialize_i16;
        deserialize_i32() => deserialize_i32;
        deserialize_i64() => deserialize_i64;
        deserialize_u8() => deserialize_u8;
        deserialize_u16() => deserialize_u16;
        deserialize_u32() => deserialize_u32;
        deserialize_u64() => deserialize_u64;
        deserialize_f32() => deserialize_f32;
        deserialize_char() => deserialize_char;
        deserialize_str() => deserialize_str;
        deserialize_string() => deserialize_string;
        deserialize_identifier() => deserialize_identifier;
    }

    wide_integers! { deserialize_i128 deserialize_u128 }

    #[inline]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.expected.allows_every_number() {
            true => self.inner.deserialize_f64(visitor).map_err(from_inner),
            false => self.deserialize_bounded_f64(visitor),
        }
    }

    checked! { CheckedSeqVisitor:
        deserialize_seq() => deserialize_seq;
        deserialize_tuple(usize) => deserialize_seq;
        deserialize_tuple_struct(&'static str, usize) => deserialize_seq;
    }

    checked! { CheckedMapVisitor:
        deserialize_map() => deserialize_map;
        deserialize_struct(&'static str, &'static [&'static str]) => deserialize_map;
    }

    checked! { CheckedVisitor:
        deserialize_bytes() => deserialize_any;
        deserialize_byte_buf() => deserialize_any;
        deserialize_unit() => deserialize_any;
        deserialize_unit_struct(&'static str) => deserialize_any;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        let Self { expected, inner } = self;
        match &expected.node.kind {
            NodeKind::Any => inner.deserialize_any(visitor),
            // With its feature `arbitrary_precision`, `serde_json` passes on a map for the number if the type is unknown.
            NodeKind::Number(_) => inner.deserialize_f64(CheckedVisitor { expected, visitor }),
            _ => inner.deserialize_any(CheckedVisitor { expected, visitor }),
        }
        .map_err(from_inner)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.expected.is_any() {
            true => self.inner.deserialize_ignored_any(visitor).map_err(from_inner),
            false => self.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        let Self { expected, inner } = self;
        inner.deserialize_option(CheckedOptionVisitor { expected, visitor }).map_err(from_inner)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        if name != RAW_VALUE || !self.expected.is_any() {
            return visitor.visit_newtype_struct(self);
        }
        let text = self.inner.deserialize_newtype_struct(name, RawTextVisitor).map_err(from_inner)?;
        visitor.visit_map(MapDeserializer::new(std::iter::once((name, text))))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        let Self { expected, inner } = self;
        inner.deserialize_any(CheckedEnumVisitor { expected, visitor }).map_err(from_inner)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}
