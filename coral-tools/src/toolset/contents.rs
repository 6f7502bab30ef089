//! [`ToolsetContents`]: the tools of a toolset at one time.

use std::sync::Arc;

use crate::build_error::{BuildError, BuildErrors};
use crate::tool::{Delivery, RegisteredTool};

pub(super) struct ToolsetContents<S> {
    tools: Vec<Arc<RegisteredTool<S>>>,
    /// Indices into `tools`, sorted by name.
    by_name: Vec<usize>,
    errors: BuildErrors,
}

impl<S> ToolsetContents<S> {
    pub(super) fn new(tools: Vec<Arc<RegisteredTool<S>>>, errors: BuildErrors) -> Self {
        let mut by_name: Vec<usize> = (0..tools.len()).collect();
        by_name.sort_by_key(|&i| tools[i].descriptor.name());
        Self { tools, by_name, errors }
    }

    pub(super) fn tools(&self) -> &[Arc<RegisteredTool<S>>] {
        &self.tools
    }

    pub(super) fn errors(&self) -> &BuildErrors {
        &self.errors
    }

    pub(super) fn find(&self, name: &str) -> Option<&Arc<RegisteredTool<S>>> {
        let Self { tools, by_name, .. } = self;
        let position = by_name.binary_search_by(|&i| tools[i].descriptor.name().cmp(name)).ok()?;
        Some(&tools[by_name[position]])
    }

    /// Returns the tools of `self`, followed by those of `other`, or an error for each name that both contain.
    pub(super) fn merge(&self, other: &Self) -> Result<Self, BuildErrors> {
        let names = other.tools.iter().map(|tool| tool.descriptor.name());
        let duplicates: Vec<_> =
            names.filter(|name| self.find(name).is_some()).map(BuildError::duplicate_name).collect();
        if !duplicates.is_empty() {
            return Err(BuildErrors::new(duplicates));
        }
        let tools = self.tools.iter().chain(&other.tools).cloned().collect();
        let errors = self.errors.iter().chain(other.errors.iter()).cloned().collect();
        Ok(Self::new(tools, BuildErrors::new(errors)))
    }

    /// Returns the tools, of which the one with this name may return tickets, and with the tool for its tickets.
    pub(super) fn with_approval(&self, name: &str) -> Self
    where
        S: Sync + 'static,
    {
        let (mut tools, mut errors) = (self.tools.clone(), self.errors.iter().cloned().collect::<Vec<_>>());
        let without_tickets = |tool: &Arc<RegisteredTool<S>>| tool.descriptor.result_tool().is_none();
        if let Some(index) = tools.iter().position(|tool| tool.descriptor.name() == name && without_tickets(tool)) {
            match tools[index].with_approval() {
                Ok(tool) => {
                    match tool.result_tool() {
                        Some(added) if self.find(added.descriptor.name()).is_some() => {
                            errors.push(BuildError::result_tool_name(added.descriptor.name(), name));
                        }
                        added => drop(tools.splice(index + 1..index + 1, added.map(Arc::new))),
                    }
                    tools[index] = tool;
                }
                Err(error) => {
                    errors.push(error);
                    tools.remove(index);
                }
            }
        }
        Self::new(tools, BuildErrors::new(errors))
    }

    /// Returns the tools without the one with this name, if there is one, and without the one for its tickets.
    pub(super) fn without(&self, name: &str) -> Option<Self> {
        self.find(name)?;
        let is_removed = |tool: &RegisteredTool<S>| {
            tool.descriptor.name() == name || matches!(&tool.delivery, Delivery::OfTickets(of) if of == name)
        };
        let others = self.tools.iter().filter(|tool| !is_removed(tool));
        Some(Self::new(others.cloned().collect(), self.errors.clone()))
    }
}
