//! [`Scope`]: the tools that a middleware is for.

use std::collections::BTreeSet;
use std::sync::Arc;

/// The tools that a middleware is for.
#[derive(Clone)]
pub(super) enum Scope {
    All,
    Tool(String),
    /// The tools of a set before it was merged with another one.
    Tools(Arc<BTreeSet<String>>),
}

impl Scope {
    pub(super) fn contains(&self, tool: &str) -> bool {
        match self {
            Self::All => true,
            Self::Tool(name) => name == tool,
            Self::Tools(names) => names.contains(tool),
        }
    }

    /// Returns the part of the scope that is in a set of tools.
    pub(super) fn restricted_to(&self, names: &Arc<BTreeSet<String>>) -> Self {
        match self {
            Self::All => Self::Tools(Arc::clone(names)),
            narrower => narrower.clone(),
        }
    }
}
