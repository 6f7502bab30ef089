//! Changes of a toolset that is being served.

use std::sync::{Arc, PoisonError, RwLock};

use super::Toolset;
use super::contents::ToolsetContents;
use crate::build_error::BuildErrors;
use crate::tool::DynamicTool;

/// # Changes while it is served
///
/// All clones of a toolset have the same tools, also those inside a router, a tower service and a run on another platform. A
/// change applies to the next call. Calls that have started continue, also those of a removed tool.
///
/// The tools of a session are fixed by the request that creates it: agents of older sessions do not see a tool that is added,
/// and read that there is no tool with this name after it is removed.
impl<S> Toolset<S> {
    /// Adds a tool at the end of the set, and the one for its results if they are [deferred](DynamicTool::deferred).
    ///
    /// ```
    /// use coral_tools::{DynamicTool, Secret, ToolError, Toolset};
    /// use serde_json::json;
    ///
    /// let tools: Toolset = Toolset::builder().build()?;
    /// let router: axum::Router = tools.webhooks(Secret::new("…"));
    ///
    /// let schema = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
    /// let greet = DynamicTool::new("greet", "Greets.", schema, |_| async { Ok::<_, ToolError>("hello") });
    /// tools.insert(greet)?; // `router` serves it from now on.
    /// assert!(tools.remove("greet"));
    /// # Ok::<(), coral_tools::BuildErrors>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the tool is invalid, or if the set contains a tool with its name. The set is unchanged then.
    pub fn insert(&self, tool: DynamicTool<S>) -> Result<(), BuildErrors>
    where
        S: Sync,
    {
        let added = Self::builder().dynamic(tool).build()?.contents();
        self.change(|contents| contents.merge(&added))
    }

    /// Removes a tool, and the one for its deferred results. Returns whether the set contained it.
    pub fn remove(&self, name: &str) -> bool {
        self.change(|contents| contents.without(name).ok_or(())).is_ok()
    }

    /// Replaces all tools by those of `other` in one step, for example after an API description has been loaded again. The
    /// middleware of this set stays, and that of `other` is not taken over.
    pub fn replace(&self, other: &Self) {
        let other = other.contents();
        self.set(|_| Ok::<_, ()>(other)).unwrap_or_default();
    }

    fn change<E>(&self, change: impl FnOnce(&ToolsetContents<S>) -> Result<ToolsetContents<S>, E>) -> Result<(), E> {
        self.set(|contents| change(contents).map(Arc::new))
    }

    fn set<E>(&self, change: impl FnOnce(&ToolsetContents<S>) -> Result<Arc<ToolsetContents<S>>, E>) -> Result<(), E> {
        let present = self.changed.get_or_init(|| RwLock::new(Arc::clone(&self.initial)));
        let mut present = present.write().unwrap_or_else(PoisonError::into_inner);
        let changed = change(&present)?;
        let previous = std::mem::replace(&mut *present, changed);
        // The values of removed tools may use this set when they are dropped.
        drop(present);
        drop(previous);
        Ok(())
    }
}
