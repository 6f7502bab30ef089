//! The one loop: read what is told, run each call once, hand in the answers, until the turn is over.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::future::pending;
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, select};
use futures_util::stream::{StreamExt, iter};
use serde_json::Value;

use super::answers::{Answers, Given};
use super::limits::{Foreign, Limits};
use super::turn::{CallMade, RunError, Turn, TurnEnd};
use super::wire::{Answer, Asked, Ended, Told, Wire};
use crate::call::Call;
use crate::toolset::{self, Toolset};

/// One turn of an agent, with an application's tools at its service. Made by the `run` of a platform's session; ended by
/// [`message`](Self::message) or [`resume`](Self::resume).
#[must_use = "nothing is done before `message` or `resume`"]
pub struct Run<'r, S, W> {
    wire: W,
    desk: Desk<'r, S>,
    stop: BoxFuture<'r, ()>,
}

/// What calls are answered by. Apart from the wire, so that calls run beside each other on any thread.
struct Desk<'r, S> {
    tools: &'r Toolset<S>,
    state: &'r S,
    limits: Limits,
    answers: Answers,
}

impl<'r, S: Sync, W: Wire> Run<'r, S, W> {
    pub(super) fn new(wire: W, tools: &'r Toolset<S>, state: &'r S, answers: Answers) -> Self {
        let desk = Desk { tools, state, limits: Limits::default(), answers };
        Self { wire, desk, stop: pending().boxed() }
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
        self.stop = stop.boxed();
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
        let (mut turn, mut batch, mut open) = (Turn::new(), Batch::default(), VecDeque::from(open));
        loop {
            let told = match open.pop_front() {
                Some(told) => told,
                None => match select(&mut self.stop, std::pin::pin!(self.wire.next())).await {
                    Either::Left(_) => return Ok(Turn { end: TurnEnd::Stopped, ..turn }),
                    Either::Right((told, _)) => told?,
                },
            };
            match told {
                Told::Asked(call) => batch.ask(call)?,
                Told::Settled(ids) => batch.settle(ids),
                Told::Said(text) => turn.messages.push(text),
                Told::Waiting(ids) => self.answer(&mut batch, ids, &mut turn).await?,
                Told::Ended(Ended::Done) => return Ok(turn),
                Told::Ended(Ended::Cancelled) => return Ok(Turn { end: TurnEnd::Cancelled, ..turn }),
                Told::Ended(Ended::Failed { code, message }) => return Err(RunError::Failed { code, message }),
            }
        }
    }

    /// One round: every call that is waited for and has no answer yet.
    async fn answer(&mut self, batch: &mut Batch, ids: Vec<String>, turn: &mut Turn) -> Result<(), RunError> {
        let calls = batch.open(ids)?;
        if calls.is_empty() {
            return Ok(());
        }
        batch.rounds += 1;
        let is_over = batch.rounds > self.desk.limits.rounds;
        let answered: Vec<Option<CallMade>> = {
            let (desk, session) = (&self.desk, self.wire.session_id().to_owned());
            let run = |(i, call)| desk.one::<W>(&session, call, is_over || i >= desk.limits.calls);
            let runs: Vec<_> = calls.iter().enumerate().map(run).collect();
            iter(runs).buffered(desk.limits.at_once).collect().await
        };
        let mut made: Vec<CallMade> = answered.into_iter().flatten().collect();
        let late = self.wire.submit(&made.iter().map(answer).collect::<Vec<_>>()).await?;
        for call in &mut made {
            call.late = late.contains(&call.id);
        }
        batch.settle(calls.into_iter().map(|call| call.id).collect());
        turn.calls.append(&mut made);
        if is_over { Err(RunError::TooManyRounds(self.desk.limits.rounds)) } else { Ok(()) }
    }
}

