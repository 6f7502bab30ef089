//! [`Calls`]: recorded calls that nobody has taken yet.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::Limits;
use crate::store::RecordedCall;

/// The calls in the order in which they were added.
#[derive(Default)]
pub(super) struct Calls {
    calls: BTreeMap<u64, KeptCall>,
    sessions: HashMap<String, SessionCalls>,
    added: u64,
    bytes: usize,
}

struct KeptCall {
    call: RecordedCall,
    expires: Instant,
}

/// The numbers of the calls of a session.
#[derive(Default)]
struct SessionCalls {
    calls: BTreeSet<u64>,
    added: Arc<Notify>,
    /// The tools of which a dropped call was logged.
    logged: BTreeSet<String>,
}

impl Calls {
    pub(super) fn add(&mut self, call: RecordedCall, limits: &Limits) {
        let now = Instant::now();
        self.remove_expired(now);
        self.drop_oldest_of_tool(&call, limits.calls_per_tool);
        self.added += 1;
        self.bytes += size(&call);
        let session = self.sessions.entry(call.session_id.clone()).or_default();
        session.calls.insert(self.added);
        session.added.notify_waiters();
        self.calls.insert(self.added, KeptCall { call, expires: now + limits.call_retention });
        while self.bytes > limits.bytes {
            let Some(oldest) = self.calls.first_key_value().map(|(number, _)| *number) else { return };
            self.drop_unread(oldest, "the store has reached its limit of bytes");
        }
    }

    /// Returns what is notified when a call of the session is added.
    pub(super) fn added(&mut self, session_id: &str) -> Arc<Notify> {
        if !self.sessions.contains_key(session_id) {
            self.sessions.insert(session_id.to_owned(), SessionCalls::default());
        }
        self.sessions.get(session_id).map(|session| Arc::clone(&session.added)).unwrap_or_default()
    }

    /// Removes the oldest call of one of these tools.
    pub(super) fn take(&mut self, session_id: &str, tools: &[&str], now: Instant) -> Option<RecordedCall> {
        self.remove_expired(now);
        let is_of_tools =
            |number: &&u64| self.calls.get(number).is_some_and(|kept| tools.contains(&kept.call.tool.as_str()));
        let number = *self.sessions.get(session_id)?.calls.iter().find(is_of_tools)?;
        self.remove(number)
    }

    pub(super) fn forget(&mut self, session_id: &str) {
        let numbers = self.sessions.get(session_id).map(|session| session.calls.clone()).unwrap_or_default();
        for number in numbers {
            self.remove(number);
        }
    }

    /// Removes a session that has no calls, unless someone waits for one.
    pub(super) fn tidy(&mut self, session_id: &str) {
        let is_unused = |session: &SessionCalls| session.calls.is_empty() && Arc::strong_count(&session.added) == 1;
        if self.sessions.get(session_id).is_some_and(is_unused) {
            self.sessions.remove(session_id);
        }
    }

    fn drop_oldest_of_tool(&mut self, call: &RecordedCall, limit: usize) {
        let Some(session) = self.sessions.get(&call.session_id) else { return };
        let is_same_tool = |number: &&u64| self.calls.get(number).is_some_and(|kept| kept.call.tool == call.tool);
        let same_tool: Vec<u64> = session.calls.iter().filter(is_same_tool).copied().collect();
        if same_tool.len() >= limit.max(1) {
            self.drop_unread(same_tool[0], "the session has too many calls of this tool that nobody has taken");
        }
    }

    /// Removes a call that nobody has taken. The first one of each session and tool is logged as a warning.
    fn drop_unread(&mut self, number: u64, reason: &'static str) {
        let is_first = self.calls.get(&number).is_some_and(|kept| {
            let session = self.sessions.get_mut(&kept.call.session_id);
            session.is_some_and(|session| session.logged.insert(kept.call.tool.clone()))
        });
        let Some(call) = self.remove(number) else { return };
        if is_first {
            tracing::warn!(
                gen_ai.tool.name = call.tool,
                gen_ai.conversation.id = call.session_id,
                gen_ai.agent.name = call.agent_name,
                reason,
                "a recorded call was dropped before it was taken; further ones of this tool and session are not logged"
            );
        }
    }

    fn remove_expired(&mut self, now: Instant) {
        while let Some((&number, kept)) = self.calls.first_key_value()
            && kept.expires <= now
        {
            self.remove(number);
        }
    }

    fn remove(&mut self, number: u64) -> Option<RecordedCall> {
        let KeptCall { call, .. } = self.calls.remove(&number)?;
        self.bytes -= size(&call);
        if let Some(session) = self.sessions.get_mut(&call.session_id) {
            session.calls.remove(&number);
        }
        self.tidy(&call.session_id);
        Some(call)
    }
}

/// The bytes that a call occupies.
fn size(call: &RecordedCall) -> usize {
    let names = 2 * call.session_id.len() + call.tool.len() + call.agent_name.as_ref().map_or(0, String::len);
    size_of::<KeptCall>() + names + call.key.len() + call.arguments.len() + call.result.len()
}
