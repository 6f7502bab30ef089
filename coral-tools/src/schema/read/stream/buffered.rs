//! Values that must be read as a whole before the type receives them.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

use super::selected_object::SelectedObject;
use super::{ExpectedNode, not_allowed};
use crate::schema::read::checked::{self, SeedReader, SeqVisitorSeed, ValueReader};
use crate::schema::read::matcher::Matcher;
use crate::schema::read::parse::ParsedValueSeed;
use crate::schema::read::parsed::ParsedValue;

impl<'s> ExpectedNode<'s> {
    pub(super) fn visit_buffered_seq<'de, V, A>(self, inner: A, visitor: V) -> Result<V::Value, A::Error>
    where
        V: Visitor<'de>,
        A: SeqAccess<'de>,
    {
        let items = ParsedValueSeed(self.context.budget).read_items(inner)?;
        read_buffered(self, &ParsedValue::Array(items), SeqVisitorSeed(visitor))
    }

    pub(super) fn buffer_map<'de, A: MapAccess<'de>>(
        self,
        first: Option<Cow<'de, str>>,
        inner: &mut A,
    ) -> Result<SelectedObject<'s, 'de>, A::Error> {
        let members = ParsedValueSeed(self.context.budget).read_members(first, inner)?;
        Ok(SelectedObject::Buffered(self, ParsedValue::Object(members)))
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
    let mut reader = SeedReader::new(seed);
    read_matching(expected, value, &mut reader);
    reader.into_value().ok_or_else(not_allowed)
}

/// Passes a value on if it matches its node. The same code for every type.
fn read_matching<'de>(expected: ExpectedNode<'_>, value: &ParsedValue<'de>, reader: &mut dyn ValueReader<'de>) {
    let matcher = Matcher::new(expected.context.tree, expected.context.budget);
    let is_absent = expected.optional && *value == ParsedValue::Null;
    if is_absent || matcher.matches(expected.node, value) {
        // A value that its type rejects is not there; the second pass reports why.
        drop(checked::deserialize(&matcher, expected.node, value, &HashSet::new(), reader));
    }
}
