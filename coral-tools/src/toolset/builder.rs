//! Making a [`Toolset`], and everything that can be wrong with one.

use std::fmt;
use std::sync::Arc;

use super::Toolset;
use crate::schema::SchemaProblem;
use crate::tool::{Descriptor, Entry, Handler};

/// Collects tools into a [`Toolset`].
///
/// ```
/// # use coral_tools::{coral_tool, Toolset, BuildErrors};
/// /// Answers at once.
/// #[coral_tool]
/// fn ping() {}
///
/// let tools: Toolset = Toolset::builder().tool::<ping>().build()?;
/// # Ok::<(), BuildErrors>(())
/// ```
#[derive(Debug)]
pub struct ToolsetBuilder<S> {
    entries: Vec<Arc<Entry<S>>>,
    errors: Vec<BuildError>,
}

impl<S> ToolsetBuilder<S> {
    pub(super) fn new() -> Self {
        Self { entries: Vec::new(), errors: Vec::new() }
    }

    /// Adds a tool, named by the type of its arguments.
    #[must_use]
    pub fn tool<T: Handler<S>>(mut self) -> Self
    where
        S: Sync,
    {
        match Entry::of::<T>() {
            Ok(entry) => self.entry(entry),
            Err(errors) => self.errors.extend(errors),
        }
        self
    }

    fn entry(&mut self, entry: Entry<S>) {
        if self.entries.iter().any(|known| known.descriptor.name() == entry.descriptor.name()) {
            self.errors.push(BuildError::clash(&entry.descriptor));
        } else {
            self.entries.push(Arc::new(entry));
        }
    }

    /// The set.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any tool, and every name given twice.
    pub fn build(self) -> Result<Toolset<S>, BuildErrors> {
        let tools = self.keep();
        tools.check()?;
        Ok(tools)
    }

    /// The set, with what is wrong kept for [`Toolset::check`].
    #[doc(hidden)]
    #[must_use]
    pub fn keep(self) -> Toolset<S> {
        Toolset::of(self.entries, self.errors)
    }
}

/// One thing that is wrong with a tool, a set of tools, or what is built from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildError {
    subject: String,
    message: String,
}

impl BuildError {
    pub(crate) fn new(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self { subject: subject.into(), message: message.into() }
    }

    pub(crate) fn name(tool: &str, fault: &str) -> Self {
        Self::new(format!("tool `{tool}`"), fault)
    }

    pub(crate) fn no_description(tool: &str) -> Self {
        Self::new(format!("tool `{tool}`"), "it has no description; say what it does, for agents to read")
    }

    pub(crate) fn input(tool: &str, problem: &SchemaProblem) -> Self {
        Self::new(format!("tool `{tool}`, arguments"), problem.to_string())
    }

    pub(crate) fn output(tool: &str, problem: &SchemaProblem) -> Self {
        Self::new(format!("tool `{tool}`, return value"), problem.to_string())
    }

    pub(crate) fn clash(descriptor: &Descriptor) -> Self {
        let name = descriptor.name();
        Self::new(format!("tool `{name}`"), "two tools have this name; rename one with `#[coral_tool(name = \"…\")]`")
    }

    /// What it is about, such as ``tool `submit_report` ``.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What is wrong, and the way out.
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

impl std::error::Error for BuildError {}

/// Everything that is wrong, at once. Displays as one line each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildErrors(Arc<[BuildError]>);

impl BuildErrors {
    pub(crate) fn new(errors: Vec<BuildError>) -> Self {
        Self(errors.into())
    }

    /// Each thing that is wrong.
    pub fn iter(&self) -> std::slice::Iter<'_, BuildError> {
        self.0.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
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

/// For conversions that cannot fail.
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

impl std::error::Error for BuildErrors {}
