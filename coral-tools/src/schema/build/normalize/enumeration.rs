//! `enum` and `const`.

use serde_json::Value;

use super::{Keywords, NO_VALUES, Normalizer};
use crate::schema::read::check::check;
use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{EnumSchema, NodeKind, SchemaNode, SchemaTree};

impl Normalizer {
    /// Builds one node for each JSON type among the values.
    pub(super) fn enumeration(&mut self, keywords: &Keywords, location: &Location) -> Vec<SchemaNode> {
        let mut nodes: Vec<SchemaNode> = Vec::new();
        let mut values = values(keywords);
        values.iter().for_each(|value| self.reject_compound(value, location));
        if let Some(rest) = self.rest(keywords, location) {
            values.retain(|value| rest.iter().any(|node| fits(node, value)));
        }
        for value in values {
            add(&mut nodes, value);
        }
        if nodes.is_empty() {
            self.problem(location, NO_VALUES);
            return vec![NodeKind::Any.into()];
        }
        nodes
    }

    /// Builds the nodes of the keywords beside `enum` and `const`, which restrict the values further.
    fn rest(&mut self, keywords: &Keywords, location: &Location) -> Option<Vec<SchemaNode>> {
        let mut rest = keywords.clone();
        rest.retain(|keyword, _| !["enum", "const"].contains(&keyword.as_str()));
        (!rest.is_empty()).then(|| self.plain(&rest, location))
    }

    fn reject_compound(&mut self, value: &Value, location: &Location) {
        if value.is_array() || value.is_object() {
            self.problem(
                location,
                "`enum` and `const` with an array or object are not supported by most agents; use strings",
            );
        }
    }
}

/// Whether a node allows a value. Arrays and objects have been reported already, so that the node needs no definitions.
fn fits(node: &SchemaNode, value: &Value) -> bool {
    let tree = SchemaTree { root: NodeKind::Any.into(), defs: Vec::new() };
    value.is_array() || value.is_object() || check(&tree, node, value).is_empty()
}

fn values(keywords: &Keywords) -> Vec<Value> {
    let listed = keywords.get("enum").and_then(Value::as_array);
    match (keywords.get("const"), listed) {
        (Some(value), None) => vec![value.clone()],
        (Some(value), Some(listed)) => listed.iter().filter(|other| *other == value).cloned().collect(),
        (None, listed) => listed.cloned().unwrap_or_default(),
    }
}

fn add(nodes: &mut Vec<SchemaNode>, value: Value) {
    if value.is_null() {
        nodes.push(NodeKind::Null.into());
        return;
    }
    let same = nodes.iter_mut().find(|node| node.json_type() == Some(JsonType::narrowest(&value)));
    if let Some(NodeKind::Enum(enum_schema)) = same.map(|node| &mut node.kind) {
        if !enum_schema.values.contains(&value) {
            enum_schema.values.push(value);
            enum_schema.docs.push(None);
        }
        return;
    }
    let enum_schema = EnumSchema::new(vec![value], vec![None]);
    nodes.push(NodeKind::Enum(enum_schema).into());
}
