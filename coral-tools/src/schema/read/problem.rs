//! [`Problem`]: an error in the arguments of a call.

use std::fmt::{Display, Formatter, Result};

use serde::{Serialize, Serializer};

use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::location::Location;

/// One error in the arguments of a call. Its message is for the agent, which can correct the call.
///
/// It contains the location and the JSON type of the value, never the value itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    path: String,
    expected: String,
    #[serde(serialize_with = "serialize_found")]
    found: Option<JsonType>,
    #[serde(rename = "didYouMean", skip_serializing_if = "Option::is_none")]
    suggestion: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip)]
    kind: ProblemKind,
}

/// The kind of a problem, which decides its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProblemKind {
    /// The value has another type.
    WrongType,
    /// The value has the right type, and violates a constraint.
    Constraint,
    /// An array with `uniqueItems` has equal items.
    DuplicateItems,
    /// The string is not in its format.
    InvalidFormat,
    /// The schema allows the value, and the Rust type rejects it.
    RejectedByType,
    Missing,
    UnknownArgument,
    /// An unknown key of an object inside an argument.
    UnknownField,
    InvalidKey,
    /// The schema allows the key of a map, and the Rust type rejects it.
    KeyRejectedByType,
    DuplicateKey,
    /// This number of problems is not in the list: `expected` is the message.
    More(usize),
    /// The arguments take too much work to check, or are nested too deeply: `expected` is the message.
    Whole,
    /// The arguments are not JSON, so that there is no argument to locate: `expected` is the message.
    NotJson,
}

/// The longest description of the allowed values, in characters. Further text is cut.
const MAX_EXPECTED: usize = 400;
/// The longest start and the longest end of a path, in characters. What is between them is left out.
const MAX_PATH_END: usize = 150;

impl Problem {
    fn new(kind: ProblemKind, location: &Location, expected: String, found: Option<JsonType>) -> Self {
        Self {
            path: cut_middle(location.to_string()),
            expected: cut(expected),
            found,
            suggestion: None,
            reason: None,
            kind,
        }
    }

    pub(crate) fn wrong_type(location: &Location, expected: String, found: JsonType) -> Self {
        Self::new(ProblemKind::WrongType, location, expected, Some(found))
    }

    pub(crate) fn constraint(location: &Location, expected: String, found: JsonType) -> Self {
        Self::new(ProblemKind::Constraint, location, expected, Some(found))
    }

    pub(crate) fn duplicate_items(location: &Location, expected: String) -> Self {
        Self::new(ProblemKind::DuplicateItems, location, expected, Some(JsonType::Array))
    }

    pub(crate) fn rejected_by_type(location: &Location, expected: String, found: Option<JsonType>) -> Self {
        Self::new(ProblemKind::RejectedByType, location, expected, found)
    }

    pub(crate) fn invalid_format(location: &Location, expected: String) -> Self {
        Self::new(ProblemKind::InvalidFormat, location, expected, Some(JsonType::String))
    }

    /// Whether the problem is only a format.
    pub(crate) fn is_format(&self) -> bool {
        self.kind == ProblemKind::InvalidFormat
    }

    pub(crate) fn missing(location: &Location, expected: String) -> Self {
        Self::new(ProblemKind::Missing, location, expected, None)
    }

    pub(crate) fn unknown(location: &Location, found: JsonType, suggestion: Option<String>) -> Self {
        let (kind, expected) = match location.steps().len() {
            0 | 1 => (ProblemKind::UnknownArgument, "a known argument"),
            _ => (ProblemKind::UnknownField, "a known field"),
        };
        Self { suggestion, ..Self::new(kind, location, expected.to_owned(), Some(found)) }
    }

    pub(crate) fn invalid_key(location: &Location, expected: String, found: JsonType) -> Self {
        Self::new(ProblemKind::InvalidKey, location, expected, Some(found))
    }

    pub(crate) fn key_rejected_by_type(location: &Location, found: Option<JsonType>) -> Self {
        Self::new(ProblemKind::KeyRejectedByType, location, "a key that the tool accepts".to_owned(), found)
    }

    pub(crate) fn duplicate_key(location: &Location, found: Option<JsonType>) -> Self {
        Self::new(ProblemKind::DuplicateKey, location, "one value".to_owned(), found)
    }

    /// The budget of the call is exhausted.
    pub(crate) fn too_much() -> Self {
        let message = "the arguments take too much work to check; send fewer or smaller values";
        Self::new(ProblemKind::Whole, &Location::default(), message.to_owned(), None)
    }

