//! What the one loop needs of a platform.

use std::sync::Arc;
use std::time::Duration;

use super::turn::RunError;
use crate::call::Origin;

/// What a platform tells, in the words of the loop.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// The platform waits for the answers to these calls, each of which it has from nobody yet.
    Waiting(Vec<Asked>),
    /// The agent says something to the user.
    Said(String),
    /// The turn is over.
    Ended(Ended),
}

/// A call of an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The platform's id of it.
    pub id: String,
    /// Where it was first asked among the platform's events, if ids may come again: model providers use theirs again in
    /// another round, and that is another call.
    pub place: Option<u64>,
    /// The tool's name.
    pub tool: String,
    /// The arguments as JSON.
    pub arguments: Vec<u8>,
}

/// How a turn is over.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    /// The agent is done.
    Done,
    /// Somebody has stopped it.
    Cancelled,
    /// It has failed, and this is why.
    Failed {
        /// The platform's word for it.
        code: Option<String>,
        /// Its sentence.
        message: String,
    },
}

/// The answer to a call, as the agent reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The id of the call.
    pub id: String,
    /// JSON: what the tool returned, or why it did not.
    pub json: Arc<[u8]>,
    /// Whether it says why not.
    pub is_error: bool,
}

/// What became of answers that were handed in.
#[derive(Debug, Default)]
pub struct HandedIn {
    /// The ids of those that came too late.
    pub late: Vec<String>,
    /// What the agent reads in the place of those that the platform refused.
    pub replaced: Vec<Answer>,
}

/// One session on a platform, as the loop reads and answers it.
///
/// It keeps the place in the platform's events, and makes connections again by itself.
pub trait Wire: Send {
    /// Where calls come from.
    const ORIGIN: Origin;
    /// Whether some of the calls that are waited for may be left to others.
    const TAKES_PARTS: bool;
    /// The longest that the platform waits for the answers to a batch.
    const PATIENCE: Duration;
    /// How many bytes the answers to a batch may have, as they are handed in.
    const LARGEST_BATCH: usize;
    /// Arguments that the platform adds by itself; a tool that does not know them does not see them.
    const INJECTED: &'static [&'static str];

    /// The session's id.
    fn session_id(&self) -> &str;

    /// Reads what has been told so far, and goes on after that. Returns what is still to be done in the turn that runs: its
    /// open calls, and that the platform waits for them; or that no turn runs.
    fn recover(&mut self) -> impl Future<Output = Result<Vec<Told>, RunError>> + Send;

    /// Makes ready for a message: finds out where the platform's events are by now. Nothing is to be done where the platform says
    /// it when it takes the message.
    fn prepare(&mut self) -> impl Future<Output = Result<(), RunError>> + Send {
        async { self.recover().await.map(drop) }
    }

    /// Says something to the agent, which begins a turn.
    fn send(&mut self, message: &str) -> impl Future<Output = Result<(), RunError>> + Send;

    /// What is told next.
    fn next(&mut self) -> impl Future<Output = Result<Told, RunError>> + Send;

    /// Hands in answers.
    fn submit(&mut self, answers: &[Answer]) -> impl Future<Output = Result<HandedIn, RunError>> + Send;
}
