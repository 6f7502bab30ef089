//! [`ToolsetBuilder`].

use std::sync::Arc;

use super::Toolset;
use super::contents::ToolsetContents;
use crate::build_error::{BuildError, BuildErrors};
use crate::tool::{Delivery, DynamicTool, Handler, RegisteredTool};

impl<S> Toolset<S> {
    /// Returns a builder, for tools that `toolset!` cannot name.
    #[must_use]
    pub fn builder() -> ToolsetBuilder<S> {
        ToolsetBuilder::new()
    }
}

/// Collects tools into a [`Toolset`].
///
/// ```
/// # use coral_tools::{coral_tool, Toolset, BuildErrors};
/// /// Responds immediately.
/// #[coral_tool]
/// fn ping() {}
///
/// let tools: Toolset = Toolset::builder().tool::<ping>().build()?;
/// # Ok::<(), BuildErrors>(())
/// ```
#[derive(Debug)]
pub struct ToolsetBuilder<S> {
    tools: Vec<Arc<RegisteredTool<S>>>,
    errors: Vec<BuildError>,
}

impl<S> ToolsetBuilder<S> {
    pub(super) fn new() -> Self {
        Self { tools: Vec::new(), errors: Vec::new() }
    }

    /// Adds a tool, named by the type of its arguments.
    #[must_use]
    pub fn tool<T: Handler<S>>(mut self) -> Self
    where
        S: Sync,
    {
        self.add(RegisteredTool::new::<T>());
        self
    }

    /// Adds a tool that is only known at run time.
    #[must_use]
    pub fn dynamic(mut self, tool: DynamicTool<S>) -> Self
    where
        S: Sync,
    {
        self.add(RegisteredTool::from_dynamic(tool));
        self
    }

    pub(super) fn add(&mut self, tool: Result<RegisteredTool<S>, Vec<BuildError>>)
    where
        S: Sync,
    {
        match tool {
            Ok(tool) => self.add_valid(tool),
            Err(errors) => self.errors.extend(errors),
        }
    }

    fn add_valid(&mut self, tool: RegisteredTool<S>)
    where
        S: Sync,
    {
        let name = tool.descriptor.name();
        if let Some(known) = self.tools.iter().find(|known| known.descriptor.name() == name) {
            self.errors.push(duplicate_name(name, known, &tool));
            return;
        }
        let result_tool = tool.result_tool();
        self.tools.push(Arc::new(tool));
        if let Some(result_tool) = result_tool {
            self.add_valid(result_tool);
        }
    }

    /// Returns the set.
    ///
    /// # Errors
    ///
    /// Returns everything that is invalid about any tool, and an error for each name that was added twice.
    pub fn build(self) -> Result<Toolset<S>, BuildErrors> {
        // A store is added later.
        match self.errors.is_empty() {
            true => Ok(self.build_unchecked()),
            false => Err(BuildErrors::new(self.errors)),
        }
    }

    /// Returns the set of the valid tools, which keeps the errors for [`Toolset::check`].
    pub(crate) fn build_unchecked(self) -> Toolset<S> {
        Toolset::from_contents(ToolsetContents::new(self.tools, BuildErrors::new(self.errors)))
    }
}

fn duplicate_name<S>(name: &str, known: &RegisteredTool<S>, added: &RegisteredTool<S>) -> BuildError {
    match (&known.delivery, &added.delivery) {
        (Delivery::OfTickets(tool), _) | (_, Delivery::OfTickets(tool)) => BuildError::result_tool_name(name, tool),
        _ => BuildError::duplicate_name(name),
    }
}
