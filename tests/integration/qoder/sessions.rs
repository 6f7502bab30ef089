//! The request for a new session, and the state of a session.

use coral_stand_in::qoder::QoderStandIn;
use coral_tools::platform::qoder::{NewEvent, NewSession, Resource, SessionInfo, SessionStatus};
use coral_tools::{FailureStage, from_json};
use serde_json::{Value, json};

use super::{qoder, started};

#[tokio::test]
async fn every_field_of_a_new_session_is_written() {
    let session = NewSession::new("agent_1", "env_1")
        .title("t")
        .metadata("a", "b")
        .delta_flush_interval_ms(50)
        .memory_store_ids(["memstore_1"])
        .vault_ids(["vault_1"])
        .max_credit_cost("12.50")
        .environment_variable("A", "1")
        .environment_variable("B", "2")
        .resource(Resource::file("file_1").mount_path("/data/x"))
        .resource(Resource::github_repository("https://github.com/a/b", "gh-secret"))
        .resource(Resource::git_repository("https://git.example/a").extra("password", "pw-secret"))
        .resource(Resource::memory_store("memstore_2").extra("instructions", "Read it."))
        .resource(Resource::read_only_memory_store("memstore_3"))
        .extra("new_field", true);
    let expected = json!({
        "agent": "agent_1", "environment_id": "env_1", "title": "t", "metadata": {"a": "b"},
        "delta_flush_interval_ms": 50, "memory_store_ids": ["memstore_1"], "vault_ids": ["vault_1"],
        "budget": {"type": "limit", "max_credit_cost": "12.50"}, "environment_variables": {"A": "1", "B": "2"},
        "resources": [
            {"type": "file", "file_id": "file_1", "mount_path": "/data/x"},
            {"type": "github_repository", "url": "https://github.com/a/b", "authorization_token": "gh-secret"},
            {"type": "git_repository", "url": "https://git.example/a", "password": "pw-secret"},
            {"type": "memory_store", "memory_store_id": "memstore_2", "access": "read_write", "instructions": "Read it."},
            {"type": "memory_store", "memory_store_id": "memstore_3", "access": "read_only"},
        ],
        "new_field": true,
    });
    assert_eq!(session.to_json().expect("valid"), expected);
    let shown = format!("{session:?}");
    assert!(!shown.contains("secret"), "{shown}");
    let text = session.environment_variables_as_string().to_json().expect("valid");
    assert_eq!(text["environment_variables"], "A=1;B=2");
}

#[tokio::test]
async fn all_problems_of_a_session_are_reported_together() {
    let mut session = NewSession::new("", "")
        .delta_flush_interval_ms(49)
        .vault_ids([""])
        .max_credit_cost("much")
        .metadata(&"k".repeat(65), "v")
        .metadata("k", &"v".repeat(513))
        .resource(Resource::file(""))
        .environment_variable("A=B", "1")
        .extra("title", "t");
    for n in 0..51 {
        session = session.initial_event(NewEvent::message(&n.to_string()));
    }
    for n in 0..15 {
        session = session.metadata(&n.to_string(), "v");
    }
    let stand_in = started(QoderStandIn::builder()).await;
    let error = qoder(&stand_in).create_session(&session).await.expect_err("build errors");
    let errors = error.build_errors().expect("build errors");
    assert_eq!((error.stage(), errors.iter().count()), (FailureStage::InvalidRequest, 12), "{errors}");
    assert!(stand_in.requests().is_empty());
    for millis in [50, 5_000] {
        NewSession::new("a", "e").delta_flush_interval_ms(millis).to_json().expect("valid");
    }
    NewSession::new("a", "e").delta_flush_interval_ms(5_001).to_json().expect_err("too long");
}

