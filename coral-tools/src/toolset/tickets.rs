//! [`Tickets`]: the application's access to deferred results.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::Toolset;
use crate::schema::Problem;
use crate::store::{StoreError, Ticket, TicketStatus};
use crate::tool::{Delivery, Tool};

impl<S> Toolset<S> {
    /// Returns the application's access to the tickets of [`Deferred`](crate::Deferred) results: it lists and cancels them, and provides
    /// results itself.
    ///
    /// ```
    /// use coral_tools::{Call, Deferred, TicketError, Toolset, coral_tool, toolset};
    ///
    /// /// Asks the customer a question.
    /// #[coral_tool(timeout = "100ms")]
    /// fn ask_customer(question: String) -> Deferred<String> {
    ///     Deferred::by_application("the customer has not replied yet")
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let tools: Toolset = toolset![ask_customer];
    /// let call = Call::new("ask_customer", br#"{"question": "Red or blue?"}"#).in_session("s1");
    /// let _ticket = tools.dispatch(call.clone(), &()).await;
    ///
    /// let tickets = tools.tickets();
    /// let open = tickets.list(Some("s1")).await?;
    /// let asked: ask_customer = coral_tools::serde_json::from_slice(&open[0].arguments)?;
    /// assert_eq!(asked.question, "Red or blue?");
    /// tickets.complete::<ask_customer>(&open[0].id, &"blue").await?;
    ///
    /// assert_eq!(tools.dispatch(call, &()).await.into_json(), br#"{"result":"blue"}"#);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn tickets(&self) -> Tickets<'_, S> {
        Tickets { tools: self }
    }
}

/// The tickets of a toolset: see [`Toolset::tickets`].
#[derive(Debug, Clone, Copy)]
pub struct Tickets<'a, S> {
    tools: &'a Toolset<S>,
}

impl<S> Tickets<'_, S> {
    /// Returns the tickets of the tools of the set that have not expired, the oldest first: of one session, or of all. The arguments of a
    /// ticket deserialize to the type of the arguments of its tool.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    pub async fn list(&self, session_id: Option<&str>) -> Result<Vec<Ticket>, StoreError> {
        let mut tickets = self.tools.ticket_store().tickets(session_id).await?;
        tickets.retain(|ticket| self.retention(&ticket.tool).is_some());
        Ok(tickets)
    }

    /// Sets the result of a ticket of the tool `T`. If the tool has a future, it is dropped.
    ///
    /// # Errors
    ///
    /// Returns an error if `result` does not match the type of the tool's result, if the ticket has a final status already, if there is
    /// no such ticket of this tool, or if the store fails.
    pub async fn complete<T: Tool>(&self, id: &str, result: &(impl Serialize + Sync)) -> Result<(), TicketError> {
        let tool = self.tools.find(T::NAME).ok_or(TicketError::Unknown)?;
        let json = tool.output.write_checked(result).map_err(TicketError::InvalidResult)?;
        let ticket = self.tools.ticket_store().ticket(id).await?;
        if ticket.is_none_or(|ticket| ticket.tool != T::NAME) {
            return Err(TicketError::Unknown);
        }
        self.settle(id, TicketStatus::Completed(json)).await
    }

    /// Cancels a ticket. If the tool has a future, it is dropped. The agent reads the reason.
    ///
    /// # Errors
    ///
    /// Returns an error if the ticket has a final status already, if there is no such ticket, or if the store fails.
    pub async fn cancel(&self, id: &str, reason: impl Into<String>) -> Result<(), TicketError> {
        self.settle(id, TicketStatus::Cancelled(reason.into())).await
    }

    async fn settle(&self, id: &str, status: TicketStatus) -> Result<(), TicketError> {
        let store = self.tools.ticket_store();
        let ticket = store.ticket(id).await?.ok_or(TicketError::Unknown)?;
        let retention = self.retention(&ticket.tool).ok_or(TicketError::Unknown)?;
        match store.set_ticket_status(id, status, retention).await? {
            true => Ok(()),
            false => Err(TicketError::Settled),
        }
    }

    /// Returns how long the result of a deferred tool is kept; `None` for another one.
    fn retention(&self, tool: &str) -> Option<Duration> {
        match self.tools.find(tool)?.delivery {
            Delivery::Deferred(retention) => Some(retention),
            _ => None,
        }
    }
}

/// The error of [`Tickets`] and [`Approvals`](super::Approvals).
#[derive(Debug)]
#[non_exhaustive]
pub enum TicketError {
    /// There is no such ticket, or it has expired.
    Unknown,
    /// The ticket has a final status, which never changes, a person has decided about the call, or it runs without a decision.
    Settled,
    /// The result does not match the type of the tool's result: the problem.
    InvalidResult(String),
    /// The tool does not accept the arguments: the problems.
    InvalidArguments(Vec<Problem>),
    /// A policy of the tool denies the call now, or has failed: the message that an agent would read.
    Rejected(String),
    /// The store has failed.
    Store(StoreError),
}

impl From<StoreError> for TicketError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for TicketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("there is no such ticket, or it has expired"),
            Self::Settled => f.write_str("the ticket has a final status already, or a person has decided about it"),
            Self::InvalidResult(problem) => write!(f, "the result is not one of this tool: {problem}"),
            Self::InvalidArguments(problems) => {
                f.write_str("the tool does not accept the arguments: ")?;
                problems.iter().enumerate().try_for_each(|(i, problem)| match i {
                    0 => write!(f, "{problem}"),
                    _ => write!(f, "; {problem}"),
                })
            }
            Self::Rejected(message) => write!(f, "a policy rejects the call: {message}"),
            Self::Store(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl Error for TicketError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Store(error) => error.source(),
            _ => None,
        }
    }
}
