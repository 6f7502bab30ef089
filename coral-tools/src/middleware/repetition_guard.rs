//! [`RepetitionGuard`].

mod hint;

use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use self::hint::with_hint;
use super::lru_map::LruMap;
use super::{Middleware, Next};
use crate::context::Context;
use crate::toolset::Outcome;

/// A guard against an agent that repeats the same call: at first its result has a hint, then further repetitions are rejected.
///
/// Repetitions are calls by the same agent of the same session, of the same tool with the same arguments (byte for byte), with no
/// other call that the guard sees in between. The hint is the property `hint` of a result, or a part of an error message. Calls
/// without a session are not counted.
///
/// It is not for tools that an agent polls, such as one that waits for a reply: add it for single tools, or poll with an argument
/// that changes.
///
/// ```
/// use coral_tools::middleware::RepetitionGuard;
/// use coral_tools::{Toolset, coral_tool, toolset};
///
/// /// Searches the documents.
/// #[coral_tool(read_only)]
/// fn search(query: String) -> Vec<String> {
///     vec![query]
/// }
///
/// // The third identical call has a hint, the fourth is rejected.
/// let tools: Toolset = toolset![search].with_for::<search>(RepetitionGuard::new(3));
/// ```
#[derive(Debug)]
pub struct RepetitionGuard {
    max_calls: u32,
    forget_after: Duration,
    hasher: RandomState,
    agents: Mutex<LruMap<Agent, LastCall>>,
}

/// A session, and an agent in it.
type Agent = (String, Option<String>);

#[derive(Debug)]
struct LastCall {
    digest: u64,
    /// How often in a row.
    count: u32,
    last_run: Instant,
}

/// The agents whose last calls are known. An entry has about 200 bytes and two names.
const MAX_AGENTS: usize = 10_000;

impl RepetitionGuard {
    /// Allows this number of identical calls in a row, at least two. The last one has a hint; further ones are rejected.
    #[must_use]
    pub fn new(max_calls: u32) -> Self {
        Self {
            max_calls: max_calls.max(2),
            forget_after: Duration::from_secs(300),
            hasher: RandomState::new(),
            agents: Mutex::default(),
        }
    }

    /// Sets the time after which a call that ran is forgotten, so that it can be repeated. Default: 5 minutes.
    #[must_use]
    pub fn forget_after(mut self, time: Duration) -> Self {
        self.forget_after = time;
        self
    }

    /// Returns how often the agent has made this call in a row, this one included.
    fn count(&self, agent: Agent, digest: u64) -> u32 {
        let now = Instant::now();
        let mut agents = self.agents.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |last: &LastCall| last.digest == digest && now.duration_since(last.last_run) < self.forget_after;
        if let Some(last) = agents.get_mut(&agent).filter(|last| is_same(last)) {
            last.count = last.count.saturating_add(1);
            if last.count <= self.max_calls {
                last.last_run = now;
            }
            return last.count;
        }
        agents.insert(agent, LastCall { digest, count: 1, last_run: now });
        if agents.len() > MAX_AGENTS {
            agents.pop_oldest();
        }
        1
    }
}

impl<S: Sync> Middleware<S> for RepetitionGuard {
    async fn call(&self, context: &Context<'_, S>, next: Next<'_, S>) -> Outcome {
        let Some(session) = context.session_id() else { return next.run().await };
        let agent = (session.to_owned(), context.agent_name().map(str::to_owned));
        let digest = self.hasher.hash_one((context.tool(), context.call().arguments()));
        let count = self.count(agent, digest);
        if count > self.max_calls {
            return Outcome::rejected(format!(
                "not run: the same call was made {} times in a row; use its result, change the arguments, or continue without it",
                self.max_calls
            ));
        }
        let outcome = next.run().await;
        if count == self.max_calls { with_hint(outcome, count) } else { outcome }
    }
}
