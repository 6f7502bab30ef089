//! The state of one session, from four server versions.

use coral_tools::registry::ReportedRegistry;
use coral_tools::state::{
    AgentActivity, AgentState, AgentStatus, ContentPart, SessionState, SessionStatus, ThreadStatus, Timestamp,
};
use serde_json::json;

use super::{ALL, GUIDE, LATER, SERVER_1_1, SERVER_1_2, read};

#[test]
fn every_server_version_decodes_to_the_same_state() {
    for json in ALL {
        let state = read(json);
        assert_eq!((state.id.as_str(), state.namespace.as_str()), ("session-abc123", "default"));
        assert_eq!(state.timestamp.map(Timestamp::unix_millis), Some(1_704_067_200_000));
        assert!(matches!(state.status, SessionStatus::Executed { .. }) && !state.is_closing());

        let [writer] = state.agents() else { panic!("one agent: {:?}", state.agents()) };
        assert_eq!((writer.name.as_str(), writer.links.as_slice()), ("writer", ["researcher".to_owned()].as_slice()));
        assert_eq!(writer.description.as_deref(), Some("An agent that writes in natural tone"));
        assert!(writer.is_connected() && !writer.is_waiting_for_message());
        let id = writer.registry_id.as_ref().expect("known");
        assert_eq!((id.name.as_str(), id.version.as_str()), ("natural-tone-agent", "1.1.0"));
        assert_eq!(id.source, Some(ReportedRegistry::Local));

        let [(thread, message)] = state.messages()[..] else { panic!("one message") };
        assert_eq!((thread.name.as_str(), thread.state.clone()), ("Research Discussion", ThreadStatus::Open));
        assert_eq!(message.text(), "Here are my findings on AI developments");
        assert_eq!((message.sender_name.as_str(), message.thread_id.as_str()), ("researcher", "thread-123"));
        assert_eq!(message.mention_names, ["writer"]);
        assert_eq!(message.timestamp, state.timestamp);
        assert!(message.extra.is_empty() && thread.extra.is_empty());
    }
}

#[test]
fn fields_of_some_versions_are_decoded_where_present() {
    let execution = |state: &SessionState| match state.status {
        SessionStatus::Executed { execution_time } => execution_time.map(|time| time.to_string()),
        _ => None,
    };
    let start = |state: &SessionState| match &state.agents()[0].status {
        AgentStatus::Running { start_time, .. } => start_time.map(|time| time.to_string()),
        _ => None,
    };
    let at = "2024-01-01T00:00:00.005Z";
    assert_eq!((execution(&read(GUIDE)), start(&read(GUIDE))), (None, None));
    assert_eq!((execution(&read(SERVER_1_1)).as_deref(), start(&read(SERVER_1_1))), (Some(at), None));
    assert_eq!(start(&read(SERVER_1_2)).as_deref(), Some("2024-01-01T00:00:00.005123Z"));
    assert_eq!(read(SERVER_1_2).agents()[0].extra["tokensByModel"], json!({}));
    assert_eq!(read(SERVER_1_1).threads()[0].timestamp.map(Timestamp::unix_millis), Some(1_704_067_199_999));
}

#[test]
fn budgets_of_later_servers_are_decoded() {
    let state = read(LATER);
    assert_eq!(
        (state.remaining_budget(), state.agents()[0].remaining_budget()),
        (Some(499_000_000), Some(250_000_000))
    );
    assert_eq!(state.extra["agentClaimReceipts"], json!([]));
    assert_eq!(read(SERVER_1_2).remaining_budget(), None);
}

#[test]
fn message_parts_other_than_text_are_kept() {
    let image = json!({"type": "image", "data": "AAAA", "mimeType": "image/png"});
    let marked = json!({"type": "text", "text": "two", "annotations": {"audience": ["user"]}});
    let content = json!([{"type": "text", "text": "one"}, image, marked]);
    let later = json!({"id": "m", "threadId": "t", "content": content, "senderName": "a", "mentionNames": []});
    let plain = json!({"id": "n", "threadId": "t", "content": "as one text"});
    let state = super::session(&json!([]), &json!([super::thread("t", &[later, plain])]));

    let messages = state.messages();
    assert_eq!(messages[0].1.text(), "one\ntwo");
    assert_eq!(
        messages[0].1.content,
        [ContentPart::Text("one".into()), ContentPart::Other(image), ContentPart::Other(marked)]
    );
    assert_eq!(messages[1].1.text(), "as one text");
}

#[test]
fn a_base_state_has_no_agents() {
    let base = json!({
        "id": "s", "timestamp": "2026-05-08T14:56:15.123456Z", "namespace": "n",
        "status": {"type": "closing", "executionTime": "2026-05-08T14:56:10Z", "closingTime": "2026-05-08T14:56:15Z"},
        "annotations": {"tenant": "7"}
    });
    let state = super::state(&base);
    assert!(state.detail.is_none() && state.agents().is_empty() && state.threads().is_empty());
    assert!(!state.all_agents_connected() && !state.all_agents_idle());
    assert!(state.is_closing());
    assert_eq!(state.annotations["tenant"], "7");
}

#[test]
fn every_agent_status_is_distinguished() {
    let connected = |doing: &str| json!({"type": "running", "connectionStatus": {"type": "connected", "communicationStatus": {"type": doing}}});
    let agents: Vec<_> = [
        json!({"type": "waiting"}),
        json!({"type": "running", "connectionStatus": {"type": "not_connected"}}),
        connected("thinking"),
        connected("waiting_message"),
        connected("sleeping"),
        json!({"type": "stopped"}),
    ]
    .into_iter()
    .map(|status| json!({"name": "a", "status": status}))
    .collect();
    let state = super::session(&json!(agents), &json!([]));

    let agents = state.agents();
    assert_eq!(agents[0].status, AgentStatus::NotLaunched);
    assert_eq!(agents[5].status, AgentStatus::Stopped { start_time: None });
    let activities: Vec<_> = agents.iter().map(|agent| agent.activity()).collect();
    let [thinking, waiting, sleeping] =
        [AgentActivity::Thinking, AgentActivity::WaitingForMessage, AgentActivity::Sleeping];
    assert_eq!(activities, [None, None, Some(&thinking), Some(&waiting), Some(&sleeping), None]);
    let waiting: Vec<_> = agents.iter().map(AgentState::is_waiting_for_message).collect();
    assert_eq!(
        waiting,
        [false, false, false, true, false, false],
        "`waiting` on the wire is not waiting for a message"
    );
}
