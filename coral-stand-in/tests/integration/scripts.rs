//! Agent types without JSON, typed results, MCP clients, and panics of scripts.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use coral_stand_in::coral::{AgentOption, AgentType, CoralStandIn, EmulatedVersion, McpClient, ScriptedAgent};
use coral_tools::registry::ScalarType;
use coral_tools::serde_json::{Value, json};
use coral_tools::testing::ToolResponseError;
use coral_tools::{Runtime, ToolError, Toolset, coral_tool, toolset};
use futures_util::FutureExt;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::client::{TIMEOUT, create, get, post};
use crate::socket::listen_to_all;
use crate::{debug_agent, request};

/// Adds two numbers.
#[coral_tool]
fn add(a: u32, b: u32) -> Result<u32, ToolError> {
    a.checked_add(b).ok_or_else(|| ToolError::new("the sum is too large"))
}

/// Serves the tool and returns its URL.
async fn serve(coral: &CoralStandIn) -> String {
    let tools: Toolset = toolset![add];
    let app: axum::Router = tools.webhooks(coral.custom_tool_secret());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/add", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

/// A request for an agent of the type `caller` that may call `add`.
fn calling(url: &str, version: EmulatedVersion) -> Value {
    let transport = json!({"type": "http", "url": url});
    let tool = match version {
        EmulatedVersion::Server1_1 => json!({"transport": transport, "schema": {"type": "object"}}),
        _ => json!({"transport": transport}),
    };
    let mut agent = debug_agent("caller", json!({}));
    agent["customToolAccess"] = json!(["add"]);
    let mut request = request(json!([agent]));
    request["agentGraphRequest"]["customTools"] = json!({"add": tool});
    request
}

#[tokio::test]
async fn an_agent_type_is_declared_without_json() {
    let writer = AgentType::local("writer", "1.0.0")
        .description("Writes reports.")
        .runtimes([Runtime::Docker])
        .option("TITLE", AgentOption::text().required().min_length(2).regex("[a-z]+"))
        .option("PAGES", AgentOption::of(ScalarType::U32).default(3).min(1).max(20))
        .option("TONE", AgentOption::text().default("dry").variants(["dry", "kind"]))
        .option("TAGS", AgentOption::list_of(ScalarType::Text));
    let (sender, mut options) = mpsc::unbounded_channel();
    let coral = CoralStandIn::builder().agent(writer, move |agent| {
        drop(sender.send(Value::from(agent.options().clone())));
        async {}
    });
    let coral = coral.start().await.expect("started");
    let listed = get(&coral, "/api/v1/registry/local/writer/1.0.0").await.json();
    assert_eq!(listed["registryAgent"]["info"]["description"], "Writes reports.");

    let writer = |title: &str, runtime: &str| {
        let mut agent = debug_agent("writer", json!({"TITLE": {"type": "string", "value": title}}));
        agent["provider"]["runtime"] = json!(runtime);
        request(json!([agent]))
    };
    create(&coral, &writer("report", "docker")).await;
    let options = timeout(TIMEOUT, options.recv()).await.expect("no timeout").expect("options");
    assert_eq!(options, json!({"TITLE": "report", "PAGES": 3, "TONE": "dry", "TAGS": []}));
    let response = post(&coral, "/api/v1/local/session", &writer("R", "docker")).await;
    let message = "Value given for option \"TITLE\" is invalid: Value \"R\" is shorter than the minimum length 2";
    assert_eq!((response.status, response.message().as_deref()), (500, Some(message)));
}

#[tokio::test]
async fn results_are_read_by_type() {
    let (sender, mut results) = mpsc::unbounded_channel();
    let coral = CoralStandIn::builder().agent(AgentType::local("caller", "1.0.0"), move |agent| {
        let sender = sender.clone();
        async move {
            let good = agent.call_tool("add", json!({"a": 1, "b": 2})).await;
            let bad = agent.call_tool("add", json!({"a": u32::MAX, "b": 2})).await;
            let unknown = agent.call_tool("subtract", ()).await;
            drop(sender.send([good, bad, unknown]));
        }
    });
    let coral = coral.start().await.expect("started");
    create(&coral, &calling(&serve(&coral).await, EmulatedVersion::Server1_2)).await;
    let [good, bad, unknown] = timeout(TIMEOUT, results.recv()).await.expect("no timeout").expect("results");
    assert_eq!((good.is_success(), good.value::<u32>(), good.error()), (true, Ok(3), None));
    assert!(matches!(good.value::<String>(), Err(ToolResponseError::Mismatch(_))), "{good:?}");
    assert_eq!((bad.is_success(), bad.is_error), (false, false));
    assert_eq!(bad.error().as_deref(), Some("the sum is too large"));
    assert!(matches!(bad.value::<u32>(), Err(ToolResponseError::Failed(_))), "{bad:?}");
    assert_eq!((unknown.is_success(), unknown.error()), (false, None));
    assert_eq!(unknown.value::<u32>(), Err(ToolResponseError::Failed("Tool subtract not found".to_owned())));
}

/// The errors are those of `mcp` 2.3.0 and of version 1.32.2 of the TypeScript SDK.
#[tokio::test]
async fn official_sdks_reject_results_of_coral_server_1_2_after_the_tool_has_run() {
    let rejected = "Tool add has an output schema but did not return structured content";
    let (python, typescript) = (format!("RuntimeError: {rejected}"), format!("MCP error -32600: {rejected}"));
    for (version, client, expected) in [
        (EmulatedVersion::Server1_2, McpClient::Lenient, (r#"{"result":3}"#, false)),
        (EmulatedVersion::Server1_2, McpClient::PythonSdk, (python.as_str(), true)),
        (EmulatedVersion::Server1_2, McpClient::TypeScriptSdk, (typescript.as_str(), true)),
        (EmulatedVersion::Server1_1, McpClient::PythonSdk, (r#"{"result":3}"#, false)),
    ] {
        let (sender, mut results) = mpsc::unbounded_channel();
        let caller = AgentType::local("caller", "1.0.0").mcp_client(client);
        let script = move |agent: ScriptedAgent| {
            let sender = sender.clone();
            async move {
                let view = agent.call_tool("add", json!({"a": 1, "b": 2})).await;
                // Coral's own tools return structured content.
                let built_in = json!({"threadName": "t", "participantNames": []});
                let built_in = agent.call_tool("coral_create_thread", built_in).await;
                drop(sender.send((view, built_in.is_error)));
            }
        };
        let coral = CoralStandIn::builder().emulates(version).agent(caller, script).start().await.expect("started");
        create(&coral, &calling(&serve(&coral).await, version)).await;
        let (view, built_in_failed) = timeout(TIMEOUT, results.recv()).await.expect("no timeout").expect("a result");
        assert_eq!((view.text.as_str(), view.is_error, built_in_failed), (expected.0, expected.1, false), "{client:?}");
    }
}

#[tokio::test]
async fn errors_of_the_webhook_are_no_results_to_reject() {
    let (sender, mut results) = mpsc::unbounded_channel();
    let caller = AgentType::local("caller", "1.0.0").mcp_client(McpClient::PythonSdk);
    let coral = CoralStandIn::builder().agent(caller, move |agent| {
        let sender = sender.clone();
        async move { drop(sender.send(agent.call_tool("add", ()).await.text)) }
    });
    let coral = coral.start().await.expect("started");
    create(&coral, &calling(&format!("{}-unknown", serve(&coral).await), EmulatedVersion::Server1_2)).await;
    let text = timeout(TIMEOUT, results.recv()).await.expect("no timeout");
    assert_eq!(text.as_deref(), Some("Error code 404 returned"));
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic.downcast_ref::<String>().expect("text")
}

#[tokio::test]
async fn a_panic_of_a_script_fails_the_test() {
    let coral = CoralStandIn::builder()
        .agent(AgentType::local("shaky", "1.0.0"), |_agent| async { assert_eq!(1, 2, "a script of the tests") });
    let coral = coral.start().await.expect("started");
    let mut events = listen_to_all(&coral).await;
    create(&coral, &request(json!([debug_agent("shaky", json!({}))]))).await;
    events.until("session_closed").await;
    let stopped = AssertUnwindSafe(coral.stop()).catch_unwind().await.expect_err("a panic");
    let text = message(stopped.as_ref());
    assert!(
        text.starts_with("The script of agent shaky panicked: ") && text.contains("a script of the tests"),
        "{text}"
    );
}
