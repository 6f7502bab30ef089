//! The request for the session: its agents, tools and settings.

use std::time::Duration;

use coral_tools::session::RuntimeSettings;
use coral_tools::{Agent, Runtime, SessionRequest, Toolset};

use crate::application::App;

pub(crate) const WRITER: &str = "report-writer";
pub(crate) const EDITOR: &str = "editor";

/// A session with a writer, which can call the tools, and an editor.
///
/// It is deferred: Coral creates it and returns its id, and starts the agents when [`settings`] are sent. A session that starts
/// at once may call a tool before the application knows its id, and such a call would be rejected.
pub(crate) fn request(tools: &Toolset<App>, base_url: &str) -> SessionRequest {
    let writer = natural_tone_agent(WRITER)
        .option("EXTRA_USER_PROMPT", "Analyze Q4 sales data and create a summary report. Have it edited.")
        .can_call_all(tools);
    let editor = natural_tone_agent(EDITOR).option("EXTRA_USER_PROMPT", "Edit what others write.");
    SessionRequest::in_namespace("default")
        .agent(writer)
        .agent(editor)
        .group([WRITER, EDITOR])
        .tools(tools, base_url)
        .deferred()
}

fn natural_tone_agent(name: &str) -> Agent {
    Agent::local("natural-tone-agent", "1.1.0", Runtime::Docker).named(name)
}

/// The settings of the session: it runs for at most five minutes, and the report of its end contains the messages.
pub(crate) fn settings(base_url: &str) -> RuntimeSettings {
    RuntimeSettings::new()
        .ttl(Duration::from_secs(300))
        .hold_after_exit(Duration::from_secs(5))
        .extended_end_report(true)
        .session_end_webhook(base_url)
}
