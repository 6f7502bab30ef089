//! Deserializes the arguments of a call.

pub(super) mod budget;
pub(super) mod check;
mod checked;
mod key;
mod matcher;
mod parsed;
pub(super) mod problem;
mod rejected;
mod scalar;
mod seen_keys;
mod stream;

use serde::de::{DeserializeOwned, DeserializeSeed, Error};

use crate::schema::read::budget::Budget;
use crate::schema::read::check::problems;
use crate::schema::read::matcher::Matcher;
use crate::schema::read::parsed::{ParsedValue, ParsedValueSeed};
use crate::schema::read::problem::Problem;
use crate::schema::read::rejected::rejected_by_type;
use crate::schema::read::stream::{CheckingDeserializer, ReadContext};
use crate::schema::tree::node::SchemaTree;

/// Deserializes the arguments in one pass. Only if that fails, a second pass lists every problem.
pub(crate) fn read<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> Result<T, Vec<Problem>> {
    let body = or_empty_object(body);
    read_within(tree, &Budget::for_body(body.len()), body)
}

pub(super) fn read_within<T: DeserializeOwned>(
    tree: &SchemaTree,
    budget: &Budget,
    body: &[u8],
) -> Result<T, Vec<Problem>> {
    read_in_one_pass(tree, budget, body).or_else(|_| read_in_second_pass(tree, budget, body))
}

/// An agent sends `null`, `{}` or nothing for a tool without arguments.
fn or_empty_object(body: &[u8]) -> &[u8] {
    match body.trim_ascii() {
        b"" | b"null" => b"{}",
        _ => body,
    }
}

/// Deserializes the arguments in one pass over the bytes.
fn read_in_one_pass<T: DeserializeOwned>(tree: &SchemaTree, budget: &Budget, body: &[u8]) -> serde_json::Result<T> {
    // One check of the whole body costs less than one for each string.
    let text = simdutf8::basic::from_utf8(body).map_err(serde_json::Error::custom)?;
    let mut inner = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(CheckingDeserializer::new(&ReadContext { tree, budget }, &mut inner))?;
    inner.end()?;
    Ok(value)
}

/// Deserializes the arguments from a parsed value, or lists every problem.
fn read_in_second_pass<T: DeserializeOwned>(
    tree: &SchemaTree,
    budget: &Budget,
    body: &[u8],
) -> Result<T, Vec<Problem>> {
    let value = parse(budget, body).map_err(|problem| vec![problem])?;
    let matcher = Matcher::new(tree, budget);
    let is_valid = matcher.matches(&tree.root, &value);
    let problems = if is_valid { Vec::new() } else { problems(&matcher, &tree.root, &value) };
    if budget.is_exhausted() {
        return Err(vec![Problem::too_much()]);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let read = checked::deserialize(&matcher, &tree.root, &value, |checked| T::deserialize(checked));
    read.map_err(|failure| vec![rejected_by_type(&value, &failure)])
}

fn parse<'de>(budget: &Budget, body: &'de [u8]) -> Result<ParsedValue<'de>, Problem> {
    let mut inner = serde_json::Deserializer::from_slice(body);
    let parsed = ParsedValueSeed(budget).deserialize(&mut inner);
    let parsed = parsed.and_then(|value| inner.end().map(|()| value));
    parsed.map_err(|error| match budget.is_exhausted() {
        true => Problem::too_much(),
        false => not_json(&error),
    })
}

/// Returns the position only: the message of the error could contain a value.
fn not_json(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    if error.to_string().starts_with("recursion limit exceeded") {
        return Problem::too_deep();
    }
    let text = format!("arguments are not valid JSON (line {line}, column {column}); send one JSON object");
    Problem::not_json(text)
}

/// The same as [`read`], without the second pass.
#[cfg(test)]
pub(super) fn read_streaming<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> serde_json::Result<T> {
    read_in_one_pass(tree, &Budget::for_body(body.len()), body)
}

/// The same as [`read`], without the first pass.
#[cfg(test)]
pub(super) fn read_parsed<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> Result<T, Vec<Problem>> {
    read_in_second_pass(tree, &Budget::for_body(body.len()), body)
}
