//! The settings of remote servers. They are only validated: the stand-in runs no remote agents.

use super::json_tree::JsonTree;
use super::object_reader::ObjectReader;
use super::scalar::{boolean, float, integer, list, one_of, text, unsigned};
use super::{DecodeError, DecodeResult};

/// The type tag of a source without a serial name: its class name.
const INDEXER: &str = "org.coralprotocol.coralserver.agent.graph.server.GraphAgentServerSource.Indexer";

pub(super) fn amount(tree: JsonTree) -> DecodeResult<()> {
    ObjectReader::read(tree, |fields| match fields.required("type", one_of(&["usd", "coral", "micro_coral"]))? {
        "micro_coral" => fields.required("amount", integer::<i64>).map(drop),
        _ => fields.required("amount", float::<f64>).map(drop),
    })
}

pub(super) fn source(tree: JsonTree) -> DecodeResult<()> {
    ObjectReader::read(tree, |fields| match fields.required("type", one_of(&["servers", INDEXER]))? {
        "servers" => fields.required("servers", |tree| list(tree, server)).map(drop),
        _ => fields.required("indexer", text).map(drop),
    })
}

pub(super) fn server(tree: JsonTree) -> DecodeResult<()> {
    ObjectReader::read(tree, |fields| {
        fields.required("address", text)?;
        fields.required("port", unsigned::<u16>)?;
        fields.required("secure", boolean)?;
        fields.required("attributes", |tree| list(tree, attribute)).map(drop)
    })
}

fn attribute(tree: JsonTree) -> DecodeResult<()> {
    ObjectReader::read(tree, |fields| {
        let format = fields.required("format", one_of(&["string", "number", "boolean"]))?;
        fields.required("type", attribute_type)?;
        match format {
            "string" => fields.required("value", text).map(drop),
            "number" => fields.required("value", float::<f64>).map(drop),
            _ => fields.required("value", boolean).map(drop),
        }
    })
}

fn attribute_type(tree: JsonTree) -> DecodeResult<()> {
    one_of(&["geographic_location", "attested_by"])(tree).map(drop)
}

pub(super) fn scoring(tree: JsonTree) -> DecodeResult<()> {
    ObjectReader::read(tree, |fields| match fields.required("type", one_of(&["default", "custom"]))? {
        "custom" => fields.required("scorers", |tree| list(tree, scorer)).map(drop),
        _ => Ok(()),
    })
}

fn scorer(tree: JsonTree) -> DecodeResult<()> {
    ObjectReader::read(tree, |fields| {
        let operation = fields.required("op", text)?;
        fields.required("type", attribute_type)?;
        match operation.as_str() {
            // Only this effect has a type tag.
            "is_present" => return fields.required("effect", tagged_effect),
            "is_true" | "is_false" | "is_not_present" => {}
            "string_equal" | "string_not_equal" => drop(fields.required("string", text)?),
            unknown => return Err(DecodeError::new(format!("unknown {unknown:?}")).in_field("op")),
        }
        fields.required("effect", |tree| ObjectReader::read(tree, weight))
    })
}

fn tagged_effect(tree: JsonTree) -> DecodeResult<()> {
    ObjectReader::read(tree, |fields| {
        fields.required("type", one_of(&["flat", "multiplier"]))?;
        weight(fields)
    })
}

fn weight(fields: &mut ObjectReader) -> DecodeResult<()> {
    fields.required("weight", float::<f64>).map(drop)
}
