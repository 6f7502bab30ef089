//! The requests, with their paths and bodies.

use std::sync::LazyLock;

use coral_stand_in::qoder::{QoderStandIn, RequestRecord, Step};
use coral_tools::Qoder;
use coral_tools::platform::qoder::{
    AgentChange, AgentRef, NewAgent, NewEnvironment, NewEvent, NewSession, SessionChange, SessionFilter,
};
use http::StatusCode;
use serde_json::{Value, json};

use super::{Runs, ask, order, qoder, session_of, started, tools};

const BASE: &str = "/api/v1/cloud";

static TOOL: LazyLock<Value> = LazyLock::new(|| {
    json!({
        "type": "custom",
        "name": "lookup_order",
        "description": "Look up an order by ID.",
        "input_schema": {
            "type": "object",
            "properties": {"order_id": {"type": "string", "description": "Order ID"}},
            "required": ["order_id"],
            "additionalProperties": false,
        },
    })
});

/// The method, path and body of each request, after the first `from`.
fn sent(stand_in: &QoderStandIn, from: usize) -> Vec<(String, Value)> {
    let line = |request: &RequestRecord| format!("{} {}", request.method, request.path.trim_start_matches(BASE));
    stand_in.requests().iter().skip(from).map(|request| (line(request), request.body.clone())).collect()
}

fn expect(stand_in: &QoderStandIn, from: usize, expected: Vec<(&str, Value)>) {
    let expected: Vec<_> = expected.into_iter().map(|(line, body)| (line.to_owned(), body)).collect();
    assert_eq!(sent(stand_in, from), expected);
}

#[tokio::test]
async fn environments_agents_and_sessions_are_created_with_these_requests() {
    let stand_in = started(QoderStandIn::builder()).await;
    let qoder = qoder(&stand_in).workspace("ws_1");
    let environment = qoder.create_environment(&NewEnvironment::cloud("demo")).await.expect("an environment").id;
    let agent = NewAgent::new("demo-agent", "ultimate").system("Use tools.").tools(&tools());
    let agent = qoder.create_agent(&agent).await.expect("an agent").id;
    let plain = NewSession::new(agent.as_str(), &environment).title("My session").metadata("purpose", "demo");
    qoder.create_session(&plain.delta_flush_interval_ms(100).memory_store_ids([])).await.expect("a session");
    let pinned = NewSession::new(AgentRef::new(&agent).version(1), &environment);
    qoder.create_session(&pinned).await.expect("a session");
    let overridden = NewSession::new(agent.as_str(), &environment).tools(&tools());
    qoder.create_session(&overridden.initial_event(NewEvent::message("hi"))).await.expect("a session");
    let agent_body = json!({"model": "ultimate", "name": "demo-agent", "system": "Use tools.", "tools": [*TOOL]});
    expect(
        &stand_in,
        0,
        vec![
            ("POST /environments", json!({"name": "demo", "config": {"type": "cloud"}})),
            ("POST /agents", agent_body),
            (
                "POST /sessions",
                json!({
                    "agent": agent, "environment_id": environment, "title": "My session", "metadata": {"purpose": "demo"},
                    "delta_flush_interval_ms": 100, "memory_store_ids": [],
                }),
            ),
            (
                "POST /sessions",
                json!({"agent": {"id": agent, "type": "agent", "version": 1}, "environment_id": environment}),
            ),
            (
                "POST /sessions",
                json!({
                    "agent": {"id": agent, "type": "agent_with_overrides", "tools": [*TOOL]}, "environment_id": environment,
                    "initial_events": [{"type": "user.message", "content": [{"type": "text", "text": "hi"}]}],
                }),
            ),
        ],
    );
    for request in stand_in.requests() {
        assert_eq!(request.headers["qoder-workspace-id"], "ws_1");
        assert_eq!(
            (request.headers["accept"].as_str(), request.headers["content-type"].as_str()),
            ("application/json", "application/json")
        );
        assert_eq!(request.headers["idempotency-key"].len(), 36, "a UUID");
    }
}

