//! Deserializes the arguments of a call.

pub(super) mod check;
mod coerce;
mod deserialize_error;
mod lookup;
mod parse;
pub(super) mod problem;
mod stream;
mod variants;

use serde::de::{DeserializeOwned, Error};

use crate::schema::read::check::check;
use crate::schema::read::coerce::coerce;
use crate::schema::read::deserialize_error::type_problem;
use crate::schema::read::lookup::{node_at, value_at};
use crate::schema::read::parse::{ParsedBody, parse};
use crate::schema::read::problem::Problem;
use crate::schema::read::stream::CheckingDeserializer;
use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{NodeKind, SchemaNode, SchemaTree};

/// Deserializes the arguments in one pass. Only if that fails, a second pass lists every problem.
pub(crate) fn read<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> Result<T, Vec<Problem>> {
    let body = or_empty_object(body);
    read_streaming(tree, body).or_else(|_| read_in_second_pass(tree, body))
}

/// An agent sends `null`, `{}` or nothing for a tool without arguments.
fn or_empty_object(body: &[u8]) -> &[u8] {
    match body.trim_ascii() {
        b"" | b"null" => b"{}",
        _ => body,
    }
}

/// Deserializes the arguments in one pass over the bytes.
pub(crate) fn read_streaming<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> serde_json::Result<T> {
    // One check of the whole body costs less than one for each string.
    let text = std::str::from_utf8(body).map_err(serde_json::Error::custom)?;
    let mut inner = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(CheckingDeserializer::new(tree, &tree.root, &mut inner))?;
    inner.end()?;
    Ok(value)
}

fn read_in_second_pass<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> Result<T, Vec<Problem>> {
    let matters = |location: &Location| parent_node(tree, location).is_some();
    let parsed = parse(body, &matters).map_err(|problem| vec![problem])?;
    let mut problems = duplicates(&parsed);
    problems.extend(check(tree, &tree.root, &parsed.value));
    if !problems.is_empty() {
        return Err(problems);
    }
    let value = coerce(tree, &tree.root, parsed.value);
    serde_path_to_error::deserialize(&value).map_err(|error| vec![type_problem::<T>(tree, &value, &error)])
}

fn duplicates(parsed: &ParsedBody) -> Vec<Problem> {
    let problem = |location: &Location| {
        let found = value_at(&parsed.value, location.steps()).map(JsonType::from_value);
        Problem::duplicate_key(location, found)
    };
    parsed.duplicates.iter().map(problem).collect()
}

/// Returns the node that contains the last step, unless it allows any value.
fn parent_node<'t>(tree: &'t SchemaTree, location: &Location) -> Option<&'t SchemaNode> {
    let (_, above) = location.steps().split_last()?;
    node_at(tree, &tree.root, above).filter(|node| !matches!(node.kind, NodeKind::Any))
}
