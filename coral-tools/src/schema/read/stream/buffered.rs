//! Values that must be read as a whole before the type receives them.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

use super::{ExpectedNode, not_allowed};
use crate::schema::read::checked::{self, VisitorSeed};
use crate::schema::read::matcher::Matcher;
use crate::schema::read::parse::{KeySeed, ParsedValueSeed};
use crate::schema::read::parsed::ParsedValue;

impl ExpectedNode<'_> {
    pub(super) fn visit_buffered_seq<'de, V, A>(self, mut inner: A, visitor: V) -> Result<V::Value, A::Error>
    where
        V: Visitor<'de>,
        A: SeqAccess<'de>,
    {
        let mut items = Vec::new();
        while let Some(item) = inner.next_element_seed(ParsedValueSeed(self.context.budget))? {
            items.push(item);
        }
        read_buffered(self, &ParsedValue::Array(items), VisitorSeed(visitor))
    }

    pub(super) fn visit_buffered_map<'de, V, A>(
        self,
        first: Option<Cow<'de, str>>,
        mut inner: A,
        visitor: V,
    ) -> Result<V::Value, A::Error>
    where
        V: Visitor<'de>,
        A: MapAccess<'de>,
    {
        let mut entries = Vec::new();
        let mut next = first;
        while let Some(key) = next {
            entries.push((key, inner.next_value_seed(ParsedValueSeed(self.context.budget))?));
            next = inner.next_key_seed(KeySeed)?;
        }
        read_buffered(self, &ParsedValue::Object(entries), VisitorSeed(visitor))
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
