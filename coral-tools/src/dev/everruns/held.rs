//! What an agent does not do before a test lets it go.

use super::decode::ToolResult;
use super::session::Session;

/// What is next once it is let go.
pub(super) enum Held {
    /// The beginning of the turn.
    Beginning,
    /// The next step.
    Step,
    /// These answers, which have been accepted, and then the next step.
    Results(Vec<ToolResult>),
}

impl Session {
    /// Lets the agent go on, if it is held.
    pub(super) fn release(&mut self) {
        match self.held.take() {
            Some(Held::Beginning) => self.start(),
            Some(Held::Step) => self.go_on(),
            Some(Held::Results(results)) => self.take(&results),
            None => (),
        }
    }
}
