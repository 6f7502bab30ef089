//! From the bytes of a call to its arguments.

pub(super) mod check;
mod coerce;
mod deserialize_error;
mod find;
mod parse;
pub(super) mod problem;
mod stream;
mod variants;

use serde::de::DeserializeOwned;

use crate::schema::read::check::check;
use crate::schema::read::coerce::tidy;
use crate::schema::read::deserialize_error::refused;
use crate::schema::read::find::{find, node_at};
use crate::schema::read::parse::{LocationStep, ParsedBody, parse, path_of};
use crate::schema::read::problem::Problem;
use crate::schema::read::stream::CheckingDeserializer;
use crate::schema::tree::node::{NodeKind, SchemaNode, SchemaTree, kind_of};

/// Reads the arguments in one pass. Only if that fails, a second look lists every problem.
pub(crate) fn read<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> Result<T, Vec<Problem>> {
    let body = arguments(body);
    stream(tree, body).or_else(|_| second_look(tree, body))
}

/// An agent that passes no arguments sends `null`, `{}` or nothing.
fn arguments(body: &[u8]) -> &[u8] {
    match body.trim_ascii() {
        b"" | b"null" => b"{}",
        _ => body,
    }
}

/// One pass over the bytes, straight into the type.
pub(crate) fn stream<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> serde_json::Result<T> {
    let mut inner = serde_json::Deserializer::from_slice(body);
    let value = T::deserialize(CheckingDeserializer::new(tree, &tree.root, &mut inner))?;
    inner.end()?;
    Ok(value)
}

fn second_look<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> Result<T, Vec<Problem>> {
    let matters = |steps: &[LocationStep]| parent(tree, steps).is_some();
    let parsed = parse(body, &matters).map_err(|problem| vec![problem])?;
    let mut problems = duplicates(&parsed);
    problems.extend(check(tree, &tree.root, &parsed.value));
    if !problems.is_empty() {
        return Err(problems);
    }
    let value = tidy(tree, &tree.root, parsed.value);
    serde_path_to_error::deserialize(&value).map_err(|error| vec![refused::<T>(tree, &value, &error)])
}

fn duplicates(parsed: &ParsedBody) -> Vec<Problem> {
    let problem = |steps: &Vec<LocationStep>| {
        let found = find(&parsed.value, steps).map_or("nothing", kind_of);
        Problem::duplicate(path_of(steps), found)
    };
    parsed.duplicates.iter().map(problem).collect()
}

/// The node that holds the last step, unless it is inside of "any value".
fn parent<'t>(tree: &'t SchemaTree, steps: &[LocationStep]) -> Option<&'t SchemaNode> {
    let (_, above) = steps.split_last()?;
    node_at(tree, &tree.root, above).filter(|node| !matches!(node.kind, NodeKind::Any))
}
