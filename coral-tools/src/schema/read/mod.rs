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
mod raw_value;
mod rejected;
mod scalar;
mod seen_keys;
mod stream;

use std::collections::HashSet;

use serde::de::{DeserializeOwned, DeserializeSeed, Error};
use serde_json::Value;
use serde_json::de::StrRead;

use crate::schema::read::budget::Budget;
use crate::schema::read::check::{DeclaredFormats, problems};
use crate::schema::read::checked::{TryDeserializeFn, TypeError, TypeReader, ValueReader};
use crate::schema::read::matcher::Matcher;
use crate::schema::read::parse::ParsedValueSeed;
use crate::schema::read::parsed::ParsedValue;
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
fn read_in_one_pass<T: DeserializeOwned>(tree: &SchemaTree, budget: &Budget, body: &[u8]) -> Result<T, TypeError> {
    let mut inner = text_deserializer(body)?;
    let value = T::deserialize(CheckingDeserializer::new(&ReadContext { tree, budget }, &mut inner))?;
    ensure_end(&mut inner)?;
    Ok(value)
}

#[inline(never)]
fn text_deserializer(body: &[u8]) -> Result<serde_json::Deserializer<StrRead<'_>>, TypeError> {
    // One check of the whole body costs less than one for each string.
    let text = simdutf8::basic::from_utf8(body).map_err(TypeError::custom)?;
    Ok(serde_json::Deserializer::from_str(text))
}

#[inline(never)]
fn ensure_end(inner: &mut serde_json::Deserializer<StrRead<'_>>) -> Result<(), TypeError> {
    inner.end().map_err(TypeError::custom)
}

/// Deserializes the arguments from a parsed value, or lists every problem.
#[cold]
#[inline(never)]
fn read_in_second_pass<T: DeserializeOwned>(
    tree: &SchemaTree,
    budget: &Budget,
    body: &[u8],
) -> Result<T, Vec<Problem>> {
    let mut reader = TypeReader::<T>(None);
    read_or_list_problems(tree, budget, body, &mut reader)?;
    reader.0.ok_or_else(Vec::new)
}

/// Passes the value to the reader if it matches the schema. If it does not, or its type rejects it, returns every problem; the
/// reader's value is then that of an attempt.
fn read_or_list_problems<'de>(
    tree: &SchemaTree,
    budget: &Budget,
    body: &'de [u8],
    reader: &mut dyn ValueReader<'de>,
) -> Result<(), Vec<Problem>> {
    let value = parse(budget, body).map_err(|problem| vec![problem])?;
    let matcher = Matcher::new(tree, budget);
    let is_valid = matcher.matches(&tree.root, &value);
    if is_valid && checked::deserialize(&matcher, &tree.root, &value, &HashSet::new(), reader).is_ok() {
        return Ok(());
    }
    if budget.is_exhausted() {
        return Err(vec![Problem::too_much()]);
    }
    let problems = all_problems(&matcher, &value, reader);
    match budget.is_exhausted() {
        true => Err(vec![Problem::too_much()]),
        false => Err(problems),
    }
}

/// Returns the problems of a value that does not match the schema, or that its type rejects.
fn all_problems<'de>(
    matcher: &Matcher<'_>,
    value: &ParsedValue<'de>,
    reader: &mut dyn ValueReader<'de>,
) -> Vec<Problem> {
    let root = &matcher.tree.root;
    let list = |formats| problems(matcher, root, value, formats);
    let all = list(DeclaredFormats::All);
    if !all.iter().all(Problem::is_format) {
        // The types cannot be asked. Those that accept other forms than their format are rare.
        return all;
    }
    let failure = |rejected: &_| checked::deserialize(matcher, root, value, rejected, reader).err();
    match rejected_strings(value, failure) {
        (rejected, None) => list(DeclaredFormats::Of(&rejected)),
        (_, Some(failure)) if all.is_empty() => vec![rejected_by_type(value, &failure)],
        (_, Some(_)) => all,
    }
}

/// Deserializes a value as it is, or returns the location of the value that the type rejects.
pub(super) fn read_unchecked(
    tree: &SchemaTree,
    value: &Value,
    mut try_deserialize: TryDeserializeFn,
) -> Result<(), Location> {
    let budget = Budget::unlimited();
    let matcher = Matcher::new(tree, &budget);
    let read = checked::deserialize_unchecked(&matcher, &value.into(), &mut try_deserialize);
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
pub(super) fn read_streaming<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> Result<T, TypeError> {
    read_in_one_pass(tree, &Budget::for_body(body.len()), body)
}

/// The same as [`read`], without the first pass.
#[cfg(test)]
pub(super) fn read_parsed<T: DeserializeOwned>(tree: &SchemaTree, body: &[u8]) -> Result<T, Vec<Problem>> {
    read_in_second_pass(tree, &Budget::for_body(body.len()), body)
}
