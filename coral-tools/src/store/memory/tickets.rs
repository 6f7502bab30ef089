//! [`Tickets`]: the tickets of all sessions.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::limits::{Limits, expiry};
use crate::store::{OpenedTicket, StoreError, Ticket, TicketStatus};

/// The tickets in the order in which they were opened.
#[derive(Default)]
pub(super) struct Tickets {
    tickets: BTreeMap<u64, KeptTicket>,
    by_id: HashMap<String, u64>,
    sessions: HashMap<String, SessionTickets>,
    by_expiry: BTreeSet<(Instant, u64)>,
    opened: u64,
    bytes: usize,
}

struct KeptTicket {
    ticket: Ticket,
    opened: Instant,
    expires: Instant,
    changed: Arc<Notify>,
}

/// A change of the status of a ticket, which then expires after `time_to_live`.
pub(super) struct StatusChange<'a> {
    /// The status that the ticket must have, if it is given.
    pub(super) from: Option<&'a TicketStatus>,
    pub(super) status: TicketStatus,
    pub(super) time_to_live: Duration,
}

/// The numbers of the tickets of a session, by key.
type SessionTickets = HashMap<String, u64>;

impl Tickets {
    pub(super) fn open(&mut self, ticket: Ticket, now: Instant, limits: &Limits) -> Result<OpenedTicket, StoreError> {
        if let Some(existing) = self.with_key(&ticket.session_id, &ticket.key) {
            return Ok(OpenedTicket::Existing(existing.clone()));
        }
        self.make_room_for_ticket(&ticket, limits)?;
        let expires = expiry(now, ticket.time_to_live);
        self.opened += 1;
        let number = self.opened;
        self.bytes += size(&ticket);
        self.by_id.insert(ticket.id.clone(), number);
        self.sessions.entry(ticket.session_id.clone()).or_default().insert(ticket.key.clone(), number);
        self.by_expiry.insert((expires, number));
        self.tickets.insert(number, KeptTicket { ticket, opened: now, expires, changed: Arc::default() });
        Ok(OpenedTicket::New)
    }

    pub(super) fn get(&self, id: &str) -> Option<Ticket> {
        self.kept(id).map(|kept| kept.ticket.clone())
    }

    /// Returns what is notified when the ticket changes, and when it expires.
    pub(super) fn changes(&self, id: &str) -> Option<(Arc<Notify>, Instant)> {
        self.kept(id).map(|kept| (Arc::clone(&kept.changed), kept.expires))
    }

    /// Changes the status. Returns whether it has been set.
    pub(super) fn set_status(
        &mut self,
        id: &str,
        change: StatusChange<'_>,
        now: Instant,
        limits: &Limits,
    ) -> Result<bool, StoreError> {
        let StatusChange { from, status, time_to_live } = change;
        let Some(&number) = self.by_id.get(id) else { return Ok(false) };
        let Some(KeptTicket { ticket, .. }) = self.tickets.get(&number) else { return Ok(false) };
        if ticket.status.is_final() || from.is_some_and(|from| *from != ticket.status) {
            return Ok(false);
        }
        let session_id = ticket.session_id.clone();
        self.make_room(&session_id, status.size().saturating_sub(ticket.status.size()), limits)?;
        // It is not final, so it was not removed to make room.
        let Some(kept) = self.tickets.get_mut(&number) else { return Ok(false) };
        self.bytes = self.bytes - kept.ticket.status.size() + status.size();
        self.by_expiry.remove(&(kept.expires, number));
        kept.expires = expiry(now, time_to_live);
        self.by_expiry.insert((kept.expires, number));
        kept.ticket.time_to_live = (now - kept.opened).saturating_add(time_to_live);
        kept.ticket.status = status;
        kept.changed.notify_waiters();
        Ok(true)
    }

    pub(super) fn remove_id(&mut self, id: &str) {
        if let Some(&number) = self.by_id.get(id) {
            self.remove(number);
        }
    }

