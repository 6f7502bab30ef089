//! The requests in Coral Cloud's two documents, built and rendered.

use std::time::Duration;

use coral_tools::schemars::JsonSchema;
use coral_tools::serde::Serialize;
use coral_tools::session::X402Budget;
use coral_tools::{Agent, Dialect, Runtime, SessionRequest, Toolset, coral_tool, toolset};
use serde_json::{Value, json};

use super::decoder::decode;
use super::{agent, session};

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Submitted {
    success: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    report_id: String,
}

/// Submit a completed report to the application
#[coral_tool]
fn submit_report(
    /// The title of the report
    title: String,
    /// The report content in markdown format
    content: String,
) -> Submitted {
    Submitted { success: true, report_id: title + &content }
}

/// A placeholder.
#[coral_tool]
fn tool_name_1() {}

/// A placeholder.
#[coral_tool]
fn tool_name_2() {}

/// "Minimal Example" of the guide.
#[test]
fn the_guides_minimal_example_is_rendered() {
    let printed = json!({
        "agentGraphRequest": {
            "agents": [
                {
                    "id": { "name": "natural-tone-agent", "version": "1.1.0", "source": "local" },
                    "name": "writer",
                    "provider": { "type": "local", "runtime": "docker" }
                }
            ]
        },
        "namespaceProvider": {
            "type": "create_if_not_exists",
            "namespaceRequest": { "name": "default", "deleteOnLastSessionExit": true }
        },
        "execution": {
            "mode": "immediate",
            "runtimeSettings": { "persistenceMode": { "type": "HoldAfterExit", "holdTime": 5000 } }
        }
    });
    let request = session().hold_after_exit(Duration::from_secs(5));
    assert_eq!(written(&request, Dialect::Cloud), printed);
    assert!(decode(Dialect::Server1_2, &printed.to_string()).is_err_and(|error| error.contains("`source`")));
}

/// "Required Fields" and "Optional Fields" of the guide: one agent.
#[test]
fn the_guides_optional_fields_are_rendered() {
    let printed = json!({
        "id": { "name": "agent-name", "version": "1.1.0", "source": "local" },
        "name": "unique-instance-name",
        "provider": { "type": "local", "runtime": "docker" },
        "description": "Custom description visible to other agents",
        "systemPrompt": "Additional instructions for this agent",
        "blocking": false,
        "options": {
            "EXTRA_USER_PROMPT": { "type": "string", "value": "Your custom instructions here" },
            "MAX_ITERATIONS": { "type": "i32", "value": 50 }
        },
        "customToolAccess": ["tool_name_1", "tool_name_2"],
        "plugins": [{ "type": "close_session_tool" }]
    });
    let tools: Toolset = toolset![tool_name_1, tool_name_2];
    let agent = Agent::local("agent-name", "1.1.0", Runtime::Docker)
        .named("unique-instance-name")
        .description("Custom description visible to other agents")
        .system_prompt("Additional instructions for this agent")
        .blocking(false)
        .option("EXTRA_USER_PROMPT", "Your custom instructions here")
        .option("MAX_ITERATIONS", 50)
        .can_call::<tool_name_1>()
        .can_call::<tool_name_2>()
        .can_close_session();
    let request = SessionRequest::in_namespace("default").agent(agent).tools(&tools, "https://your-app.com");
    assert_eq!(written(&request, Dialect::Cloud)["agentGraphRequest"]["agents"][0], printed);
}

/// "Agent Groups" of the guide.
#[test]
fn the_guides_groups_are_rendered() {
    let names = ["agent1", "agent2", "agent3", "agent4", "agent5"];
    let request = names.into_iter().map(agent).fold(SessionRequest::in_namespace("default"), SessionRequest::agent);
    let request = request.group(["agent1", "agent2", "agent3"]).group(["agent4", "agent5"]);
    let printed = json!([["agent1", "agent2", "agent3"], ["agent4", "agent5"]]);
    assert_eq!(written(&request, Dialect::Cloud)["agentGraphRequest"]["groups"], printed);
}

/// "Session Runtime Settings" of the guide, in the form of servers of its time. Later servers have another form.
#[test]
fn the_guides_runtime_settings_are_rendered() {
    let printed = json!({
        "ttl": 300000,
        "persistenceMode": { "mode": "hold_after_exit", "duration": 60000 },
        "webhooks": { "sessionEnd": { "url": "https://your-app.com/api/session-complete" } }
    });
    let request = session()
        .ttl(Duration::from_secs(300))
        .hold_after_exit(Duration::from_secs(60))
        .session_end_webhook_at("https://your-app.com/api/session-complete");
    assert_eq!(written(&request, Dialect::Nested)["sessionRuntimeSettings"], printed);
    for dialect in [Dialect::Server1_2, Dialect::Server1_1] {
        assert_eq!(written(&request, dialect)["execution"]["runtimeSettings"], printed);
    }
}

