//! Events as a list.

use http::StatusCode;
use serde_json::Value;

use super::filter::Filter;
use super::refusal::Refusal;
use super::session::Session;
use super::trap::Trap;

impl Session {
    /// The events that a client asks for, oldest first: with a limit, the last of them.
    pub(super) fn list(&mut self, filter: &Filter) -> Result<Vec<Value>, Refusal> {
        if !self.messages.is_empty()
            && self.traps.springs(|trap| if let Trap::IllAfterMessages(left) = trap { Some(left) } else { None })
        {
            return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again"));
        }
        let from = filter.since.as_deref().map_or(Ok(filter.after.unwrap_or_default()), |since| self.after(since))?;
        let to = filter.before.map_or(self.events.len(), |before| before.saturating_sub(1)).min(self.events.len());
        let asked = (from.min(to)..to).filter(|at| filter.lets(&self.events[*at]));
        let mut places: Vec<usize> = asked.collect();
        if let Some(limit) = filter.limit {
            places.drain(..places.len().saturating_sub(limit));
        }
        // A page back begins with the beginning of a turn.
        if filter.before.is_some()
            && let Some(first) = places.first().copied()
        {
            let is_beginning = |at: &usize| self.events[*at]["type"] == "turn.started";
            let turn = (0..=first).rev().find(is_beginning).unwrap_or(first);
            let before: Vec<usize> = (turn..first).filter(|at| filter.lets(&self.events[*at])).collect();
            places.splice(..0, before);
        }
        Ok(places.into_iter().map(|at| self.events[at].clone()).collect())
    }
}
