//! The bodies that Coral's documents print, sent to what the documents are of, and to what they are not of.

use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};
use coral_tools::serde_json::{Value, json};
use coral_tools::{Agent, Dialect, Runtime, SessionRequest, Toolset, coral_tool, toolset};

use crate::client::{get, post};
use crate::{playing, start};

const SESSION: &str = "/api/v1/local/session";

/// The guide's minimal example.
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

/// The guide's example with a custom tool, and its optional fields.
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

/// The guide's settings, in the one place of its two that no server has.
fn with_settings_beside() -> Value {
    let mut body = minimal();
    body["execution"] = json!({"mode": "immediate"});
    body["sessionRuntimeSettings"] = json!({
        "ttl": 300_000,
        "persistenceMode": {"mode": "hold_after_exit", "duration": 60_000},
        "webhooks": {"sessionEnd": {"url": "https://your-app.com/api/session-complete"}},
    });
    body
}

/// The body on the reference page of "Create session", its placeholders as they are.
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
async fn coral_cloud_takes_what_its_guide_prints() {
    let coral = playing(EmulatedVersion::Cloud).await;
    for body in [minimal(), with_a_tool(), with_settings_beside()] {
        let reply = post(&coral, SESSION, &body).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
}

#[tokio::test]
async fn servers_do_not() {
    for version in [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1] {
        let coral = playing(version).await;
        for body in [minimal(), with_a_tool(), with_settings_beside()] {
            let reply = post(&coral, SESSION, &body).await;
            let message = reply.message().unwrap_or_default();
            assert!(reply.status == 500 && message.starts_with("Failed to convert"), "{version}: {reply:?}");
        }
    }
}

#[tokio::test]
async fn each_thing_that_the_guide_has_of_its_own_is_refused_by_a_server() {
    let coral = start().await;
    let mut good = minimal();
    good["agentGraphRequest"]["agents"][0]["id"] =
        json!({"name": "natural-tone-agent", "version": "1.1.0", "registrySourceId": {"type": "local"}});
    good["execution"]["runtimeSettings"] = json!({"persistenceMode": {"mode": "none"}});
    assert_eq!(post(&coral, SESSION, &good).await.status, 200);
    let guide = minimal();
    for path in ["/agentGraphRequest/agents/0/id", "/execution/runtimeSettings/persistenceMode"] {
        let mut body = good.clone();
        *body.pointer_mut(path).expect(path) = guide.pointer(path).expect(path).clone();
        assert_eq!(post(&coral, SESSION, &body).await.status, 500, "{path}");
    }
    for (path, key, from) in
        [("", "sessionRuntimeSettings", with_settings_beside()), ("/agentGraphRequest", "customTools", with_a_tool())]
    {
        let mut body = good.clone();
        body.pointer_mut(path).expect(path)[key] = from.pointer(&format!("{path}/{key}")).expect(key).clone();
        assert_eq!(post(&coral, SESSION, &body).await.status, 500, "{key}");
    }
}

#[tokio::test]
async fn the_reference_is_read_everywhere_and_its_placeholders_are_found_out() {
    for version in [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1, EmulatedVersion::Cloud] {
        let coral = playing(version).await;
        let reply = post(&coral, SESSION, &reference()).await;
        let message = "Agent <string> contains custom tools that were not provided : [<string>]";
        assert_eq!((reply.status, reply.message().as_deref()), (500, Some(message)), "{version}");
    }
}

#[tokio::test]
async fn the_reference_is_taken_once_it_is_filled_in() {
    for version in [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1, EmulatedVersion::Cloud] {
        let mut entry = crate::entry("<string>", json!({}));
        entry["registryAgent"]["info"]["identifier"] = reference()["agentGraphRequest"]["agents"][0]["id"].clone();
        let coral =
            CoralStandIn::builder().emulates(version).agent(entry, |_agent| async {}).start().await.expect("started");
        let mut body = reference();
        body["agentGraphRequest"]["agents"][0]["customToolAccess"] = json!([]);
        let reply = post(&coral, SESSION, &body).await;
        assert_eq!((reply.status, &reply.json()["namespace"]), (200, &json!("<string>")), "{version}");
    }
}

/// Hands in a report.
#[coral_tool(title = "Submit", read_only)]
fn submit_report(
    /// What it is called.
    title: String,
) -> bool {
    !title.is_empty()
}

#[tokio::test]
async fn what_the_toolkit_writes_is_taken_by_whom_it_is_written_for() {
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
        let coral = playing(version).await;
        let reply = post(&coral, SESSION, &request.to_json(dialect).expect("a request")).await;
        assert_eq!(reply.status, 200, "{version}: {reply:?}");
        let id = reply.json()["sessionId"].as_str().expect("an id").to_owned();
        assert_eq!(get(&coral, &format!("{SESSION}/default/{id}")).await.status, 200);
    }
}