    /// The JSON text is nested deeper than `serde_json` reads.
    pub(crate) fn too_deep() -> Self {
        let message = "the arguments are nested more than 128 levels deep; send a flatter value";
        Self::new(ProblemKind::Whole, &Location::default(), message.to_owned(), None)
    }

    /// The arguments are not JSON.
    pub(crate) fn not_json(message: String) -> Self {
        Self::new(ProblemKind::NotJson, &Location::default(), message, None)
    }

    /// Whether the problem is about the arguments as a whole, so that its message is complete without `details`.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.kind, ProblemKind::NotJson | ProblemKind::Whole)
    }

    /// Returns the number of problems that this one stands for.
    pub(crate) fn count(&self) -> usize {
        match self.kind {
            ProblemKind::More(count) => count,
            _ => 1,
        }
    }

    /// Stands for the problems that do not fit in the list.
    pub(crate) fn more(count: usize) -> Self {
        let s = if count == 1 { "" } else { "s" };
        let message = format!("and {count} more problem{s}");
        Self::new(ProblemKind::More(count), &Location::default(), message, None)
    }

    /// Adds the name that the agent probably meant.
    pub(crate) fn with_suggestion(self, suggestion: Option<String>) -> Self {
        Self { suggestion, ..self }
    }

    /// Adds the error message of the Rust type.
    pub(crate) fn with_reason(self, reason: Option<String>) -> Self {
        Self { reason, ..self }
    }

    /// Returns the location of the problem, such as `items[2].price`; empty for the arguments as a whole. The middle of a path
    /// of more than 300 characters is left out.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns a description of the values that the schema allows.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// Returns the JSON type of the value that was sent: `string`, `number`, `null`, `object`, `array`, `boolean`, or
    /// `nothing` if the value is absent.
    #[must_use]
    pub fn found(&self) -> &str {
        name_of(self.found)
    }

    /// Returns the name that the agent probably meant.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }

    /// Returns the error message of the Rust type, if it rejects a value that the schema allows.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    fn message(&self) -> String {
        let Self { path, expected, .. } = self;
        match self.kind {
            ProblemKind::More(_) | ProblemKind::Whole | ProblemKind::NotJson => expected.clone(),
            ProblemKind::WrongType if path.is_empty() => {
                format!("arguments must be a JSON object, not {}", self.sent())
            }
            ProblemKind::WrongType => format!("`{path}` must be {expected}, not {}", self.sent()),
            ProblemKind::Constraint if path.is_empty() => format!("arguments must be {expected}"),
            ProblemKind::Constraint => format!("`{path}` must be {expected}"),
            ProblemKind::DuplicateItems => format!("`{path}`: array contains duplicate items"),
            ProblemKind::RejectedByType if path.is_empty() => "the tool rejected the arguments".to_owned(),
            ProblemKind::RejectedByType | ProblemKind::InvalidFormat => format!("`{path}` is not {expected}"),
            ProblemKind::Missing => format!("`{path}` is missing; it must be {expected}"),
            ProblemKind::UnknownArgument => format!("unknown argument `{path}`"),
            ProblemKind::UnknownField => format!("unknown field `{path}`"),
            ProblemKind::InvalidKey => format!("`{path}`: the key must be {expected}"),
            ProblemKind::KeyRejectedByType => format!("`{path}`: the tool rejected the key"),
            ProblemKind::DuplicateKey => format!("`{path}` is given more than once"),
        }
    }

    /// The JSON type that was sent, with an article.
    fn sent(&self) -> String {
        self.found.map_or_else(|| "nothing".to_owned(), |found| found.to_string())
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.message())?;
        if let Some(reason) = &self.reason {
            write!(f, ": {reason}")?;
        }
        match &self.suggestion {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

/// Leaves out the middle of the long paths that keys of the caller make.
fn cut_middle(path: String) -> String {
    let count = path.chars().count();
    if count <= 2 * MAX_PATH_END {
        return path;
    }
    let start: String = path.chars().take(MAX_PATH_END).collect();
    let end: String = path.chars().skip(count - MAX_PATH_END).collect();
    format!("{start}…{end}")
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_EXPECTED) {
        text.truncate(end);
        text.push('…');
    }
    text
}

fn name_of(found: Option<JsonType>) -> &'static str {
    found.map_or("nothing", JsonType::name)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn serialize_found<S: Serializer>(found: &Option<JsonType>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(name_of(*found))
}
