//! [`CheckedValue`]: deserializes a value that matches its node.

mod access;
mod error_log;
mod failure;
mod matched;
mod type_error;

use std::borrow::Cow;
use std::collections::HashSet;

use serde::de::value::{CowStrDeserializer, MapDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error, Expected, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use crate::schema::read::matcher::Matcher;
use crate::schema::read::parsed::{ParsedValue, ValueAddress};
use crate::schema::read::raw_value::RAW_VALUE;
use crate::schema::read::scalar::admit_number;
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::format::EnforcedFormat;
use crate::schema::tree::node::{NodeKind, SchemaNode};
use access::{CheckedEntries, CheckedItems, CheckedVariant};
pub(crate) use access::{MapVisitorSeed, SeqVisitorSeed};
pub(crate) use error_log::ErrorLog;
pub(crate) use failure::DeserializeFailure;
use failure::FailureLog;
pub(crate) use matched::MatchedValue;
pub(crate) use type_error::TypeError;

/// A value that matches its node. The type receives `5` for `5.0` where the node is an integer, and no `null` that stands
/// for an absent value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CheckedValue<'a, 's, 'de> {
    value: &'a ParsedValue<'de>,
    /// The node of the value, which is not a union; `None` if any value is allowed.
    node: Option<&'s SchemaNode>,
    depth: usize,
    shared: &'a Shared<'a, 's>,
}

/// The facts that all values of one deserialization share.
#[derive(Debug)]
struct Shared<'a, 's> {
    matcher: &'a Matcher<'s>,
    /// `None` if the location of a failure is not needed.
    failures: Option<&'a FailureLog<'s>>,
    /// The strings that are replaced by one in their format, because the type rejected them before.
    rejected: Option<&'a HashSet<ValueAddress>>,
}

/// Deserializes a value and keeps it or discards it.
pub(crate) trait ValueReader<'de> {
    fn read(&mut self, value: CheckedValue<'_, '_, 'de>) -> Result<(), TypeError>;
}

/// Keeps the last value.
pub(crate) struct TypeReader<T>(pub(crate) Option<T>);

impl<'de, T: DeserializeOwned> ValueReader<'de> for TypeReader<T> {
    #[inline(never)]
    fn read(&mut self, value: CheckedValue<'_, '_, 'de>) -> Result<(), TypeError> {
        self.0 = Some(T::deserialize(value)?);
        Ok(())
    }
}

/// Deserializes a value and discards it. The functions that call it are the same code for every type.
pub(crate) type TryDeserializeFn = fn(CheckedValue<'_, '_, '_>) -> Result<(), TypeError>;

pub(crate) fn try_deserialize<T: DeserializeOwned>(value: CheckedValue<'_, '_, '_>) -> Result<(), TypeError> {
    TypeReader::<T>(None).read(value)
}

impl<'de> ValueReader<'de> for TryDeserializeFn {
    fn read(&mut self, value: CheckedValue<'_, '_, 'de>) -> Result<(), TypeError> {
        self(value)
    }
}

/// Deserializes a value that matches the node, with a string in its format for each of the `rejected` ones.
///
/// # Errors
///
/// Returns the error of the type, and the location of the value that it rejects.
pub(crate) fn deserialize<'s, 'de>(
    matcher: &Matcher<'s>,
    node: &'s SchemaNode,
    value: &ParsedValue<'de>,
    rejected: &HashSet<ValueAddress>,
    reader: &mut dyn ValueReader<'de>,
) -> Result<(), DeserializeFailure<'s>> {
    deserialize_with(matcher, matcher.variant(node, value), value, rejected, reader)
}

/// Deserializes a value as it is, without a node.
///
/// # Errors
///
/// The same as for [`deserialize`].
pub(crate) fn deserialize_unchecked<'s, 'de>(
    matcher: &Matcher<'s>,
    value: &ParsedValue<'de>,
    reader: &mut dyn ValueReader<'de>,
) -> Result<(), DeserializeFailure<'s>> {
    deserialize_with(matcher, None, value, &HashSet::new(), reader)
}

fn deserialize_with<'s, 'de>(
    matcher: &Matcher<'s>,
    node: Option<&'s SchemaNode>,
    value: &ParsedValue<'de>,
    rejected: &HashSet<ValueAddress>,
    reader: &mut dyn ValueReader<'de>,
) -> Result<(), DeserializeFailure<'s>> {
    let failures = FailureLog::default();
    let shared = Shared { matcher, failures: Some(&failures), rejected: Some(rejected) };
    let checked = CheckedValue { value, node, depth: 0, shared: &shared };
    reader.read(checked).map_err(|error| failures.into_failure(error, node))
}

