//! What can be wrong: with a type, and with the arguments of a call.

use std::fmt::{Display, Formatter, Result};

use serde::Serialize;

/// A part of a type that a tool's schema cannot express.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaProblem {
    path: String,
    message: String,
}

impl SchemaProblem {
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }

    /// Where in the type it is, such as `order.items[].price`; empty for the whole of it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What cannot be expressed, and the way out.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl Display for SchemaProblem {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "`{path}`: {}", self.message),
        }
    }
}

impl std::error::Error for SchemaProblem {}

/// One thing wrong with an argument, in words that an agent can act on.
///
/// It names the place and the kind of value that came, never the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    path: String,
    expected: String,
    found: &'static str,
    #[serde(rename = "didYouMean", skip_serializing_if = "Option::is_none")]
    suggestion: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip)]
    fault: ProblemKind,
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
    fn new(fault: ProblemKind, path: String, expected: String, found: &'static str) -> Self {
        Self { path, expected, found, suggestion: None, reason: None, fault }
    }

    pub(crate) fn kind(path: String, expected: String, found: &'static str) -> Self {
        Self::new(ProblemKind::Type, path, expected, found)
    }

    pub(crate) fn limit(path: String, expected: String, found: &'static str) -> Self {
        Self::new(ProblemKind::Constraint, path, expected, found)
    }

    pub(crate) fn missing(path: String, expected: String) -> Self {
        Self::new(ProblemKind::Missing, path, expected, "nothing")
    }

    pub(crate) fn unknown(path: String, found: &'static str, suggestion: Option<String>) -> Self {
        let expected = "only arguments that the tool has".to_owned();
        Self { suggestion, ..Self::new(ProblemKind::Unknown, path, expected, found) }
    }

    /// A key of a map that has another form.
    pub(crate) fn key(path: String, expected: String, found: &'static str) -> Self {
        Self::new(ProblemKind::Key, path, expected, found)
    }

    pub(crate) fn duplicate(path: String, found: &'static str) -> Self {
        Self::new(ProblemKind::Duplicate, path, "one value".to_owned(), found)
    }

    pub(crate) fn whole(expected: String, found: &'static str) -> Self {
        Self::new(ProblemKind::Whole, String::new(), expected, found)
    }

    /// Why the type refuses what the schema allows, in its own words.
    pub(crate) fn because(self, reason: Option<String>) -> Self {
        Self { reason, ..self }
    }

    /// Stands for problems that were left out of a long list.
    pub(crate) fn more(count: usize) -> Self {
        let s = if count == 1 { "" } else { "s" };
        Self::whole(format!("and {count} more problem{s}"), "nothing")
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
        self.found
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
        let (place, found) = (self.place(), with_article(self.found));
        match self.fault {
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

fn with_article(kind: &str) -> String {
    match kind {
        "null" | "nothing" => kind.to_owned(),
        "object" | "array" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}
