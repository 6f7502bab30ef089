//! Problems of toolsets and requests, found before they are used.

use std::fmt;
use std::sync::Arc;

use crate::schema::SchemaProblem;

/// An error in a tool, a toolset, a request or a configuration.
///
/// `Debug` prints the same text as `Display`, because a `main` that returns an error prints it with `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct BuildError {
    subject: String,
    message: String,
}

impl BuildError {
    pub(crate) fn new(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self { subject: subject.into(), message: message.into() }
    }

    pub(crate) fn tool_name(tool: &str, reason: &str) -> Self {
        Self::new(format!("tool `{tool}`"), format!("this is not a valid tool name: {reason}"))
    }

    pub(crate) fn no_description(tool: &str) -> Self {
        Self::new(format!("tool `{tool}`"), "the description is empty; describe for agents what the tool does")
    }

    pub(crate) fn input(tool: &str, problem: &SchemaProblem) -> Self {
        Self::new(format!("tool `{tool}`, arguments"), problem.to_string())
    }

    pub(crate) fn output(tool: &str, problem: &SchemaProblem) -> Self {
        Self::new(format!("tool `{tool}`, return value"), problem.to_string())
    }

    pub(crate) fn no_store(tool: &str) -> Self {
        let message = "it has no body, and its calls are not recorded; add a store with `Toolset::with_store`";
        Self::new(format!("tool `{tool}`"), message)
    }

    pub(crate) fn duplicate_name(name: &str) -> Self {
        Self::new(format!("tool `{name}`"), "two tools have this name; rename one with `#[coral_tool(name = \"…\")]`")
    }

    pub(crate) fn result_tool_name(name: &str, tool: &str) -> Self {
        Self::new(
            format!("tool `{name}`"),
            format!(
                "this is also the name of the tool that returns the results of the tickets of `{tool}`; rename one with \
                 `#[coral_tool(name = \"…\")]`"
            ),
        )
    }

    pub(crate) fn ticket_property(tool: &str) -> Self {
        Self::new(
            format!("tool `{tool}`, return value"),
            "a deferred result cannot have the property `ticket`, which agents receive instead of the result; rename it",
        )
    }

    /// Returns what is invalid, such as ``tool `submit_report` ``.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Returns why it is invalid, and the fix.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.message)
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for BuildError {}

/// All errors of a toolset, a request or a configuration. `Display` prints one line for each.
///
/// `Debug` prints the same text as `Display`, like that of [`BuildError`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct BuildErrors(Arc<[BuildError]>);

impl BuildErrors {
    pub(crate) fn new(errors: Vec<BuildError>) -> Self {
        Self(errors.into())
    }

    /// Each problem.
    pub fn iter(&self) -> std::slice::Iter<'_, BuildError> {
        self.0.iter()
    }
}

/// Collects problems, so that all of them are reported at once.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProblemCollector(Vec<BuildError>);

#[allow(dead_code, reason = "each platform uses a part of it")]
impl ProblemCollector {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn add(&mut self, subject: impl Into<String>, message: impl Into<String>) {
        self.0.push(BuildError::new(subject, message));
    }

    /// Adds a problem unless it has been added already.
    pub(crate) fn add_once(&mut self, subject: impl Into<String>, message: impl Into<String>) {
        let error = BuildError::new(subject, message);
        if !self.0.contains(&error) {
            self.0.push(error);
        }
    }

    /// Returns the value of `part`, or adds its errors.
    pub(crate) fn check<T>(&mut self, part: Result<T, BuildErrors>) -> Option<T> {
        part.map_err(|errors| self.extend(&errors)).ok()
    }

    pub(crate) fn extend(&mut self, errors: &BuildErrors) {
        self.0.extend(errors.iter().cloned());
    }

    pub(crate) fn into_vec(self) -> Vec<BuildError> {
        self.0
    }

    /// Returns `value` if no problem has been added.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, BuildErrors> {
        if self.0.is_empty() { Ok(value) } else { Err(BuildErrors::new(self.0)) }
    }
}

impl<'a> IntoIterator for &'a BuildErrors {
    type Item = &'a BuildError;
    type IntoIter = std::slice::Iter<'a, BuildError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<BuildError> for BuildErrors {
    fn from(error: BuildError) -> Self {
        Self::new(vec![error])
    }
}

/// For infallible conversions.
impl From<std::convert::Infallible> for BuildErrors {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl fmt::Display for BuildErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for BuildErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for BuildErrors {}
