//! [`TextReader`]: a value is read from the text, and compared with its node in the same pass.
//!
//! Only a value whose variant of a union depends on all of it is parsed before. The errors have no details, because a second pass
//! finds the problems.

mod entries;
mod items;
mod select;
mod value;

use super::ArgumentValue;
use super::matched::{MatchedValue, Matching};
use super::type_error::TypeError;
use crate::schema::read::budget::Budget;
use crate::schema::read::matcher::Matcher;
use crate::schema::read::parsed::ParsedValue;
use crate::schema::read::text::{InvalidJson, JsonText};
use crate::schema::tree::node::{SchemaNode, SchemaTree};
pub(super) use entries::TextEntries;
pub(super) use items::TextItems;
pub(crate) use value::TextValue;

impl From<InvalidJson> for TypeError {
    #[cold]
    fn from(_: InvalidJson) -> Self {
        Self::from_static("invalid JSON")
    }
}

#[cold]
#[inline(never)]
fn not_allowed() -> TypeError {
    TypeError::from_static("the schema does not allow this")
}

#[inline]
fn ensure(is_allowed: bool) -> Result<(), TypeError> {
    if is_allowed { Ok(()) } else { Err(not_allowed()) }
}

/// The arguments of a call while they are read.
#[derive(Debug)]
pub(crate) struct TextReader<'s, 'de> {
    text: JsonText<'de>,
    tree: &'s SchemaTree,
    budget: &'s Budget,
    /// The last value that was parsed before its type received it.
    parsed: Option<(ParsedValue<'de>, Matching<'s>)>,
}

/// The node of a value.
#[derive(Debug, Clone, Copy)]
struct ExpectedNode<'s> {
    node: &'s SchemaNode,
    /// Whether `null` stands for an absent value.
    optional: bool,
}

impl<'s, 'de> TextReader<'s, 'de> {
    pub(crate) fn new(tree: &'s SchemaTree, budget: &'s Budget, text: &'de str) -> Self {
        Self { text: JsonText::new(text), tree, budget, parsed: None }
    }

    /// Returns the arguments.
    pub(crate) fn arguments(&mut self) -> Result<ArgumentValue<'_, 's, 'de>, TypeError> {
        let node = self.tree.resolve(&self.tree.root);
        self.value(ExpectedNode { node, optional: false })
    }

    /// Returns an error if the text continues after the arguments.
    pub(crate) fn end(&mut self) -> Result<(), TypeError> {
        Ok(self.text.end()?)
    }

    fn expected(&self, node: &'s SchemaNode) -> ExpectedNode<'s> {
        ExpectedNode { node: self.tree.resolve(node), optional: false }
    }

    /// Parses a value that only all of it shows to match, or not.
    fn parsed_value(&mut self, node: &'s SchemaNode) -> Result<ArgumentValue<'_, 's, 'de>, TypeError> {
        let value = self.text.parse_value(self.budget)?;
        let (value, matching) = self.keep(value);
        ensure(matching.matcher.matches(node, value))?;
        Ok(ArgumentValue::Matched(MatchedValue::new(matching, node, value)))
    }

    /// Keeps a value while its type deserializes it.
    fn keep(&mut self, value: ParsedValue<'de>) -> (&ParsedValue<'de>, &Matching<'s>) {
        let matching = Matching::new(Matcher::new(self.tree, self.budget));
        let (value, matching) = self.parsed.insert((value, matching));
        (value, matching)
    }
}
