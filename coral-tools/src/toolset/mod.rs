//! A set of tools: ordered, immutable, cheap to clone.

mod builder;
mod dispatch;
mod outcome;

use std::fmt;
use std::sync::Arc;

pub use self::builder::ToolsetBuilder;
#[cfg(any(feature = "webhook", feature = "_pull"))]
pub(crate) use self::dispatch::Limits;
#[cfg(feature = "webhook")]
pub(crate) use self::dispatch::{DEFAULT_TIMEOUT, LONGEST};
pub use self::outcome::Outcome;

use crate::build_error::{BuildError, BuildErrors};
use crate::tool::{Descriptor, Entry};

/// An ordered set of tools of an application whose state is `S`.
///
/// Made by [`toolset!`](crate::toolset!), or step by step by [`Toolset::builder`]. It is immutable and cheap to clone.
///
/// A tool that agents cannot be told about (say, one whose argument type has no JSON Schema that says it) does not
/// panic: [`Toolset::check`] and everything that describes the tools to a platform return what is wrong, all at once.
pub struct Toolset<S = ()> {
    inner: Arc<Inner<S>>,
}

struct Inner<S> {
    entries: Vec<Arc<Entry<S>>>,
    /// Indices into `entries`, in the order of the tools' names.
    by_name: Vec<usize>,
    errors: BuildErrors,
}

impl<S> Toolset<S> {
    /// A set made step by step, for tools that are known only at run time.
    #[must_use]
    pub fn builder() -> ToolsetBuilder<S> {
        ToolsetBuilder::new()
    }

    /// What agents are told about each tool, in the order of the set.
    pub fn descriptors(&self) -> impl ExactSizeIterator<Item = &Descriptor> {
        self.inner.entries.iter().map(|entry| &entry.descriptor)
    }

    /// What agents are told about the tool of this name.
    #[must_use]
    pub fn descriptor(&self, name: &str) -> Option<&Descriptor> {
        self.entry(name).map(|entry| &entry.descriptor)
    }

    /// How many tools there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.entries.len()
    }

    /// Whether there are no tools.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.entries.is_empty()
    }

    /// Whether every tool can be offered to agents. Call it at start-up, where an error is cheap.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any tool of the set, each with its path (`order.items[].price`) and the way out.
    pub fn check(&self) -> Result<(), BuildErrors> {
        if self.inner.errors.is_empty() { Ok(()) } else { Err(self.inner.errors.clone()) }
    }

    /// The tools of both sets, those of `self` first.
    ///
    /// # Errors
    ///
    /// Every name that both sets have.
    pub fn merge(&self, other: &Self) -> Result<Self, BuildErrors> {
        let clashes: Vec<_> = other
            .descriptors()
            .filter(|d| self.entry(d.name()).is_some())
            .map(|d| BuildError::clash(d.name()))
            .collect();
        if !clashes.is_empty() {
            return Err(BuildErrors::new(clashes));
        }
        let entries = self.inner.entries.iter().chain(&other.inner.entries).cloned().collect();
        let errors = self.inner.errors.iter().chain(other.inner.errors.iter()).cloned().collect();
        Ok(Self::of(entries, errors))
    }

    fn of(entries: Vec<Arc<Entry<S>>>, errors: Vec<BuildError>) -> Self {
        let mut by_name: Vec<usize> = (0..entries.len()).collect();
        by_name.sort_by_key(|&i| entries[i].descriptor.name());
        Self { inner: Arc::new(Inner { entries, by_name, errors: BuildErrors::new(errors) }) }
    }

    pub(crate) fn entry(&self, name: &str) -> Option<&Entry<S>> {
        let Inner { entries, by_name, .. } = &*self.inner;
        let found = by_name.binary_search_by(|&i| entries[i].descriptor.name().cmp(name)).ok()?;
        Some(&entries[by_name[found]])
    }
}

impl<S> Clone for Toolset<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<S> fmt::Debug for Toolset<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.descriptors().map(Descriptor::name)).finish()
    }
}
