//! [`MemoryStore`].

mod calls;
mod limits;
#[cfg(test)]
mod tests;
mod tickets;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use self::calls::Calls;
use self::limits::Limits;
use self::tickets::{StatusChange, Tickets};
use super::{OpenedTicket, RecordedCall, Store, StoreError, Ticket, TicketStatus};

/// A [`Store`] in the memory of this process, with limits.
///
/// | limit | default | above it |
/// | --- | --- | --- |
/// | calls of one tool in one session | 64 | the oldest one is dropped, with a warning in the log |
/// | bytes of the calls, and of the tickets, of one session | 8 MiB each | the session's oldest call is dropped; tickets as below |
/// | bytes of all calls, and of all tickets | 64 MiB each | the oldest call is dropped; tickets as below |
/// | time for which a call is kept | 1 h | the call is dropped |
/// | tickets of one session | 256 | the final one that expires first is dropped; if there is none, the new one is rejected |
///
/// A call or a ticket that exceeds a limit of bytes alone is rejected. Expired entries are removed by the next use of the store.
///
/// Its time is that of tokio, so that tests can move it with `tokio::time::advance`.
#[derive(Default)]
pub struct MemoryStore {
    limits: Limits,
    calls: Mutex<Calls>,
    tickets: Mutex<Tickets>,
}

impl MemoryStore {
    /// Creates an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many calls of one tool are kept for one session. Default: 64.
    #[must_use]
    pub fn calls_per_tool(mut self, calls: usize) -> Self {
        self.limits.calls_per_tool = calls;
        self
    }

    /// Sets how many tickets are kept for one session. Default: 256.
    #[must_use]
    pub fn tickets_per_session(mut self, tickets: usize) -> Self {
        self.limits.tickets_per_session = tickets;
        self
    }

    /// Sets the bytes of the calls of one session, and of its tickets. Default: 8 MiB each.
    #[must_use]
    pub fn bytes_per_session(mut self, bytes: usize) -> Self {
        self.limits.bytes_per_session = bytes;
        self
    }

    /// Sets the bytes of all calls together, and of all tickets together. Default: 64 MiB each.
    #[must_use]
    pub fn bytes(mut self, bytes: usize) -> Self {
        self.limits.bytes = bytes;
        self
    }

    /// Sets how long a call is kept that no reader takes. Default: 1 h.
    #[must_use]
    pub fn call_retention(mut self, time: Duration) -> Self {
        self.limits.call_retention = time;
        self
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tickets(&self) -> MutexGuard<'_, Tickets> {
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.remove_expired(Instant::now());
        tickets
    }
}

impl Store for MemoryStore {
    fn record_call(&self, call: RecordedCall) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move { self.calls().add(call, &self.limits) })
    }

    fn take_call<'a>(
        &'a self,
        session_id: &'a str,
        tools: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Option<RecordedCall>, StoreError>> {
        Box::pin(async move { Ok(self.calls().take(session_id, tools)) })
    }

    fn call_recorded<'a>(&'a self, session_id: &'a str, tools: &'a [&'a str]) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let waiter = SessionWaiter { store: self, session_id };
            loop {
                let added = waiter.store.calls().added(session_id);
                // Before the calls are looked at, so that none is missed in between.
                let added = added.notified();
                if self.calls().contains(session_id, tools) {
                    return Ok(());
                }
                added.await;
            }
        })
    }

    fn open_ticket(&self, ticket: Ticket) -> BoxFuture<'_, Result<OpenedTicket, StoreError>> {
        Box::pin(async move { self.tickets().open(ticket, Instant::now(), &self.limits) })
    }

    fn ticket<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Ticket>, StoreError>> {
        Box::pin(async move { Ok(self.tickets().get(id)) })
    }

    fn ticket_with_key<'a>(
        &'a self,
        session_id: &'a str,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Ticket>, StoreError>> {
        Box::pin(async move { Ok(self.tickets().with_key(session_id, key).cloned()) })
    }

    fn ticket_changed<'a>(
        &'a self,
        id: &'a str,
        from: &'a TicketStatus,
    ) -> BoxFuture<'a, Result<Option<Ticket>, StoreError>> {
        Box::pin(async move {
            loop {
                let Some((changed, expires)) = self.tickets().changes(id) else { return Ok(None) };
                let changed = changed.notified();
                let ticket = self.tickets().get(id);
                if ticket.as_ref().is_none_or(|ticket| ticket.status != *from) {
                    return Ok(ticket);
                }
                // An expired ticket is found to be unknown in the next round.
                let _ = tokio::time::timeout_at(expires, changed).await;
            }
        })
    }

    fn set_ticket_status<'a>(
        &'a self,
        id: &'a str,
        status: TicketStatus,
        time_to_live: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        let change = StatusChange { from: None, status, time_to_live };
        Box::pin(async move { self.tickets().set_status(id, change, Instant::now(), &self.limits) })
    }

    fn replace_ticket_status<'a>(
        &'a self,
        id: &'a str,
        from: &'a TicketStatus,
        status: TicketStatus,
        time_to_live: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        let change = StatusChange { from: Some(from), status, time_to_live };
        Box::pin(async move { self.tickets().set_status(id, change, Instant::now(), &self.limits) })
    }

    fn remove_ticket<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.tickets().remove_id(id);
            Ok(())
        })
    }

    fn tickets<'a>(&'a self, session_id: Option<&'a str>) -> BoxFuture<'a, Result<Vec<Ticket>, StoreError>> {
        Box::pin(async move { Ok(self.tickets().list(session_id)) })
    }

    fn forget_session<'a>(&'a self, session_id: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.calls().forget(session_id);
            self.tickets().forget(session_id);
            Ok(())
        })
    }
}

/// Removes a session without calls when its last reader stops waiting.
struct SessionWaiter<'a> {
    store: &'a MemoryStore,
    session_id: &'a str,
}

impl Drop for SessionWaiter<'_> {
    fn drop(&mut self) {
        self.store.calls().remove_unused(self.session_id);
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("limits", &self.limits).finish_non_exhaustive()
    }
}
