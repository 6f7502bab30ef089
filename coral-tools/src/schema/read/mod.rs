//! Deserializes the arguments of a call.

pub(super) mod budget;
pub(super) mod check;
pub(super) mod checked;
pub(super) mod defaults;
mod key;
mod matcher;
mod parse;
mod parsed;
pub(super) mod problem;
mod rejected;
mod scalar;
mod seen_keys;
mod stream;

use std::collections::HashSet;

use serde::de::{DeserializeOwned, DeserializeSeed, Error};
use serde_json::Value;

use crate::schema::read::budget::Budget;
use crate::schema::read::check::{DeclaredFormats, problems};
use crate::schema::read::checked::DeserializeFailure;
use crate::schema::read::matcher::Matcher;
use crate::schema::read::parse::ParsedValueSeed;
use crate::schema::read::parsed::{ParsedValue, ValueAddress};
use crate::schema::read::problem::Problem;
use crate::schema::read::rejected::{rejected_by_type, rejected_strings};
use crate::schema::read::stream::{CheckingDeserializer, ReadContext};
use crate::schema::tree::location::Location;
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
    if is_valid && let Ok(arguments) = read_checked(&matcher, &value, &HashSet::new()) {
        return Ok(arguments);
    }
    if budget.is_exhausted() {
        return Err(vec![Problem::too_much()]);
    }
    let problems = all_problems::<T>(&matcher, &value);
    match budget.is_exhausted() {
        true => Err(vec![Problem::too_much()]),
        false => Err(problems),
    }
}

/// Deserializes a value that matches the schema.
fn read_checked<'s, T: DeserializeOwned>(
    matcher: &Matcher<'s>,
    value: &ParsedValue<'_>,
    rejected: &HashSet<ValueAddress>,
) -> Result<T, DeserializeFailure<'s>> {
    checked::deserialize(matcher, &matcher.tree.root, value, rejected, |checked| T::deserialize(checked))
}

/// Returns the problems of a value that does not match the schema, or that its type rejects.
fn all_problems<T: DeserializeOwned>(matcher: &Matcher<'_>, value: &ParsedValue<'_>) -> Vec<Problem> {
    let list = |formats| problems(matcher, &matcher.tree.root, value, formats);
    let all = list(DeclaredFormats::All);
    if !all.iter().all(Problem::is_format) {
        // The types cannot be asked. Those that accept other forms than their format are rare.
        return all;
    }
    match rejected_strings(value, |rejected| read_checked::<T>(matcher, value, rejected).err()) {
        (rejected, None) => list(DeclaredFormats::Of(&rejected)),
        (_, Some(failure)) if all.is_empty() => vec![rejected_by_type(value, &failure)],
        (_, Some(_)) => all,
    }
}

/// Deserializes a value as it is, or returns the location of the value that the type rejects.
pub(super) fn read_unchecked<T: DeserializeOwned>(tree: &SchemaTree, value: &Value) -> Result<T, Location> {
    let budget = Budget::unlimited();
    let matcher = Matcher::new(tree, &budget);
    let read = checked::deserialize_unchecked(&matcher, &value.into(), |checked| T::deserialize(checked));
    read.map_err(|failure| failure.location)
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
