//! Coral's own tools.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use super::ScriptedAgent;
use crate::coral::decode::{
    Body, CloseSession, CloseThread, CreateThread, Participant, SendMessage, Tree, Undecodable, Wait,
};
use crate::coral::logs::Level;
use crate::coral::moment::Moment;
use crate::coral::plays::Plays;
use crate::coral::refusal::Refusal;
use crate::coral::session::Wanted;
use coral_tools::testing::AgentSees;
use coral_tools::testing::Arguments;

/// The longest that an agent may wait, in milliseconds.
const LONGEST: i64 = 60_000;

/// Why a tool failed; either way the agent reads a sentence.
enum Failure {
    Undecodable(Undecodable),
    Refused(Refusal),
    NotFound,
}

impl From<Undecodable> for Failure {
    fn from(fault: Undecodable) -> Self {
        Self::Undecodable(fault)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl ScriptedAgent {
    pub(super) async fn call_builtin(&self, name: &str, arguments: &Arguments) -> AgentSees {
        let called = match arguments_of(arguments) {
            Ok(arguments) => self.act(name, arguments).await,
            Err(fault) => Err(fault.into()),
        };
        match called {
            Ok(output) => AgentSees::new(output.to_string(), false),
            Err(Failure::Undecodable(fault)) => AgentSees::new(fault.to_string(), true),
            Err(Failure::Refused(refusal)) => AgentSees::new(refusal.message, true),
            Err(Failure::NotFound) => AgentSees::new(format!("Tool {name} not found"), true),
        }
    }

    async fn act(&self, tool: &str, arguments: Tree) -> Result<Value, Failure> {
        let (session, me) = (&self.session, self.name());
        match tool {
            "coral_create_thread" => {
                let CreateThread { name, participants } = read(arguments)?;
                let (_id, thread) = session.create_thread(me, name, participants)?;
                Ok(json!({"thread": thread}))
            }
            "coral_close_thread" => {
                let CloseThread { thread, summary } = read(arguments)?;
                session.close_thread(&thread, &summary)?;
                Ok(done(format!("Successfully closed thread {thread}")))
            }
            "coral_add_participant" => {
                let Participant::<true> { thread, name } = read(arguments)?;
                session.add_participant(me, &thread, &name)?;
                Ok(done(format!("Successfully added participant {name} to thread {thread}")))
            }
            "coral_remove_participant" => {
                let Participant::<false> { thread, name } = read(arguments)?;
                session.remove_participant(me, &thread, &name)?;
                Ok(done(format!("Successfully removed participant {name} from thread {thread}")))
            }
            "coral_send_message" => {
                let SendMessage { thread, text, mentions } = read(arguments)?;
                let message = session.send(me, &thread, &text, &mentions)?;
                Ok(json!({"status": "Message sent successfully", "message": message}))
            }
            "coral_wait_for_message" => Ok(self.wait_at_most(&Wait::decode(arguments, false)?, &[]).await),
            "coral_wait_for_mention" => {
                let wanted = [Wanted::Mentioning(me.to_owned())];
                Ok(self.wait_at_most(&Wait::decode(arguments, false)?, &wanted).await)
            }
            "coral_wait_for_agent" => {
                let wait = Wait::decode(arguments, true)?;
                let wanted: Vec<Wanted> = wait.from.iter().cloned().map(Wanted::From).collect();
                Ok(self.wait_at_most(&wait, &wanted).await)
            }
            "coral_close_session" if self.agent.can_close_session => {
                let CloseSession { reason } = read(arguments)?;
                self.log(Level::Info, format!("closes the session: {reason}"));
                session.cancel()?;
                Ok(done("Successfully closed session"))
            }
            _ => Err(Failure::NotFound),
        }
    }

    async fn wait_at_most(&self, wait: &Wait, wanted: &[Wanted]) -> Value {
        let since = wait.since.and_then(Moment::from_unix_millis).unwrap_or_else(Moment::now);
        let limit = wait.at_most.unwrap_or(LONGEST).clamp(0, LONGEST).unsigned_abs();
        match timeout(Duration::from_millis(limit), self.wait_since(since, wanted)).await {
            Ok(message) => {
                json!({"message": message.show(self.session.common.plays), "status": "Message received"})
            }
            Err(_elapsed) => json!({"status": "Timeout reached"}),
        }
    }
}

/// No arguments are an empty object to Coral's own tools.
fn arguments_of(arguments: &Arguments) -> Result<Tree, Undecodable> {
    match Tree::parse(arguments.as_str())? {
        Tree::Null => Ok(Tree::Object(Vec::new())),
        tree => Ok(tree),
    }
}

fn read<T: Body>(arguments: Tree) -> Result<T, Undecodable> {
    T::decode(arguments, Plays::default())
}

fn done(message: impl Into<Value>) -> Value {
    json!({"message": message.into()})
}
