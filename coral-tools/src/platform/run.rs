//! The loop: reads events, runs each call once and submits the results, until the turn ends.

use std::collections::VecDeque;
use std::fmt;
use std::future::pending;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, Fuse, FusedFuture, select};

use crate::platform::adapter::Platform;
use crate::platform::batch::{BatchRunner, RoundLimitStatus, apply_report};
use crate::platform::event::{ToolCall, ToolResult, TurnEvent, TurnOutcome};
use crate::platform::limits::RunLimits;
use crate::platform::result_cache::ResultCache;
use crate::platform::turn::{CallRecord, RunError, Turn, TurnEnd};
use crate::toolset::Toolset;

/// Rounds that are rejected after the last round that is served, so that an agent which keeps calling tools still gets results.
const REJECTED_ROUNDS: usize = 8;

/// Bytes that a message uses beside its text.
const ITEM_OVERHEAD: usize = 64;

/// One turn of an agent, served with an application's tools. Created by the `run` method of a platform's session; started by
/// [`message`](Self::message) or [`resume`](Self::resume).
///
/// Use one run at a time for a session: a second run, for example in another process, receives the same calls, and unless the two
/// share a [`ResultCache`], each runs them. To end a run early, use [`until`](Self::until), which lets running tools finish. If
/// the future is dropped instead, running tools are dropped with it, and [`resume`](Self::resume) runs their calls again.
#[must_use = "a run does nothing before `message` or `resume`"]
pub struct Run<'r, S> {
    platform: Box<dyn Platform>,
    batches: BatchRunner<'r, S>,
    stop: Fuse<BoxFuture<'r, ()>>,
    rounds: usize,
    /// The bytes of the turn until now.
    turn_bytes: usize,
}

impl<'r, S: Sync> Run<'r, S> {
    pub(super) fn new(
        platform: impl Platform + 'static,
        tools: &'r Toolset<S>,
        state: &'r S,
        cache: ResultCache,
    ) -> Self {
        let batches = BatchRunner { tools, state, policy: platform.policy(), limits: RunLimits::default(), cache };
        Self { platform: Box::new(platform), batches, stop: pending().boxed().fuse(), rounds: 0, turn_bytes: 0 }
    }

    /// Limits on the tool calls of the turn. Default: [`RunLimits::new`].
    pub fn limits(mut self, limits: RunLimits) -> Self {
        self.batches.limits = limits;
        self
    }

    /// The cache of results. Default: the client's.
    pub fn result_cache(mut self, cache: &ResultCache) -> Self {
        self.batches.cache = cache.clone();
        self
    }

    /// Stops the run when `stop` is ready: running calls are finished and their results submitted, and no further call starts.
    /// The turn continues on the platform, which waits for the next [`resume`](Self::resume).
    pub fn until(mut self, stop: impl Future<Output = ()> + Send + 'r) -> Self {
        self.stop = stop.boxed().fuse();
        self
    }

    /// Sends `text` to the agent and serves the turn that this starts, until it ends.
    ///
    /// # Errors
    ///
    /// Returns an error if the platform cannot be reached or rejects a request, if the turn fails, or if the agent exceeds
    /// [`RunLimits::rounds`].
    pub async fn message(mut self, text: &str) -> Result<Turn, RunError> {
        // The platform settles the open calls of an earlier turn by itself.
        self.platform.prepare().await?;
        if self.is_stopped() {
            return Ok(Turn::new(TurnEnd::Stopped));
        }
        self.platform.send(text).await?;
        self.serve(Vec::new()).await
    }

    /// Serves the current turn, if there is one, until it ends: after a restart or a [stop](Self::until). Calls that wait for
    /// results are read from the platform's events. Without a current turn, returns the messages of the last one.
    ///
    /// # Errors
    ///
    /// Returns an error for the same reasons as [`message`](Self::message).
    pub async fn resume(mut self) -> Result<Turn, RunError> {
        let recovered = self.platform.recover().await?;
        self.serve(recovered).await
    }

    async fn serve(mut self, recovered: Vec<TurnEvent>) -> Result<Turn, RunError> {
        let (mut turn, mut recovered) = (Turn::new(TurnEnd::Stopped), VecDeque::from(recovered));
        while let Some(event) = self.next_event(&mut recovered).await? {
            match event {
                TurnEvent::Message(text) => {
                    self.count_bytes(text.len())?;
                    turn.messages.push(text);
                }
                TurnEvent::ToolCalls(_) if self.is_stopped() => break,
                TurnEvent::ToolCalls(calls) => self.run_batch(calls, &mut turn).await?,
                TurnEvent::Ended(TurnOutcome::Failed { code, message }) => {
                    return Err(RunError::Failed { code, message });
                }
                TurnEvent::Ended(_) if self.rounds > self.batches.limits.rounds => return Err(self.too_many_rounds()),
                TurnEvent::Ended(TurnOutcome::Done) => return Ok(Turn { end: TurnEnd::Done, ..turn }),
                TurnEvent::Ended(TurnOutcome::Cancelled) => return Ok(Turn { end: TurnEnd::Cancelled, ..turn }),
            }
        }
        Ok(turn)
    }

    /// Returns the next event, or `None` if the run is stopped first.
    async fn next_event(&mut self, recovered: &mut VecDeque<TurnEvent>) -> Result<Option<TurnEvent>, RunError> {
        if let Some(event) = recovered.pop_front() {
            return Ok(Some(event));
        }
        match select(&mut self.stop, self.platform.next_event()).await {
            Either::Left(_) => Ok(None),
            Either::Right((event, _)) => event.map(Some),
        }
    }

    fn is_stopped(&mut self) -> bool {
        self.stop.is_terminated() || (&mut self.stop).now_or_never().is_some()
    }

    /// Runs a batch of calls and submits their results.
    async fn run_batch(&mut self, calls: Vec<ToolCall>, turn: &mut Turn) -> Result<(), RunError> {
        let max_rounds = self.batches.limits.rounds;
        let budget = if self.rounds < max_rounds { RoundLimitStatus::Left } else { RoundLimitStatus::UsedUp };
        let mut records = self.batches.run(self.platform.session_id(), &calls, budget).await;
        if records.is_empty() {
            return Ok(());
        }
        self.rounds += 1;
        let results: Vec<ToolResult> = records.iter().map(ToolResult::from).collect();
        let report = self.platform.submit(&results).await?;
        apply_report(&mut records, &report);
        self.count_bytes(records.iter().map(CallRecord::size).sum())?;
        turn.calls.append(&mut records);
        if self.rounds >= max_rounds.saturating_add(REJECTED_ROUNDS) { Err(self.too_many_rounds()) } else { Ok(()) }
    }

    /// Counts what the turn contains.
    fn count_bytes(&mut self, bytes: usize) -> Result<(), RunError> {
        self.turn_bytes += bytes + ITEM_OVERHEAD;
        let limit = self.batches.limits.turn_bytes;
        if self.turn_bytes > limit { Err(RunError::TooLarge(limit)) } else { Ok(()) }
    }

    fn too_many_rounds(&self) -> RunError {
        RunError::TooManyRounds(self.batches.limits.rounds)
    }
}

impl<S> fmt::Debug for Run<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("session", &self.platform.session_id())
            .field("tools", self.batches.tools)
            .field("limits", &self.batches.limits)
            .finish_non_exhaustive()
    }
}
