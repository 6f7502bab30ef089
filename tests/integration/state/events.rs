//! Events from the websockets of servers.

mod malformed;
mod samples;
mod tolerance;

use coral_tools::from_json;
use coral_tools::state::{
    LogEvent, LogLevel, LogSubject, ManagerEvent, ManagerEventKind as Manager, MessageFilterKind, SessionEvent,
    SessionEventKind as Kind, SessionStatus, StdStream, ThreadStatus,
};
use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

use self::samples::{log_events, manager_events, session_events};

const TIME: &str = "2026-05-08T14:56:15.123456Z";

/// The bytes that a server sends: one key per line, indented by four spaces.
fn frame(json: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut printer = Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    "));
    json.serialize(&mut printer).expect("json");
    bytes
}

fn session(json: &Value) -> SessionEvent {
    from_json(&frame(json)).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn manager(json: &Value) -> ManagerEvent {
    from_json(&frame(json)).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn log(json: &Value) -> LogEvent {
    from_json(&frame(json)).unwrap_or_else(|error| panic!("{json}: {error}"))
}

#[test]
fn every_session_event_is_known_and_decoded_completely() {
    for json in session_events() {
        let event = session(&json);
        assert_eq!(event.timestamp, TIME.parse().ok(), "{json}");
        assert!(!matches!(event.kind, Kind::Other(_)) && event.extra.is_empty(), "{event:?}");
    }
}

#[test]
fn session_events_are_decoded() {
    let events: Vec<SessionEvent> = session_events().iter().map(session).collect();
    let kinds: Vec<&Kind> = events.iter().map(|event| &event.kind).collect();
    let (a, b, t1) = (|| "a".to_owned(), || "b".to_owned(), || "t1".to_owned());

    assert_eq!(*kinds[0], Kind::RuntimeStarted { name: a() });
    assert_eq!(*kinds[1], Kind::RuntimeStopped { name: a() });
    assert_eq!(*kinds[2], Kind::AgentConnected { name: a() });
    let Kind::AgentWaitStart { name, filters } = kinds[3] else { panic!("{:?}", kinds[3]) };
    let filters: Vec<_> = filters.iter().map(|filter| filter.kind.clone()).collect();
    let expected = [
        MessageFilterKind::Mentions { name: a() },
        MessageFilterKind::InThread { thread_id: t1() },
        MessageFilterKind::SentBy { name: b() },
    ];
    assert_eq!((name.as_str(), filters.as_slice()), ("a", &expected[..]));
    let Kind::AgentWaitStop { name, message } = kinds[4] else { panic!("{:?}", kinds[4]) };
    assert_eq!((name.as_str(), message.id.as_str(), &*message.text()), ("b", "m1", "private"));
    assert_eq!(*kinds[5], Kind::AgentSleepStart { name: a() });
    assert_eq!(*kinds[6], Kind::AgentSleepStop { name: a() });
    let Kind::ThreadCreated { thread } = kinds[7] else { panic!("{:?}", kinds[7]) };
    assert_eq!((thread.name.as_str(), &thread.state), ("Plan", &ThreadStatus::Open));
    assert_eq!(*kinds[8], Kind::ThreadParticipantAdded { thread_id: t1(), name: b() });
    assert_eq!(*kinds[9], Kind::ThreadParticipantRemoved { thread_id: t1(), name: b() });
    assert_eq!(*kinds[10], Kind::ThreadClosed { thread_id: t1(), summary: "agreed".to_owned() });
    let Kind::ThreadMessageSent { message } = kinds[11] else { panic!("{:?}", kinds[11]) };
    assert_eq!((message.sender_name.as_str(), message.mention_names.as_slice()), ("a", &[b()][..]));
    assert_eq!(*kinds[12], Kind::DockerContainerCreated { container_id: "c1".to_owned() });
    assert_eq!(*kinds[13], Kind::DockerContainerRemoved { container_id: "c1".to_owned() });
    let Kind::LlmProxyCall { model_name, provider_request_name, status_code, usage, .. } = kinds[14] else {
        panic!("{:?}", kinds[14])
    };
    assert_eq!((model_name.as_str(), provider_request_name.as_str(), *status_code), ("gpt", "MAIN", Some(200)));
    assert_eq!((usage.input_tokens, usage.output_tokens), (Some(4_000_000_000), Some(7)));
}

#[test]
fn an_event_has_the_agent_and_the_thread_concerned() {
    let events: Vec<SessionEvent> = session_events().iter().map(session).collect();
    let agents: String = events.iter().map(|event| event.agent().unwrap_or("-")).collect();
    assert_eq!(agents, "aaaabaaabb-a--a");
    let with_thread: Vec<usize> = (0..events.len()).filter(|&i| events[i].thread_id() == Some("t1")).collect();
    assert_eq!(with_thread, [7, 8, 9, 10, 11]);
    // The message that ended the wait has an event of its own.
    let messages: Vec<usize> = (0..events.len()).filter(|&i| events[i].message().is_some()).collect();
    assert_eq!(messages, [11]);
}

#[test]
fn manager_events_are_decoded() {
    let events: Vec<ManagerEvent> = manager_events().iter().map(manager).collect();
    for event in &events {
        assert_eq!(event.timestamp, TIME.parse().ok());
        assert_eq!(event.namespace().map(|namespace| namespace.name.as_str()), Some("n"), "{event:?}");
        assert!(event.extra.is_empty(), "{event:?}");
    }
    assert!(matches!(events[0].kind, Manager::NamespaceCreated { .. }) && events[0].session().is_none());
    assert!(matches!(events[1].kind, Manager::SessionCreated { .. }));
    assert!(matches!(events[2].kind, Manager::SessionRunning { .. }));
    assert!(matches!(events[3].kind, Manager::SessionClosing { .. }));
    assert!(matches!(events[4].kind, Manager::SessionClosed { .. }));
    assert!(matches!(events[5].kind, Manager::NamespaceClosed { .. }) && events[5].session().is_none());
    let sessions: Vec<_> = events[1..5].iter().map(|event| event.session().expect("a session")).collect();
    assert!(sessions.iter().all(|session| session.id == "s1" && session.annotations["k"] == "v"));
    // The event precedes the change of the session's status.
    assert_eq!(sessions[1].status, SessionStatus::PendingExecution);
    assert!(sessions[2].is_closing() && sessions[3].is_closing());
}

#[test]
fn log_events_are_decoded() {
    let events: Vec<LogEvent> = log_events().iter().map(log).collect();
    let levels: Vec<_> = events.iter().map(|event| event.level.clone()).collect();
    assert_eq!(levels, [LogLevel::Info, LogLevel::Warning, LogLevel::Debugging, LogLevel::Trace, LogLevel::Error]);
    assert!(events.iter().all(|event| event.text == "private" && event.extra.is_empty()));
    assert!(events.iter().all(|event| event.timestamp == TIME.parse().ok()));
    assert!(events[0].tags.is_empty() && !events[0].is_sensitive() && events[0].agent().is_none());

    let error = &events[4];
    assert_eq!(error.stack_trace, ["org.example.Main.main(Main.kt:7)"]);
    assert_eq!((error.namespace(), error.session_id(), error.agent()), (Some("n"), Some("s1"), Some("a")));
    assert!(error.is_sensitive());
    let kinds: Vec<_> = error.tags[3..].iter().map(|tag| tag.kind.clone()).collect();
    let printed = |io| LogSubject::Printed { io };
    let call = LogSubject::OfProxyRequest { proxy_number: Some(3) };
    assert_eq!(kinds, [call, printed(StdStream::Out), printed(StdStream::Error), LogSubject::Sensitive]);
    let mdc: Vec<_> = error.tags.iter().flat_map(|tag| &tag.mdc).map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(mdc, ["ns=n", "sid=s1", "agent=a", "pnum=3", "io=stdout", "io=stderr"]);
}
