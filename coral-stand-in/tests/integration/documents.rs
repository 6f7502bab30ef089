//! The example bodies of Coral's documentation, sent to the documented version and to others.

use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};
use coral_tools::serde_json::{Value, json};
use coral_tools::{Agent, Dialect, Runtime, SessionRequest, Toolset, coral_tool, toolset};

use crate::client::{get, post};
use crate::{start, start_version};

const SESSION: &str = "/api/v1/local/session";

/// The minimal example of the API guide.
fn minimal() -> Value {
    json!({
        "agentGraphRequest": {
            "agents": [{
                "id": {"name": "natural-tone-agent", "version": "1.1.0", "source": "local"},
                "name": "writer",
                "provider": {"type": "local", "runtime": "docker"},
            }],
        },
        "namespaceProvider": {
            "type": "create_if_not_exists",
            "namespaceRequest": {"name": "default", "deleteOnLastSessionExit": true},
        },
        "execution": {
            "mode": "immediate",
            "runtimeSettings": {"persistenceMode": {"type": "HoldAfterExit", "holdTime": 5000}},
        },
    })
}

/// The example of the API guide with a custom tool and optional fields.
fn with_a_tool() -> Value {
    let mut body = minimal();
    body["agentGraphRequest"] = json!({
        "agents": [{
            "id": {"name": "natural-tone-agent", "version": "1.1.0", "source": "local"},
            "name": "report-writer",
            "provider": {"type": "local", "runtime": "docker"},
            "description": "Custom description visible to other agents",
            "systemPrompt": "Additional instructions for this agent",
            "blocking": false,
            "customToolAccess": ["submit_report"],
            "options": {
                "EXTRA_USER_PROMPT": {
                    "type": "string",
                    "value": "Analyze Q4 sales data and create a summary report",
                },
                "MAX_ITERATIONS": {"type": "i32", "value": 50},
            },
            "plugins": [{"type": "close_session_tool"}],
        }],
        "groups": [["report-writer"]],
        "customTools": {
            "submit_report": {
                "transport": {
                    "type": "http",
                    "url": "https://your-app.com/api/coral-webhook",
                    "signatureHeader": "X-Coral-Signature",
                },
                "schema": {
                    "name": "submit_report",
                    "description": "Submit a completed report to the application",
                    "inputSchema": {
                        "type": "object",
                        "properties": {
                            "title": {"type": "string", "description": "The title of the report"},
                            "content": {"type": "string", "description": "The report content in markdown format"},
                        },
                        "required": ["title", "content"],
                    },
                    "outputSchema": {
                        "type": "object",
                        "properties": {"success": {"type": "boolean"}, "reportId": {"type": "string"}},
                        "required": ["success"],
                    },
                },
            },
        },
    });
    body["execution"] = json!({"mode": "immediate"});
    body
}

/// The settings of the API guide at the location that no server supports.
fn with_top_level_settings() -> Value {
    let mut body = minimal();
    body["execution"] = json!({"mode": "immediate"});
    body["sessionRuntimeSettings"] = json!({
        "ttl": 300_000,
        "persistenceMode": {"mode": "hold_after_exit", "duration": 60_000},
        "webhooks": {"sessionEnd": {"url": "https://your-app.com/api/session-complete"}},
    });
    body
}

/// The body on the reference page of "Create session", with its placeholders.
fn reference() -> Value {
    json!({
        "agentGraphRequest": {
            "agents": [{
                "id": {
                    "name": "<string>",
                    "version": "<string>",
                    "registrySourceId": {"type": "linked", "linkedServerId": "<string>"},
                },
                "name": "<string>",
                "provider": {"type": "linked", "linkedServerName": "<string>", "runtime": "executable"},
                "description": "<string>",
                "options": {},
                "systemPrompt": "<string>",
                "blocking": true,
                "customToolAccess": ["<string>"],
                "plugins": [{"type": "close_session_tool"}],
                "x402Budgets": [{"priority": 123, "resource": "<string>", "remainingBudget": 123}],
                "annotations": {},
            }],
            "groups": [["<string>"]],
            "customTools": {},
        },
        "namespaceProvider": {
            "type": "create_if_not_exists",
            "namespaceRequest": {"name": "<string>", "deleteOnLastSessionExit": true, "annotations": {}},
        },
        "execution": {"mode": "defer"},
        "annotations": {},
    })
}

#[tokio::test]
async fn coral_cloud_accepts_the_examples_of_its_guide() {
    let coral = start_version(EmulatedVersion::Cloud).await;
    for body in [minimal(), with_a_tool(), with_top_level_settings()] {
        let response = post(&coral, SESSION, &body).await;
        assert_eq!(response.status, 200, "{response:?}");
    }
}

