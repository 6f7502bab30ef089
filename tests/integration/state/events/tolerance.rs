//! Deviations that decoding of events tolerates, and those that it rejects.

use coral_tools::from_json;
use coral_tools::state::{
    ContentPart, LogEvent, LogLevel, LogSubject, ManagerEvent, ManagerEventKind as Manager, MessageFilterKind,
    SessionEvent, SessionEventKind as Kind, StdStream,
};
use serde_json::{Value, json};

use super::samples::{event, log_events, session_events};
use super::{TIME, frame, log, manager, session};

#[test]
fn unknown_events_are_kept_unchanged() {
    let odd = event("egress_policy_violation", &json!({"agentName": "a", "port": 25, "none": null}));
    let (session, manager, log) = (session(&odd), manager(&odd), log(&odd));
    assert_eq!((session.kind, session.timestamp), (Kind::Other(odd.clone()), TIME.parse().ok()));
    assert_eq!((manager.kind, manager.timestamp), (Manager::Other(odd.clone()), TIME.parse().ok()));
    assert!(session.extra.is_empty() && manager.extra.is_empty());
    assert_eq!(log.level, LogLevel::Other(json!("egress_policy_violation")));
    assert_eq!(log.extra["port"], 25);

    for no_kind in [json!({"name": "a"}), json!({"type": 7}), json!({"type": null})] {
        assert_eq!(super::session(&no_kind).kind, Kind::Other(no_kind.clone()));
        assert_eq!(super::manager(&no_kind).kind, Manager::Other(no_kind.clone()));
    }
}

#[test]
fn unknown_fields_of_events_are_kept_in_place() {
    let odd = json!({"type": "moon", "phase": 1});
    let filters = json!([{"type": "from", "name": "b", "new": 1}, odd]);
    let wait = session(&event("agent_wait_start", &json!({"name": "a", "filters": filters, "new": 2})));
    assert_eq!(json!(wait.extra), json!({"new": 2}));
    let Kind::AgentWaitStart { filters, .. } = wait.kind else { panic!("{wait:?}") };
    assert_eq!(
        (&filters[0].kind, json!(filters[0].extra)),
        (&MessageFilterKind::SentBy { name: "b".to_owned() }, json!({"new": 1}))
    );
    assert_eq!(filters[1].kind, MessageFilterKind::Other(odd.clone()));

    let call = session(&event("llm_proxy_call", &json!({"agentName": "a", "usage": {"cachedTokens": 1}})));
    assert_eq!(json!(call.extra), json!({"usage": {"cachedTokens": 1}}));

    let tags = json!([{"type": "agent", "name": "a", "new": 1}, {"type": "stdout", "io": "pty"}, odd]);
    let line = log(&event("info", &json!({"tags": tags, "new": 2})));
    assert_eq!((json!(line.extra), json!(line.tags[0].extra)), (json!({"new": 2}), json!({"new": 1})));
    assert_eq!(line.agent(), Some("a"));
    assert_eq!(line.tags[1].kind, LogSubject::Printed { io: StdStream::Other(json!("pty")) });
    assert_eq!(line.tags[2].kind, LogSubject::Other(odd));
}

#[test]
fn missing_and_null_fields_use_the_default() {
    let wait = session(&json!({"type": "agent_wait_start", "timestamp": null, "name": "a", "filters": null}));
    assert_eq!((wait.timestamp, wait.kind), (None, Kind::AgentWaitStart { name: "a".to_owned(), filters: Vec::new() }));
    let closed = session(&json!({"type": "thread_closed", "threadId": "t1"}));
    assert_eq!(closed.kind, Kind::ThreadClosed { thread_id: "t1".to_owned(), summary: String::new() });
    let Kind::LlmProxyCall { status_code, usage, .. } =
        session(&json!({"type": "llm_proxy_call", "agentName": "a", "usage": {}})).kind
    else {
        panic!("a call")
    };
    assert_eq!((status_code, usage.input_tokens, usage.output_tokens), (None, None, None));
    let unsigned = session(&json!({"type": "thread_message_sent", "message": {"id": "m1"}}));
    assert_eq!((unsigned.agent(), unsigned.thread_id()), (None, None));

    let running = manager(&json!({"type": "session_running", "sessionState": {"id": "s1", "namespace": "n"}}));
    assert_eq!(running.namespace().map(|namespace| namespace.name.as_str()), Some("n"));

    let line = log(&json!({}));
    assert_eq!((line.level, line.text.as_str(), line.tags.len()), (LogLevel::Other(Value::Null), "", 0));
}

