//! Adds a store to a toolset.

use std::sync::Arc;

use super::Toolset;
use crate::build_error::BuildError;
use crate::store::Store;

impl<S> Toolset<S> {
    /// Adds a store, which keeps each call that succeeds until the application takes it, before the agent receives the result.
    ///
    /// `Session::next_call` of the client and [`SessionCalls`](crate::calls::SessionCalls) return the calls as typed values.
    ///
    /// Like middleware, it belongs to the toolset that this function returns, and to its clones. Calls without a session are not
    /// recorded.
    ///
    /// ```
    /// use coral_tools::store::{MemoryStore, Store};
    /// use coral_tools::{Call, Toolset, coral_tool, toolset};
    ///
    /// /// Submits the report.
    /// #[coral_tool]
    /// fn submit_report(title: String) {}
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), coral_tools::store::StoreError> {
    /// let tools: Toolset = toolset![submit_report].with_store(MemoryStore::new());
    /// let call = Call::new("submit_report", br#"{"title": "Q4"}"#).in_session("s1");
    /// assert!(tools.dispatch(call, &()).await.is_success());
    ///
    /// let store = tools.store().expect("it was added");
    /// let recorded = store.take_call("s1", &["submit_report"]).await?.expect("a call");
    /// assert_eq!(recorded.arguments, br#"{"title": "Q4"}"#);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_store(self, store: impl Store) -> Self {
        self.with_shared_store(Arc::new(store))
    }

    /// As [`with_store`](Self::with_store), with a store that other toolsets use too.
    #[must_use]
    pub fn with_shared_store(self, store: Arc<dyn Store>) -> Self {
        Self { store: Some(store), ..self }
    }

    /// Returns the store, if there is one.
    #[must_use]
    pub fn store(&self) -> Option<&Arc<dyn Store>> {
        self.store.as_ref()
    }

    /// Returns an error for each tool that does nothing but be recorded, unless there is a store.
    pub(super) fn store_errors(&self) -> impl Iterator<Item = BuildError> {
        let contents = self.contents();
        let tools = contents.tools().iter().filter(|tool| self.store.is_none() && tool.without_body);
        let errors: Vec<_> = tools.map(|tool| BuildError::no_store(tool.descriptor.name())).collect();
        errors.into_iter()
    }

    /// Returns the store of the tickets.
    pub(super) fn ticket_store(&self) -> &Arc<dyn Store> {
        self.store.as_ref().unwrap_or(&self.own_store)
    }
}
