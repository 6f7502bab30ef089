//! The one loop: read what is told, run each call once, hand in the answers, until the turn is over.

use std::collections::VecDeque;
use std::fmt;
use std::future::pending;
use std::pin::pin;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, Fuse, FusedFuture, select};

use super::answers::Answers;
use super::desk::Desk;
use super::limits::Limits;
use super::turn::{RunError, Turn, TurnEnd};
use super::wire::{Asked, Ended, Told, Wire};
use crate::toolset::Toolset;

/// How many rounds are refused after the last that is served, so that an agent which goes on all the same is not left waiting.
const REFUSED_ROUNDS: usize = 8;

/// One turn of an agent, with an application's tools at its service. Made by the `run` of a platform's session; ended by
/// [`message`](Self::message) or [`resume`](Self::resume).
///
/// A session is served by one run at a time: a second one, in another process say, is asked for the same calls, and unless
/// the two share their [`Answers`] each runs them. To end a run early use [`until`](Self::until): it lets the tools that run
/// come to their end. Where the future is dropped instead, those are dropped with it, and [`resume`](Self::resume) runs
/// them once more from their beginning.
#[must_use = "nothing is done before `message` or `resume`"]
pub struct Run<'r, S, W> {
    wire: W,
    desk: Desk<'r, S>,
    stop: Fuse<BoxFuture<'r, ()>>,
    rounds: usize,
}

impl<'r, S: Sync, W: Wire> Run<'r, S, W> {
    pub(super) fn new(wire: W, tools: &'r Toolset<S>, state: &'r S, answers: Answers) -> Self {
        let desk = Desk { tools, state, limits: Limits::default(), answers };
        Self { wire, desk, stop: pending().boxed().fuse(), rounds: 0 }
    }

    /// How much the turn may ask.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.desk.limits = limits;
        self
    }

    /// Where answers are kept, instead of with the client.
    pub fn answers(mut self, answers: &Answers) -> Self {
        self.desk.answers = answers.clone();
        self
    }

    /// Stops when `stop` is ready: calls that run are finished and handed in, and nothing is begun after that. The turn goes on
    /// on the platform, and waits there for the next [`resume`](Self::resume).
    pub fn until(mut self, stop: impl Future<Output = ()> + Send + 'r) -> Self {
        self.stop = stop.boxed().fuse();
        self
    }

    /// Says `text` to the agent, and serves the turn that this begins to its end.
    ///
    /// # Errors
    ///
    /// Where the platform cannot be spoken with, or the turn fails or asks too much.
    pub async fn message(mut self, text: &str) -> Result<Turn, RunError> {
        // What is open is the platform's to settle.
        self.wire.prepare().await?;
        if self.is_stopped() {
            return Ok(Turn::new(TurnEnd::Stopped));
        }
        self.wire.send(text).await?;
        self.serve(Vec::new()).await
    }

    /// Serves the turn that runs, if one does, to its end: after a restart, or a [`stop`](Self::until). Calls that wait for an
    /// answer are found in the platform's own record.
    ///
    /// # Errors
    ///
    /// As [`message`](Self::message).
    pub async fn resume(mut self) -> Result<Turn, RunError> {
        let open = self.wire.recover().await?;
        self.serve(open).await
    }

    async fn serve(mut self, open: Vec<Told>) -> Result<Turn, RunError> {
        let (mut turn, mut open) = (Turn::new(TurnEnd::Stopped), VecDeque::from(open));
        while let Some(told) = self.next(&mut open).await? {
            match told {
                Told::Said(text) => turn.messages.push(text),
                Told::Waiting(_) if self.is_stopped() => break,
                Told::Waiting(calls) => self.answer(calls, &mut turn).await?,
                Told::Ended(Ended::Failed { code, message }) => return Err(RunError::Failed { code, message }),
                Told::Ended(_) if self.rounds > self.desk.limits.rounds => return Err(self.too_many_rounds()),
                Told::Ended(Ended::Done) => return Ok(Turn { end: TurnEnd::Done, ..turn }),
                Told::Ended(Ended::Cancelled) => return Ok(Turn { end: TurnEnd::Cancelled, ..turn }),
            }
        }
        Ok(turn)
    }

    /// What is told next; nothing where the run is stopped before that.
    async fn next(&mut self, open: &mut VecDeque<Told>) -> Result<Option<Told>, RunError> {
        if let Some(told) = open.pop_front() {
            return Ok(Some(told));
        }
        match select(&mut self.stop, pin!(self.wire.next())).await {
            Either::Left(_) => Ok(None),
            Either::Right((told, _)) => told.map(Some),
        }
    }

    fn is_stopped(&mut self) -> bool {
        self.stop.is_terminated() || (&mut self.stop).now_or_never().is_some()
    }

    /// One round: every call that is waited for.
    async fn answer(&mut self, calls: Vec<Asked>, turn: &mut Turn) -> Result<(), RunError> {
        let is_over = self.rounds >= self.desk.limits.rounds;
        let mut made = self.desk.batch::<W>(self.wire.session_id(), &calls, is_over).await;
        if made.is_empty() {
            return Ok(());
        }
        self.rounds += 1;
        let handed_in = self.wire.submit(&made.iter().map(Into::into).collect::<Vec<_>>()).await?;
        made.iter_mut().for_each(|call| call.was(&handed_in));
        turn.calls.append(&mut made);
        let most = self.desk.limits.rounds.saturating_add(REFUSED_ROUNDS);
        if self.rounds >= most { Err(self.too_many_rounds()) } else { Ok(()) }
    }

    fn too_many_rounds(&self) -> RunError {
        RunError::TooManyRounds(self.desk.limits.rounds)
    }
}

impl<S, W> fmt::Debug for Run<'_, S, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("tools", self.desk.tools).field("limits", &self.desk.limits).finish_non_exhaustive()
    }
}
