//! Names of properties that come from the fields and variants of a type.

use crate::rules::argument_name_error;
use crate::schema::build::problem::SchemaProblem;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{NodeKind, SchemaNode, SchemaTree, children};

const FIX: &str = "rename the field with `#[serde(rename = \"…\")]`";

/// Rejects names at the top level that model providers reject, with all other tools.
pub(super) fn reject_invalid_arguments(tree: &SchemaTree, problems: &mut Vec<SchemaProblem>) {
    for name in property_names(&tree.root) {
        if let Some(reason) = argument_name_error(name) {
            let message = format!("this is not a valid argument name: {reason}; {FIX}");
            problems.push(SchemaProblem::new(&Location::from_key(name), message));
        }
    }
}

/// Returns a warning for each name below the top level that only some model providers accept.
pub(crate) fn warnings(tree: &SchemaTree) -> Vec<SchemaProblem> {
    let mut warnings = Vec::new();
    children(&tree.root, &Location::default(), &mut |node, location| warn(node, location, &mut warnings));
    for (name, node) in &tree.defs {
        warn(node, &Location::from_key(name), &mut warnings);
    }
    warnings
}

fn warn(node: &SchemaNode, location: &Location, warnings: &mut Vec<SchemaProblem>) {
    for name in property_names(node) {
        if let Some(reason) = argument_name_error(name) {
            let message = format!("some model providers reject this name of a property: {reason}; {FIX}");
            let warning = SchemaProblem::new(&location.key(name), message);
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
    children(node, location, &mut |child, location| warn(child, location, warnings));
}

fn property_names(node: &SchemaNode) -> impl Iterator<Item = &str> {
    let fields = match &node.kind {
        NodeKind::Object(object) => &object.fields[..],
        _ => &[],
    };
    fields.iter().map(|field| field.name.as_str())
}
