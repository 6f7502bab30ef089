//! Names of properties that come from the fields and variants of a type.

use crate::rules::argument_name_error;
use crate::schema::build::problem::SchemaProblem;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{NodeKind, SchemaNode, SchemaTree};

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

/// Returns a warning for each property of a node below the top level whose name only some model providers accept.
pub(super) fn warnings<'a>(node: &'a SchemaNode, location: &'a Location) -> impl Iterator<Item = SchemaProblem> + 'a {
    property_names(node).filter_map(move |name| {
        let reason = argument_name_error(name)?;
        let message = format!("some model providers reject this name of a property: {reason}; {FIX}");
        Some(SchemaProblem::new(&location.key(name), message))
    })
}

fn property_names(node: &SchemaNode) -> impl Iterator<Item = &str> {
    let fields = match &node.kind {
        NodeKind::Object(object) => &object.fields[..],
        _ => &[],
    };
    fields.iter().map(|field| field.name.as_str())
}
