//! Values that must be read as a whole before the type receives them.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

use super::{ExpectedNode, not_allowed};
use crate::schema::read::checked::{self, VisitorSeed};
use crate::schema::read::matcher::Matcher;
use crate::schema::read::parse::ParsedValueSeed;
use crate::schema::read::parsed::ParsedValue;

impl ExpectedNode<'_> {
    pub(super) fn visit_buffered_seq<'de, V, A>(self, inner: A, visitor: V) -> Result<V::Value, A::Error>
    where
        V: Visitor<'de>,
        A: SeqAccess<'de>,
    {
        let items = ParsedValueSeed(self.context.budget).read_items(inner)?;
        read_buffered(self, &ParsedValue::Array(items), VisitorSeed(visitor))
    }

    pub(super) fn visit_buffered_map<'de, V, A>(
        self,
        first: Option<Cow<'de, str>>,
        inner: A,
        visitor: V,
    ) -> Result<V::Value, A::Error>
    where
        V: Visitor<'de>,
        A: MapAccess<'de>,
    {
        let members = ParsedValueSeed(self.context.budget).read_members(first, inner)?;
        read_buffered(self, &ParsedValue::Object(members), VisitorSeed(visitor))
    }
}

/// Deserializes a buffered value, if it matches its node.
pub(super) fn read_buffered<'de, T, E>(
    expected: ExpectedNode<'_>,
    value: &ParsedValue<'de>,
    seed: T,
) -> Result<T::Value, E>
where
    T: DeserializeSeed<'de>,
    E: Error,
{
    let matcher = Matcher::new(expected.context.tree, expected.context.budget);
    let is_absent = expected.optional && *value == ParsedValue::Null;
    if !is_absent && !matcher.matches(expected.node, value) {
        return Err(not_allowed());
    }
    let read =
        checked::deserialize(&matcher, expected.node, value, &HashSet::new(), |checked| seed.deserialize(checked));
    read.map_err(|_| not_allowed())
}
