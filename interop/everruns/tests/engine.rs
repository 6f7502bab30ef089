//! The vendor's engine, in process, with a simulated model: it accepts the tools, pauses for their calls, and continues with
//! their results.

use std::time::Duration;

use coral_tools::{Call, CallOrigin, ToolError, Toolset, coral_tool, toolset};
use everruns::hosting::{AgentBuild, MemoryHosting};
use everruns::{Agent, Engine, LlmSimConfig, Model, SessionId, ToolAnswer, ToolCall};
use serde_json::{Value, json};

/// Looks up an order.
#[coral_tool(read_only)]
fn lookup_order(
    /// The order number.
    #[arg(min_length = 1)]
    number: String,
) -> Result<String, ToolError> {
    match number.as_str() {
        "A1" => Ok("on its way".into()),
        _ => Err(ToolError::new("order not found")),
    }
}

/// A folder.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Folder {
    /// Its name.
    name: String,
    /// The folders in it.
    folders: Vec<Folder>,
}

/// Counts folders. The argument has a recursive type, which is inlined for Everruns.
#[coral_tool]
fn count_folders(
    /// The outermost folder.
    root: Folder,
) -> usize {
    fn count(folder: &Folder) -> usize {
        usize::from(!folder.name.is_empty()) + folder.folders.iter().map(count).sum::<usize>()
    }
    count(&root)
}

fn call(id: &str, name: &str, arguments: Value) -> ToolCall {
    ToolCall { id: id.into(), name: name.into(), arguments }
}

/// Returns an agent with the tools, whose model makes the calls and then sends a message.
fn agent(tools: &Toolset, calls: Vec<ToolCall>) -> Agent {
    let model = LlmSimConfig::fixed("It is on its way.").with_tool_call_sequence(vec![calls, vec![]]);
    let agent = Agent::builder().instructions("Use the tools.").model(Model::simulated_with_config(model));
    let declared = tools.everruns_tools().expect("valid tools").to_json();
    let declared = declared.as_array().expect("an array").iter();
    let field = |tool: &Value, key: &str| tool[key].as_str().expect("a string").to_owned();
    let add = |agent: everruns::AgentBuilder, tool: &Value| {
        agent.client_tool(field(tool, "name"), field(tool, "description"), tool["parameters"].clone())
    };
    declared.fold(agent, add).build().expect("an agent")
}

async fn run_call(tools: &Toolset, call: &ToolCall) -> ToolAnswer {
    let arguments = call.arguments.to_string();
    let dispatched = Call::new(&call.name, arguments.as_bytes()).from_origin(CallOrigin::Everruns).with_id(&call.id);
    let outcome = tools.dispatch(dispatched, &()).await;
    let is_success = outcome.is_success();
    let json = String::from_utf8(outcome.into_json()).expect("text");
    let (result, error) = match is_success {
        true => (serde_json::from_str(&json).expect("JSON"), None),
        false => (Value::Null, Some(json)),
    };
    ToolAnswer { tool_call_id: call.id.clone(), tool_name: call.name.clone(), result, error }
}

#[tokio::test]
async fn the_engine_pauses_for_tools_and_continues_with_their_results() {
    let tools: Toolset = toolset![lookup_order, count_folders];
    let folders = json!({"root": {"name": "a", "folders": [{"name": "b", "folders": []}]}});
    let calls = vec![
        call("call_1", "lookup_order", json!({"number": "A1"})),
        call("call_2", "lookup_order", json!({"number": "B2"})),
        call("call_3", "count_folders", folders),
    ];
    let build = AgentBuild::new("orders", "v1");
    let engine =
        Engine::builder().hosting(MemoryHosting::default()).register(build.clone(), agent(&tools, calls)).build();
    let id = SessionId::new();
    let session = engine.create_registered(id, &build).await.expect("a session");
    session.send("Where is order A1?").await.expect("sent");

    let pending = within(async {
        loop {
            match session.pending_tools().await.expect("pending calls") {
                pending if pending.len() == 3 => return pending,
                _ => tokio::task::yield_now().await,
            }
        }
    });
    let mut results = Vec::new();
    for call in pending.await {
        results.push(run_call(&tools, &call).await);
    }
    let turn = engine.session_status(id).await.expect("a status").open_turn.expect("an open turn");
    session.resolve_tools(uuid::Uuid::now_v7(), turn, results).await.expect("accepted");

    let events = within(async {
        loop {
            let events = session.events_after(0).await.expect("events");
            if events.iter().any(|event| event.event_type() == "turn.completed") {
                return events;
            }
            tokio::task::yield_now().await;
        }
    });
    let events: Vec<Value> = events.await.iter().map(|event| event.canonical_json().clone()).collect();
    let events_of = |kind: &str| events.iter().filter(|event| event["type"] == kind).collect::<Vec<_>>();
    let message = events_of("output.message.completed").last().expect("a message").to_string();
    assert!(message.contains("It is on its way."), "{message}");
    assert!(events_of("transcript.repaired").is_empty(), "the engine waited for all results");
    let completed: Vec<_> = events_of("tool.completed").iter().map(|event| event["data"]["status"].clone()).collect();
    assert_eq!(completed, ["success", "error", "success"]);
    let first = events_of("tool.completed")[0]["data"].to_string();
    assert!(first.contains("on its way"), "{first}");
}

async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("no timeout")
}
