//! Lists of namespaces and sessions.

use coral_tools::from_json;
use coral_tools::state::{NamespaceState, SessionState, SessionStatus};

fn list(json: &str) -> Vec<NamespaceState> {
    from_json(json.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_list_of_the_guide_is_decoded() {
    let guide = r#"[
{
"namespace": "default",
"sessions": [
{
"sessionId": "session-abc123",
"closing": false
},
{
"sessionId": "session-def456",
"closing": true
}
]
}
]"#;
    let [namespace] = &list(guide)[..] else { panic!("one") };
    assert_eq!((namespace.name.as_str(), namespace.delete_on_last_session_exit), ("default", None));
    let sessions = namespace.sessions.as_deref().expect("listed");
    let seen: Vec<_> = sessions.iter().map(|s| (s.id.as_str(), s.namespace.as_str(), s.is_closing())).collect();
    assert_eq!(seen, [("session-abc123", "default", false), ("session-def456", "default", true)]);
    assert!(sessions.iter().all(|session| session.extra.is_empty()) && namespace.extra.is_empty());
}

#[test]
fn the_guides_list_of_one_namespace_is_decoded() {
    let guide = br#"[{"sessionId": "session-abc123", "closing": false}]"#;
    let sessions: Vec<SessionState> = from_json(guide).expect("a list of sessions");
    assert_eq!(sessions[0].id, "session-abc123");
    assert_eq!(sessions[0].status, SessionStatus::Executed { execution_time: None });
}

#[test]
fn the_base_list_of_servers_is_decoded() {
    let server = r#"[
    {
        "name": "with spaces",
        "deleteOnLastSessionExit": true,
        "annotations": {
            "owner": "me"
        }
    }
]"#;
    let [namespace] = &list(server)[..] else { panic!("one") };
    assert_eq!((namespace.name.as_str(), namespace.delete_on_last_session_exit), ("with spaces", Some(true)));
    assert_eq!(namespace.annotations["owner"], "me");
    assert_eq!(namespace.sessions, None);
}

#[test]
fn the_extended_list_of_servers_is_decoded() {
    let server = r#"[
    {
        "base": {
            "name": "default",
            "deleteOnLastSessionExit": false,
            "annotations": {}
        },
        "sessions": [
            {
                "id": "s1",
                "timestamp": "2026-05-08T14:56:15.123456Z",
                "namespace": "default",
                "status": {
                    "type": "pending_execution"
                },
                "annotations": {}
            }
        ]
    }
]"#;
    let [namespace] = &list(server)[..] else { panic!("one") };
    assert_eq!((namespace.name.as_str(), namespace.delete_on_last_session_exit), ("default", Some(false)));
    let sessions = namespace.sessions.as_deref().expect("listed");
    assert_eq!(sessions[0].status, SessionStatus::PendingExecution);
    assert!(sessions[0].detail.is_none() && namespace.extra.is_empty());
}

#[test]
fn an_error_in_a_list_has_its_location() {
    let error = from_json::<Vec<NamespaceState>>(br#"[{"name": "n"}, {"base": {"name": "m"}, "sessions": [{}]}]"#);
    assert_eq!(error.expect_err("no id").to_string(), "[1].sessions[0].id: required field is missing");
}
