//! Which alternative of a union a value was meant to be.

use serde_json::{Map, Value};

use crate::schema::tree::node::{Choice, Kind, Node, Object, Tree, kind_of};

/// Whether a value may be this alternative at all: the kind is right, and so is the tag.
pub(super) fn is_meant(tree: &Tree, node: &Node, value: &Value) -> bool {
    match (&tree.resolve(node).kind, value) {
        (Kind::Object(object), Value::Object(map)) => is_tagged(object, map),
        (Kind::Choice(choice), _) => choice.values.iter().any(|own| kind_of(own) == kind_of(value)),
        (Kind::Union(nodes), _) => nodes.iter().any(|node| is_meant(tree, node, value)),
        (Kind::Any, _) => true,
        (Kind::Null, _) => value.is_null(),
        (Kind::Boolean, _) => value.is_boolean(),
        (Kind::Number(_), _) => value.is_number(),
        (Kind::Text(_), _) => value.is_string(),
        (Kind::List(_), _) => value.is_array(),
        (Kind::Object(_) | Kind::Reference(_), _) => false,
    }
}

/// Whether the fixed fields agree, and the only field is there.
fn is_tagged(object: &Object, map: &Map<String, Value>) -> bool {
    let only_field = match &object.fields[..] {
        [only] => !only.required || map.contains_key(&only.name),
        _ => true,
    };
    only_field && object.tags().all(|(name, value)| map.get(name).is_some_and(|own| own == value))
}

/// The tag that all objects among the alternatives have and this one has not, with its values.
pub(super) fn wrong_tag<'t>(tree: &'t Tree, nodes: &'t [Node], map: &Map<String, Value>) -> Option<(&'t str, Choice)> {
    let objects = nodes.iter().filter_map(|node| match &tree.resolve(node).kind {
        Kind::Object(object) => Some(object),
        _ => None,
    });
    let objects: Vec<_> = objects.collect();
    objects.first()?.tags().find_map(|(name, _)| {
        let mut values = Vec::new();
        for object in &objects {
            let (_, value) = object.tags().find(|(own, _)| *own == name)?;
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        let is_wrong = map.get(name).is_none_or(|value| !values.contains(value));
        is_wrong.then(|| (name, Choice { docs: Vec::new(), values }))
    })
}

/// Whether the value is an object, as one of the alternatives is.
pub(super) fn is_of_some_kind(tree: &Tree, nodes: &[Node], value: &Value) -> bool {
    nodes.iter().any(|node| match &tree.resolve(node).kind {
        Kind::Object(_) => value.is_object(),
        Kind::Union(nodes) => is_of_some_kind(tree, nodes, value),
        _ => false,
    })
}