#[tokio::test]
async fn a_turn_sends_a_message_opens_a_stream_and_submits_results() {
    let stand_in = started(QoderStandIn::builder().turn([Step::calls([order("A1"), order("lost")])])).await;
    let session = session_of(&qoder(&stand_in)).await;
    drop(ask(&session, &Runs::default()).await.expect("a turn"));
    let calls: Vec<String> = stand_in.tool_results().into_iter().map(|result| result.call).collect();
    let result = |call: &str, is_error: bool, text: &str| {
        json!({
            "type": "user.custom_tool_result", "custom_tool_use_id": call, "is_error": is_error,
            "content": [{"type": "text", "text": text}],
        })
    };
    let results = [
        result(&calls[0], false, r#"{"result":"A1 is shipped"}"#),
        result(&calls[1], true, r#"{"success":false,"error":"no such order"}"#),
    ];
    let events = format!("POST /sessions/{}/events", session.id());
    let message = json!({"type": "user.message", "content": [{"type": "text", "text": "Where are my orders?"}]});
    expect(
        &stand_in,
        3,
        vec![
            (&events, json!({"events": [message]})),
            (&format!("GET /sessions/{}/events/stream", session.id()), Value::Null),
            (&events, json!({"events": results})),
        ],
    );
    let events = session.events().await.expect("a list");
    assert_eq!(stand_in.requests()[4].headers["last-event-id"], events[1].id, "the id of the message");
}

#[tokio::test]
async fn every_other_request_has_its_path_and_body() {
    let stand_in = started(QoderStandIn::builder()).await;
    let qoder = qoder(&stand_in);
    let session = session_of(&qoder).await;
    let state = session.state().await.expect("a state");
    let (agent, environment) = (state.agent_id.expect("an agent"), state.environment_id.expect("an environment"));
    session.interrupt().await.expect("interrupted");
    session.events().await.expect("a list");
    session.cancel().await.expect("cancelled");
    session.update(&SessionChange::new().title("Other").tools(&tools())).await.expect("changed");
    qoder.update_agent(&agent, &AgentChange::new().tools(&tools())).await.expect("changed");
    qoder.agent_version(&agent, 1).await.expect("an agent");
    qoder.agents().await.expect("a list");
    qoder.sessions(&SessionFilter::new().agent(&agent).status("idle").include_archived()).await.expect("a list");
    session.archive().await.expect("archived");
    qoder.environment(&environment).await.expect("an environment");
    qoder.environments().await.expect("a list");
    assert_eq!(
        qoder.delete_environment(&environment).await.expect_err("the environment has sessions").status(),
        Some(StatusCode::CONFLICT)
    );
    session.delete().await.expect("deleted");
    qoder.archive_agent(&agent).await.expect("archived");
    qoder.archive_environment(&environment).await.expect("archived");
    qoder.delete_environment(&environment).await.expect("deleted");
    let (at, agent_at, none) = (format!("/sessions/{}", session.id()), format!("/agents/{agent}"), Value::Null);
    let environment_at = format!("/environments/{environment}");
    expect(
        &stand_in,
        3,
        vec![
            (&format!("GET {at}"), none.clone()),
            (&format!("POST {at}/events"), json!({"events": [{"type": "user.interrupt"}]})),
            (&format!("GET {at}/events?order=asc&limit=100"), none.clone()),
            (&format!("POST {at}/cancel"), json!({})),
            (&format!("POST {at}"), json!({"title": "Other", "agent": {"tools": [*TOOL]}})),
            (&format!("GET {agent_at}"), none.clone()),
            (&format!("POST {agent_at}"), json!({"version": 1, "tools": [*TOOL]})),
            (&format!("GET {agent_at}?version=1"), none.clone()),
            ("GET /agents?limit=100", none.clone()),
            (
                &format!("GET /sessions?agent_id={agent}&statuses%5B%5D=idle&include_archived=true&limit=100"),
                none.clone(),
            ),
            (&format!("POST {at}/archive"), json!({})),
            (&format!("GET {environment_at}"), none.clone()),
            ("GET /environments?limit=100", none.clone()),
            (&format!("DELETE {environment_at}"), none.clone()),
            (&format!("DELETE {at}"), none.clone()),
            (&format!("POST {agent_at}/archive"), json!({})),
            (&format!("POST {environment_at}/archive"), json!({})),
            (&format!("DELETE {environment_at}"), none),
        ],
    );
}

#[tokio::test]
async fn the_url_may_omit_the_path_of_the_api() {
    let stand_in = started(QoderStandIn::builder()).await;
    for path in ["", "/", "/api/v1/cloud", "/api/v1/cloud/"] {
        let qoder = Qoder::at(&format!("{}{path}", stand_in.url())).key(stand_in.key());
        assert!(qoder.agents().await.expect("a list").is_empty());
    }
}

#[tokio::test]
async fn every_new_event_is_written() {
    let stand_in = started(QoderStandIn::builder()).await;
    let session = session_of(&qoder(&stand_in)).await;
    let events = [
        (
            NewEvent::allow("evt_1"),
            json!({"type": "user.tool_confirmation", "tool_use_id": "evt_1", "result": "allow"}),
        ),
        (
            NewEvent::deny("evt_1", "no"),
            json!({"type": "user.tool_confirmation", "tool_use_id": "evt_1", "result": "deny", "deny_message": "no"}),
        ),
        (
            NewEvent::system("Be brief."),
            json!({"type": "system.message", "content": [{"type": "text", "text": "Be brief."}]}),
        ),
        (
            NewEvent::define_outcome("A report", "It is short").extra("max_iterations", 2),
            json!({
                "type": "user.define_outcome", "description": "A report",
                "rubric": {"type": "text", "content": "It is short"}, "max_iterations": 2,
            }),
        ),
    ];
    for (event, expected) in events {
        // The server rejects confirmations that it did not request.
        drop(session.send(&[event]).await);
        assert_eq!(stand_in.requests().last().expect("a request").body, json!({"events": [expected]}));
    }
}
