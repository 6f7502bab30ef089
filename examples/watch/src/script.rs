//! The conversation of the demonstration's agents.

use std::collections::HashMap;
use std::time::Duration;

use coral_stand_in::coral::{AgentActionError, ScriptedAgent};
use tokio::sync::Notify;
use tokio::time::sleep;

const RESEARCHER: &str = "researcher";
const WRITER: &str = "writer";
const CRITIC: &str = "critic";
pub(crate) const AGENTS: [&str; 3] = [RESEARCHER, WRITER, CRITIC];

const TIDES: &str = "How tides work";
const TITLE: &str = "A title";

/// The pause before each message, so that viewers can read it.
const PAUSE: Duration = Duration::from_millis(350);

/// A message of the conversation.
#[derive(Debug)]
pub(crate) struct Line {
    topic: &'static str,
    from: &'static str,
    to: &'static [&'static str],
    pub(crate) text: &'static str,
    /// Whether the connection breaks before the message.
    breaks_connection: bool,
}

const fn line(topic: &'static str, from: &'static str, to: &'static [&'static str], text: &'static str) -> Line {
    Line { topic, from, to, text, breaks_connection: false }
}

/// All messages, in order.
pub(crate) const LINES: [Line; 8] = [
    line(
        TIDES,
        RESEARCHER,
        &[WRITER, CRITIC],
        "The Moon pulls more on the near side of the Earth than on the far side.",
    ),
    line(TIDES, WRITER, &[RESEARCHER], "Then why are there two high tides a day, and not one?"),
    line(
        TIDES,
        RESEARCHER,
        &[WRITER],
        "Because what counts is the difference to the pull on the Earth as a whole. The near side is pulled away from the \
         Earth, and the Earth is pulled away from the far side. So the water rises on both, and the Earth turns below.",
    ),
    line(TITLE, WRITER, &[CRITIC], "“Two bulges and a turning Earth”: is that a title?"),
    Line {
        breaks_connection: true,
        ..line(TITLE, CRITIC, &[WRITER], "It is. But coasts delay the water by hours: say so in the text.")
    },
    line(TITLE, WRITER, &[], "Done:\n1. The pull of the Moon, and its difference.\n2. The Earth turns.\n3. Coasts."),
    line(
        TIDES,
        CRITIC,
        &[RESEARCHER, WRITER],
        "Nothing to add. 潮汐 is a good example of a word that is wide, by the way.",
    ),
    line(TIDES, RESEARCHER, &[], "Then we are done."),
];

/// Runs an agent: sends its messages, and waits for those of the others.
pub(crate) async fn run_agent(agent: &ScriptedAgent, break_connection: &Notify) -> Result<(), AgentActionError> {
    // Ids of threads by their topics. All agents are participants of all threads, so each receives every message.
    let mut threads = HashMap::new();
    for line in &LINES {
        if line.from != agent.name() {
            threads.insert(line.topic, agent.wait_for_message().await.thread_id);
            continue;
        }
        sleep(PAUSE).await;
        if line.breaks_connection {
            break_connection.notify_one();
        }
        let thread = match threads.get(line.topic) {
            Some(thread) => thread,
            None => &*threads.entry(line.topic).or_insert(agent.create_thread(line.topic, &AGENTS).await?),
        };
        agent.send(thread, line.text, line.to).await?;
    }
    Ok(())
}