impl<'a, 's, 'de> CheckedValue<'a, 's, 'de> {
    /// A value inside this one.
    fn child(&self, node: Option<&'s SchemaNode>, value: &'a ParsedValue<'de>) -> Self {
        let node = node.and_then(|node| self.shared.matcher.variant(node, value));
        Self { value, node, depth: self.depth + 1, ..*self }
    }

    /// Returns a string in the format of this one, if the type rejected this one before.
    fn replacement(&self) -> Option<&'static str> {
        match self.node.map(|node| &node.kind) {
            Some(NodeKind::String(schema)) if self.is_rejected() => schema.declared.map(EnforcedFormat::sample),
            _ => None,
        }
    }

    fn is_rejected(&self) -> bool {
        self.shared.rejected.is_some_and(|rejected| rejected.contains(&self.value.address()))
    }

    /// Passes on a value that is neither an array nor an object.
    fn scalar<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.value {
            ParsedValue::Null => visitor.visit_unit(),
            ParsedValue::Bool(value) => visitor.visit_bool(*value),
            ParsedValue::Number(number) => self.number(number.bound(), visitor),
            ParsedValue::String(text) => match self.replacement() {
                Some(sample) => visitor.visit_borrowed_str(sample),
                None => visit_text(visitor, text),
            },
            ParsedValue::Array(_) | ParsedValue::Object(_) => Err(self.other_type(&visitor)),
        }
    }

    /// Returns the error for a value of another type.
    #[cold]
    fn other_type(&self, expected: &dyn Expected) -> TypeError {
        let found = match self.value {
            ParsedValue::Null => Unexpected::Unit,
            ParsedValue::Bool(value) => Unexpected::Bool(*value),
            ParsedValue::Number(_) => Unexpected::Other("number"),
            ParsedValue::String(text) => Unexpected::Str(text),
            ParsedValue::Array(_) => Unexpected::Seq,
            ParsedValue::Object(_) => Unexpected::Map,
        };
        TypeError::invalid_type(found, expected)
    }

    fn number<V: Visitor<'de>>(self, number: Bound, visitor: V) -> Result<V::Value, TypeError> {
        let admitted = self.node.and_then(|node| admit_number(self.shared.matcher.tree, node, number));
        visit_number(visitor, admitted.unwrap_or(number))
    }
}

/// Passes a number on as the narrowest type that has it.
pub(crate) fn visit_number<'de, V: Visitor<'de>>(visitor: V, number: Bound) -> Result<V::Value, TypeError> {
    let whole = match number {
        Bound::Float(float) => return visitor.visit_f64(float),
        Bound::Int(whole) => whole,
    };
    match (u64::try_from(whole), i64::try_from(whole)) {
        (Ok(whole), _) => visitor.visit_u64(whole),
        (_, Ok(whole)) => visitor.visit_i64(whole),
        _ if whole >= 0 => visitor.visit_u128(whole.unsigned_abs()),
        _ => visitor.visit_i128(whole),
    }
}

fn visit_text<'de, V: Visitor<'de>>(visitor: V, text: &Cow<'de, str>) -> Result<V::Value, TypeError> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_str(text),
    }
}

/// Methods of types that are neither arrays nor objects, so that no code for those is generated for each type.
macro_rules! scalars {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
            self.scalar(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for CheckedValue<'_, '_, 'de> {
    type Error = TypeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.value {
            ParsedValue::Array(items) => visitor.visit_seq(CheckedItems::new(self, items)),
            ParsedValue::Object(entries) => visitor.visit_map(CheckedEntries::new(self, entries)),
            _ => self.scalar(visitor),
        }
    }

    scalars! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8
        deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char
        deserialize_str deserialize_string deserialize_identifier
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.value {
            ParsedValue::Array(items) => visitor.visit_seq(CheckedItems::new(self, items)),
            _ => Err(self.other_type(&visitor)),
        }
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
        match self.value {
            ParsedValue::Object(entries) => visitor.visit_map(CheckedEntries::new(self, entries)),
            _ => Err(self.other_type(&visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.value {
            ParsedValue::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        if name == RAW_VALUE {
            let text = self.value.to_json().to_string();
            return visitor.visit_map(MapDeserializer::new(std::iter::once((name, text))));
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        match self.value {
            ParsedValue::String(text) => visitor.visit_enum(CowStrDeserializer::new(text.clone())),
            ParsedValue::Object(entries) => visitor.visit_enum(CheckedVariant::new(self, entries)?),
            _ => Err(TypeError::custom("not a string and not an object with one key")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        ErrorLog::add_unread(self.value, fields);
        self.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        bytes byte_buf unit unit_struct ignored_any
    }
}

/// Whether the key of an object stands for an absent value.
fn is_absent(node: Option<&SchemaNode>, key: &str, value: &ParsedValue<'_>) -> bool {
    match node.map(|node| &node.kind) {
        Some(NodeKind::Object(object)) if *value == ParsedValue::Null => object.removes_null(key),
        _ => false,
    }
}
