//! A program written from the documentation alone. `coral.py` calls its tools.

use std::collections::HashMap;
use std::error::Error;

use axum::Router;
use coral_tools::{AgentName, CallContext, Dialect, Secret, State, ToolError, Toolset, coral_tool, toolset};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The state of the application: the customer of each session.
#[derive(Clone)]
struct App {
    customers: HashMap<String, String>,
}

#[derive(Serialize, JsonSchema)]
struct Receipt {
    report_id: String,
    customer: String,
}

/// Submit a completed report to the application.
#[coral_tool(idempotent, timeout = "5s")]
async fn submit_report(
    /// The title of the report.
    title: String,
    /// The report content, in Markdown.
    #[arg(min_length = 1)]
    content: String,
    #[context] call: CallContext,
    #[context] State(app): State<App>,
) -> Result<Receipt, ToolError> {
    let customer = app.customers.get(call.session_id()).ok_or_else(ToolError::unknown_session)?;
    if title == "taken" {
        return Err(ToolError::new("a report with this title exists; choose another"));
    }
    Ok(Receipt { report_id: format!("{title}-{}", content.chars().count()), customer: customer.clone() })
}

#[derive(Serialize, JsonSchema)]
struct Caller {
    tool: String,
    session: String,
    agent: String,
    namespace: Option<String>,
}

/// Return the caller.
#[coral_tool(read_only)]
fn who(#[context] call: CallContext, #[context] AgentName(agent): AgentName) -> Caller {
    Caller {
        tool: call.tool().to_owned(),
        session: call.session_id().to_owned(),
        agent,
        namespace: call.namespace().map(str::to_owned),
    }
}

/// Add two numbers.
#[coral_tool(read_only)]
fn add(
    a: u32,
    #[arg(default = 1)] b: i64,
    /// A factor.
    times: Option<f64>,
) -> f64 {
    (f64::from(a) + b as f64) * times.unwrap_or(1.0)
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Shape {
    Circle { radius: f64 },
    Group { of: Vec<Shape>, names: HashMap<String, u8> },
}

/// Return the shape.
#[coral_tool]
fn mirror(shape: Shape, note: Option<String>) -> (Shape, Option<String>) {
    (shape, note)
}

/// Return the integers in plain digits.
#[coral_tool]
fn plain(integers: Vec<i64>) -> Vec<String> {
    integers.iter().map(i64::to_string).collect()
}

/// Fail, because a file does not exist.
#[coral_tool(blocking)]
fn broken() -> Result<String, ToolError> {
    Ok(std::fs::read_to_string("/nowhere/hunter2")?)
}

/// Panic.
#[coral_tool]
fn explode() {
    panic!("hunter2")
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let tools: Toolset<App> = toolset![submit_report, who, add, mirror, plain, broken, explode];
    let known = ("0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11".to_owned(), "Ada".to_owned());
    let app = Router::new()
        .nest("/coral", tools.webhooks(Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?))
        .with_state(App { customers: HashMap::from([known]) });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let custom_tools = tools.custom_tools(format!("http://{}/coral", listener.local_addr()?).as_str())?;
    println!("{}", custom_tools.to_json(Dialect::Server1_2));
    println!("{}", serde_json::to_string(&custom_tools)?);
    Ok(axum::serve(listener, app).await?)
}
