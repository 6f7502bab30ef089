//! What can be wrong with the arguments of a call.

use std::fmt::{Display, Formatter, Result};

use serde::{Serialize, Serializer};

use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::location::Location;

/// One thing wrong with an argument, in words that an agent can act on.
///
/// It names the place and the kind of value that came, never the value.
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

/// What sort of mistake it is; decides the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProblemKind {
    /// Another kind of value.
    Type,
    /// The right kind, outside of the limits.
    Constraint,
    Missing,
    Unknown,
    Key,
    Duplicate,
    /// Not about one argument: the sentence is `expected` itself.
    Whole,
}

impl Problem {
    fn new(kind: ProblemKind, location: &Location, expected: String, found: Option<JsonType>) -> Self {
        Self { path: location.to_string(), expected, found, suggestion: None, reason: None, kind }
    }

    /// A value of another type.
    pub(crate) fn wrong_type(location: &Location, expected: String, found: JsonType) -> Self {
        Self::new(ProblemKind::Type, location, expected, Some(found))
    }

    /// A value of the right type that violates a constraint.
    pub(crate) fn constraint(location: &Location, expected: String, found: JsonType) -> Self {
        Self::new(ProblemKind::Constraint, location, expected, Some(found))
    }

    pub(crate) fn missing(location: &Location, expected: String) -> Self {
        Self::new(ProblemKind::Missing, location, expected, None)
    }

    pub(crate) fn unknown(location: &Location, found: JsonType, suggestion: Option<String>) -> Self {
        let expected = "only arguments that the tool has".to_owned();
        Self { suggestion, ..Self::new(ProblemKind::Unknown, location, expected, Some(found)) }
    }

    /// A key of a map that is not in the form of its keys.
    pub(crate) fn key(location: &Location, expected: String, found: Option<JsonType>) -> Self {
        Self::new(ProblemKind::Key, location, expected, found)
    }

    pub(crate) fn duplicate(location: &Location, found: Option<JsonType>) -> Self {
        Self::new(ProblemKind::Duplicate, location, "one value".to_owned(), found)
    }

    /// A problem of the arguments as a whole.
    pub(crate) fn whole(message: String) -> Self {
        Self::new(ProblemKind::Whole, &Location::default(), message, None)
    }

    /// Why the type refuses what the schema allows, in its own words.
    pub(crate) fn because(self, reason: Option<String>) -> Self {
        Self { reason, ..self }
    }

    /// Stands for problems that were left out of a long list.
    pub(crate) fn more(count: usize) -> Self {
        let s = if count == 1 { "" } else { "s" };
        Self::whole(format!("and {count} more problem{s}"))
    }

    /// Where it is, such as `items[2].price`; empty for the arguments as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What the schema asks for, in words.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// The kind of value that came: `string`, `number`, `null`, `object`, `array`, `boolean` or `nothing`.
    #[must_use]
    pub fn found(&self) -> &str {
        name_of(self.found)
    }

    /// The argument that was probably meant.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }

    /// Why the type of the argument refuses a value that the schema allows, in its own words.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    fn place(&self) -> &str {
        match self.path.as_str() {
            "" => "the arguments",
            path => path,
        }
    }

    fn sentence(&self) -> String {
        let Self { expected, .. } = self;
        let (place, found) = (self.place(), self.found.map_or_else(|| "nothing".to_owned(), |found| found.to_string()));
        match self.kind {
            ProblemKind::Whole => expected.clone(),
            ProblemKind::Type => format!("`{place}`: expected {expected}, found {found}"),
            ProblemKind::Constraint => format!("`{place}`: expected {expected}, found {found} that is not"),
            ProblemKind::Missing => format!("`{place}` is missing: expected {expected}"),
            ProblemKind::Unknown => format!("`{place}` is not an argument of this tool"),
            ProblemKind::Key => format!("`{place}` has a key that is not {expected}"),
            ProblemKind::Duplicate => format!("`{place}` is given more than once"),
        }
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.sentence())?;
        if let Some(reason) = &self.reason {
            write!(f, ": {reason}")?;
        }
        match &self.suggestion {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

fn name_of(found: Option<JsonType>) -> &'static str {
    found.map_or("nothing", JsonType::name)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn serialize_found<S: Serializer>(found: &Option<JsonType>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(name_of(*found))
}