#[test]
fn times_and_messages_of_other_versions_are_decoded() {
    let parts = json!([{"type": "text", "text": "Look:"}, {"type": "image", "data": "AA==", "mimeType": "image/png"}]);
    let sent =
        json!({"id": "m1", "threadId": "t1", "senderName": "a", "content": parts, "timestamp": 1_778_252_175_123_i64});
    let event = session(&json!({"type": "thread_message_sent", "timestamp": 1_778_252_175_123_i64, "message": sent}));
    let message = event.message().expect("a message");
    assert_eq!((&*message.text(), message.content.len()), ("Look:", 2));
    assert!(matches!(message.content[1], ContentPart::Other(_)));
    assert_eq!(event.timestamp, "2026-05-08T14:56:15.123Z".parse().ok());
    assert_eq!(message.timestamp, event.timestamp);
}

fn session_error(json: &Value) -> String {
    from_json::<SessionEvent>(&frame(json)).expect_err("a malformed event").to_string()
}

#[test]
fn a_wrong_type_is_an_error_with_its_location_and_without_the_value() {
    for (json, error) in [
        (json!(["private"]), "expected an object, not an array"),
        (json!({"type": "agent_connected"}), "name: required field is missing"),
        (json!({"type": "agent_connected", "name": 7}), "name: expected a string, not a number"),
        (
            json!({"type": "runtime_started", "name": "a", "timestamp": "private"}),
            "timestamp: not a valid RFC 3339 timestamp",
        ),
        (
            json!({"type": "agent_wait_start", "name": "a", "filters": [{"type": "thread"}]}),
            "filters[0].threadId: required field is missing",
        ),
        (
            json!({"type": "thread_message_sent", "message": {"id": "m1", "content": 7}}),
            "message.content: expected a string or an array, not a number",
        ),
        (
            json!({"type": "llm_proxy_call", "agentName": "a", "statusCode": 70_000}),
            "statusCode: expected a non-negative integer in range",
        ),
        (
            json!({"type": "llm_proxy_call", "agentName": "a", "usage": {"inputTokens": "private"}}),
            "usage.inputTokens: expected a number, not a string",
        ),
    ] {
        assert_eq!(session_error(&json), error);
    }

    let closed = event("session_closed", &json!({"finalSessionState": {"id": 7}}));
    let error = from_json::<ManagerEvent>(&frame(&closed)).expect_err("a malformed event");
    assert_eq!(error.to_string(), "finalSessionState.id: expected a string, not a number");
    let line = event(
        "info",
        &json!({"tags": [{"type": "sensitive"}, {"type": "agent", "name": "a", "mdcMap": {"agent": 7}}]}),
    );
    let error = from_json::<LogEvent>(&frame(&line)).expect_err("a malformed event");
    assert_eq!(error.to_string(), "tags[1].mdcMap.agent: expected a string, not a number");
}

#[test]
fn events_implement_deserialize() {
    let event: SessionEvent = serde_json::from_value(session_events()[0].clone()).expect("an event");
    assert_eq!(event.agent(), Some("a"));
    let error = serde_json::from_str::<ManagerEvent>(r#"{"type": "namespace_closed"}"#).expect_err("a malformed event");
    assert!(error.to_string().starts_with("finalState: required field is missing"), "{error}");
    assert!(serde_json::from_value::<LogEvent>(log_events()[4].clone()).expect("a line").is_sensitive());
}
