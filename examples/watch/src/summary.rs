//! The summary of a session.

use std::collections::BTreeMap;

use coral_tools::client::ReceivedMessage;
use coral_tools::state::{SessionState, SessionStatus};

use crate::message::one_line;

/// The last state of a session, and the number of messages.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    state: Option<SessionState>,
    /// Numbers of messages by sender.
    messages: BTreeMap<String, usize>,
}

impl Summary {
    pub(crate) fn set_state(&mut self, state: SessionState) {
        self.state = Some(state);
    }

    /// Whether a state has been read.
    pub(crate) fn has_state(&self) -> bool {
        self.state.is_some()
    }

    pub(crate) fn count(&mut self, new: &ReceivedMessage) {
        *self.messages.entry(one_line(&new.message.sender_name)).or_default() += 1;
    }

    /// Formats the end: `the session has ended after 4.1 s`.
    pub(crate) fn ending(&self) -> String {
        let seconds = self.state.as_ref().and_then(seconds);
        let after = seconds.map(|seconds| format!(" after {seconds:.1} s"));
        format!("the session has ended{}", after.unwrap_or_default())
    }

    /// Formats the counts: `3 agents, 2 threads, 7 messages: 4 of researcher, 3 of writer`.
    pub(crate) fn counts(&self) -> String {
        let (agents, threads) =
            self.state.as_ref().map_or((0, 0), |state| (state.agents().len(), state.threads().len()));
        let each: Vec<_> = self.messages.iter().map(|(sender, count)| format!("{count} of {sender}")).collect();
        let each = if each.is_empty() { String::new() } else { format!(": {}", each.join(", ")) };
        let messages = self.messages.values().sum();
        format!("{}, {}, {}{each}", plural(agents, "agent"), plural(threads, "thread"), plural(messages, "message"))
    }
}

/// Returns how long the agents ran, if the server reports it.
fn seconds(state: &SessionState) -> Option<f64> {
    let SessionStatus::Closing { execution_time: Some(from), closing_time: Some(to) } = state.status else {
        return None;
    };
    Some((to.unix_millis() - from.unix_millis()) as f64 / 1e3)
}

fn plural(count: usize, noun: &str) -> String {
    let suffix = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{suffix}")
}
