//! [`MatchedValue`]: a part of the arguments that has been buffered.

use serde::de::DeserializeSeed;

use super::type_error::TypeError;
use super::{CheckedValue, Shared};
use crate::schema::read::matcher::Matcher;
use crate::schema::read::parsed::ParsedValue;
use crate::schema::tree::node::SchemaNode;

/// A value that matches its node.
pub(crate) struct MatchedValue<'a, 's, 'de> {
    pub(crate) matcher: Matcher<'s>,
    node: &'s SchemaNode,
    value: &'a ParsedValue<'de>,
}

impl<'a, 's, 'de> MatchedValue<'a, 's, 'de> {
    pub(crate) fn new(matcher: Matcher<'s>, node: &'s SchemaNode, value: &'a ParsedValue<'de>) -> Self {
        Self { matcher, node, value }
    }

    /// Deserializes the value.
    ///
    /// # Errors
    ///
    /// Returns the error of the type. The second pass finds out where it occurred.
    pub(crate) fn read<T: DeserializeSeed<'de>>(&self, seed: T) -> Result<T::Value, TypeError> {
        seed.deserialize(self.checked(&self.shared()))
    }

    fn shared(&self) -> Shared<'_, 's> {
        Shared { matcher: &self.matcher, failures: None, rejected: None }
    }

    #[inline(never)]
    fn checked<'b>(&'b self, shared: &'b Shared<'b, 's>) -> CheckedValue<'b, 's, 'de> {
        CheckedValue { value: self.value, node: self.matcher.variant(self.node, self.value), depth: 0, shared }
    }
}
