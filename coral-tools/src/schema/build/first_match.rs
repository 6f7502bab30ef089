//! Untagged enums: serde reads the first variant that matches and drops the keys that this variant does not have.

use crate::schema::build::problem::SchemaProblem;
use crate::schema::show::render::render;
use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{
    AdditionalProperties, ArrayItems, ArraySchema, NodeKind, ObjectSchema, SchemaNode, SchemaTree, children,
};

/// Types nested deeper are not compared.
const MAX_DEPTH: usize = 16;

/// Rejects unions in which serde reads a value of one variant as an earlier one and drops a key.
pub(super) fn reject_dropped_keys(tree: &SchemaTree, problems: &mut Vec<SchemaProblem>) {
    visit(tree, &tree.root, &Location::default(), problems);
    for (name, node) in &tree.defs {
        visit(tree, node, &Location::from_key(name), problems);
    }
}

fn visit(tree: &SchemaTree, node: &SchemaNode, location: &Location, problems: &mut Vec<SchemaProblem>) {
    if let NodeKind::Union(nodes) = &node.kind
        && let Some(key) = first_dropped_key(tree, nodes)
    {
        problems.push(SchemaProblem::new(location, message(&key)));
    }
    children(node, location, &mut |child, location| visit(tree, child, location, problems));
}

/// Returns the message about a key that serde drops.
pub(super) fn message(key: &str) -> String {
    format!(
        "serde reads the first variant that matches, so it reads some values with {key} as an earlier variant and drops \
         it; write `#[serde(deny_unknown_fields)]` on the enum or the struct of the earlier variant, or move the \
         variant with more fields up"
    )
}

fn first_dropped_key(tree: &SchemaTree, nodes: &[SchemaNode]) -> Option<String> {
    let pairs = nodes.iter().enumerate().flat_map(|(i, later)| nodes[..i].iter().map(move |earlier| (earlier, later)));
    pairs.into_iter().find_map(|(earlier, later)| dropped_key(tree, earlier, later, MAX_DEPTH))
}

/// Returns a key of some value of `sent` that the type of `read` drops when it reads the value.
fn dropped_key(tree: &SchemaTree, read: &SchemaNode, sent: &SchemaNode, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match (&tree.resolve(read).kind, &tree.resolve(sent).kind) {
        (_, NodeKind::Union(nodes)) => nodes.iter().find_map(|sent| dropped_key(tree, read, sent, depth)),
        (NodeKind::Union(nodes), _) => key_dropped_by_union(tree, nodes, sent, depth),
        (NodeKind::Array(read), NodeKind::Array(sent)) => {
            items(read, sent).find_map(|(read, sent)| dropped_key(tree, read, sent, depth))
        }
        (NodeKind::Object(read), NodeKind::Object(sent)) => key_dropped_by_object(tree, read, sent, depth),
        _ => None,
    }
}

/// The variants after the one that the value was meant for are not read.
fn key_dropped_by_union(tree: &SchemaTree, nodes: &[SchemaNode], sent: &SchemaNode, depth: usize) -> Option<String> {
    let meant = render(sent);
    let until = nodes.iter().position(|node| render(node) == meant).unwrap_or(nodes.len());
    nodes[..until].iter().find_map(|read| dropped_key(tree, read, sent, depth))
}

fn key_dropped_by_object(tree: &SchemaTree, read: &ObjectSchema, sent: &ObjectSchema, depth: usize) -> Option<String> {
    if !accepts_object(tree, read, sent, depth) {
        return None;
    }
    if !read.rejects_unknown_keys && matches!(read.additional, AdditionalProperties::Forbidden) {
        if let Some(field) = sent.fields.iter().find(|field| read.field(&field.name).is_none()) {
            return Some(format!("`{}`", field.name));
        }
        if matches!(sent.additional, AdditionalProperties::Schema { .. }) {
            return Some("other keys".to_owned());
        }
    }
    read.fields.iter().find_map(|field| dropped_key(tree, &field.node, sent.value(&field.name)?, depth))
}

/// Whether the type of `read` may accept a value that is valid for `sent`. Only certain differences are taken into account:
/// types, the values of enums, and required properties.
fn accepts(tree: &SchemaTree, read: &SchemaNode, sent: &SchemaNode, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return true;
    };
    let (read, sent) = (tree.resolve(read), tree.resolve(sent));
    match (&read.kind, &sent.kind) {
        (NodeKind::Any, _) | (_, NodeKind::Any) => true,
        (_, NodeKind::Union(nodes)) => nodes.iter().any(|sent| accepts(tree, read, sent, depth)),
        (NodeKind::Union(nodes), _) => nodes.iter().any(|read| accepts(tree, read, sent, depth)),
        (NodeKind::Enum(read), NodeKind::Enum(sent)) => read.values.iter().any(|value| sent.values.contains(value)),
        (NodeKind::Object(read), NodeKind::Object(sent)) => accepts_object(tree, read, sent, depth),
        (NodeKind::Array(read), NodeKind::Array(sent)) => {
            let may_be_empty = read.min_items.max(sent.min_items).unwrap_or(0) == 0;
            may_be_empty || items(read, sent).all(|(read, sent)| accepts(tree, read, sent, depth))
        }
        _ => is_same_type(read.json_type(), sent.json_type()),
    }
}

fn accepts_object(tree: &SchemaTree, read: &ObjectSchema, sent: &ObjectSchema, depth: usize) -> bool {
    let has_every_field = read.fields.iter().all(|field| match sent.value(&field.name) {
        Some(node) if field.required || is_required(sent, &field.name) => {
            is_null_for_absent(tree, field.required, node) || accepts(tree, &field.node, node, depth)
        }
        Some(_) => true,
        None => !field.required,
    });
    let mut others = sent.fields.iter().filter(|field| field.required && read.field(&field.name).is_none());
    let takes_others = others.all(|field| match &read.additional {
        AdditionalProperties::Schema { node, .. } => accepts(tree, node, &field.node, depth),
        _ => !read.rejects_unknown_keys,
    });
    has_every_field && takes_others
}

fn is_required(object: &ObjectSchema, name: &str) -> bool {
    object.field(name).is_some_and(|(_, field)| field.required)
}

/// Serde reads `null` as an absent option.
fn is_null_for_absent(tree: &SchemaTree, required: bool, sent: &SchemaNode) -> bool {
    !required && matches!(tree.resolve(sent).kind, NodeKind::Null)
}

fn is_same_type(a: Option<JsonType>, b: Option<JsonType>) -> bool {
    let is_number = |kind| matches!(kind, Some(JsonType::Integer | JsonType::Number));
    a == b || (is_number(a) && is_number(b))
}

/// Returns the nodes of items at the same positions.
fn items<'t>(read: &'t ArraySchema, sent: &'t ArraySchema) -> impl Iterator<Item = (&'t SchemaNode, &'t SchemaNode)> {
    let positions = |array: &ArraySchema| match &array.items {
        ArrayItems::Each(_) => 1,
        ArrayItems::Tuple(nodes) => nodes.len(),
    };
    let count = positions(read).max(positions(sent));
    (0..count).filter_map(|index| Some((read.item(index)?, sent.item(index)?)))
}
