//! [`CheckedValue`]: deserializes a value that matches its node.

mod access;
mod error_log;
mod failure;

use std::borrow::Cow;
use std::collections::HashSet;

use serde::de::value::CowStrDeserializer;
use serde::de::{Deserializer, Error, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::schema::read::matcher::Matcher;
use crate::schema::read::parsed::{ParsedValue, ValueAddress};
use crate::schema::read::scalar::admit_number;
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::format::EnforcedFormat;
use crate::schema::tree::node::{NodeKind, SchemaNode};
pub(crate) use access::VisitorSeed;
use access::{CheckedEntries, CheckedItems, CheckedVariant};
pub(crate) use error_log::ErrorLog;
use failure::FailureLog;
pub(crate) use failure::{DeserializeFailure, TypeError};

/// The name that `serde_json` gives to a `RawValue`.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

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
    failures: &'a FailureLog<'s>,
    /// The strings that are replaced by one in their format, because the type rejected them before.
    rejected: &'a HashSet<ValueAddress>,
}

/// Deserializes a value that matches the node, with a string in its format for each of the `rejected` ones.
///
/// # Errors
///
/// Returns the error of the type, and the location of the value that it rejects.
pub(crate) fn deserialize<'a, 's, 'de, T>(
    matcher: &'a Matcher<'s>,
    node: &'s SchemaNode,
    value: &'a ParsedValue<'de>,
    rejected: &HashSet<ValueAddress>,
    read: impl FnOnce(CheckedValue<'_, 's, 'de>) -> Result<T, TypeError>,
) -> Result<T, DeserializeFailure<'s>> {
    let failures = FailureLog::default();
    let node = matcher.variant(node, value);
    let checked = CheckedValue { value, node, depth: 0, shared: &Shared { matcher, failures: &failures, rejected } };
    read(checked).map_err(|error| failures.into_failure(error, node))
}

/// Deserializes a value as it is, without a node.
///
/// # Errors
///
/// The same as for [`deserialize`].
pub(crate) fn deserialize_unchecked<'s, 'de, T>(
    matcher: &Matcher<'s>,
    value: &ParsedValue<'de>,
    read: impl FnOnce(CheckedValue<'_, 's, 'de>) -> Result<T, TypeError>,
) -> Result<T, DeserializeFailure<'s>> {
    let failures = FailureLog::default();
    let rejected = HashSet::new();
    let shared = Shared { matcher, failures: &failures, rejected: &rejected };
    let checked = CheckedValue { value, node: None, depth: 0, shared: &shared };
    read(checked).map_err(|error| failures.into_failure(error, None))
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
            Some(NodeKind::String(schema)) if self.shared.rejected.contains(&self.value.address()) => {
                schema.declared.map(EnforcedFormat::sample)
            }
            _ => None,
        }
    }

    fn number<V: Visitor<'de>>(self, number: Bound, visitor: V) -> Result<V::Value, TypeError> {
        let admitted = self.node.and_then(|node| admit_number(self.shared.matcher.tree, node, number));
        visit_number(visitor, admitted.unwrap_or(number))
    }
}

/// Passes a number on as the narrowest type that has it.
pub(crate) fn visit_number<'de, V: Visitor<'de>, E: Error>(visitor: V, number: Bound) -> Result<V::Value, E> {
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

impl<'de> Deserializer<'de> for CheckedValue<'_, '_, 'de> {
    type Error = TypeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.value {
            ParsedValue::Null => visitor.visit_unit(),
            ParsedValue::Bool(value) => visitor.visit_bool(*value),
            ParsedValue::Number(number) => self.number(number.bound(), visitor),
            ParsedValue::String(text) => match self.replacement() {
                Some(sample) => visitor.visit_borrowed_str(sample),
                None => visit_text(visitor, text),
            },
            ParsedValue::Array(items) => visitor.visit_seq(CheckedItems::new(self, items)),
            ParsedValue::Object(entries) => visitor.visit_map(CheckedEntries::new(self, entries)),
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
            let json = self.value.to_json().into_deserializer();
            return json.deserialize_newtype_struct(name, visitor).map_err(|error| TypeError::from_json(&error));
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
        let keys = self.value.as_object().into_iter().flatten().map(|(key, _)| key.as_ref());
        ErrorLog::add_unread(keys, fields);
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

/// Whether the key of an object stands for an absent value.
fn is_absent(node: Option<&SchemaNode>, key: &str, value: &ParsedValue<'_>) -> bool {
    match node.map(|node| &node.kind) {
        Some(NodeKind::Object(object)) if *value == ParsedValue::Null => object.removes_null(key),
        _ => false,
    }
}
