//! The agents: scripts in place of models, which forward each result that they receive.

use std::time::Duration;

use coral_stand_in::coral::{
    AgentActionError, AgentOption, AgentType, CoralStandIn, CoralStandInBuilder, ScriptedAgent,
};
use coral_tools::testing::AgentView;
use tokio::sync::mpsc::UnboundedSender;

use crate::calls::{CORRECTION, INVALID_ARGUMENTS, LOOKUP, REPORT, ScriptedCall};
use crate::request::{EDITOR, WRITER};

/// A call with the result that the agent reads, or the error with which Coral rejected a request of the agent.
pub(crate) type AgentResult = Result<(&'static ScriptedCall, AgentView), AgentActionError>;

/// Delay before each action, so that a person can follow.
const DELAY: Duration = Duration::from_millis(100);

/// A fake Coral server whose `natural-tone-agent` follows a script.
pub(crate) fn coral(results: UnboundedSender<AgentResult>) -> CoralStandInBuilder {
    let agent_type = AgentType::local("natural-tone-agent", "1.1.0").option("EXTRA_USER_PROMPT", AgentOption::text());
    CoralStandIn::builder().agent(agent_type, move |agent| {
        let results = results.clone();
        async move {
            let outcome = if agent.name() == EDITOR { edit(&agent).await } else { write(&agent, &results).await };
            if let Err(refused) = outcome {
                drop(results.send(Err(refused)));
            }
        }
    })
}

async fn write(agent: &ScriptedAgent, results: &UnboundedSender<AgentResult>) -> Result<(), AgentActionError> {
    let task = agent.options()["EXTRA_USER_PROMPT"].as_str().unwrap_or_default();
    let thread = agent.create_thread("Q4 report", &[EDITOR]).await?;
    agent.send(&thread, &format!("This is my task: {task}"), &[]).await?;
    for call in [&LOOKUP, &INVALID_ARGUMENTS, &CORRECTION] {
        call_tool(agent, call, results).await;
    }
    send(agent, &thread, "Sales are up 12 % on Q3. May I submit that?", EDITOR).await?;
    agent.wait_for_mention().await;
    call_tool(agent, &REPORT, results).await;
    send(agent, &thread, "Submitted. Thank you!", EDITOR).await?;
    // Waits until the session ends.
    agent.wait_for_mention().await;
    Ok(())
}

async fn edit(agent: &ScriptedAgent) -> Result<(), AgentActionError> {
    let draft = agent.wait_for_mention().await;
    send(agent, &draft.thread_id, "Yes, but mention that it includes the Chatham Islands.", WRITER).await?;
    agent.wait_for_mention().await;
    Ok(())
}

async fn call_tool(agent: &ScriptedAgent, call: &'static ScriptedCall, results: &UnboundedSender<AgentResult>) {
    tokio::time::sleep(DELAY).await;
    let result = agent.call_tool(call.tool, call.arguments).await;
    drop(results.send(Ok((call, result))));
}

async fn send(agent: &ScriptedAgent, thread: &str, text: &str, to: &str) -> Result<(), AgentActionError> {
    tokio::time::sleep(DELAY).await;
    agent.send(thread, text, &[to]).await.map(drop)
}
