//! Answers that have been given, so that no call runs twice.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::wire::Asked;

/// How many are kept; the oldest go first.
const KEPT: usize = 4096;

/// The answers to calls by session, call and arguments, the last 4096. A call that a platform repeats, because a connection broke or an
/// answer got lost, is answered from here; one that is running is waited for.
///
/// Clones share their answers. Every client of a platform has one; a program that makes several gives them the same with
/// `with_answers`, or a [`Run`](super::Run) its own. They are kept in memory: after a restart, what a platform has not got
/// runs again, so a tool that must not repeat what it does keeps the [`call_id`](crate::CallContext::call_id) with it.
#[derive(Clone, Default)]
pub struct Answers {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    cells: HashMap<Key, Arc<OnceCell<Given>>>,
    order: VecDeque<Key>,
}

/// The session, the call, and what is asked: model providers may use an id again in another turn.
type Key = (String, String, u64);

/// What has been answered.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) json: Arc<[u8]>,
    pub(super) label: &'static str,
}

impl Answers {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The answer that was given to a call before, or else what `run` makes of it. Also whether it is an earlier one.
    pub(super) async fn once(&self, session: &str, call: &Asked, run: impl Future<Output = Given>) -> (Given, bool) {
        let cell = self.cell(session, call);
        let mut is_new = false;
        let given = cell.get_or_init(async || {
            is_new = true;
            run.await
        });
        (given.await.clone(), !is_new)
    }

    fn cell(&self, session: &str, call: &Asked) -> Arc<OnceCell<Given>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut asked = DefaultHasher::new();
        (&call.tool, &call.arguments).hash(&mut asked);
        let key = (session.to_owned(), call.id.clone(), asked.finish());
        if let Some(cell) = kept.cells.get(&key) {
            return Arc::clone(cell);
        }
        if kept.order.len() >= KEPT
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.cells.remove(&oldest);
        }
        kept.order.push_back(key.clone());
        Arc::clone(kept.cells.entry(key).or_default())
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).order.len();
        f.debug_struct("Answers").field("kept", &kept).finish()
    }
}