#[tokio::test]
async fn servers_reject_the_examples_of_the_cloud_guide() {
    for version in [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1] {
        let coral = start_version(version).await;
        for body in [minimal(), with_a_tool(), with_top_level_settings()] {
            let response = post(&coral, SESSION, &body).await;
            let message = response.message().unwrap_or_default();
            assert!(response.status == 500 && message.starts_with("Failed to convert"), "{version}: {response:?}");
        }
    }
}

#[tokio::test]
async fn servers_reject_each_difference_of_the_cloud_guide() {
    let coral = start().await;
    let mut valid = minimal();
    valid["agentGraphRequest"]["agents"][0]["id"] =
        json!({"name": "natural-tone-agent", "version": "1.1.0", "registrySourceId": {"type": "local"}});
    valid["execution"]["runtimeSettings"] = json!({"persistenceMode": {"mode": "none"}});
    assert_eq!(post(&coral, SESSION, &valid).await.status, 200);
    let guide = minimal();
    for path in ["/agentGraphRequest/agents/0/id", "/execution/runtimeSettings/persistenceMode"] {
        let mut body = valid.clone();
        *body.pointer_mut(path).expect(path) = guide.pointer(path).expect(path).clone();
        assert_eq!(post(&coral, SESSION, &body).await.status, 500, "{path}");
    }
    for (path, key, from) in [
        ("", "sessionRuntimeSettings", with_top_level_settings()),
        ("/agentGraphRequest", "customTools", with_a_tool()),
    ] {
        let mut body = valid.clone();
        body.pointer_mut(path).expect(path)[key] = from.pointer(&format!("{path}/{key}")).expect(key).clone();
        assert_eq!(post(&coral, SESSION, &body).await.status, 500, "{key}");
    }
}

#[tokio::test]
async fn every_version_decodes_the_reference_and_rejects_its_placeholders() {
    for version in [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1, EmulatedVersion::Cloud] {
        let coral = start_version(version).await;
        let response = post(&coral, SESSION, &reference()).await;
        let message = "Agent <string> contains custom tools that were not provided : [<string>]";
        assert_eq!((response.status, response.message().as_deref()), (500, Some(message)), "{version}");
    }
}

#[tokio::test]
async fn every_version_accepts_the_completed_reference() {
    for version in [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1, EmulatedVersion::Cloud] {
        let mut agent = crate::agent_type("<string>", json!({}));
        agent["registryAgent"]["info"]["identifier"] = reference()["agentGraphRequest"]["agents"][0]["id"].clone();
        let coral =
            CoralStandIn::builder().emulates(version).agent(agent, |_agent| async {}).start().await.expect("started");
        let mut body = reference();
        body["agentGraphRequest"]["agents"][0]["customToolAccess"] = json!([]);
        let response = post(&coral, SESSION, &body).await;
        assert_eq!((response.status, &response.json()["namespace"]), (200, &json!("<string>")), "{version}");
    }
}

/// Submits a report.
#[coral_tool(title = "Submit", read_only)]
fn submit_report(
    /// The title of the report.
    title: String,
) -> bool {
    !title.is_empty()
}

#[tokio::test]
async fn every_version_accepts_the_request_of_its_dialect() {
    let tools: Toolset = toolset![submit_report];
    let agent = Agent::local("natural-tone-agent", "1.1.0", Runtime::Docker)
        .named("writer")
        .option("MAX_ITERATIONS", 7_i32)
        .can_call::<submit_report>()
        .can_close_session();
    let request = SessionRequest::in_namespace("default")
        .agent(agent)
        .group(["writer"])
        .tools(&tools, "http://127.0.0.1:9/coral")
        .ttl(std::time::Duration::from_secs(60))
        .hold_after_exit(std::time::Duration::from_secs(60))
        .session_end_webhook()
        .annotation("k", "v");
    for (version, dialect) in [
        (EmulatedVersion::Server1_2, Dialect::Server1_2),
        (EmulatedVersion::Server1_1, Dialect::Server1_1),
        (EmulatedVersion::Cloud, Dialect::Cloud),
    ] {
        let coral = start_version(version).await;
        let response = post(&coral, SESSION, &request.to_json(dialect).expect("a request")).await;
        assert_eq!(response.status, 200, "{version}: {response:?}");
        let id = response.json()["sessionId"].as_str().expect("an id").to_owned();
        assert_eq!(get(&coral, &format!("{SESSION}/default/{id}")).await.status, 200);
    }
}
