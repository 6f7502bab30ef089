//! The items of an array, and the entries of an object.

use std::borrow::Cow;
use std::slice;

use serde::de::Error;

use super::MatchedValue;
use crate::schema::read::parsed::ParsedValue;
use crate::schema::read::value::type_error::TypeError;
use crate::schema::tree::location::LocationStep;
use crate::schema::tree::node::{NodeKind, SchemaNode};

type Entry<'de> = (Cow<'de, str>, ParsedValue<'de>);

/// The items of an array.
pub(in crate::schema::read::value) struct MatchedItems<'a, 's, 'de> {
    array: MatchedValue<'a, 's, 'de>,
    items: slice::Iter<'a, ParsedValue<'de>>,
    /// The number of items before `items`.
    count: usize,
    /// The node of the last item.
    node: Option<&'s SchemaNode>,
}

impl<'a, 's, 'de> MatchedItems<'a, 's, 'de> {
    pub(super) fn new(array: MatchedValue<'a, 's, 'de>, items: &'a [ParsedValue<'de>]) -> Self {
        Self { array, items: items.iter(), count: 0, node: None }
    }

    /// Returns the next item.
    pub(in crate::schema::read::value) fn next(&mut self) -> Option<MatchedValue<'a, 's, 'de>> {
        let item = self.items.next()?;
        let item = self.array.child(self.item_node(), item);
        (self.count, self.node) = (self.count + 1, item.node);
        Some(item)
    }

    fn item_node(&self) -> Option<&'s SchemaNode> {
        match &self.array.node?.kind {
            NodeKind::Array(array) => array.item(self.count),
            _ => None,
        }
    }

    pub(in crate::schema::read::value) fn len(&self) -> usize {
        self.items.len()
    }

    /// Records that the type rejected the last item.
    pub(in crate::schema::read::value) fn add_failure(&self) {
        let index = self.count.saturating_sub(1);
        self.array.add_failure(LocationStep::Index(index), self.node);
    }
}

/// The entries of an object, without those that stand for absent values.
pub(in crate::schema::read::value) struct MatchedEntries<'a, 's, 'de> {
    object: MatchedValue<'a, 's, 'de>,
    entries: slice::Iter<'a, Entry<'de>>,
    /// The last entry.
    entry: Option<&'a Entry<'de>>,
}

impl<'a, 's, 'de> MatchedEntries<'a, 's, 'de> {
    pub(super) fn new(object: MatchedValue<'a, 's, 'de>, entries: &'a [Entry<'de>]) -> Self {
        Self { object, entries: entries.iter(), entry: None }
    }

    /// Returns the next key.
    pub(in crate::schema::read::value) fn next_key(&mut self) -> Option<Cow<'de, str>> {
        let node = self.object.node;
        self.entry = self.entries.find(|(key, value)| !is_absent(node, key, value));
        self.entry.map(|(key, _)| key.clone())
    }

    /// Returns the value of the last key.
    pub(in crate::schema::read::value) fn value(&mut self) -> Result<MatchedValue<'a, 's, 'de>, TypeError> {
        match self.entry {
            Some((key, value)) => Ok(self.object.member(key, value)),
            None => Err(TypeError::custom("a value without a key")),
        }
    }

    pub(in crate::schema::read::value) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Records that the type rejected the last value.
    pub(in crate::schema::read::value) fn add_failure(&self) {
        if let Some((key, value)) = self.entry {
            self.object.add_failure(LocationStep::Key(key.clone().into_owned()), self.object.member(key, value).node);
        }
    }

    /// Records that the type rejected the last key.
    pub(in crate::schema::read::value) fn add_key_failure(&self) {
        if let (Some((key, _)), Some(failures)) = (self.entry, &self.object.matching.failures) {
            failures.add_key(self.object.depth, key);
        }
    }
}

impl<'a, 's, 'de> MatchedValue<'a, 's, 'de> {
    fn add_failure(&self, step: LocationStep, node: Option<&'s SchemaNode>) {
        if let Some(failures) = &self.matching.failures {
            failures.add(self.depth, step, node);
        }
    }

    /// The value of a key of this object.
    fn member(&self, key: &str, value: &'a ParsedValue<'de>) -> Self {
        let node = match self.node.map(|node| &node.kind) {
            Some(NodeKind::Object(object)) => object.value(key),
            _ => None,
        };
        self.child(node, value)
    }
}

/// Whether the key of an object stands for an absent value.
fn is_absent(node: Option<&SchemaNode>, key: &str, value: &ParsedValue<'_>) -> bool {
    match node.map(|node| &node.kind) {
        Some(NodeKind::Object(object)) if *value == ParsedValue::Null => object.removes_null(key),
        _ => false,
    }
}
