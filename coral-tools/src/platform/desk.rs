//! Where calls are answered: apart from the wire, so that they run beside each other.

use std::time::Duration;

use futures_util::stream::{StreamExt, iter};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::answers::{Answers, Given};
use super::limits::{Foreign, Limits};
use super::turn::CallMade;
use super::wire::{Answer, Asked, HandedIn, Wire};
use crate::call::Call;
use crate::toolset::{self, Toolset};

/// The label of what was not done because there was too much of it.
const OVER_LIMIT: &str = "over_limit";

pub(super) struct Desk<'r, S> {
    pub(super) tools: &'r Toolset<S>,
    pub(super) state: &'r S,
    pub(super) limits: Limits,
    pub(super) answers: Answers,
}

impl<S: Sync> Desk<'_, S> {
    /// The calls that are waited for, in their order, without those that are left to others. `is_over`: there were enough
    /// rounds before, so none is run.
    pub(super) async fn batch<W: Wire>(&self, session: &str, calls: &[Asked], is_over: bool) -> Vec<CallMade> {
        // The platform waits for the whole batch, not for each call.
        let end = Instant::now() + W::PATIENCE;
        let run = |(i, call)| async move {
            let is_over = is_over || i >= self.limits.calls;
            (i, self.one::<W>(session, call, is_over, end).await)
        };
        let runs: Vec<_> = calls.iter().enumerate().map(run).collect();
        let mut made: Vec<_> = iter(runs).buffer_unordered(self.limits.at_once).collect().await;
        made.sort_by_key(|(i, _)| *i);
        let mut made: Vec<CallMade> = made.into_iter().filter_map(|(_, made)| made).collect();
        fit(&mut made, W::LARGEST_BATCH);
        made
    }

    /// One call; nothing where it is left to others.
    async fn one<W: Wire>(&self, session: &str, call: &Asked, is_over: bool, end: Instant) -> Option<CallMade> {
        let refused = |label, why: &str| made(call, &refusal(label, why), false);
        let Some(descriptor) = self.tools.descriptor(&call.tool) else {
            let leave = W::TAKES_PARTS && self.limits.foreign == Foreign::Leave;
            tracing::info!(tool = call.tool, call = call.id, leave, "a call of a tool that is not here");
            return (!leave).then(|| refused("foreign", "tool not available in this client"));
        };
        if is_over {
            return Some(refused(OVER_LIMIT, "too many calls; this one was not run"));
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Some(refused(OVER_LIMIT, "the calls before it took all the time; this one was not run"));
        }
        let arguments = without_injected(&call.arguments, W::INJECTED, descriptor.input_schema());
        let run = self.run::<W>(session, call, &arguments, left);
        let (given, repeated) = self.answers.once(session, call, run).await;
        Some(made(call, &given, repeated))
    }

    async fn run<W: Wire>(&self, session: &str, call: &Asked, arguments: &[u8], left: Duration) -> Given {
        // In whole seconds, as agents read it.
        let left = Duration::from_secs(left.as_secs() + u64::from(left.subsec_nanos() > 0));
        let deadline = self.limits.deadline.min(left);
        let limits = toolset::Limits { arrived: std::time::Instant::now(), default: deadline, most: deadline };
        let call = Call::new(&call.tool, arguments).in_session(session).from_origin(W::ORIGIN).with_id(&call.id);
        let outcome = self.tools.dispatch_within(&call, self.state, limits).await;
        let label = outcome.label();
        let json = outcome.into_json();
        let most = self.limits.result_bytes;
        if json.len() > most {
            return refusal(OVER_LIMIT, &format!("the result is larger than {most} bytes; ask for less"));
        }
        Given { json: json.into(), label }
    }
}

/// Has the largest answers give way until the platform takes all of them at once.
fn fit(made: &mut [CallMade], most: usize) {
    let mut sizes: Vec<usize> = made.iter().map(size).collect();
    // What is left of them is nothing beside the limit.
    while sizes.iter().sum::<usize>() > most {
        let Some((largest, _)) = sizes.iter().enumerate().max_by_key(|(_, size)| **size) else { return };
        let why = "the results of all calls together are too large for the platform; ask for less at a time";
        let given = refusal(OVER_LIMIT, why);
        (made[largest].outcome, made[largest].text) = (given.label, text(&given.json));
        sizes[largest] = 0;
    }
}

/// How many bytes an answer has as it is handed in: as a text in JSON at most, and what is around it.
fn size(made: &CallMade) -> usize {
    const AROUND: usize = 200;
    AROUND + made.id.len() + json!(made.text).to_string().len()
}

fn refusal(label: &'static str, why: &str) -> Given {
    let json = json!({"success": false, "error": why}).to_string();
    Given { json: json.into_bytes().into(), label }
}

fn text(json: &[u8]) -> String {
    String::from_utf8_lossy(json).into_owned()
}

fn made(call: &Asked, given: &Given, repeated: bool) -> CallMade {
    let (id, tool) = (call.id.clone(), call.tool.clone());
    CallMade { id, tool, outcome: given.label, text: text(&given.json), repeated, late: false }
}

impl CallMade {
    /// What became of its answer.
    pub(super) fn was(&mut self, handed_in: &HandedIn) {
        self.late = handed_in.late.contains(&self.id);
        if let Some(instead) = handed_in.replaced.iter().find(|answer| answer.id == self.id) {
            self.outcome = OVER_LIMIT;
            self.text = text(&instead.json);
        }
    }
}

impl From<&CallMade> for Answer {
    fn from(made: &CallMade) -> Self {
        let is_error = made.outcome != "success";
        Self { id: made.id.clone(), json: made.text.as_bytes().into(), is_error }
    }
}

/// The arguments without those that the platform adds by itself and the tool does not know.
fn without_injected(arguments: &[u8], injected: &[&str], schema: &Map<String, Value>) -> Vec<u8> {
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
