//! The list of events.

use http::StatusCode;
use serde_json::Value;

use super::event_filter::EventFilter;
use super::fault::value_of;
use super::rejection::Rejection;
use super::session::Session;

impl Session {
    /// Lists the events that match `filter`, oldest first; with a limit, the last ones.
    pub(super) fn list_events(&mut self, filter: &EventFilter) -> Result<Vec<Value>, Rejection> {
        if !self.messages.is_empty() && self.faults.count_down(value_of!(EventListsUnavailable)) {
            return Err(Rejection::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again"));
        }
        let from =
            filter.since.as_deref().map_or(Ok(filter.after.unwrap_or_default()), |since| self.position_after(since))?;
        let to = filter.before.map_or(self.events.len(), |before| before.saturating_sub(1)).min(self.events.len());
        let matching = (from.min(to)..to).filter(|at| filter.matches(&self.events[*at]));
        let mut positions: Vec<usize> = matching.collect();
        if let Some(limit) = filter.limit {
            positions.drain(..positions.len().saturating_sub(limit));
        }
        // A page of earlier events begins at the start of a turn.
        if filter.before.is_some()
            && let Some(first) = positions.first().copied()
        {
            let is_turn_start = |at: &usize| self.events[*at]["type"] == "turn.started";
            let turn = (0..=first).rev().find(is_turn_start).unwrap_or(first);
            let before: Vec<usize> = (turn..first).filter(|at| filter.matches(&self.events[*at])).collect();
            positions.splice(..0, before);
        }
        Ok(positions.into_iter().map(|at| self.events[at].clone()).collect())
    }
}
