//! Warnings about schemas that only some model providers accept.

use crate::schema::build::names;
use crate::schema::build::problem::SchemaProblem;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{SchemaNode, SchemaTree, children};

const NULL: &str = "some model providers reject `null` as a type of an argument; use them only with providers that accept \
                    `anyOf`, or clear the value with an argument of its own";

/// Returns the warnings about the arguments of a tool.
pub(crate) fn warnings(tree: &SchemaTree) -> Vec<SchemaProblem> {
    let mut warnings = Vec::new();
    children(&tree.root, &Location::default(), &mut |node, location| warn(node, location, &mut warnings));
    for (name, node) in &tree.defs {
        warn(node, &Location::from_key(name), &mut warnings);
    }
    warnings
}

fn warn(node: &SchemaNode, location: &Location, warnings: &mut Vec<SchemaProblem>) {
    let null = node.annotations.keeps_null.then(|| SchemaProblem::new(location, NULL));
    for warning in names::warnings(node, location).chain(null) {
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    children(node, location, &mut |child, location| warn(child, location, warnings));
}
