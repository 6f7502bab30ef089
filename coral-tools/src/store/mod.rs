//! Stores: where the calls that an application awaits, and the tickets of calls that take long, are kept.
//!
//! [`MemoryStore`] keeps them in the memory of this process. A [`Store`] of your own can keep them in a database, so that several
//! processes share them.

mod error;
mod memory;
mod recorded_call;
mod ticket;

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;

pub use self::error::StoreError;
pub use self::memory::MemoryStore;
pub use self::recorded_call::RecordedCall;
pub use self::ticket::{OpenedTicket, Ticket, TicketStatus};

/// Keeps recorded calls and tickets. [`Toolset::with_store`](crate::Toolset::with_store) adds one to a toolset.
///
/// Everything belongs to a session, which is its owner: code that serves agents passes the session of the call, and what belongs to
/// another one looks unknown. An implementation follows these rules, whether it keeps the entries in memory or in a database:
///
/// * Every entry has a limited time to live. An entry that has expired is treated as unknown, even if it still exists.
/// * A final [`TicketStatus`] never changes.
/// * A function that waits returns as soon as there is something to return. A future that is dropped has no effect.
/// * A recorded call is delivered once, and calls of one session in the order in which they were recorded.
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// Adds a call to those that can be taken.
    ///
    /// # Errors
    ///
    /// Returns an error if the call cannot be kept.
    fn record_call(&self, call: RecordedCall) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Removes the oldest call of one of these tools in a session and returns it; `None` if there is none.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    fn take_call<'a>(
        &'a self,
        session_id: &'a str,
        tools: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Option<RecordedCall>, StoreError>>;

    /// Waits until there is a call of one of these tools in a session. Another reader may take it before this one does.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    fn call_recorded<'a>(&'a self, session_id: &'a str, tools: &'a [&'a str]) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Adds a ticket, which expires after its time to live, or returns the one that exists for the same session and key.
    ///
    /// # Errors
    ///
    /// Returns an error if the ticket cannot be kept.
    fn open_ticket(&self, ticket: Ticket) -> BoxFuture<'_, Result<OpenedTicket, StoreError>>;

    /// Returns the ticket with this id; `None` if it is unknown or has expired.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    fn ticket<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Ticket>, StoreError>>;

    /// Returns the ticket for this session and key; `None` if there is none, or it has expired.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    fn ticket_with_key<'a>(
        &'a self,
        session_id: &'a str,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Ticket>, StoreError>>;

    /// Waits until a ticket has another status than this one, and returns it; `None` if it is unknown, has expired or was removed.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    fn ticket_changed<'a>(
        &'a self,
        id: &'a str,
        from: &'a TicketStatus,
    ) -> BoxFuture<'a, Result<Option<Ticket>, StoreError>>;

    /// Sets the status of a ticket, which then expires `time_to_live` from now, earlier or later than before. The
    /// [`time_to_live`](Ticket::time_to_live) of the ticket, which counts from its creation, becomes its age plus this time. Returns
    /// whether the status has been set: `false` if the ticket is unknown, has expired or has a final status.
    ///
    /// # Errors
    ///
    /// Returns an error if the status cannot be kept.
    fn set_ticket_status<'a>(
        &'a self,
        id: &'a str,
        status: TicketStatus,
        time_to_live: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// As [`set_ticket_status`](Self::set_ticket_status), but only if the present status is `from`. Of several changes from the same
    /// status, one takes place.
    ///
    /// # Errors
    ///
    /// Returns an error if the status cannot be kept.
    fn replace_ticket_status<'a>(
        &'a self,
        id: &'a str,
        from: &'a TicketStatus,
        status: TicketStatus,
        time_to_live: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Removes a ticket, so that the next call with its key is a new one.
    ///
    /// # Errors
    ///
    /// Returns an error if the ticket cannot be removed.
    fn remove_ticket<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Returns all tickets that have not expired, the oldest first: of one session, or of all.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    fn tickets<'a>(&'a self, session_id: Option<&'a str>) -> BoxFuture<'a, Result<Vec<Ticket>, StoreError>>;

    /// Removes the recorded calls and the tickets of a session that has ended.
    ///
    /// # Errors
    ///
    /// Returns an error if they cannot be removed.
    fn forget_session<'a>(&'a self, session_id: &'a str) -> BoxFuture<'a, Result<(), StoreError>>;
}
