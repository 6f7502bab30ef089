//! The scripts of the agents that a server has for debugging.

use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use super::{AgentActionError, ScriptedAgent};
use crate::coral::logs::Level;
use coral_tools::testing::Arguments;

/// Calls one tool and exits.
pub(in crate::coral) async fn tool(agent: ScriptedAgent) {
    pause(&agent, "START_DELAY").await;
    let name = string_option(&agent, "TOOL_NAME").unwrap_or_default().to_owned();
    let Some(input) = string_option(&agent, "TOOL_INPUT").map(str::to_owned) else {
        return agent.log(Level::Error, "Missing required option TOOL_INPUT".to_owned());
    };
    if !matches!(serde_json::from_str(&input), Ok(Value::Object(_) | Value::Null)) {
        return agent.log(Level::Error, format!("Failed to call tool {name}: bad input"));
    }
    let view = agent.call_tool(&name, Arguments::from(input)).await;
    if view.is_error {
        agent.log(Level::Warning, format!("Failed to call tool {name}: {}", view.text));
    } else {
        agent.log(Level::Debug, format!("Tool {name} returned: {}", view.text));
    }
}

/// Creates threads, sends messages into each, and exits.
pub(in crate::coral) async fn seed(agent: ScriptedAgent) {
    pause(&agent, "START_DELAY").await;
    if let Err(AgentActionError(error)) = create_threads(&agent).await {
        agent.log(Level::Error, error);
    }
}

async fn create_threads(agent: &ScriptedAgent) -> Result<(), AgentActionError> {
    let (participants, mentions) = (string_options(agent, "PARTICIPANTS"), string_options(agent, "MENTIONS"));
    for thread in 0..number_option(agent, "SEED_THREAD_COUNT") {
        let id = agent.create_thread(&format!("thread {thread}"), &participants).await?;
        pause(agent, "OPERATION_DELAY").await;
        for message in 0..number_option(agent, "SEED_MESSAGE_COUNT") {
            agent.send(&id, &format!("message {message}"), &mentions).await?;
            pause(agent, "OPERATION_DELAY").await;
        }
    }
    Ok(())
}

/// Responds to messages that pass its filters.
pub(in crate::coral) async fn echo(agent: ScriptedAgent) {
    pause(&agent, "START_DELAY").await;
    let (from, mentioned) =
        (string_option(&agent, "FROM_AGENT"), agent.options().get("MENTIONS") == Some(&Value::Bool(true)));
    let mut remaining = number_option(&agent, "ITERATION_COUNT");
    while remaining > 0 {
        let message = agent.wait_for_message().await;
        let matches = from.is_none_or(|from| message.sender == from)
            && (!mentioned || message.mentions.iter().any(|name| name == agent.name()));
        if matches {
            remaining -= 1;
            let sent = agent.send(&message.thread_id, "nice message!", &[&message.sender]).await;
            if let Err(AgentActionError(error)) = sent {
                agent.log(Level::Error, error);
            }
        }
    }
}

/// Waits until the agent is killed.
pub(in crate::coral) async fn idle(_agent: ScriptedAgent) {
    std::future::pending::<()>().await;
}

/// Waits for messages, and does not respond.
pub(in crate::coral) async fn listen(agent: ScriptedAgent) {
    loop {
        agent.wait_for_message().await;
    }
}

async fn pause(agent: &ScriptedAgent, option: &str) {
    let millis = number_option(agent, option);
    if millis > 0 {
        sleep(Duration::from_millis(millis)).await;
    }
}

fn number_option(agent: &ScriptedAgent, option: &str) -> u64 {
    agent.options().get(option).and_then(Value::as_u64).unwrap_or(0)
}

fn string_option<'a>(agent: &'a ScriptedAgent, option: &str) -> Option<&'a str> {
    agent.options().get(option).and_then(Value::as_str)
}

fn string_options<'a>(agent: &'a ScriptedAgent, option: &str) -> Vec<&'a str> {
    let list = agent.options().get(option).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}
