//! Facts that are known only when the tree is complete: how the variant of a union is selected, whether `null` is a value of a
//! property, and which numbers need no comparison.

use serde_json::Value;

use crate::schema::tree::node::{
    AdditionalProperties, ArrayItems, NodeKind, NullRule, ObjectSchema, ObjectSelector, PropertySchema, SchemaNode,
    SchemaTree,
};

/// Comparing a string with this number of values costs less than hashing it.
const SHORT_ENUM: usize = 16;

/// Sets the selector of every union, the rule for `null` of every property, and the direct numbers.
pub(super) fn complete(mut tree: SchemaTree) -> SchemaTree {
    let types = SchemaTree { root: NodeKind::Any.into(), defs: tree.defs.clone() };
    visit(&mut tree.root, &types);
    tree.defs.iter_mut().for_each(|(_, node)| visit(node, &types));
    tree
}

fn visit(node: &mut SchemaNode, types: &SchemaTree) {
    match &mut node.kind {
        NodeKind::Number(numeric) => numeric.direct = numeric.direct_numbers(),
        NodeKind::Enum(enum_schema) if enum_schema.values.len() > SHORT_ENUM => {
            enum_schema.lookup = enum_schema.values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        NodeKind::Union(union) => {
            union.iter_mut().for_each(|node| visit(node, types));
            union.selector = selector(union, types);
        }
        NodeKind::Array(array) => match &mut array.items {
            ArrayItems::Each(node) => visit(node, types),
            ArrayItems::Tuple(nodes) => nodes.iter_mut().for_each(|node| visit(node, types)),
        },
        NodeKind::Object(object) => {
            object.fields.iter_mut().for_each(|field| visit_property(field, types));
            object.required_bits = required_bits(&object.fields);
            if let AdditionalProperties::Schema { node, .. } = &mut object.additional {
                visit(node, types);
            }
        }
        _ => {}
    }
}

fn required_bits(fields: &[PropertySchema]) -> u64 {
    fields.iter().take(64).enumerate().fold(0, |bits, (index, field)| bits | u64::from(field.required) << index)
}

fn visit_property(property: &mut PropertySchema, types: &SchemaTree) {
    visit(&mut property.node, types);
    if types.allows_null(&property.node) {
        property.null = NullRule::Value;
    }
}

fn selector(variants: &[SchemaNode], types: &SchemaTree) -> ObjectSelector {
    let kinds: Vec<_> = variants.iter().map(|node| &types.resolve(node).kind).collect();
    let mut compound =
        (0..kinds.len()).filter(|&index| matches!(kinds[index], NodeKind::Object(_) | NodeKind::Union(_)));
    if let (Some(only), None) = (compound.next(), compound.next()) {
        return ObjectSelector::Only(only);
    }
    if kinds.iter().any(|kind| matches!(kind, NodeKind::Union(_))) {
        return ObjectSelector::Attempts;
    }
    let objects: Vec<_> = kinds.iter().filter_map(|kind| as_object(kind)).collect();
    match common_tag(&objects) {
        Some(tag) => ObjectSelector::Tag(tag.to_owned()),
        None if are_distinct(objects.iter().map(|object| object.only_key())) => ObjectSelector::Key,
        None => ObjectSelector::Attempts,
    }
}

fn as_object(kind: &NodeKind) -> Option<&ObjectSchema> {
    match kind {
        NodeKind::Object(object) => Some(object),
        _ => None,
    }
}

/// Returns a tag that all objects have, each with another value.
fn common_tag<'t>(objects: &[&'t ObjectSchema]) -> Option<&'t str> {
    let mut tags = objects.first()?.tags().map(|(name, _)| name);
    tags.find(|tag| are_distinct(objects.iter().map(|object| object.tag(tag))))
}

/// Whether all names exist and none is equal to another.
fn are_distinct<'t>(names: impl Iterator<Item = Option<&'t str>>) -> bool {
    let Some(mut names) = names.collect::<Option<Vec<_>>>() else {
        return false;
    };
    names.sort_unstable();
    names.windows(2).all(|pair| pair[0] != pair[1])
}
