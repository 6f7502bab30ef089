//! The kinds of things that happen in a session.

use serde_json::Value;

use super::filter::MessageFilter;
use super::number;
use crate::json::{DecodeError, ObjectReader, TaggedUnion};
use crate::state::message::Message;
use crate::state::thread::Thread;

/// What has happened in a session.
///
/// ```
/// use coral_tools::state::{SessionEvent, SessionEventKind};
/// use coral_tools::from_json;
///
/// let event: SessionEvent = from_json(br#"{"type": "agent_connected", "name": "writer"}"#)?;
/// let line = match &event.kind {
///     SessionEventKind::AgentConnected { name } => format!("{name} is there"),
///     SessionEventKind::ThreadClosed { summary, .. } => format!("over: {summary}"),
///     _ => String::new(),
/// };
/// assert_eq!(line, "writer is there");
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SessionEventKind {
    /// An agent is about to be launched.
    RuntimeStarted {
        /// The agent's name.
        name: String,
    },
    /// An agent has stopped, for whatever reason.
    RuntimeStopped {
        /// The agent's name.
        name: String,
    },
    /// An agent that was not connected to Coral connects. Its state may say so a little later.
    AgentConnected {
        /// The agent's name.
        name: String,
    },
    /// An agent begins to wait for a message.
    AgentWaitStart {
        /// The agent's name.
        name: String,
        /// What the message must be like, all of it. Where there is nothing, any message will do.
        filters: Vec<MessageFilter>,
    },
    /// An agent has got the message that it waited for. A wait that ends without one is not told of.
    AgentWaitStop {
        /// The agent's name.
        name: String,
        /// The message. The event that it was sent may come after this one, or have come long ago.
        message: Message,
    },
    /// An agent begins to sleep. coral-server 1.2 knows the event, but never sends it.
    AgentSleepStart {
        /// The agent's name.
        name: String,
    },
    /// An agent sleeps no longer. coral-server 1.2 knows the event, but never sends it.
    AgentSleepStop {
        /// The agent's name.
        name: String,
    },
    /// A thread has been opened.
    ThreadCreated {
        /// The thread as it is when the server writes the event: messages that events after this one tell of may be in
        /// it already.
        thread: Thread,
    },
    /// An agent has been added to a thread.
    ThreadParticipantAdded {
        /// The thread's id.
        thread_id: String,
        /// The name of the agent that was added, not of the one that added it.
        name: String,
    },
    /// An agent has been removed from a thread.
    ThreadParticipantRemoved {
        /// The thread's id.
        thread_id: String,
        /// The name of the agent that was removed, not of the one that removed it.
        name: String,
    },
    /// A thread has been closed, and its messages are gone.
    ThreadClosed {
        /// The thread's id.
        thread_id: String,
        /// What came of it, in the words of the agent that closed it.
        summary: String,
    },
    /// A message has been sent.
    ThreadMessageSent {
        /// The message.
        message: Message,
    },
    /// A container has been created for an agent.
    DockerContainerCreated {
        /// The container's id, as Docker has it.
        container_id: String,
    },
    /// The container of an agent has been removed.
    DockerContainerRemoved {
        /// The container's id, as Docker has it.
        container_id: String,
    },
    /// An agent's model has answered, through the server. A call that got no answer is not told of. coral-server says so
    /// since 1.2.
    LlmProxyCall {
        /// The agent's name.
        agent_name: String,
        /// The model, as its provider calls it.
        model_name: String,
        /// What the agent calls the model.
        provider_request_name: String,
        /// The answer's HTTP status.
        status_code: Option<u16>,
        /// What the provider counted.
        usage: LlmUsage,
    },
    /// One that this version does not know, as it came.
    Other(Value),
}

impl TaggedUnion for SessionEventKind {
    fn from_tag(tag: &str, fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match tag {
            "runtime_started" => Self::RuntimeStarted { name: fields.required("name")? },
            "runtime_stopped" => Self::RuntimeStopped { name: fields.required("name")? },
            "agent_connected" => Self::AgentConnected { name: fields.required("name")? },
            "agent_wait_start" => {
                Self::AgentWaitStart { name: fields.required("name")?, filters: fields.or_default("filters")? }
            }
            "agent_wait_stop" => {
                Self::AgentWaitStop { name: fields.required("name")?, message: fields.required("message")? }
            }
            "agent_sleep_start" => Self::AgentSleepStart { name: fields.required("name")? },
            "agent_sleep_stop" => Self::AgentSleepStop { name: fields.required("name")? },
            "thread_created" => Self::ThreadCreated { thread: fields.required("thread")? },
            "thread_participant_added" => {
                Self::ThreadParticipantAdded { thread_id: fields.required("threadId")?, name: fields.required("name")? }
            }
            "thread_participant_removed" => Self::ThreadParticipantRemoved {
                thread_id: fields.required("threadId")?,
                name: fields.required("name")?,
            },
            "thread_closed" => {
                Self::ThreadClosed { thread_id: fields.required("threadId")?, summary: fields.or_default("summary")? }
            }
            "thread_message_sent" => Self::ThreadMessageSent { message: fields.required("message")? },
            "docker_container_created" => {
                Self::DockerContainerCreated { container_id: fields.required("containerId")? }
            }
            "docker_container_removed" => {
                Self::DockerContainerRemoved { container_id: fields.required("containerId")? }
            }
            "llm_proxy_call" => Self::LlmProxyCall {
                agent_name: fields.required("agentName")?,
                model_name: fields.or_default("modelName")?,
                provider_request_name: fields.or_default("providerRequestName")?,
                status_code: number(fields, "statusCode")?,
                usage: fields.nested("usage", LlmUsage::of)?.unwrap_or_default(),
            },
            _ => return Ok(None),
        }))
    }

    fn unknown(raw: Value) -> Self {
        Self::Other(raw)
    }
}

/// What the provider of a model counted for one call. Keys that this version does not know stay in the event's `extra`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LlmUsage {
    /// Tokens that the model read, where the provider says so.
    pub input_tokens: Option<u64>,
    /// Tokens that the model wrote, where the provider says so.
    pub output_tokens: Option<u64>,
}

impl LlmUsage {
    fn of(usage: &mut ObjectReader) -> Result<Self, DecodeError> {
        Ok(Self { input_tokens: number(usage, "inputTokens")?, output_tokens: number(usage, "outputTokens")? })
    }
}
