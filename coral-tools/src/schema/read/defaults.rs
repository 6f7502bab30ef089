//! Defaults of arguments that no type fills in.

use serde_json::{Map, Value};

use crate::schema::tree::node::{
    AdditionalProperties, NodeKind, ObjectSchema, ObjectSelector, SchemaNode, SchemaTree, UnionSchema,
};

/// Adds the default of each absent property to a value that the node allows. In a union, the variant must be known without an
/// attempt to match: the only object, or the one with the value of a tag.
pub(crate) fn add_defaults(tree: &SchemaTree, node: &SchemaNode, value: &mut Value) {
    match (&tree.resolve(node).kind, value) {
        (NodeKind::Object(object), Value::Object(members)) => add_to_object(tree, object, members),
        (NodeKind::Array(array), Value::Array(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                if let Some(node) = array.item(index) {
                    add_defaults(tree, node, item);
                }
            }
        }
        (NodeKind::Union(union), value) => {
            if let Some(variant) = variant(tree, union, value) {
                add_defaults(tree, variant, value);
            }
        }
        _ => {}
    }
}

fn add_to_object(tree: &SchemaTree, object: &ObjectSchema, members: &mut Map<String, Value>) {
    for field in &object.fields {
        match (members.get_mut(&field.name), &field.node.annotations.default) {
            (Some(value), _) => add_defaults(tree, &field.node, value),
            (None, Some(default)) => {
                members.insert(field.name.clone(), default.clone());
            }
            (None, None) => {}
        }
    }
    if let AdditionalProperties::Schema { node, .. } = &object.additional {
        let is_property = |name: &str| object.fields.iter().any(|field| field.name == name);
        let additional = members.iter_mut().filter(|(name, _)| !is_property(name));
        additional.for_each(|(_, value)| add_defaults(tree, node, value));
    }
}

fn variant<'t>(tree: &'t SchemaTree, union: &'t UnionSchema, value: &Value) -> Option<&'t SchemaNode> {
    let members = value.as_object()?;
    match &union.selector {
        ObjectSelector::Only(index) => union.get(*index),
        ObjectSelector::Tag(tag) => {
            let name = members.get(tag)?.as_str()?;
            tree.objects(union).find(|(_, object)| object.tag(tag) == Some(name)).map(|(node, _)| node)
        }
        ObjectSelector::Key | ObjectSelector::Attempts => None,
    }
}