impl<S: Sync> Desk<'_, S> {
    /// One call; nothing where it is left to others.
    async fn one<W: Wire>(&self, session: &str, call: &Asked, is_over_limit: bool) -> Option<CallMade> {
        let refused = |outcome, why: &str| made(call, &refusal(outcome, why), false);
        let Some(descriptor) = self.tools.descriptor(&call.tool) else {
            let leave = W::TAKES_PARTS && self.limits.foreign == Foreign::Leave;
            tracing::info!(tool = call.tool, call = call.id, leave, "a call of a tool that is not here");
            return (!leave).then(|| refused("foreign", "tool not available in this client"));
        };
        if is_over_limit {
            return Some(refused("over_limit", "too many calls; this one was not run"));
        }
        let arguments = without_injected(&call.arguments, W::INJECTED, descriptor.input_schema());
        let run = self.run::<W>(session, call, &arguments);
        let (given, repeated) = self.answers.once(session, call, run).await;
        if given.json.len() > self.limits.result_bytes {
            let why = format!("the result is larger than {} bytes; ask for less", self.limits.result_bytes);
            return Some(refused("over_limit", &why));
        }
        Some(made(call, &given, repeated))
    }

    async fn run<W: Wire>(&self, session: &str, call: &Asked, arguments: &[u8]) -> Given {
        let deadline = self.limits.deadline.min(W::PATIENCE);
        let limits = toolset::Limits { arrived: Instant::now(), default: deadline, most: deadline };
        let call = Call::new(&call.tool, arguments).in_session(session).from_origin(W::ORIGIN).with_id(&call.id);
        let outcome = self.tools.dispatch_within(&call, self.state, limits).await;
        let label = outcome.label();
        Given { json: outcome.into_json().into(), label }
    }
}

impl<S, W> fmt::Debug for Run<'_, S, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("tools", self.desk.tools).field("limits", &self.desk.limits).finish_non_exhaustive()
    }
}

/// The calls of a turn.
#[derive(Debug, Default)]
struct Batch {
    asked: HashMap<String, Asked>,
    /// Those that need no answer any more.
    settled: HashSet<String>,
    rounds: usize,
}

impl Batch {
    fn ask(&mut self, call: Asked) -> Result<(), RunError> {
        match self.asked.get(&call.id) {
            Some(known) if *known != call => {
                Err(RunError::unexpected(format!("two different calls have the id {}", call.id)))
            }
            // It asks again: the answer has not reached it.
            Some(_) => {
                self.settled.remove(&call.id);
                Ok(())
            }
            None => {
                self.asked.insert(call.id.clone(), call);
                Ok(())
            }
        }
    }

    fn settle(&mut self, ids: Vec<String>) {
        self.settled.extend(ids);
    }

    /// Those of `ids` that have no answer yet, each once, in their order.
    fn open(&self, ids: Vec<String>) -> Result<Vec<Asked>, RunError> {
        let mut seen = HashSet::new();
        let open = ids.into_iter().filter(|id| !self.settled.contains(id) && seen.insert(id.clone()));
        let call = |id: String| {
            let unknown = || RunError::unexpected(format!("it waits for an answer to {id}, which was never asked"));
            self.asked.get(&id).cloned().ok_or_else(unknown)
        };
        open.map(call).collect()
    }
}

fn refusal(label: &'static str, why: &str) -> Given {
    let json = serde_json::json!({"success": false, "error": why}).to_string();
    Given { json: json.into_bytes().into(), label }
}

fn made(call: &Asked, given: &Given, repeated: bool) -> CallMade {
    let text = String::from_utf8_lossy(&given.json).into_owned();
    let (id, tool) = (call.id.clone(), call.tool.clone());
    CallMade { id, tool, outcome: given.label, text, repeated, late: false }
}

fn answer(made: &CallMade) -> Answer {
    let is_error = made.outcome != "success";
    Answer { id: made.id.clone(), json: made.text.as_bytes().into(), is_error }
}

/// The arguments without those that the platform adds by itself and the tool does not know.
fn without_injected(arguments: &[u8], injected: &[&str], schema: &serde_json::Map<String, Value>) -> Vec<u8> {
    let known = |name: &str| schema.get("properties").and_then(|properties| properties.get(name)).is_some();
    if injected.iter().all(|name| known(name)) {
        return arguments.to_vec();
    }
    let Ok(Value::Object(mut object)) = serde_json::from_slice(arguments) else { return arguments.to_vec() };
    for name in injected.iter().filter(|name| !known(name)) {
        object.remove(*name);
    }
    Value::Object(object).to_string().into_bytes()
}
