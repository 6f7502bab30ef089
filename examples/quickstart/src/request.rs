//! What the application says to Coral: who is in the session, and how it runs.

use std::time::Duration;

use coral_tools::session::RuntimeSettings;
use coral_tools::{Agent, Runtime, SessionEndReport, SessionRequest, Toolset};

use crate::application::App;

pub(crate) const WRITER: &str = "report-writer";
pub(crate) const EDITOR: &str = "editor";

/// The session: a writer that may call the tools, and an editor to talk to.
///
/// It is deferred: Coral makes it, says its id, and launches nobody before [`settings`] are sent. A session that starts at
/// once may call a tool while the answer with its id is still on the way, and would be refused as one that nobody knows.
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

/// How it runs: for five minutes at most, with everything that was said in the report of its end.
pub(crate) fn settings(base_url: &str) -> RuntimeSettings {
    RuntimeSettings::new()
        .ttl(Duration::from_secs(300))
        .hold_after_exit(Duration::from_secs(5))
        .extended_end_report(true)
        .session_end_webhook_at(format!("{base_url}/{}", SessionEndReport::PATH))
}
