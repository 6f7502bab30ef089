//! What came of a session.

use std::collections::BTreeMap;

use coral_tools::client::NewMessage;
use coral_tools::state::{SessionState, SessionStatus};

use crate::message::one_line;

/// What was seen of a session.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    last: Option<SessionState>,
    /// How many messages each agent has sent.
    messages: BTreeMap<String, usize>,
}

impl Summary {
    pub(crate) fn look(&mut self, state: SessionState) {
        self.last = Some(state);
    }

    /// Whether the session has been seen at all.
    pub(crate) fn has_looked(&self) -> bool {
        self.last.is_some()
    }

    pub(crate) fn count(&mut self, said: &NewMessage) {
        *self.messages.entry(one_line(&said.message.sender_name)).or_default() += 1;
    }

    /// `the session has ended after 4.1 s`
    pub(crate) fn ending(&self) -> String {
        let seconds = self.last.as_ref().and_then(seconds);
        let after = seconds.map(|seconds| format!(" after {seconds:.1} s"));
        format!("the session has ended{}", after.unwrap_or_default())
    }

    /// `3 agents, 2 threads, 7 messages: 4 of researcher, 3 of writer`
    pub(crate) fn counts(&self) -> String {
        let (agents, threads) = self.last.as_ref().map_or((0, 0), |last| (last.agents().len(), last.threads().len()));
        let each: Vec<_> = self.messages.iter().map(|(sender, count)| format!("{count} of {sender}")).collect();
        let each = if each.is_empty() { String::new() } else { format!(": {}", each.join(", ")) };
        let messages = self.messages.values().sum();
        format!("{}, {}, {}{each}", many(agents, "agent"), many(threads, "thread"), many(messages, "message"))
    }
}

/// How long its agents ran, where the server says so.
fn seconds(state: &SessionState) -> Option<f64> {
    let SessionStatus::Closing { execution_time: Some(from), closing_time: Some(to) } = state.status else {
        return None;
    };
    Some((to.unix_millis() - from.unix_millis()) as f64 / 1e3)
}

fn many(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
