//! Finds the node and the value at a location.

use serde_json::Value;

use crate::schema::tree::location::LocationStep;
use crate::schema::tree::node::{NodeKind, SchemaNode, SchemaTree};

/// Returns the node at a location. In a union, it is that of the first variant with such a location.
pub(super) fn node_at<'t>(
    tree: &'t SchemaTree,
    node: &'t SchemaNode,
    steps: &[LocationStep],
) -> Option<&'t SchemaNode> {
    let node = tree.resolve(node);
    let Some((step, rest)) = steps.split_first() else {
        return Some(node);
    };
    match (&node.kind, step) {
        (NodeKind::Object(object), LocationStep::Key(key)) => node_at(tree, object.value(key)?, rest),
        (NodeKind::Array(array), LocationStep::Index(index)) => node_at(tree, array.item(*index)?, rest),
        (NodeKind::Union(nodes), _) => nodes.iter().find_map(|node| node_at(tree, node, steps)),
        _ => None,
    }
}

/// Returns the value at a location.
pub(super) fn value_at<'v>(value: &'v Value, steps: &[LocationStep]) -> Option<&'v Value> {
    steps.iter().try_fold(value, |value, step| match step {
        LocationStep::Key(key) => value.get(key),
        LocationStep::Index(index) => value.get(index),
        LocationStep::AnyItem | LocationStep::AnyKey => None,
    })
}
