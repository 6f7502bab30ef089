//! The agents: scripts in the place of models, which say what they see of each answer.

use std::time::Duration;

use coral_stand_in::coral::{Refused, ScriptedAgent, StandIn, StandInBuilder};
use coral_tools::testing::AgentSees;
use serde_json::json;
use tokio::sync::mpsc::UnboundedSender;

use crate::calls::{CORRECTION, Call, LOOKUP, MISTAKES, REPORT};
use crate::request::{EDITOR, WRITER};

/// What an agent sees of an answer; or why Coral does not let it do something.
pub(crate) type Seen = Result<(&'static Call, AgentSees), Refused>;

/// So that one can watch them.
const THINKING: Duration = Duration::from_millis(100);

/// A stand-in for a Coral whose `natural-tone-agent` follows a script.
pub(crate) fn coral(seen: UnboundedSender<Seen>) -> StandInBuilder {
    let option = json!({"type": "string", "required": false, "transport": "env"});
    let id = json!({"name": "natural-tone-agent", "version": "1.1.0", "registrySourceId": {"type": "local"}});
    let entry = json!({"registryAgent": {
        "info": {"identifier": id, "description": "An agent that communicates in natural, conversational tone"},
        "runtimes": {"docker": {"image": "coral/natural-tone-agent:1.1.0"}},
        "options": {"EXTRA_USER_PROMPT": option},
    }});
    StandIn::builder().agent(entry, move |agent| {
        let seen = seen.clone();
        async move {
            let done = if agent.name() == EDITOR { edit(&agent).await } else { write(&agent, &seen).await };
            if let Err(refused) = done {
                drop(seen.send(Err(refused)));
            }
        }
    })
}

async fn write(agent: &ScriptedAgent, seen: &UnboundedSender<Seen>) -> Result<(), Refused> {
    let task = agent.options()["EXTRA_USER_PROMPT"].as_str().unwrap_or_default();
    let thread = agent.create_thread("Q4 report", &[EDITOR]).await?;
    agent.send(&thread, &format!("This is my task: {task}"), &[]).await?;
    for call in [&LOOKUP, &MISTAKES, &CORRECTION] {
        attempt(agent, call, seen).await;
    }
    say(agent, &thread, "Sales are up 12 % on Q3. May I hand that in?", EDITOR).await?;
    agent.wait_for_mention().await;
    attempt(agent, &REPORT, seen).await;
    say(agent, &thread, "It is handed in. Thank you!", EDITOR).await?;
    // Until the session is ended.
    agent.wait_for_mention().await;
    Ok(())
}

async fn edit(agent: &ScriptedAgent) -> Result<(), Refused> {
    let draft = agent.wait_for_mention().await;
    say(agent, &draft.thread_id, "Say that it holds for the Chatham Islands, too; then yes.", WRITER).await?;
    agent.wait_for_mention().await;
    Ok(())
}

async fn attempt(agent: &ScriptedAgent, call: &'static Call, seen: &UnboundedSender<Seen>) {
    tokio::time::sleep(THINKING).await;
    let sees = agent.call_tool(call.tool, call.arguments).await;
    drop(seen.send(Ok((call, sees))));
}

async fn say(agent: &ScriptedAgent, thread: &str, text: &str, to: &str) -> Result<(), Refused> {
    tokio::time::sleep(THINKING).await;
    agent.send(thread, text, &[to]).await.map(drop)
}
