//! What is said of remote servers. Read for its form alone: nothing here runs on one.

use super::fields::Fields;
use super::scalar::{boolean, float, integer, list, one_of, text};
use super::tree::Tree;
use super::{Decoded, Undecodable};

/// The tag of a source that has no name of its own.
const INDEXER: &str = "org.coralprotocol.coralserver.agent.graph.server.GraphAgentServerSource.Indexer";

pub(super) fn amount(tree: Tree) -> Decoded<()> {
    Fields::of(tree, |fields| match fields.required("type", one_of(&["usd", "coral", "micro_coral"]))? {
        "micro_coral" => fields.required("amount", integer::<i64>).map(drop),
        _ => fields.required("amount", float::<f64>).map(drop),
    })
}

pub(super) fn source(tree: Tree) -> Decoded<()> {
    Fields::of(tree, |fields| match fields.required("type", one_of(&["servers", INDEXER]))? {
        "servers" => fields.required("servers", |tree| list(tree, server)).map(drop),
        _ => fields.required("indexer", text).map(drop),
    })
}

pub(super) fn server(tree: Tree) -> Decoded<()> {
    Fields::of(tree, |fields| {
        fields.required("address", text)?;
        fields.required("port", integer::<u16>)?;
        fields.required("secure", boolean)?;
        fields.required("attributes", |tree| list(tree, attribute)).map(drop)
    })
}

fn attribute(tree: Tree) -> Decoded<()> {
    Fields::of(tree, |fields| {
        let format = fields.required("format", one_of(&["string", "number", "boolean"]))?;
        fields.required("type", attribute_type)?;
        match format {
            "string" => fields.required("value", text).map(drop),
            "number" => fields.required("value", float::<f64>).map(drop),
            _ => fields.required("value", boolean).map(drop),
        }
    })
}

fn attribute_type(tree: Tree) -> Decoded<()> {
    one_of(&["geographic_location", "attested_by"])(tree).map(drop)
}

pub(super) fn scoring(tree: Tree) -> Decoded<()> {
    Fields::of(tree, |fields| match fields.required("type", one_of(&["default", "custom"]))? {
        "custom" => fields.required("scorers", |tree| list(tree, scorer)).map(drop),
        _ => Ok(()),
    })
}

fn scorer(tree: Tree) -> Decoded<()> {
    Fields::of(tree, |fields| {
        let operation = fields.required("op", text)?;
        fields.required("type", attribute_type)?;
        match operation.as_str() {
            // The one whose effect is tagged.
            "is_present" => return fields.required("effect", tagged_effect),
            "is_true" | "is_false" | "is_not_present" => {}
            "string_equal" | "string_not_equal" => drop(fields.required("string", text)?),
            unknown => return Err(Undecodable::new(format!("unknown {unknown:?}")).inside("op")),
        }
        fields.required("effect", |tree| Fields::of(tree, weight))
    })
}

fn tagged_effect(tree: Tree) -> Decoded<()> {
    Fields::of(tree, |fields| {
        fields.required("type", one_of(&["flat", "multiplier"]))?;
        weight(fields)
    })
}

fn weight(fields: &mut Fields) -> Decoded<()> {
    fields.required("weight", float::<f64>).map(drop)
}
