//! Making a [`Toolset`].

use std::sync::Arc;

use super::Toolset;
use crate::build_error::{BuildError, BuildErrors};
use crate::tool::{Entry, Handler};

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
            self.errors.push(BuildError::clash(entry.descriptor.name()));
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
