//! Values that must be read as a whole before the type receives them.

use serde::de::{SeqAccess, Visitor};

use super::{ExpectedNode, ensure, from_inner};
use crate::schema::read::checked::{MatchedValue, SeqVisitorSeed, TypeError};
use crate::schema::read::matcher::Matcher;
use crate::schema::read::parse::ParsedValueSeed;
use crate::schema::read::parsed::ParsedValue;

impl<'s> ExpectedNode<'s> {
    pub(super) fn visit_buffered_seq<'de, V, A>(self, inner: A, visitor: V) -> Result<V::Value, TypeError>
    where
        V: Visitor<'de>,
        A: SeqAccess<'de>,
    {
        let items = ParsedValueSeed(self.context.budget).read_items(inner).map_err(from_inner)?;
        self.match_value(&ParsedValue::Array(items))?.read(SeqVisitorSeed(visitor))
    }

    /// Compares a value with its node. The same code for every type.
    #[inline(never)]
    pub(super) fn match_value<'a, 'de>(
        self,
        value: &'a ParsedValue<'de>,
    ) -> Result<MatchedValue<'a, 's, 'de>, TypeError> {
        let matched = MatchedValue::new(Matcher::new(self.context.tree, self.context.budget), self.node, value);
        let is_absent = self.optional && *value == ParsedValue::Null;
        ensure(is_absent || matched.matcher.matches(self.node, value))?;
        Ok(matched)
    }
}
