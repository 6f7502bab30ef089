//! Which keys of an object have been read.

use std::collections::HashSet;

use super::ExpectedNode;
use crate::schema::read::coerce::allows_null_value;
use crate::schema::tree::node::{AdditionalProperty, ObjectSchema};

/// What has come so far.
pub(super) struct ObjectReadState<'s> {
    pub(super) expected: ExpectedNode<'s>,
    pub(super) object: &'s ObjectSchema,
    /// One bit for each field that came.
    pub(super) seen_fields: u128,
    /// Keys that came and are not fields.
    pub(super) seen_keys: HashSet<Box<str>>,
    /// The expected of the value whose key was read last.
    pub(super) value_node: Option<ExpectedNode<'s>>,
}

impl ObjectReadState<'_> {
    /// Takes annotate of a key; the schema has it, and it is new.
    pub(super) fn enter(&mut self, key: &str) -> bool {
        match self.object.field(key) {
            Some((index, _)) => self.enter_field(index),
            None => self.enter_other(key),
        }
    }

    fn enter_field(&mut self, index: usize) -> bool {
        let field = &self.object.fields[index];
        let tree = self.expected.tree;
        // `null` means the default, which the type gives only if there is nothing at all.
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
            AdditionalProperty::Forbidden => return false,
            AdditionalProperty::Unspecified => None,
            AdditionalProperty::Schema(node) => Some(self.expected.inside(node)),
        };
        self.seen_keys.insert(key.into())
    }
}
