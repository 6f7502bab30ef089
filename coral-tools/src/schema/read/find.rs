//! Finds the node and the value at a location.

use serde_json::Value;

use crate::schema::read::parse::Step;
use crate::schema::tree::node::{Kind, Node, Tree};

/// The node that describes a place. Of a union, the first alternative that has such a place.
pub(super) fn node_at<'t>(tree: &'t Tree, node: &'t Node, steps: &[Step]) -> Option<&'t Node> {
    let node = tree.resolve(node);
    let Some((step, rest)) = steps.split_first() else {
        return Some(node);
    };
    match (&node.kind, step) {
        (Kind::Object(object), Step::Key(key)) => match (object.field(key), object.other(key)) {
            (Some((_, field)), _) => node_at(tree, &field.node, rest),
            (None, Some(Some(node))) => node_at(tree, node, rest),
            _ => None,
        },
        (Kind::List(list), Step::Item(index)) => node_at(tree, list.item(*index)?, rest),
        (Kind::Union(nodes), _) => nodes.iter().find_map(|node| node_at(tree, node, steps)),
        _ => None,
    }
}

/// The value at a place.
pub(super) fn find<'v>(value: &'v Value, steps: &[Step]) -> Option<&'v Value> {
    steps.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Item(index) => value.get(index),
    })
}
