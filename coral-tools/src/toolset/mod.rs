//! [`Toolset`]: an ordered set of tools, and how its tools are called.

mod builder;
mod deadlines;
mod dispatch;
mod outcome;

use std::fmt;
use std::sync::Arc;

pub use self::builder::ToolsetBuilder;
pub use self::deadlines::Deadlines;
#[cfg(feature = "webhook")]
pub(crate) use self::deadlines::{DEFAULT_TIMEOUT, MAX_TIMEOUT};
pub use self::outcome::Outcome;

use crate::build_error::{BuildError, BuildErrors};
use crate::tool::{Descriptor, RegisteredTool};

/// An ordered set of tools of an application whose state is `S`.
///
/// Created by [`toolset!`](crate::toolset!), or step by step by [`Toolset::builder`]. It is cheap to clone.
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
    inner: Arc<ToolsetInner<S>>,
}

struct ToolsetInner<S> {
    tools: Vec<Arc<RegisteredTool<S>>>,
    /// Indices into `tools`, sorted by name.
    by_name: Vec<usize>,
    errors: BuildErrors,
}

impl<S> Toolset<S> {
    /// Returns the descriptions of the tools, in the order of the set: a snapshot.
    pub fn descriptors(&self) -> impl ExactSizeIterator<Item = Descriptor> + use<S> {
        let inner = Arc::clone(&self.inner);
        (0..inner.tools.len()).map(move |i| inner.tools[i].descriptor.clone())
    }

    /// Returns the description of the tool with this name.
    #[must_use]
    pub fn descriptor(&self, name: &str) -> Option<Descriptor> {
        self.find(name).map(|tool| tool.descriptor.clone())
    }

    /// Returns the number of tools.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.tools.len()
    }

    /// Whether there are no tools.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.tools.is_empty()
    }

    /// Checks that every tool can be offered to agents.
    ///
    /// # Errors
    ///
    /// Returns everything that is invalid about any tool of the set. [`Toolset`] lists the functions that return the same
    /// errors.
    pub fn check(&self) -> Result<(), BuildErrors> {
        if self.inner.errors.is_empty() { Ok(()) } else { Err(self.inner.errors.clone()) }
    }

    /// Warnings: names of properties below the top level that some model providers reject.
    #[must_use]
    pub fn warnings(&self) -> Vec<BuildError> {
        self.inner.tools.iter().flat_map(|tool| tool.descriptor.warnings()).cloned().collect()
    }

    /// Returns a set of the tools of `self`, followed by those of `other`.
    ///
    /// # Errors
    ///
    /// Returns an error for each name that both sets contain.
    pub fn merge(&self, other: &Self) -> Result<Self, BuildErrors> {
        let names = other.inner.tools.iter().map(|tool| tool.descriptor.name());
        let duplicates: Vec<_> =
            names.filter(|name| self.find(name).is_some()).map(BuildError::duplicate_name).collect();
        if !duplicates.is_empty() {
            return Err(BuildErrors::new(duplicates));
        }
        let tools = self.inner.tools.iter().chain(&other.inner.tools).cloned().collect();
        let errors = self.inner.errors.iter().chain(other.inner.errors.iter()).cloned().collect();
        Ok(Self::new(tools, errors))
    }

    fn new(tools: Vec<Arc<RegisteredTool<S>>>, errors: Vec<BuildError>) -> Self {
        let mut by_name: Vec<usize> = (0..tools.len()).collect();
        by_name.sort_by_key(|&i| tools[i].descriptor.name());
        Self { inner: Arc::new(ToolsetInner { tools, by_name, errors: BuildErrors::new(errors) }) }
    }

    fn find(&self, name: &str) -> Option<&RegisteredTool<S>> {
        let ToolsetInner { tools, by_name, .. } = &*self.inner;
        let position = by_name.binary_search_by(|&i| tools[i].descriptor.name().cmp(name)).ok()?;
        Some(&tools[by_name[position]])
    }
}

impl<S> Clone for Toolset<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<S> fmt::Debug for Toolset<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.inner.tools.iter().map(|tool| tool.descriptor.name())).finish()
    }
}
