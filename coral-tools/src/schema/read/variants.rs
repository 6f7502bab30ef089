//! Selects the variant of a union that a value was meant to be.

use serde_json::{Map, Value};

use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::node::{EnumSchema, NodeKind, ObjectSchema, SchemaNode, SchemaTree};

/// Whether the type and the tags of a value are those of this variant.
pub(super) fn is_candidate(tree: &SchemaTree, node: &SchemaNode, value: &Value) -> bool {
    match (&tree.resolve(node).kind, value) {
        (NodeKind::Object(object), Value::Object(map)) => has_matching_tags(object, map),
        (NodeKind::Enum(enum_schema), _) => {
            enum_schema.values.iter().any(|own| JsonType::from_value(own) == JsonType::from_value(value))
        }
        (NodeKind::Union(nodes), _) => nodes.iter().any(|node| is_candidate(tree, node, value)),
        (NodeKind::Any, _) => true,
        (NodeKind::Null, _) => value.is_null(),
        (NodeKind::Boolean, _) => value.is_boolean(),
        (NodeKind::Number(_), _) => value.is_number(),
        (NodeKind::String(_), _) => value.is_string(),
        (NodeKind::Array(_), _) => value.is_array(),
        (NodeKind::Object(_) | NodeKind::Reference(_), _) => false,
    }
}

/// Whether all tags have the right value. The field of a variant with one field must be present if it is required.
fn has_matching_tags(object: &ObjectSchema, map: &Map<String, Value>) -> bool {
    let only_field = match &object.fields[..] {
        [only] => !only.required || map.contains_key(&only.name),
        _ => true,
    };
    only_field && object.tags().all(|(name, value)| map.get(name).is_some_and(|own| own == value))
}

/// Returns a tag that all object variants have, with its values, if the value of the object is not one of them.
pub(super) fn wrong_tag<'t>(
    tree: &'t SchemaTree,
    nodes: &'t [SchemaNode],
    map: &Map<String, Value>,
) -> Option<(&'t str, EnumSchema)> {
    let objects = nodes.iter().filter_map(|node| match &tree.resolve(node).kind {
        NodeKind::Object(object) => Some(object),
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
        is_wrong.then(|| (name, EnumSchema { docs: Vec::new(), values }))
    })
}

/// Whether the value is an object and one of the variants is an object.
pub(super) fn has_object_variant(tree: &SchemaTree, nodes: &[SchemaNode], value: &Value) -> bool {
    nodes.iter().any(|node| match &tree.resolve(node).kind {
        NodeKind::Object(_) => value.is_object(),
        NodeKind::Union(nodes) => has_object_variant(tree, nodes, value),
        _ => false,
    })
}
