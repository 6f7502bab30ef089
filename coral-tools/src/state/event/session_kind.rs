//! The kinds of events of a session.

use serde_json::Value;

use super::envelope::number;
use super::filter::MessageFilter;
use crate::json::{DecodeError, ObjectReader, TaggedUnion};
use crate::state::message::Message;
use crate::state::thread::Thread;

/// The kind of an event of a session.
///
/// ```
/// use coral_tools::from_json;
/// use coral_tools::state::{SessionEvent, SessionEventKind};
///
/// let event: SessionEvent = from_json(br#"{"type": "agent_connected", "name": "writer"}"#)?;
/// let line = match &event.kind {
///     SessionEventKind::AgentConnected { name } => format!("{name} is connected"),
///     SessionEventKind::ThreadClosed { summary, .. } => format!("closed: {summary}"),
///     _ => String::new(),
/// };
/// assert_eq!(line, "writer is connected");
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SessionEventKind {
    /// An agent is about to be started.
    RuntimeStarted {
        /// The agent's name.
        name: String,
    },
    /// An agent has stopped, for any reason.
    RuntimeStopped {
        /// The agent's name.
        name: String,
    },
    /// An agent has connected to Coral. Its state may follow a little later.
    AgentConnected {
        /// The agent's name.
        name: String,
    },
    /// An agent begins to wait for a message.
    AgentWaitStart {
        /// The agent's name.
        name: String,
        /// The conditions on the message, all of which it must meet; empty for any message.
        filters: Vec<MessageFilter>,
    },
    /// An agent has received the message that it waited for. A wait that ends without one sends no event.
    AgentWaitStop {
        /// The agent's name.
        name: String,
        /// The message. The event for its sending may precede or follow this one.
        message: Message,
    },
    /// An agent begins to sleep. coral-server 1.2 defines the event, but never sends it.
    AgentSleepStart {
        /// The agent's name.
        name: String,
    },
    /// An agent has stopped sleeping. coral-server 1.2 defines the event, but never sends it.
    AgentSleepStop {
        /// The agent's name.
        name: String,
    },
    /// A thread has been created.
    ThreadCreated {
        /// The thread when the server encodes the event: it may already contain messages of later events.
        thread: Thread,
    },
    /// An agent has been added to a thread.
    ThreadParticipantAdded {
        /// The thread's id.
        thread_id: String,
        /// The name of the added agent.
        name: String,
    },
    /// An agent has been removed from a thread.
    ThreadParticipantRemoved {
        /// The thread's id.
        thread_id: String,
        /// The name of the removed agent.
        name: String,
    },
    /// A thread has been closed, and its messages are deleted.
    ThreadClosed {
        /// The thread's id.
        thread_id: String,
        /// The summary written by the agent that closed it.
        summary: String,
    },
    /// A message has been sent.
    ThreadMessageSent {
        /// The message.
        message: Message,
    },
    /// A container has been created for an agent.
    DockerContainerCreated {
        /// Docker's id of the container.
        container_id: String,
    },
    /// The container of an agent has been removed.
    DockerContainerRemoved {
        /// Docker's id of the container.
        container_id: String,
    },
    /// An agent's call of a model through the server has been answered. An unanswered call sends no event. Since
    /// coral-server 1.2.
    LlmProxyCall {
        /// The agent's name.
        agent_name: String,
        /// The provider's name for the model.
        model_name: String,
        /// The agent's name for the model.
        provider_request_name: String,
        /// The HTTP status of the response.
        status_code: Option<u16>,
        /// The tokens that the provider counted.
        usage: LlmUsage,
    },
    /// An unknown value, unchanged.
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
                usage: fields.nested("usage", LlmUsage::from_fields)?.unwrap_or_default(),
            },
            _ => return Ok(None),
        }))
    }

    fn unknown(raw: Value) -> Self {
        Self::Other(raw)
    }
}

/// The tokens that a model's provider counted for one call. Unknown fields stay in the event's `extra`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LlmUsage {
    /// The number of input tokens, if the provider reports it.
    pub input_tokens: Option<u64>,
    /// The number of output tokens, if the provider reports it.
    pub output_tokens: Option<u64>,
}

impl LlmUsage {
    fn from_fields(usage: &mut ObjectReader) -> Result<Self, DecodeError> {
        Ok(Self { input_tokens: number(usage, "inputTokens")?, output_tokens: number(usage, "outputTokens")? })
    }
}
