//! [`MethodToolsetBuilder`]: a toolset of the methods of a value.

use std::sync::Arc;

use super::{Toolset, ToolsetBuilder};
use crate::tool::{MethodHandler, RegisteredTool, SharedValue};

/// Collects methods of a value into a [`Toolset`]. Used by the code that `#[coral_tools]` generates.
#[derive(Debug)]
pub struct MethodToolsetBuilder<V, S> {
    value: Arc<V>,
    tools: ToolsetBuilder<S>,
}

impl<V: SharedValue, S: Sync> MethodToolsetBuilder<V, S> {
    /// Creates a builder for the methods of `value`.
    #[must_use]
    pub fn new(value: Arc<V>) -> Self {
        Self { value, tools: Toolset::builder() }
    }

    /// Adds a method, named by the type of its arguments.
    #[must_use]
    pub fn method<T: MethodHandler<V, S>>(mut self) -> Self {
        self.tools.add(RegisteredTool::from_method::<T, V>(Arc::clone(&self.value)));
        self
    }

    /// Returns the set of the valid tools, which keeps the errors for [`Toolset::check`].
    pub fn build(self) -> Toolset<S> {
        self.tools.build_unchecked()
    }
}