    pub(super) fn list(&self, session_id: Option<&str>) -> Vec<Ticket> {
        let is_listed = |ticket: &&Ticket| session_id.is_none_or(|id| ticket.session_id == id);
        self.tickets.values().map(|kept| &kept.ticket).filter(is_listed).cloned().collect()
    }

    pub(super) fn forget(&mut self, session_id: &str) {
        let numbers: Vec<u64> = self.sessions.get(session_id).into_iter().flat_map(HashMap::values).copied().collect();
        for number in numbers {
            self.remove(number);
        }
    }

    pub(super) fn remove_expired(&mut self, now: Instant) {
        while let Some(&(expires, number)) = self.by_expiry.first()
            && expires <= now
        {
            self.remove(number);
        }
    }

    fn kept(&self, id: &str) -> Option<&KeptTicket> {
        self.tickets.get(self.by_id.get(id)?)
    }

    pub(super) fn with_key(&self, session_id: &str, key: &str) -> Option<&Ticket> {
        let number = self.sessions.get(session_id)?.get(key)?;
        self.tickets.get(number).map(|kept| &kept.ticket)
    }

    /// Removes final tickets until the limits allow a further one.
    fn make_room_for_ticket(&mut self, ticket: &Ticket, limits: &Limits) -> Result<(), StoreError> {
        while self.sessions.get(&ticket.session_id).map_or(0, HashMap::len) >= limits.tickets_per_session {
            let dropped = self.remove_final(Some(&ticket.session_id));
            dropped.ok_or(StoreError::Full("the tickets of one session"))?;
        }
        self.make_room(&ticket.session_id, size(ticket), limits)
    }

    /// Removes final tickets until the limits allow this number of further bytes in a session.
    fn make_room(&mut self, session_id: &str, bytes: usize, limits: &Limits) -> Result<(), StoreError> {
        const SESSION_FULL: StoreError = StoreError::Full("the bytes of the tickets of one session");
        if bytes > limits.session_bytes() {
            return Err(SESSION_FULL);
        }
        while self.session_bytes(session_id) + bytes > limits.session_bytes() {
            self.remove_final(Some(session_id)).ok_or(SESSION_FULL)?;
        }
        while self.bytes + bytes > limits.bytes {
            self.remove_final(None).ok_or(StoreError::Full("the bytes of all tickets"))?;
        }
        Ok(())
    }

    fn session_bytes(&self, session_id: &str) -> usize {
        let numbers = self.sessions.get(session_id).into_iter().flat_map(HashMap::values);
        numbers.filter_map(|number| self.tickets.get(number)).map(|kept| size(&kept.ticket)).sum()
    }

    /// Removes the final ticket that expires first: of one session, or of all.
    fn remove_final(&mut self, session_id: Option<&str>) -> Option<()> {
        let is_removable = |number: &u64| {
            self.tickets.get(number).is_some_and(|KeptTicket { ticket, .. }| {
                ticket.status.is_final() && session_id.is_none_or(|id| ticket.session_id == id)
            })
        };
        let number = self.by_expiry.iter().map(|(_, number)| *number).find(is_removable)?;
        self.remove(number);
        Some(())
    }

    fn remove(&mut self, number: u64) {
        let Some(KeptTicket { ticket, expires, changed, .. }) = self.tickets.remove(&number) else { return };
        self.bytes -= size(&ticket);
        self.by_id.remove(&ticket.id);
        self.by_expiry.remove(&(expires, number));
        if let Some(session) = self.sessions.get_mut(&ticket.session_id) {
            session.remove(&ticket.key);
            if session.is_empty() {
                self.sessions.remove(&ticket.session_id);
            }
        }
        changed.notify_waiters();
    }
}

/// The bytes that a ticket occupies.
fn size(ticket: &Ticket) -> usize {
    let Ticket { id, session_id, agent_name, namespace, call_id, query, tool, key, arguments, status, .. } = ticket;
    let optional = [agent_name, namespace, call_id, query].into_iter().flatten().map(String::len).sum::<usize>();
    let names = 2 * (id.len() + session_id.len() + key.len()) + tool.len() + optional;
    size_of::<KeptTicket>() + names + arguments.len() + status.size()
}
