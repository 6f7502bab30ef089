//! Deviations that decoding tolerates, and those that it rejects.

use coral_tools::registry::ReportedRegistry;
use coral_tools::state::{AgentActivity, AgentConnection, AgentStatus, SessionState, SessionStatus, ThreadStatus};
use coral_tools::{DecodeError, from_json};
use serde_json::{Value, json};

use super::{SERVER_1_2, session, state};

#[test]
fn unknown_fields_are_kept_in_place() {
    let mut document: Value = serde_json::from_str(SERVER_1_2).expect("json");
    document["new"] = json!(1);
    document["base"]["new"] = json!(2);
    document["base"]["status"]["new"] = json!(3);
    document["agents"][0]["new"] = json!(4);
    document["agents"][0]["status"]["connectionStatus"]["new"] = json!(5);
    document["agents"][0]["registryAgentIdentifier"]["registrySourceId"]["new"] = json!(6);
    document["threads"][0]["state"]["new"] = json!(7);
    document["threads"][0]["messages"][0]["new"] = json!(8);

    let state = state(&document);

    assert_eq!(json!(state.extra), json!({"new": 1, "base": {"new": 2, "status": {"new": 3}}}));
    assert_eq!(
        json!(state.agents()[0].extra),
        json!({
            "new": 4,
            "status": {"connectionStatus": {"new": 5}},
            "registryAgentIdentifier": {"registrySourceId": {"new": 6}},
            "tokensByModel": {}
        })
    );
    assert_eq!(json!(state.threads()[0].extra), json!({"state": {"new": 7}}));
    assert_eq!(json!(state.messages()[0].1.extra), json!({"new": 8}));
}

#[test]
fn unknown_variants_are_kept_unchanged() {
    let odd = json!({"type": "hibernating", "since": 1});
    let running = |connection: Value| json!({"type": "running", "connectionStatus": connection});
    let agents = json!([
        {"name": "a", "status": odd},
        {"name": "b", "status": running(odd.clone())},
        {"name": "c", "status": running(json!({"type": "connected", "communicationStatus": odd}))},
        {"name": "d", "status": "hibernating", "registryAgentIdentifier": {"name": "r", "source": "moon"}},
    ]);
    let state = session(&agents, &json!([{"id": "t", "state": {"state": "frozen"}}]));

    let status = |index: usize| &state.agents()[index].status;
    assert_eq!(*status(0), AgentStatus::Other(odd.clone()));
    let running = |connection| AgentStatus::Running { connection, start_time: None };
    assert_eq!(*status(1), running(AgentConnection::Other(odd.clone())));
    assert_eq!(*status(2), running(AgentConnection::Connected(AgentActivity::Other(odd.clone()))));
    assert!(state.agents()[2].is_connected(), "an unknown activity is that of a connected agent");
    assert_eq!(*status(3), AgentStatus::Other(json!("hibernating")));
    let source = state.agents()[3].registry_id.as_ref().and_then(|id| id.source.clone());
    assert_eq!(source, Some(ReportedRegistry::Other(json!("moon"))));
    assert_eq!(state.threads()[0].state, ThreadStatus::Other(json!({"state": "frozen"})));

    let other = super::state(&json!({"id": "s", "status": odd}));
    assert_eq!(other.status, SessionStatus::Other(odd));
    assert!(!other.is_closing());
}

#[test]
fn missing_and_null_fields_use_the_default() {
    let state = state(&json!({
        "id": "s", "namespace": null, "annotations": null,
        "agents": [{"name": "a", "links": null, "registryAgentIdentifier": {"name": "r", "version": "1"}}],
        "threads": [{"id": "t", "messages": [{"id": "m"}]}]
    }));
    assert_eq!((state.status.clone(), state.timestamp), (SessionStatus::Other(Value::Null), None));
    let agent = &state.agents()[0];
    assert_eq!(agent.status, AgentStatus::Other(Value::Null));
    assert!(!agent.is_connected() && agent.links.is_empty());
    assert_eq!(agent.registry_id.as_ref().and_then(|id| id.source.clone()), None, "coral-server 1.0");
    assert_eq!(state.messages()[0].1.text(), "");
}

#[test]
fn a_linked_registry_has_the_name_or_id_of_its_server() {
    for key in ["linkedServerName", "linkedServerId"] {
        let id = json!({"name": "r", "version": "1", "registrySourceId": {"type": "linked", key: "moon"}});
        let state = session(&json!([{"name": "a", "registryAgentIdentifier": id}]), &json!([]));
        let source = state.agents()[0].registry_id.as_ref().and_then(|id| id.source.clone());
        assert_eq!(source, Some(ReportedRegistry::Linked { server: Some("moon".to_owned()) }));
        assert!(state.agents()[0].extra.is_empty());
    }
}

fn decode_error(json: &str) -> DecodeError {
    from_json::<SessionState>(json.as_bytes()).expect_err("a malformed state")
}

#[test]
fn a_wrong_type_is_an_error_with_its_location_and_without_the_value() {
    for (json, error) in [
        (r#"["private"]"#, "expected an object, not an array"),
        (r#"{"id": "s", "agents": "private"}"#, "agents: expected an array, not a string"),
        (r#"{"base": {"namespace": "n"}, "agents": []}"#, "base.id: required field is missing"),
        (r#"{"id": "s", "closing": "private"}"#, "closing: expected a boolean, not a string"),
        (r#"{"id": "s", "annotations": {"tenant": 7}}"#, "annotations.tenant: expected a string, not a number"),
        (
            r#"{"id": "s", "status": {"type": "executed", "executionTime": "private"}}"#,
            "status.executionTime: not a valid RFC 3339 timestamp",
        ),
        (
            r#"{"id": "s", "threads": [{"id": "t"}, {"id": "u", "messages": [{"id": "m", "timestamp": {}}]}]}"#,
            "threads[1].messages[0].timestamp: expected a timestamp, not an object",
        ),
        (
            r#"{"id": "s", "threads": [{"id": "t", "messages": [{"id": "m", "content": 7}]}]}"#,
            "threads[0].messages[0].content: expected a string or an array, not a number",
        ),
    ] {
        assert_eq!(decode_error(json).to_string(), error);
    }
}

#[test]
fn invalid_json_is_an_error() {
    for json in ["", "Not found", "<html>502</html>", r#"{"id": "s""#] {
        let error = decode_error(json);
        assert!(error.location().is_empty() && error.problem().starts_with("not JSON"), "{error}");
    }
}

#[test]
fn states_implement_deserialize() {
    let state: SessionState = serde_json::from_str(SERVER_1_2).expect("a state");
    assert!(state.all_agents_connected());
    let error = serde_json::from_str::<SessionState>(r#"{"id": 7}"#).expect_err("a malformed state");
    assert!(error.to_string().starts_with("id: expected a string, not a number"), "{error}");
}
