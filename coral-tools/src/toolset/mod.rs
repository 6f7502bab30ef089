//! [`Toolset`]: an ordered set of tools, and how its tools are called.

mod approval;
mod builder;
mod call_log;
mod change;
mod contents;
mod deadlines;
mod deferred_call;
mod dispatch;
mod inner_run;
mod methods;
mod middleware;
mod once;
mod outcome;
mod recording;
mod scope;
mod ticket_guard;
mod ticket_outcome;
mod tickets;
mod tool_result;
mod with;
mod with_store;

use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

pub use self::approval::{Approval, Approvals};
pub use self::builder::ToolsetBuilder;
pub use self::deadlines::Deadlines;
#[cfg(feature = "webhook")]
pub(crate) use self::deadlines::{DEFAULT_TIMEOUT, MAX_TIMEOUT};
pub use self::methods::MethodToolsetBuilder;
pub use self::middleware::{Middleware, MiddlewareFn, Next};
pub use self::outcome::Outcome;
pub use self::tickets::{TicketError, Tickets};

use self::approval::PolicyEntry;
use self::contents::ToolsetContents;
use self::middleware::MiddlewareEntry;
use self::outcome::DEFAULT_MAX_RESULT_BYTES;
use crate::build_error::{BuildError, BuildErrors};
use crate::store::{MemoryStore, Store};
use crate::tool::{Descriptor, RegisteredTool};

/// An ordered set of tools of an application whose state is `S`.
///
/// Created by [`toolset!`](crate::toolset!), or step by step by [`Toolset::builder`]. It is cheap to clone, and all clones have the
/// same tools, also after [`Toolset::insert`], [`remove`](Toolset::remove) and [`replace`](Toolset::replace).
///
/// # Invalid tools
///
/// Two tools with one name in `toolset!` do not compile. Other errors are only found at run time, for example a type that
/// JSON Schema cannot express. An invalid tool is left out of the set, so that the others can be served. All errors are
/// reported at once, each with its location (`order.items[].price`) and a fix:
///
/// | function | errors |
/// | --- | --- |
/// | [`toolset!`](crate::toolset!) | kept for the functions below |
/// | [`ToolsetBuilder::build`], [`Toolset::merge`] | returned |
/// | [`Toolset::check`] | returned: call it in a test |
/// | [`Toolset::custom_tools`], and what creates sessions on other platforms | returned |
/// | `Toolset::try_webhooks`, `Toolset::try_webhook_service` | returned, so that the application refuses to start |
/// | `Toolset::webhooks`, `Toolset::webhook_service` | logged; the valid tools are served |
pub struct Toolset<S = ()> {
    initial: Arc<ToolsetContents<S>>,
    /// The present contents, once they have changed.
    changed: Arc<OnceLock<RwLock<Arc<ToolsetContents<S>>>>>,
    /// In the order in which it was added: the last one sees a call first.
    middleware: Arc<[MiddlewareEntry<S>]>,
    policies: Arc<[PolicyEntry<S>]>,
    max_result_bytes: usize,
    store: Option<Arc<dyn Store>>,
    /// Keeps tickets if there is no `store`.
    own_store: Arc<dyn Store>,
}

impl<S> Toolset<S> {
    /// Returns the descriptions of the tools, in the order of the set: a snapshot.
    pub fn descriptors(&self) -> impl ExactSizeIterator<Item = Descriptor> + use<S> {
        let contents = self.contents();
        (0..contents.tools().len()).map(move |i| contents.tools()[i].descriptor.clone())
    }

    /// Returns the description of the tool with this name.
    #[must_use]
    pub fn descriptor(&self, name: &str) -> Option<Descriptor> {
        self.find(name).map(|tool| tool.descriptor.clone())
    }

    /// Returns the number of tools.
    #[must_use]
    pub fn len(&self) -> usize {
        self.contents().tools().len()
    }

    /// Whether there are no tools.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Checks that every tool can be offered to agents.
    ///
    /// # Errors
    ///
    /// Returns everything that is invalid about any tool of the set. [`Toolset`] lists the functions that return the same
    /// errors.
    pub fn check(&self) -> Result<(), BuildErrors> {
        let contents = self.contents();
        let errors = contents.errors().iter().cloned();
        let errors: Vec<_> =
            errors.chain(self.middleware_errors()).chain(self.policy_errors()).chain(self.store_errors()).collect();
        if errors.is_empty() { Ok(()) } else { Err(BuildErrors::new(errors)) }
    }

    /// Warnings: names of properties below the top level that some model providers reject.
    #[must_use]
    pub fn warnings(&self) -> Vec<BuildError> {
        self.contents().tools().iter().flat_map(|tool| tool.descriptor.warnings()).cloned().collect()
    }

    /// Returns a set of the tools of `self`, followed by those of `other`. The middleware of each set is kept for the tools of
    /// that set; tools that are inserted into the merged set have none. The approval policies of both are kept. Its largest result is
    /// the larger one of both. Its store is that of `self`, or otherwise that of `other`.
    ///
    /// # Errors
    ///
    /// Returns an error for each name that both sets contain.
    pub fn merge(&self, other: &Self) -> Result<Self, BuildErrors> {
        let tools = Self::from_contents(self.contents().merge(&other.contents())?);
        let max_result_bytes = self.max_result_bytes.max(other.max_result_bytes);
        let store = self.store.clone().or_else(|| other.store.clone());
        let policies = self.policies.iter().chain(&*other.policies).cloned().collect();
        Ok(Self { middleware: self.merged_middleware(other), policies, max_result_bytes, store, ..tools })
    }

    #[cfg(feature = "webhook")]
    pub(crate) fn has_several_tools(&self) -> bool {
        self.len() > 1
    }

    fn from_contents(contents: ToolsetContents<S>) -> Self {
        Self {
            initial: Arc::new(contents),
            changed: Arc::new(OnceLock::new()),
            middleware: [].into(),
            policies: [].into(),
            max_result_bytes: DEFAULT_MAX_RESULT_BYTES,
            store: None,
            own_store: Arc::new(MemoryStore::new()),
        }
    }

    fn contents(&self) -> Arc<ToolsetContents<S>> {
        match self.changed.get() {
            None => Arc::clone(&self.initial),
            Some(present) => Arc::clone(&present.read().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<Arc<RegisteredTool<S>>> {
        match self.changed.get() {
            None => self.initial.find(name).cloned(),
            Some(present) => present.read().unwrap_or_else(PoisonError::into_inner).find(name).cloned(),
        }
    }
}

impl<S> Clone for Toolset<S> {
    fn clone(&self) -> Self {
        Self {
            initial: Arc::clone(&self.initial),
            changed: Arc::clone(&self.changed),
            middleware: Arc::clone(&self.middleware),
            policies: Arc::clone(&self.policies),
            max_result_bytes: self.max_result_bytes,
            store: self.store.clone(),
            own_store: Arc::clone(&self.own_store),
        }
    }
}

impl<S> fmt::Debug for Toolset<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.contents().tools().iter().map(|tool| tool.descriptor.name())).finish()
    }
}
