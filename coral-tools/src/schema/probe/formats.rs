//! Formats that the schema of a type declares: enforced for strings; a type that parses the string decides itself, because it
//! may accept more forms.

use serde_json::json;

use super::{Around, Prober};
use crate::schema::tree::format::EnforcedFormat;
use crate::schema::tree::location::{Location, LocationStep};
use crate::schema::tree::node::{AdditionalProperties, ArrayItems, NodeKind, SchemaNode, SchemaTree};

/// A string that is in no format.
const IN_NO_FORMAT: &str = "\u{0}";

/// Enforces the declared formats of the nodes with these addresses.
pub(crate) fn enforce_formats(tree: &mut SchemaTree, strings: &[usize]) {
    for node in std::iter::once(&mut tree.root).chain(tree.defs.iter_mut().map(|(_, node)| node)) {
        enforce(node, strings);
    }
}

fn enforce(node: &mut SchemaNode, strings: &[usize]) {
    let address = std::ptr::from_ref(node).addr();
    match &mut node.kind {
        NodeKind::String(schema) if strings.contains(&address) => schema.enforced = schema.declared.take(),
        NodeKind::Union(nodes) => nodes.iter_mut().for_each(|node| enforce(node, strings)),
        NodeKind::Array(array) => match &mut array.items {
            ArrayItems::Each(node) => enforce(node, strings),
            ArrayItems::Tuple(nodes) => nodes.iter_mut().for_each(|node| enforce(node, strings)),
        },
        NodeKind::Object(object) => {
            object.fields.iter_mut().for_each(|field| enforce(&mut field.node, strings));
            if let AdditionalProperties::Schema { node, .. } = &mut object.additional {
                enforce(node, strings);
            }
        }
        _ => {}
    }
}

impl Prober<'_> {
    /// Whether the type at the location accepts any string. If other values of the sample are rejected, the format decides:
    /// few types parse email addresses and hostnames.
    pub(super) fn is_string(&self, format: EnforcedFormat, location: &Location, around: Around<'_>) -> bool {
        let failure = |text: &str| match self.attempt(&around(json!(text))) {
            Some(attempt) => attempt.failure,
            None => Some(Location::default()),
        };
        match failure(IN_NO_FORMAT) {
            None => true,
            Some(rejected) if is_at(&rejected, location) || failure(format.sample()).is_none() => false,
            Some(_) => matches!(format, EnforcedFormat::Email | EnforcedFormat::Hostname),
        }
    }
}

/// Whether a location in a value is one of a location in a type.
fn is_at(location: &Location, in_type: &Location) -> bool {
    let (steps, types) = (location.steps(), in_type.steps());
    let matches = |(step, in_type): (&LocationStep, &LocationStep)| match (step, in_type) {
        (LocationStep::Index(_), LocationStep::AnyItem) | (LocationStep::Key(_), LocationStep::AnyKey) => true,
        (step, in_type) => step == in_type,
    };
    steps.len() == types.len() && steps.iter().zip(types).all(matches)
}
