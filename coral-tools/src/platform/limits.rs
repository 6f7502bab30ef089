//! How much one turn may ask of an application.

use std::time::Duration;

/// How much one turn may ask of an application. What is over a limit is answered with an error that the agent can read, so
/// that the platform does not wait for ever.
///
/// ```
/// use std::time::Duration;
///
/// use coral_tools::platform::Limits;
///
/// let limits = Limits::new().rounds(8).deadline(Duration::from_secs(30));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Limits {
    pub(super) rounds: usize,
    pub(super) calls: usize,
    pub(super) at_once: usize,
    pub(super) result_bytes: usize,
    pub(super) deadline: Duration,
    pub(super) foreign: Foreign,
}

/// What becomes of a call of a tool that this application does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Foreign {
    /// It is answered with an error: the agent can go on without.
    #[default]
    Refuse,
    /// It is left for another client of the session, where the platform takes answers one by one. Everruns does not: there it
    /// is refused all the same.
    Leave,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rounds: 50,
            calls: 32,
            at_once: 8,
            result_bytes: 64 << 10,
            deadline: Duration::from_secs(120),
            foreign: Foreign::Refuse,
        }
    }
}

impl Limits {
    /// 50 rounds of 32 calls, 8 at once, 120 s and 64 KiB for each.
    pub fn new() -> Self {
        Self::default()
    }

    /// How often the agent may ask in one turn. After that it is refused, and the run ends in
    /// [`RunError::TooManyRounds`](super::RunError::TooManyRounds).
    pub fn rounds(mut self, rounds: usize) -> Self {
        self.rounds = rounds;
        self
    }

    /// How many calls it may make each time.
    pub fn calls_per_batch(mut self, calls: usize) -> Self {
        self.calls = calls;
        self
    }

    /// How many of them run at the same time, in whatever order; at least one. With one they run in the order in which the
    /// platform wants the answers.
    pub fn at_once(mut self, calls: usize) -> Self {
        self.at_once = calls.max(1);
        self
    }

    /// How many bytes the answer to one call may have, as the agent reads it.
    pub fn result_bytes(mut self, bytes: usize) -> Self {
        self.result_bytes = bytes;
        self
    }

    /// How long a tool may take that does not say itself; no tool may take longer. Everruns gives up on a batch after 300 s, so
    /// all the calls of one get 240 s together there: one that would begin after that is refused.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// What becomes of calls of other tools.
    pub fn foreign(mut self, foreign: Foreign) -> Self {
        self.foreign = foreign;
        self
    }
}
