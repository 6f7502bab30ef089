//! [`MatchedValue`]: a value that was parsed, and matches its node.

mod access;
mod failure;

use std::collections::HashSet;

use serde::de::{Error, Expected, Unexpected};

use super::error_log::ErrorLog;
use super::scalar::Scalar;
use super::type_error::TypeError;
use super::{ArgumentValue, Shape, ValueReader};
use crate::schema::read::matcher::Matcher;
use crate::schema::read::parsed::{ParsedValue, ValueAddress};
use crate::schema::read::scalar::admit_number;
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::format::EnforcedFormat;
use crate::schema::tree::node::{NodeKind, SchemaNode};
pub(super) use access::{MatchedEntries, MatchedItems};
pub(crate) use failure::DeserializeFailure;
use failure::FailureLog;

/// A value that matches its node. The type receives `5` for `5.0` where the node is an integer, and no `null` that stands
/// for an absent value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MatchedValue<'a, 's, 'de> {
    value: &'a ParsedValue<'de>,
    /// The node of the value, which is not a union; `None` if any value is allowed.
    node: Option<&'s SchemaNode>,
    depth: usize,
    matching: &'a Matching<'s>,
}

/// The facts that all values of one deserialization share.
#[derive(Debug)]
pub(crate) struct Matching<'s> {
    pub(crate) matcher: Matcher<'s>,
    /// `None` if the location of a failure is not needed.
    failures: Option<FailureLog<'s>>,
    /// The strings that are replaced by one in their format, because the type rejected them before.
    pub(crate) rejected: HashSet<ValueAddress>,
}

impl<'s> Matching<'s> {
    pub(crate) fn new(matcher: Matcher<'s>) -> Self {
        Self { matcher, failures: None, rejected: HashSet::new() }
    }

    /// Deserializes a value that matches the root.
    ///
    /// # Errors
    ///
    /// Returns the error of the type, and the location of the value that it rejects.
    pub(crate) fn deserialize<'de>(
        &mut self,
        value: &ParsedValue<'de>,
        reader: &mut dyn ValueReader<'de>,
    ) -> Result<(), DeserializeFailure<'s>> {
        let node = self.matcher.variant(&self.matcher.tree.root, value);
        self.deserialize_at(node, value, reader)
    }

    /// Deserializes a value as it is, without a node.
    ///
    /// # Errors
    ///
    /// The same as for [`Self::deserialize`].
    pub(crate) fn deserialize_unchecked<'de>(
        &mut self,
        value: &ParsedValue<'de>,
        reader: &mut dyn ValueReader<'de>,
    ) -> Result<(), DeserializeFailure<'s>> {
        self.deserialize_at(None, value, reader)
    }

    fn deserialize_at<'de>(
        &mut self,
        node: Option<&'s SchemaNode>,
        value: &ParsedValue<'de>,
        reader: &mut dyn ValueReader<'de>,
    ) -> Result<(), DeserializeFailure<'s>> {
        self.failures = Some(FailureLog::default());
        let value = MatchedValue { value, node, depth: 0, matching: self };
        let read = reader.read(ArgumentValue::Matched(value));
        read.map_err(|error| self.failures.take().unwrap_or_default().into_failure(error, node))
    }
}

impl<'a, 's, 'de> MatchedValue<'a, 's, 'de> {
    pub(super) fn new(matching: &'a Matching<'s>, node: &'s SchemaNode, value: &'a ParsedValue<'de>) -> Self {
        Self { value, node: matching.matcher.variant(node, value), depth: 0, matching }
    }

    /// A value inside this one.
    fn child(&self, node: Option<&'s SchemaNode>, value: &'a ParsedValue<'de>) -> Self {
        let node = node.and_then(|node| self.matching.matcher.variant(node, value));
        Self { value, node, depth: self.depth + 1, ..*self }
    }

    pub(super) fn shape(&self) -> Shape {
        match self.value {
            ParsedValue::Null => Shape::Null,
            ParsedValue::Array(_) => Shape::Items,
            ParsedValue::Object(_) => Shape::Entries,
            _ => Shape::Scalar,
        }
    }

    /// Returns a value that is neither an array nor an object.
    pub(super) fn scalar(self, expected: &dyn Expected) -> Result<Scalar<'a, 'de>, TypeError> {
        Ok(match self.value {
            ParsedValue::Null => Scalar::Null,
            ParsedValue::Bool(value) => Scalar::Bool(*value),
            ParsedValue::Number(number) => self.number(number.bound()).into(),
            ParsedValue::String(text) => match self.replacement() {
                Some(sample) => Scalar::Str(sample),
                None => Scalar::from_parsed(text),
            },
            ParsedValue::Array(_) | ParsedValue::Object(_) => return Err(self.other_type(expected)),
        })
    }

    fn number(self, number: Bound) -> Bound {
        let admitted = self.node.and_then(|node| admit_number(self.matching.matcher.tree, node, number));
        admitted.unwrap_or(number)
    }

    /// Returns a string in the format of this one, if the type rejected this one before.
    fn replacement(&self) -> Option<&'static str> {
        match self.node.map(|node| &node.kind) {
            Some(NodeKind::String(schema)) if self.is_rejected() => schema.declared.map(EnforcedFormat::sample),
            _ => None,
        }
    }

    fn is_rejected(&self) -> bool {
        let rejected = &self.matching.rejected;
        !rejected.is_empty() && rejected.contains(&self.value.address())
    }

    pub(super) fn items(self, expected: &dyn Expected) -> Result<MatchedItems<'a, 's, 'de>, TypeError> {
        match self.value {
            ParsedValue::Array(items) => Ok(MatchedItems::new(self, items)),
            _ => Err(self.other_type(expected)),
        }
    }

    pub(super) fn entries(self, expected: &dyn Expected) -> Result<MatchedEntries<'a, 's, 'de>, TypeError> {
        match self.value {
            ParsedValue::Object(entries) => Ok(MatchedEntries::new(self, entries)),
            _ => Err(self.other_type(expected)),
        }
    }

    /// Returns the JSON text of the value.
    pub(super) fn to_text(self) -> String {
        self.value.to_json().to_string()
    }

    /// Records the keys of an object that the type has no field for.
    pub(super) fn log_unread(&self, fields: &[&str]) {
        ErrorLog::add_unread(self.value, fields);
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
}
