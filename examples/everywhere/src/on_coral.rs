//! Runs the conversation on Coral, which calls the tools by webhook.

use std::time::Duration;

use axum::Router;
use coral_stand_in::coral::{AgentType, CoralStandIn, ScriptedAgent};
use coral_tools::{Agent, Coral, Runtime, SessionRequest, Toolset};
use futures_util::future::join_all;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::tools::Orders;
use crate::{Conversation, LAST_MESSAGE, Result, calls};

pub(crate) async fn run(tools: &Toolset<Orders>, orders: Orders) -> Result<Conversation> {
    let (sender, mut receiver) = unbounded_channel();
    let clerk = AgentType::local("clerk", "1.0.0");
    let coral = CoralStandIn::builder().agent(clerk, move |agent| act(agent, sender.clone())).start().await?;

    // The application serves its tools,
    let app = Router::new().nest("/coral", tools.webhooks(coral.custom_tool_secret())).with_state(orders);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base_url = format!("http://{}/coral", listener.local_addr()?);
    let server = tokio::spawn(async move { axum::serve(listener, app).await });

    // and creates a session whose agent may call them.
    let clerk = Agent::local("clerk", "1.0.0", Runtime::Docker).can_call_all(tools);
    let request = SessionRequest::in_namespace("default").agent(clerk).tools(tools, base_url.as_str());
    let session = Coral::server(coral.url(), coral.key()).create_session(&request).await?;

    let results = receiver.recv().await.ok_or("the agent read no results")?;
    let state = session.wait_until_idle(Duration::from_secs(10)).await?;
    let last_message = state.messages().last().map(|(_, message)| message.text().into_owned()).unwrap_or_default();
    session.close().await?;
    server.abort();
    Ok(Conversation { results, last_message })
}

/// The agent's script: it calls the tools, sends a message and waits for a reply.
async fn act(agent: ScriptedAgent, sender: UnboundedSender<Vec<String>>) {
    let calls = calls();
    let results = join_all(calls.iter().map(|(tool, arguments)| agent.call_tool(tool, arguments.clone()))).await;
    if let Ok(thread) = agent.create_thread("orders", &[]).await {
        let _ignored = agent.send(&thread, LAST_MESSAGE, &[]).await;
    }
    let _ignored = sender.send(results.into_iter().map(|result| result.text).collect());
    agent.wait_for_message().await;
}
