//! The built-in tools of Coral.

use serde_json::{Value, json};

use super::ScriptedAgent;
use crate::coral::decode::{
    AddParticipant, CloseSession, CloseThread, CreateThread, DecodeError, JsonTree, RemoveParticipant, RequestBody,
    SendMessage, WaitArguments,
};
use crate::coral::emulated_version::EmulatedVersion;
use crate::coral::rejection::Rejection;
use crate::coral::session::MessageFilter;
use crate::coral::timestamp::Timestamp;
use coral_tools::testing::AgentView;
use coral_tools::testing::Arguments;

/// The reason why a tool failed. The agent reads its message.
enum ToolError {
    Decode(DecodeError),
    Rejected(Rejection),
    NotFound,
}

impl From<DecodeError> for ToolError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl From<Rejection> for ToolError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl ScriptedAgent {
    pub(super) async fn call_builtin(&self, name: &str, arguments: &Arguments) -> AgentView {
        let called = match parse_arguments(arguments) {
            Ok(arguments) => self.run_builtin(name, arguments).await,
            Err(error) => Err(error.into()),
        };
        match called {
            Ok(output) => AgentView::new(output.to_string(), false),
            Err(ToolError::Decode(error)) => {
                let text = format!("Couldn't deserialize input given to {name}");
                self.session.log_error(Some(&self.agent), text, error.to_string());
                AgentView::new(error.to_string(), true)
            }
            Err(ToolError::Rejected(rejection)) => AgentView::new(rejection.message, true),
            Err(ToolError::NotFound) => AgentView::new(format!("Tool {name} not found"), true),
        }
    }

    async fn run_builtin(&self, tool: &str, arguments: JsonTree) -> Result<Value, ToolError> {
        let (session, agent) = (&self.session, self.name());
        match tool {
            "coral_create_thread" => {
                let CreateThread { name, participants } = decode(arguments)?;
                let (_id, thread) = session.create_thread(agent, name, participants)?;
                Ok(json!({"thread": thread}))
            }
            "coral_close_thread" => {
                let CloseThread { thread, summary } = decode(arguments)?;
                session.close_thread(agent, &thread, &summary)?;
                Ok(done(format!("Successfully closed thread {thread}")))
            }
            "coral_add_participant" => {
                let AddParticipant { thread, name } = decode(arguments)?;
                session.add_participant(agent, &thread, &name)?;
                Ok(done(format!("Successfully added participant {name} to thread {thread}")))
            }
            "coral_remove_participant" => {
                let RemoveParticipant { thread, name } = decode(arguments)?;
                session.remove_participant(agent, &thread, &name)?;
                Ok(done(format!("Successfully removed participant {name} from thread {thread}")))
            }
            "coral_send_message" => {
                let SendMessage { thread, text, mentions } = decode(arguments)?;
                let message = session.send(agent, &thread, &text, &mentions).await?;
                Ok(json!({"status": "Message sent successfully", "message": message}))
            }
            "coral_wait_for_message" => {
                Ok(self.wait_with_timeout(&WaitArguments::decode(arguments, false)?, &[]).await)
            }
            "coral_wait_for_mention" => {
                let filters = [MessageFilter::Mentioning(agent.to_owned())];
                Ok(self.wait_with_timeout(&WaitArguments::decode(arguments, false)?, &filters).await)
            }
            "coral_wait_for_agent" => {
                let wait = WaitArguments::decode(arguments, true)?;
                let filters: Vec<MessageFilter> = wait.from.iter().cloned().map(MessageFilter::From).collect();
                Ok(self.wait_with_timeout(&wait, &filters).await)
            }
            "coral_close_session" if self.agent.can_close_session => {
                let CloseSession = decode(arguments)?;
                session.cancel()?;
                Ok(done("Successfully closed session"))
            }
            _ => Err(ToolError::NotFound),
        }
    }

    async fn wait_with_timeout(&self, wait: &WaitArguments, filters: &[MessageFilter]) -> Value {
        let since = wait.since.and_then(Timestamp::from_unix_millis).unwrap_or_else(Timestamp::now);
        match self.wait_since(since, wait.timeout, filters).await {
            Some(message) => {
                json!({"message": message.to_json(self.session.context.emulated), "status": "Message received"})
            }
            None => json!({"status": "Timeout reached"}),
        }
    }
}

/// Parses the arguments of a built-in tool, for which `null` is an empty object.
fn parse_arguments(arguments: &Arguments) -> Result<JsonTree, DecodeError> {
    match JsonTree::parse(arguments.as_str())? {
        JsonTree::Null => Ok(JsonTree::Object(Vec::new())),
        tree => Ok(tree),
    }
}

fn decode<T: RequestBody>(arguments: JsonTree) -> Result<T, DecodeError> {
    T::decode(arguments, EmulatedVersion::default())
}

fn done(message: impl Into<Value>) -> Value {
    json!({"message": message.into()})
}
