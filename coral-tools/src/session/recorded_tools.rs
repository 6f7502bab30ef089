//! [`RecordedTools`]: the tools of a session whose calls are recorded.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::custom_tools::CustomTools;
use super::request::SessionRequest;
use crate::store::Store;

/// The tools of a session whose calls are recorded, and the store.
#[derive(Debug, Clone)]
pub(crate) struct RecordedTools {
    pub(crate) store: Arc<dyn Store>,
    names: Arc<BTreeSet<String>>,
}

impl RecordedTools {
    /// Returns the tools of the toolsets with a store. A request with several stores does not pass its checks.
    pub(crate) fn of(request: &SessionRequest) -> Option<Self> {
        let recorded = || request.tools.iter().flatten().filter(|tools| tools.store().is_some());
        let store = Arc::clone(recorded().find_map(CustomTools::store)?);
        let names = recorded().flat_map(CustomTools::names).map(str::to_owned).collect();
        Some(Self { store, names: Arc::new(names) })
    }

    pub(crate) fn contains(&self, tool: &str) -> bool {
        self.names.contains(tool)
    }
}
