//! Answers that have been given, so that no call runs twice.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

use super::wire::Asked;

/// How many are kept; the oldest go first.
const KEPT: usize = 4096;
/// How many bytes they have together.
const KEPT_BYTES: usize = 64 << 20;

/// The answers to calls, by session and call: the last 4096, of 64 MiB together. A call that a platform repeats, because a
/// connection broke or an answer got lost, is answered from here; one that is running is waited for.
///
/// Clones share their answers. Every client of a platform has one; a program that makes several gives them the same with
/// `with_answers`, or a [`Run`](super::Run) its own. They are kept in memory: after a restart, what a platform has not got
/// runs again, and so does what was running when a [`Run`](super::Run) was dropped. A tool that must not repeat what it does
/// keeps the [`call_id`](crate::CallContext::call_id) with it.
#[derive(Clone, Default)]
pub struct Answers {
    kept: Arc<Mutex<Kept>>,
}

/// The session, the call's id, and its place: model providers may use an id again.
type Key = (String, String, Option<u64>);

#[derive(Default)]
struct Kept {
    entries: HashMap<Key, Entry>,
    order: VecDeque<Key>,
    bytes: usize,
}

#[derive(Default)]
struct Entry {
    cell: Arc<OnceCell<Given>>,
    /// None while the call runs.
    bytes: usize,
}

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
        let key = (session.to_owned(), call.id.clone(), call.place);
        let cell = self.kept().cell(&key);
        let mut is_new = false;
        let given = cell.get_or_init(async || {
            is_new = true;
            run.await
        });
        let given = given.await.clone();
        if is_new {
            self.kept().weigh(&key, given.json.len());
        }
        (given, !is_new)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn cell(&mut self, key: &Key) -> Arc<OnceCell<Given>> {
        if let Some(entry) = self.entries.get(key) {
            return Arc::clone(&entry.cell);
        }
        let entry = Entry::default();
        let cell = Arc::clone(&entry.cell);
        self.order.push_back(key.clone());
        self.entries.insert(key.clone(), entry);
        self.forget_the_oldest();
        cell
    }

    fn weigh(&mut self, key: &Key, bytes: usize) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.bytes = bytes;
            self.bytes += bytes;
            self.forget_the_oldest();
        }
    }

    fn forget_the_oldest(&mut self) {
        while self.order.len() > 1 && (self.order.len() > KEPT || self.bytes > KEPT_BYTES) {
            let oldest = self.order.pop_front().and_then(|key| self.entries.remove(&key));
            self.bytes -= oldest.map_or(0, |entry| entry.bytes);
        }
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answers").field("kept", &self.kept().order.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn give(answers: &Answers, id: u64, bytes: usize) -> bool {
        let call = Asked { id: "call_1".into(), place: Some(id), tool: String::new(), arguments: Vec::new() };
        let given = async || Given { json: vec![b' '; bytes].into(), label: "success" };
        answers.once("session_1", &call, given()).await.1
    }

    #[tokio::test]
    async fn the_oldest_are_forgotten_where_they_are_many_or_large() {
        let answers = Answers::new();
        for id in 0..=KEPT as u64 {
            assert!(!give(&answers, id, 0).await);
        }
        assert!(give(&answers, KEPT as u64, 0).await && give(&answers, 1, 0).await);
        assert!(!give(&answers, 0, KEPT_BYTES / 2).await && give(&answers, KEPT as u64, 0).await);
        assert!(!give(&answers, 1, KEPT_BYTES / 2).await && give(&answers, 0, 0).await, "both have room");
        assert!(!give(&answers, 2, 1).await && !give(&answers, 0, 0).await, "the larger of them had to go");
        assert!(give(&answers, 1, 0).await && give(&answers, 2, 0).await);
    }
}
