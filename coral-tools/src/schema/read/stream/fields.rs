//! The keys of an object that have been read.

use std::collections::HashSet;

use super::ResolvedNode;
use crate::schema::read::coerce::allows_null_value;
use crate::schema::tree::node::{ObjectSchema, UnlistedKeyRule};

/// The state of reading an object.
pub(super) struct ObjectReadState<'s> {
    pub(super) expected: ResolvedNode<'s>,
    pub(super) object: &'s ObjectSchema,
    /// One bit for each field that has been read.
    pub(super) seen_fields: u128,
    /// The additional keys that have been read.
    pub(super) seen_keys: HashSet<Box<str>>,
    /// The expected node of the next value.
    pub(super) value_node: Option<ResolvedNode<'s>>,
}

impl ObjectReadState<'_> {
    /// Records a key. Returns whether the schema allows it and it is not a duplicate.
    pub(super) fn enter(&mut self, key: &str) -> bool {
        match self.object.field(key) {
            Some((index, _)) => self.enter_field(index),
            None => self.enter_other(key),
        }
    }

    fn enter_field(&mut self, index: usize) -> bool {
        let field = &self.object.fields[index];
        let tree = self.expected.tree;
        // `null` stands for the default, which serde uses only if the field is absent.
        let by_null = tree.null_is_absence && !field.required && field.node.annotations.default.is_none();
        let mut expected = self.expected.inside(&field.node);
        expected.optional = by_null && !allows_null_value(tree, &field.node);
        self.value_node = Some(expected);
        let bit = 1 << index;
        let is_new = self.seen_fields & bit == 0;
        self.seen_fields |= bit;
        is_new
    }

    fn enter_other(&mut self, key: &str) -> bool {
        self.value_node = match self.object.additional(key) {
            UnlistedKeyRule::Forbidden => return false,
            UnlistedKeyRule::Unspecified => None,
            UnlistedKeyRule::Schema(node) => Some(self.expected.inside(node)),
        };
        self.seen_keys.insert(key.into())
    }
}