/// "Client-side: Creating the session" of the guide, with the tool's name added to the URL, which identifies the tool of a call.
#[test]
fn the_guides_complete_example_is_rendered() {
    let mut printed = json!({
        "agentGraphRequest": {
            "agents": [
                {
                    "id": { "name": "natural-tone-agent", "version": "1.1.0", "source": "local" },
                    "name": "report-writer",
                    "provider": { "type": "local", "runtime": "docker" },
                    "customToolAccess": ["submit_report"],
                    "options": {
                        "EXTRA_USER_PROMPT": {
                            "type": "string",
                            "value": "Analyze Q4 sales data and create a summary report"
                        }
                    }
                }
            ],
            "groups": [["report-writer"]],
            "customTools": {
                "submit_report": {
                    "transport": {
                        "type": "http",
                        "url": "https://your-app.com/api/coral-webhook",
                        "signatureHeader": "X-Coral-Signature"
                    },
                    "schema": {
                        "name": "submit_report",
                        "description": "Submit a completed report to the application",
                        "inputSchema": {
                            "type": "object",
                            "properties": {
                                "title": { "type": "string", "description": "The title of the report" },
                                "content": { "type": "string", "description": "The report content in markdown format" }
                            },
                            "required": ["title", "content"]
                        },
                        "outputSchema": {
                            "type": "object",
                            "properties": { "success": { "type": "boolean" }, "reportId": { "type": "string" } },
                            "required": ["success"]
                        }
                    }
                }
            }
        },
        "namespaceProvider": {
            "type": "create_if_not_exists",
            "namespaceRequest": { "name": "default", "deleteOnLastSessionExit": true }
        },
        "execution": { "mode": "immediate" }
    });
    printed["agentGraphRequest"]["customTools"]["submit_report"]["transport"]["url"] =
        json!("https://your-app.com/api/coral-webhook/submit_report");
    let tools: Toolset = toolset![submit_report];
    let request = SessionRequest::in_namespace("default")
        .agent(
            Agent::local("natural-tone-agent", "1.1.0", Runtime::Docker)
                .named("report-writer")
                .option("EXTRA_USER_PROMPT", "Analyze Q4 sales data and create a summary report")
                .can_call::<submit_report>(),
        )
        .group(["report-writer"])
        .tools(&tools, "https://your-app.com/api/coral-webhook");
    assert_eq!(written(&request, Dialect::Cloud), printed);
    assert_eq!(decode(Dialect::Server1_2, &written(&request, Dialect::Server1_2).to_string()), Ok(()));
}

/// The body in the reference of "Create session", with its placeholders filled in. It grants a tool without declaring it, which
/// servers reject, so the tool is declared here.
#[test]
fn the_body_of_the_reference_is_rendered() {
    let tools: Toolset = toolset![tool_name_1];
    let custom_tools = tools.custom_tools("https://your-app.com/coral").expect("a valid tool");
    let filled = json!({
        "agentGraphRequest": {
            "agents": [
                {
                    "id": {
                        "name": "seeker",
                        "version": "1.0.0",
                        "registrySourceId": { "type": "linked", "linkedServerId": "berlin" }
                    },
                    "name": "first",
                    "provider": { "type": "linked", "linkedServerName": "berlin", "runtime": "executable" },
                    "description": "Seeks.",
                    "options": {},
                    "systemPrompt": "Seek.",
                    "blocking": true,
                    "customToolAccess": ["tool_name_1"],
                    "plugins": [{ "type": "close_session_tool" }],
                    "x402Budgets": [{ "priority": 123, "resource": "gold", "remainingBudget": 123 }],
                    "annotations": {}
                }
            ],
            "groups": [["first"]],
            "customTools": custom_tools.to_json(Dialect::Server1_2)
        },
        "namespaceProvider": {
            "type": "create_if_not_exists",
            "namespaceRequest": { "name": "default", "deleteOnLastSessionExit": true, "annotations": {} }
        },
        "execution": { "mode": "defer" },
        "annotations": {}
    });
    let seeker = Agent::linked("berlin", "seeker", "1.0.0", Runtime::Executable)
        .named("first")
        .description("Seeks.")
        .system_prompt("Seek.")
        .blocking(true)
        .can_call::<tool_name_1>()
        .can_close_session()
        .x402_budget(X402Budget::new("gold", 123).priority(123));
    let request =
        SessionRequest::in_namespace("default").agent(seeker).group(["first"]).custom_tools(custom_tools).deferred();
    assert_eq!(written(&request, Dialect::Server1_2), filled);
    assert_eq!(decode(Dialect::Server1_2, &filled.to_string()), Ok(()));
}

fn written(request: &SessionRequest, dialect: Dialect) -> Value {
    request.to_json(dialect).expect("a valid request")
}
