//! Problems of values that the schema allows and the Rust type rejects, such as a date that does not exist.

use crate::argument_error::message_for_agent;
use crate::schema::read::check::MAX_PROBLEMS;
use crate::schema::read::parsed::{ParsedValue, ValueAddress};
use crate::schema::read::problem::Problem;
use crate::schema::read::value::ValueReader;
use crate::schema::read::value::matched::{DeserializeFailure, Matching};
use crate::schema::show::describe::expected;
use crate::schema::show::rules::valid_format;
use crate::schema::tree::location::{Location, LocationStep};
use crate::schema::tree::node::{NodeKind, SchemaNode};
use crate::schema::tree::string::StringSchema;

/// Returns the problem of an error of `T::deserialize`.
pub(super) fn rejected_by_type(value: &ParsedValue<'_>, failure: &DeserializeFailure<'_>) -> Problem {
    let DeserializeFailure { location, node, is_key, .. } = failure;
    let found = value_at(value, location).map(ParsedValue::json_type);
    let problem = match is_key {
        true => Problem::key_rejected_by_type(location, found),
        false => {
            let wanted = node.map_or_else(|| "a value that the tool accepts".to_owned(), expected_by_type);
            Problem::rejected_by_type(location, wanted, found)
        }
    };
    let problem = problem.with_reason(message_for_agent(&failure.error.to_string()));
    // An agent's mistake, such as a date that does not exist, is not a warning.
    tracing::debug!(
        path = problem.path(),
        reason = problem.reason(),
        "argument matched the schema but failed to deserialize"
    );
    problem
}

/// Finds the strings that their types reject because of their format, and returns the error of the type that remains if they are
/// in their formats. The value is deserialized with a valid string for each of the rejected ones.
pub(super) fn find_rejected_strings<'s, 'de>(
    matching: &mut Matching<'s>,
    value: &ParsedValue<'de>,
    reader: &mut dyn ValueReader<'de>,
) -> Option<DeserializeFailure<'s>> {
    while let Err(failure) = matching.deserialize(value, reader) {
        let string = rejected_string(value, &failure);
        let is_new = matching.rejected.len() < MAX_PROBLEMS && string.is_some_and(|it| matching.rejected.insert(it));
        if !is_new {
            return Some(failure);
        }
    }
    None
}

/// Returns the string that was rejected, if its type declares a format.
fn rejected_string(value: &ParsedValue<'_>, failure: &DeserializeFailure<'_>) -> Option<ValueAddress> {
    let NodeKind::String(StringSchema { declared: Some(_), .. }) = &failure.node?.kind else {
        return None;
    };
    let string = value_at(value, &failure.location)?;
    matches!(string, ParsedValue::String(_)).then(|| string.address())
}

fn expected_by_type(node: &SchemaNode) -> String {
    match &node.kind {
        NodeKind::String(StringSchema { format: Some(format), .. }) => valid_format(format),
        _ => format!("{} that the tool accepts", expected(node)),
    }
}

/// Returns the value at a location.
fn value_at<'v, 'de>(value: &'v ParsedValue<'de>, location: &Location) -> Option<&'v ParsedValue<'de>> {
    location.steps().iter().try_fold(value, |value, step| match (value, step) {
        (ParsedValue::Object(entries), LocationStep::Key(key)) => {
            entries.iter().find(|(own, _)| own == key).map(|(_, value)| value)
        }
        (ParsedValue::Array(items), LocationStep::Index(index)) => items.get(*index),
        _ => None,
    })
}
