//! Limits of one run.

use std::time::Duration;

/// Limits on the tool calls of one turn. A call over a limit gets an error as its result, which the agent can read, so that the
/// platform does not wait forever.
///
/// ```
/// use std::time::Duration;
///
/// use coral_tools::platform::RunLimits;
///
/// let limits = RunLimits::new().rounds(8).timeout(Duration::from_secs(30));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct RunLimits {
    pub(super) rounds: usize,
    pub(super) calls_per_batch: usize,
    pub(super) concurrency: usize,
    pub(super) result_bytes: usize,
    pub(super) turn_bytes: usize,
    pub(super) timeout: Duration,
    pub(super) unknown_tools: UnknownToolPolicy,
}

/// How a run handles calls of tools that its toolset does not contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum UnknownToolPolicy {
    /// The call gets an error as its result; the agent can continue without it.
    #[default]
    Reject,
    /// The call is left to another client of the session, if the platform accepts results one by one. Everruns does not: there
    /// the call is rejected.
    Leave,
}

impl Default for RunLimits {
    fn default() -> Self {
        Self {
            rounds: 50,
            calls_per_batch: 32,
            concurrency: 8,
            result_bytes: 64 << 10,
            turn_bytes: 64 << 20,
            timeout: Duration::from_secs(120),
            unknown_tools: UnknownToolPolicy::Reject,
        }
    }
}

impl RunLimits {
    /// The default limits: 50 rounds of 32 calls, 8 at the same time, 120 s and 64 KiB for each.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many times the agent may call tools in one turn. Calls after that are rejected, and the run ends with
    /// [`RunError::TooManyRounds`](super::RunError::TooManyRounds). Default: 50.
    pub fn rounds(mut self, rounds: usize) -> Self {
        self.rounds = rounds;
        self
    }

    /// How many calls the agent may make in one round. Default: 32.
    pub fn calls_per_batch(mut self, calls: usize) -> Self {
        self.calls_per_batch = calls;
        self
    }

    /// How many calls run at the same time, in any order; at least 1. With 1 they run one after another, in the order in which
    /// the platform lists them. Default: 8.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// The largest result of one call, in bytes of JSON. Default: 64 KiB.
    pub fn result_bytes(mut self, bytes: usize) -> Self {
        self.result_bytes = bytes;
        self
    }

    /// The largest size of a turn in bytes: its messages and the results of its calls, which [`Turn`](super::Turn) contains. The
    /// run ends with [`RunError::TooLarge`](super::RunError::TooLarge) if it is exceeded. Default: 64 MiB.
    pub fn turn_bytes(mut self, bytes: usize) -> Self {
        self.turn_bytes = bytes;
        self
    }

    /// Timeout of tools that set no `timeout` of their own, and the longest timeout of any tool. Default: 120 s. Everruns gives
    /// up on a batch after 300 s, so all the calls of a batch get 240 s together there; a call that would start later is
    /// rejected.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How to handle calls of tools that are not in the toolset. Default: [`UnknownToolPolicy::Reject`].
    pub fn unknown_tools(mut self, policy: UnknownToolPolicy) -> Self {
        self.unknown_tools = policy;
        self
    }
}
