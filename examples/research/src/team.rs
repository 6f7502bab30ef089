//! The team of agents, and the tools of its interface.

use coral_tools::{Agent, Runtime, SessionRequest, SessionValue, coral_tool};

pub(crate) const NAMESPACE: &str = "research";

/// Get the text that the user has uploaded: the subject of your research.
#[coral_tool(read_only)]
pub(crate) fn get_initial_request(#[context] SessionValue(upload): SessionValue<String>) -> String {
    upload.to_string()
}

/// Show a result to the user, who sees it at once. Call it for each result.
#[coral_tool(once = "30m")]
pub(crate) fn send_research_result(
    /// The result, in Markdown.
    #[arg(min_length = 1, max_length = 100_000)]
    result: String,
    #[context] _: SessionValue<String>,
);

/// Returns a request for a session of six agents, one of which talks to the user.
pub(crate) fn team() -> SessionRequest {
    let local = |name| Agent::local(name, "1.0.0", Runtime::Executable);
    let interface = local("research-interface").can_call::<get_initial_request>().can_call::<send_research_result>();
    let others = ["planner", "searcher", "reader", "critic", "writer"].map(local);
    SessionRequest::in_namespace(NAMESPACE).agent(interface).agents(others).group_all()
}
