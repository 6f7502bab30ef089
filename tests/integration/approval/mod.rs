//! Calls that a person approves before the tool runs.

mod changed_policy;
mod decisions;
mod edited;
mod end_of_a_request;
mod for_session;
mod policies;
mod stand_in;
mod tools;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use coral_tools::store::{Ticket, TicketStatus};
use coral_tools::{Approval, Call, Context, Deferred, Outcome, State, ToolError, Toolset, coral_tool, toolset};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

/// The state of an application. It keeps the refunds that were made.
#[derive(Debug, Clone, Default)]
struct App {
    refunds: Arc<Mutex<Vec<u32>>>,
}

impl App {
    fn refunds(&self) -> Vec<u32> {
        self.refunds.lock().expect("not poisoned").clone()
    }
}

/// Refunds an order.
#[coral_tool]
async fn refund(
    /// The amount.
    #[arg(maximum = 1000)]
    euros: u32,
    #[context] State(app): State<App>,
) -> Result<u32, ToolError> {
    tokio::time::sleep(Duration::from_secs(2)).await;
    app.refunds.lock().expect("not poisoned").push(euros);
    match euros {
        666 => Err(ToolError::new("the bank has rejected it")),
        667 => panic!("a bug"),
        _ => Ok(euros),
    }
}

/// A refund of more than 50 € needs a person.
fn refund_policy(refund: &refund, _: &Context<'_, App>) -> Result<Approval, ToolError> {
    Ok(match refund.euros {
        0..=50 => Approval::not_needed(),
        51..=900 => Approval::required("an employee decides"),
        901 => panic!("a bug"),
        902 => return Err(ToolError::internal("the database is down")),
        _ => Approval::denied("at most 900 EUR can be refunded"),
    })
}

fn tools() -> Toolset<App> {
    toolset![refund].with_approval(refund_policy)
}

/// A call in the session `s1`.
async fn call(tools: &Toolset<App>, app: &App, tool: &str, arguments: Value) -> Outcome {
    call_in(tools, app, "s1", tool, arguments).await
}

async fn call_in(tools: &Toolset<App>, app: &App, session: &str, tool: &str, arguments: Value) -> Outcome {
    let arguments = arguments.to_string();
    tools.dispatch(Call::new(tool, arguments.as_bytes()).in_session(session).by_agent("clerk"), app).await
}

/// Starts a call and returns when it waits. Needs paused time.
async fn start(tools: &Toolset<App>, app: &App, arguments: Value) -> JoinHandle<Outcome> {
    let (tools, app) = (tools.clone(), app.clone());
    let call = tokio::spawn(async move { call(&tools, &app, "refund", arguments).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    call
}

fn json_of(outcome: Outcome) -> Value {
    serde_json::from_slice(&outcome.into_json()).expect("JSON")
}

fn error_of(outcome: Outcome) -> String {
    let json = json_of(outcome);
    json["error"].as_str().unwrap_or_else(|| panic!("not an error: {json}")).to_owned()
}

/// The argument for the tool that returns the results of tickets.
fn ticket_argument(outcome: Outcome) -> Value {
    let json = json_of(outcome);
    assert_eq!(json["ticket"]["status"], "input_required", "{json}");
    json!({ "ticket": json["ticket"]["id"] })
}

async fn pending(tools: &Toolset<App>) -> Vec<Ticket> {
    tools.approvals().list(None).await.expect("a list")
}

async fn only_pending(tools: &Toolset<App>) -> Ticket {
    let mut pending = pending(tools).await;
    assert_eq!(pending.len(), 1, "{pending:?}");
    pending.remove(0)
}
