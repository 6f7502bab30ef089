//! [`Calls`]: recorded calls that no reader has taken yet.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::limits::{Limits, expiry};
use crate::store::{RecordedCall, StoreError};
use crate::telemetry::{CallFields, call_event};

/// The calls in the order in which they were added. A call is only removed as the oldest one of its tool.
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

#[derive(Default)]
struct SessionCalls {
    tools: HashMap<String, ToolCalls>,
    bytes: usize,
    /// Notified when a call is added.
    added: Arc<Notify>,
}

#[derive(Default)]
struct ToolCalls {
    /// The numbers of the calls, the oldest first.
    numbers: VecDeque<u64>,
    /// Whether a dropped call was logged.
    is_logged: bool,
}

impl Calls {
    /// # Errors
    ///
    /// Returns an error if the call alone exceeds a limit.
    pub(super) fn add(&mut self, call: RecordedCall, limits: &Limits) -> Result<(), StoreError> {
        let now = Instant::now();
        self.remove_expired(now);
        let bytes = size(&call);
        if bytes > limits.session_bytes() {
            return Err(StoreError::Full("the call is larger than the bytes of one session"));
        }
        let (session_id, tool) = (call.session_id.clone(), call.tool.clone());
        self.added += 1;
        self.bytes += bytes;
        let session = self.sessions.entry(session_id.clone()).or_default();
        session.bytes += bytes;
        session.tools.entry(tool.clone()).or_default().numbers.push_back(self.added);
        session.added.notify_waiters();
        self.calls.insert(self.added, KeptCall { call, expires: expiry(now, limits.call_retention) });
        // After the call was added, so that the session, and what it has logged, stays known.
        self.drop_above_limits(&session_id, &tool, limits);
        Ok(())
    }

    /// Returns what is notified when a call of the session is added.
    pub(super) fn added(&mut self, session_id: &str) -> Arc<Notify> {
        match self.sessions.get(session_id) {
            Some(session) => Arc::clone(&session.added),
            None => Arc::clone(&self.sessions.entry(session_id.to_owned()).or_default().added),
        }
    }

    /// Whether there is a call of one of these tools.
    pub(super) fn contains(&mut self, session_id: &str, tools: &[&str]) -> bool {
        self.remove_expired(Instant::now());
        self.oldest(session_id, tools).is_some()
    }

    /// Removes the oldest call of one of these tools.
    pub(super) fn take(&mut self, session_id: &str, tools: &[&str]) -> Option<RecordedCall> {
        self.remove_expired(Instant::now());
        self.oldest(session_id, tools).and_then(|number| self.remove(number))
    }

    pub(super) fn forget(&mut self, session_id: &str) {
        let tools = self.sessions.get(session_id).map(|session| session.tools.values());
        let numbers: Vec<u64> = tools.into_iter().flatten().flat_map(|tool| &tool.numbers).copied().collect();
        for number in numbers {
            self.remove(number);
        }
    }

    /// Removes a session that has no calls, unless a reader waits for one.
    pub(super) fn remove_unused(&mut self, session_id: &str) {
        let is_unused = |session: &SessionCalls| session.bytes == 0 && Arc::strong_count(&session.added) == 1;
        if self.sessions.get(session_id).is_some_and(is_unused) {
            self.sessions.remove(session_id);
        }
    }

    fn oldest(&self, session_id: &str, tools: &[&str]) -> Option<u64> {
        let session = self.sessions.get(session_id)?;
        let oldest_of = |tool: &&str| session.tools.get(*tool)?.numbers.front();
        tools.iter().filter_map(oldest_of).min().copied()
    }

    fn drop_above_limits(&mut self, session_id: &str, tool: &str, limits: &Limits) {
        while let Some((number, reason)) = self.excess(session_id, tool, limits) {
            self.drop_unread(number, reason);
        }
    }

    /// Returns a call to drop, and the reason.
    fn excess(&self, session_id: &str, tool: &str, limits: &Limits) -> Option<(u64, &'static str)> {
        let session = self.sessions.get(session_id)?;
        let of_tool = &session.tools.get(tool)?.numbers;
        if of_tool.len() > limits.calls_per_tool.max(1) {
            return Some((*of_tool.front()?, "the session has too many calls of the tool that no reader has taken"));
        }
        if session.bytes > limits.session_bytes() {
            let oldest = session.tools.values().filter_map(|tool| tool.numbers.front()).min()?;
            return Some((*oldest, "the session has reached its limit of bytes"));
        }
        let oldest = self.calls.keys().next()?;
        (self.bytes > limits.bytes).then_some((*oldest, "the store has reached its limit of bytes"))
    }

    /// Removes a call that no reader has taken. The first one of each session and tool is logged as a warning.
    fn drop_unread(&mut self, number: u64, reason: &'static str) {
        let tool = self.calls.get(&number).and_then(|KeptCall { call, .. }| {
            let session = self.sessions.get_mut(&call.session_id)?;
            session.tools.get_mut(&call.tool)
        });
        let was_logged = tool.is_none_or(|tool| std::mem::replace(&mut tool.is_logged, true));
        let Some(call) = self.remove(number) else { return };
        if !was_logged {
            let fields = CallFields {
                tool: Some(&call.tool),
                session: Some(&call.session_id),
                agent: call.agent_name.as_deref(),
                ..CallFields::default()
            };
            call_event!(
                warn,
                fields,
                "a recorded call was dropped before it was taken; further ones of this tool and session are not logged",
                reason
            );
        }
    }

    fn remove_expired(&mut self, now: Instant) {
        // All calls are kept for the same time, so the oldest expires first.
        while let Some((&number, kept)) = self.calls.first_key_value()
            && kept.expires <= now
        {
            self.remove(number);
        }
    }

    /// Removes the oldest call of a tool.
    fn remove(&mut self, number: u64) -> Option<RecordedCall> {
        let KeptCall { call, .. } = self.calls.remove(&number)?;
        let bytes = size(&call);
        self.bytes -= bytes;
        if let Some(session) = self.sessions.get_mut(&call.session_id) {
            session.bytes -= bytes;
            if let Some(tool) = session.tools.get_mut(&call.tool) {
                tool.numbers.pop_front();
            }
        }
        self.remove_unused(&call.session_id);
        Some(call)
    }

    /// How many sessions are known.
    #[cfg(test)]
    pub(super) fn session_count(&self) -> usize {
        self.sessions.len()
    }
}

/// The bytes that a call occupies.
fn size(call: &RecordedCall) -> usize {
    let names = 2 * (call.session_id.len() + call.tool.len()) + call.agent_name.as_ref().map_or(0, String::len);
    size_of::<KeptCall>() + names + call.key.len() + call.arguments.len() + call.result.len()
}
