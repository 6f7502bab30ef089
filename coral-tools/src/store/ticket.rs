//! [`Ticket`]: the state of a call whose result is kept, or comes later.

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::call::{Call, CallOrigin};

/// The status of a [`Ticket`], with the words of MCP tasks (SEP-2663).
///
/// `Debug` shows the size of a result, not its contents.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TicketStatus {
    /// The result is being computed. The message is for the agent.
    Working(Option<String>),
    /// A person has to decide or to enter something. The message is for the agent.
    InputRequired(Option<String>),
    /// The tool has not run: a person has to approve the call. The message is for the agent.
    ApprovalRequired(String),
    /// The call has succeeded: the JSON object that the agent receives. Final.
    Completed(Vec<u8>),
    /// The call has failed: the message for the agent. Final.
    Failed(String),
    /// The call was cancelled: the reason for the agent. Final.
    Cancelled(String),
    /// A person has not approved the call, and the tool never runs: the reason for the agent. Final.
    Denied(String),
}

impl TicketStatus {
    /// Whether the status never changes.
    #[must_use]
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Working(_) | Self::InputRequired(_) | Self::ApprovalRequired(_))
    }

    /// Returns the name of the status in MCP: `working`, `input_required`, `completed`, `failed` or `cancelled`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Working(_) => "working",
            Self::InputRequired(_) | Self::ApprovalRequired(_) => "input_required",
            Self::Completed(_) => "completed",
            Self::Failed(_) => "failed",
            Self::Cancelled(_) | Self::Denied(_) => "cancelled",
        }
    }

    /// The bytes of its text or result.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Working(message) | Self::InputRequired(message) => message.as_ref().map_or(0, String::len),
            Self::Completed(result) => result.len(),
            Self::ApprovalRequired(text) | Self::Failed(text) | Self::Cancelled(text) | Self::Denied(text) => {
                text.len()
            }
        }
    }
}

impl fmt::Debug for TicketStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Working(message) => f.debug_tuple("Working").field(message).finish(),
            Self::InputRequired(message) => f.debug_tuple("InputRequired").field(message).finish(),
            Self::ApprovalRequired(message) => f.debug_tuple("ApprovalRequired").field(message).finish(),
            Self::Completed(result) => write!(f, "Completed({} bytes)", result.len()),
            Self::Failed(message) => f.debug_tuple("Failed").field(message).finish(),
            Self::Cancelled(reason) => f.debug_tuple("Cancelled").field(reason).finish(),
            Self::Denied(reason) => f.debug_tuple("Denied").field(reason).finish(),
        }
    }
}

/// The state of a call: while its result is computed, and for some time afterwards.
///
/// `Debug` shows the size of the arguments, not their contents, and not the query.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores create it from what they have kept")]
pub struct Ticket {
    /// The id, which is hard to guess.
    pub id: String,
    /// The session, to which the ticket belongs.
    pub session_id: String,
    /// The calling agent, if the platform has named agents.
    pub agent_name: Option<String>,
    /// The namespace of the session, if the platform has namespaces.
    pub namespace: Option<String>,
    /// The platform that the call came from.
    pub origin: CallOrigin,
    /// The platform's id of the call, if it has one.
    pub call_id: Option<String>,
    /// The query of the URL that was called. It may contain a claim or a token.
    pub query: Option<String>,
    /// The name of the tool.
    pub tool: String,
    /// A key that is the same for repetitions of the call, as [`Call::idempotency_key`](crate::Call::idempotency_key), and that also
    /// depends on the query of the URL. A session has at most one ticket for each key.
    pub key: String,
    /// The arguments, as the agent sent them: JSON, or no bytes.
    pub arguments: Vec<u8>,
    /// When the ticket was created.
    pub created_at: SystemTime,
    /// How long after its creation the ticket expires. A change of the status changes it: see
    /// [`Store::set_ticket_status`](super::Store::set_ticket_status).
    pub time_to_live: Duration,
    /// The present status.
    pub status: TicketStatus,
}

impl Ticket {
    /// Returns the call again, without its headers, with these arguments.
    pub(crate) fn call_with<'a>(&'a self, arguments: &'a [u8]) -> Call<'a> {
        let mut call = Call::new(&self.tool, arguments).in_session(&*self.session_id).from_origin(self.origin);
        if let Some(agent) = &self.agent_name {
            call = call.by_agent(&**agent);
        }
        if let Some(namespace) = &self.namespace {
            call = call.in_namespace(&**namespace);
        }
        if let Some(id) = &self.call_id {
            call = call.with_id(id);
        }
        match &self.query {
            Some(query) => call.with_query(query),
            None => call,
        }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("id", &self.id)
            .field("session_id", &self.session_id)
            .field("agent_name", &self.agent_name)
            .field("namespace", &self.namespace)
            .field("tool", &self.tool)
            .field("arguments", &format_args!("{} bytes", self.arguments.len()))
            .field("created_at", &self.created_at)
            .field("time_to_live", &self.time_to_live)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The result of [`Store::open_ticket`](super::Store::open_ticket).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third case")]
#[expect(clippy::large_enum_variant, reason = "it is taken apart at once")]
pub enum OpenedTicket {
    /// There was no ticket with this session and key, and the new one was added.
    New,
    /// There is one already.
    Existing(Ticket),
}
