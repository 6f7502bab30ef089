//! Sessions in sequence, as the guide `teams.md` describes them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use coral_stand_in::coral::{AgentOption, AgentType, CoralStandIn, ScriptedAgent};
use coral_tools::{
    Agent, ClientError, Coral, Runtime, Session, SessionId, SessionRequest, State, ToolError, Toolset, coral_tool,
    toolset,
};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::timeout;

const TTL: Duration = Duration::from_secs(60);

#[derive(Clone, Default)]
struct Results(Arc<Mutex<HashMap<String, oneshot::Sender<String>>>>);

/// Submit your result.
#[coral_tool]
fn submit_result(
    result: String,
    #[context] SessionId(session): SessionId,
    #[context] State(results): State<Results>,
) -> Result<(), ToolError> {
    let waiting = results.0.lock().expect("not poisoned").remove(&session);
    let waiting = waiting.ok_or_else(|| ToolError::new("the session has submitted its result, or is over; stop"))?;
    waiting.send(result).map_err(|_| ToolError::new("the time of the session is over; stop"))
}

/// Submits its instructions in brackets at once, and again.
async fn bracket(agent: ScriptedAgent) {
    let arguments = json!({"result": format!("[{}]", agent.options()["TASK"].as_str().expect("a string"))});
    assert!(agent.call_tool("submit_result", arguments.clone()).await.is_success());
    let again = agent.call_tool("submit_result", arguments).await;
    assert!(again.error().is_some_and(|error| error.ends_with("stop")), "{again:?}");
}

async fn run(coral: &Coral, base_url: &str, results: &Results, task: String) -> String {
    let tools: Toolset<Results> = toolset![submit_result];
    let agent = Agent::local("bracket", "1.0.0", Runtime::Function).option("TASK", task).can_call::<submit_result>();
    let request = SessionRequest::in_namespace("default").agent(agent).tools(&tools, base_url).ttl(TTL);
    let (sender, result) = oneshot::channel();
    let waiting = results.clone();
    let register = move |session: &Session| {
        waiting.0.lock().expect("not poisoned").insert(session.id().to_owned(), sender);
    };
    let session = coral.create_session_with(&request, register).await.expect("a session");
    let result = timeout(TTL, result).await.expect("in time").expect("a result");
    let closed = session.close().await;
    assert!(closed.as_ref().err().is_none_or(ClientError::is_not_found), "{closed:?}");
    result
}

#[tokio::test]
async fn the_result_of_a_session_starts_the_next() {
    let agent = AgentType::local("bracket", "1.0.0").option("TASK", AgentOption::text());
    let server = CoralStandIn::builder().agent(agent, bracket).start().await.expect("a server");
    let coral = Coral::server(server.url(), server.key());
    let (results, tools): (_, Toolset<Results>) = (Results::default(), toolset![submit_result]);
    let app = Router::new().nest("/coral", tools.webhooks(server.custom_tool_secret())).with_state(results.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base_url = format!("http://{}/coral", listener.local_addr().expect("an address"));
    tokio::spawn(axum::serve(listener, app).into_future());

    let notes = run(&coral, &base_url, &results, "collect".to_owned()).await;
    let report = run(&coral, &base_url, &results, format!("report {notes}")).await;
    assert_eq!(report, "[report [collect]]");
}
