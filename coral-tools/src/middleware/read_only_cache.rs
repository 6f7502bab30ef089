//! [`ReadOnlyCache`].

mod entries;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use self::entries::{CacheEntries, CacheKey, CachedJson};
use super::{Middleware, Next};
use crate::context::Context;
use crate::json::canonical_arguments;
use crate::tool::Descriptor;
use crate::toolset::Outcome;

/// A cache for the results of tools that are `read_only`. Calls of other tools pass through.
///
/// A call has the result of an earlier one if the tool, the scope and the arguments are the same; the order of their properties and
/// white space make no difference. Only successes are kept. If the result of a tool depends on anything else, such as the calling
/// agent or the user of the application, do not cache it.
///
/// ```
/// use std::time::Duration;
/// use coral_tools::middleware::{CacheScope, ReadOnlyCache};
/// use coral_tools::{Toolset, coral_tool, toolset};
///
/// /// Returns the price of an article.
/// #[coral_tool(read_only)]
/// fn price(article: String) -> usize {
///     article.len()
/// }
///
/// let cache = ReadOnlyCache::new(Duration::from_secs(300)).scope(CacheScope::All);
/// let tools: Toolset = toolset![price].with_for::<price>(cache);
/// tools.check()?; // an error if `price` were not `read_only`
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
#[derive(Debug)]
pub struct ReadOnlyCache {
    time_to_live: Duration,
    scope: CacheScope,
    entries: Mutex<CacheEntries>,
}

/// The calls that share the results of a [`ReadOnlyCache`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum CacheScope {
    /// The calls of one session; a call without a session is not cached. The default.
    #[default]
    Session,
    /// The calls of one namespace; a call without a namespace is not cached.
    Namespace,
    /// All calls.
    All,
}

/// Longer arguments are not worth the work of comparing them.
const MAX_ARGUMENTS: usize = 64 * 1024;

impl ReadOnlyCache {
    /// Creates a cache that keeps each result for this time.
    #[must_use]
    pub fn new(time_to_live: Duration) -> Self {
        Self { time_to_live, scope: CacheScope::default(), entries: Mutex::default() }
    }

    /// Sets the calls that share results. Default: those of one session.
    #[must_use]
    pub fn scope(mut self, scope: CacheScope) -> Self {
        self.scope = scope;
        self
    }

    /// Sets the number of results, and the bytes of all of them together with their arguments. Above either, the one that was used
    /// least recently is dropped. Default: 1,000 results, 16 MiB.
    #[must_use]
    pub fn capacity(self, results: usize, bytes: usize) -> Self {
        Self { entries: Mutex::new(CacheEntries::new(results, bytes)), ..self }
    }

    /// Returns the key of a call; `None` if its result is not cached.
    fn key<S>(&self, context: &Context<'_, S>, tool: &Descriptor) -> Option<CacheKey> {
        let call = context.call();
        if tool.hints().read_only != Some(true) || call.arguments().len() > MAX_ARGUMENTS {
            return None;
        }
        let owner = match self.scope {
            CacheScope::Session => Some((call.origin(), call.session_id()?.to_owned())),
            CacheScope::Namespace => Some((call.origin(), call.namespace()?.to_owned())),
            CacheScope::All => None,
        };
        let arguments = canonical_arguments(call.arguments())?;
        Some(CacheKey { tool: call.tool().to_owned(), arguments, owner })
    }

    fn entries(&self) -> MutexGuard<'_, CacheEntries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Sync> Middleware<S> for ReadOnlyCache {
    async fn call(&self, context: &Context<'_, S>, next: Next<'_, S>) -> Outcome {
        let Some(key) = self.key(context, next.descriptor()) else { return next.run().await };
        if let Some(json) = self.entries().get(&key, Instant::now()) {
            return Outcome::Success(json.to_vec());
        }
        let outcome = next.run().await;
        if let Outcome::Success(json) = &outcome {
            let cached = CachedJson { json: json.as_slice().into(), expires: Instant::now() + self.time_to_live };
            self.entries().insert(key, cached);
        }
        outcome
    }

    fn check(&self, tool: &Descriptor) -> Result<(), String> {
        match tool.hints().read_only {
            Some(true) => Ok(()),
            _ => Err("its results cannot be cached, because it is not marked `read_only`".to_owned()),
        }
    }
}