/// The example on the platform's reference page.
const DOCUMENTED_SESSION: &str = r#"{
    "id": "sess_1", "type": "session", "agent_id": "agent_1",
    "agent": {
        "id": "agent_1", "type": "agent", "name": "test-agent-e2e", "description": "E2E test agent", "model": "ultimate",
        "instructions": "You are a test assistant.", "system": "You are a test assistant.", "tools": [], "mcp_servers": [],
        "default_environment": "", "version": 2,
        "created_at": "2026-05-18T03:04:33.952256Z", "updated_at": "2026-05-18T03:05:28.023697Z"
    },
    "environment_id": "env_1", "title": "My session", "status": "idle",
    "resources": [], "vault_ids": [], "memory_store_ids": [],
    "usage": {
        "input_tokens": 1, "output_tokens": 2, "cache_read_input_tokens": 3,
        "cache_creation": {"ephemeral_5m_input_tokens": 4, "ephemeral_1h_input_tokens": 5}
    },
    "created_at": "2026-05-18T15:26:15.747298Z", "updated_at": "2026-05-18T15:26:15.747298Z"
}"#;

#[test]
fn every_field_of_a_session_is_read() {
    let state = from_json::<SessionInfo>(DOCUMENTED_SESSION.as_bytes()).expect("a session");
    assert_eq!(
        (state.id.as_str(), state.agent_id.as_deref(), state.environment_id.as_deref()),
        ("sess_1", Some("agent_1"), Some("env_1"))
    );
    assert_eq!((state.title.as_deref(), state.status), (Some("My session"), Some(SessionStatus::Idle)));
    let usage = state.usage.expect("usage");
    let tokens = [
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_read_input_tokens,
        usage.ephemeral_5m_input_tokens,
        usage.ephemeral_1h_input_tokens,
    ];
    assert_eq!(tokens, [1, 2, 3, 4, 5].map(Some));
    let agent = state.agent.expect("an agent");
    assert_eq!(
        (agent.model_id(), agent.version, agent.system.as_deref()),
        (Some("ultimate"), Some(2), Some("You are a test assistant."))
    );
    assert_eq!(state.created_at.expect("a timestamp").to_string(), "2026-05-18T15:26:15.747298Z");
    assert!(state.archived_at.is_none());
}

#[test]
fn only_the_id_of_a_session_is_required() {
    let read = |json: Value| from_json::<SessionInfo>(json.to_string().as_bytes());
    let state = read(json!({"id": "s"})).expect("a session");
    assert!(state.agent.is_none() && state.status.is_none() && state.usage.is_none());
    let odd = json!({
        "id": "s", "title": 7, "status": "dreaming", "metadata": [], "usage": "much", "created_at": "yesterday",
        "agent": {"model": {"id": "ultimate", "effort": "high"}}, "agent_id": "agent_1", "resources": {}, "new": 1,
    });
    let state = read(odd).expect("a session");
    assert_eq!(state.status, Some(SessionStatus::Other("dreaming".to_owned())));
    let agent = state.agent.expect("an agent");
    assert_eq!((agent.id.as_str(), agent.model_id()), ("agent_1", Some("ultimate")));
    let kept: Vec<_> = ["title", "metadata", "usage", "created_at", "resources", "new"]
        .into_iter()
        .filter(|key| state.extra.contains_key(*key))
        .collect();
    assert_eq!(kept.len(), 6);
    assert_eq!(
        read(json!({"id": "s", "status": "processing"})).expect("a session").status,
        Some(SessionStatus::Running)
    );
    let old = read(json!({"id": "s", "agent_id": "agent_1"})).expect("a session");
    assert_eq!(old.agent_id.as_deref(), Some("agent_1"));
    let old = read(json!({"id": "s", "agent": {"id": "agent_1", "instructions": "Be kind."}})).expect("a session");
    assert_eq!(old.agent.expect("an agent").system.as_deref(), Some("Be kind."));
    for bad in [json!({}), json!({"id": ""}), json!({"id": 7}), json!([])] {
        read(bad).expect_err("no id");
    }
}
