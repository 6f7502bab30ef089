//! On Coral, which calls the tools by webhook.

use std::time::Duration;

use axum::Router;
use coral_tools::dev::stand_in::{ScriptedAgent, StandIn};
use coral_tools::{Agent, Coral, Runtime, SessionRequest, Toolset};
use futures_util::future::join_all;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::tools::Orders;
use crate::{ANSWER, Result, Story, calls};

pub(crate) async fn run(tools: &Toolset<Orders>, orders: Orders) -> Result<Story> {
    let (sees, mut seen) = unbounded_channel();
    let clerk = json!({"registryAgent": {
        "info": {"identifier": {"name": "clerk", "version": "1.0.0", "registrySourceId": {"type": "local"}}},
        "runtimes": {"docker": {"image": "clerk:1.0.0"}},
    }});
    let coral = StandIn::builder().agent(clerk, move |agent| act(agent, sees.clone())).start().await?;

    // The application serves its tools …
    let app = Router::new().nest("/coral", tools.webhooks(coral.custom_tool_secret())).with_state(orders);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base_url = format!("http://{}/coral", listener.local_addr()?);
    let server = tokio::spawn(async move { axum::serve(listener, app).await });

    // … and asks for a session whose agent may call them.
    let clerk = Agent::local("clerk", "1.0.0", Runtime::Docker).can_call_all(tools);
    let request = SessionRequest::in_namespace("default").agent(clerk).tools(tools, base_url.as_str());
    let session = Coral::server(coral.url(), coral.key()).create_session(&request).await?;

    let seen = seen.recv().await.ok_or("the agent saw nothing")?;
    let state = session.wait_until_idle(Duration::from_secs(10)).await?;
    let said = state.messages().last().map(|(_, message)| message.text().into_owned()).unwrap_or_default();
    session.close().await?;
    server.abort();
    Ok(Story { seen, said })
}

/// What the agent does, in the place of a model: calls, says what came of it, and waits for what is said to that.
async fn act(agent: ScriptedAgent, sees: UnboundedSender<Vec<String>>) {
    let calls = calls();
    let seen = join_all(calls.iter().map(|(tool, arguments)| agent.call_tool(tool, arguments.clone()))).await;
    if let Ok(thread) = agent.create_thread("orders", &[]).await {
        let _nobody_hears = agent.send(&thread, ANSWER, &[]).await;
    }
    let _nobody_waits = sees.send(seen.into_iter().map(|sees| sees.text).collect());
    agent.wait_for_message().await;
}
