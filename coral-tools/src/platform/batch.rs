//! Runs the tool calls of a batch concurrently, apart from the connection to the platform.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::stream::{StreamExt, iter};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::call::Call;
use crate::platform::adapter::BatchRules;
use crate::platform::event::{SubmitReport, ToolCall, ToolResult};
use crate::platform::limits::{RunLimits, UnknownToolPolicy};
use crate::platform::result_cache::{CachedResult, ResultCache};
use crate::platform::turn::{CallOutcome, CallRecord};
use crate::telemetry::{CallFields, call_event};
use crate::toolset::{Deadlines, Toolset};

/// Runs batches of calls with one toolset.
pub(super) struct BatchRunner<'r, S> {
    pub(super) tools: &'r Toolset<S>,
    pub(super) state: &'r S,
    pub(super) policy: BatchRules,
    pub(super) limits: RunLimits,
    pub(super) cache: ResultCache,
}

/// Whether a batch is within [`RunLimits::rounds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RoundLimitStatus {
    Left,
    /// No call of the batch is run.
    UsedUp,
}

impl<S: Sync> BatchRunner<'_, S> {
    /// Runs the calls and returns their records in the same order, without the calls that are left to other clients.
    pub(super) async fn run(&self, session: &str, calls: &[ToolCall], rounds: RoundLimitStatus) -> Vec<CallRecord> {
        // The platform waits for the whole batch, not for each call.
        let deadline = Instant::now() + self.policy.timeout;
        let run = |(i, call)| async move {
            let is_over_limit = rounds == RoundLimitStatus::UsedUp || i >= self.limits.calls_per_batch;
            (i, self.run_call(session, call, is_over_limit, deadline).await)
        };
        let runs: Vec<_> = calls.iter().enumerate().map(run).collect();
        let mut records: Vec<_> = iter(runs).buffer_unordered(self.limits.concurrency).collect().await;
        records.sort_by_key(|(i, _)| *i);
        let mut records: Vec<CallRecord> = records.into_iter().filter_map(|(_, record)| record).collect();
        replace_largest(&mut records, self.policy.max_bytes);
        records
    }

    /// Runs one call; `None` if it is left to other clients.
    async fn run_call(
        &self,
        session: &str,
        call: &ToolCall,
        is_over_limit: bool,
        deadline: Instant,
    ) -> Option<CallRecord> {
        let reject = |outcome, message: &str| CallRecord::new(call, &error_result(outcome, message), false);
        let Some(descriptor) = self.tools.descriptor(&call.tool) else {
            let leave = self.policy.accepts_partial && self.limits.unknown_tools == UnknownToolPolicy::Leave;
            let fields =
                CallFields { tool: Some(&call.tool), call_id: Some(&call.id), ..CallFields::of_session(session) };
            call_event!(info, fields, "the toolset does not contain a tool that was called", leave);
            return (!leave).then(|| reject(CallOutcome::UnknownTool, "tool not available in this client"));
        };
        if is_over_limit {
            return Some(reject(CallOutcome::OverLimit, "too many calls; this one was not run"));
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Some(reject(CallOutcome::OverLimit, "not run: earlier calls used up the time limit"));
        }
        let arguments = without_injected(&call.arguments, self.policy.injected_arguments, descriptor.input_schema());
        let dispatch = self.dispatch(session, call, &arguments, left);
        let (result, from_cache) = self.cache.get_or_run(session, call, dispatch).await;
        Some(CallRecord::new(call, &result, from_cache))
    }

    async fn dispatch(&self, session: &str, call: &ToolCall, arguments: &[u8], left: Duration) -> CachedResult {
        // In whole seconds, because agents read it.
        let left = Duration::from_secs(left.as_secs() + u64::from(left.subsec_nanos() > 0));
        let timeout = self.limits.timeout.min(left);
        let deadlines = Deadlines::new().default_timeout(timeout).ceiling(timeout);
        let call =
            Call::new(&call.tool, arguments).in_session(session).from_origin(self.policy.origin).with_id(&call.id);
        let outcome = self.tools.dispatch_within(&call, self.state, deadlines).await;
        let label = CallOutcome::from(&outcome);
        let json = outcome.into_json();
        let max_bytes = self.limits.result_bytes;
        if json.len() > max_bytes {
            let message = format!("the result is larger than {max_bytes} bytes; ask for less");
            return error_result(CallOutcome::OverLimit, &message);
        }
        CachedResult { json: json.into(), outcome: label }
    }
}

/// Replaces the largest results with short errors until the platform accepts all of them together.
fn replace_largest(records: &mut [CallRecord], max_bytes: usize) {
    let message = "the results of all calls together are too large for the platform; ask for less at a time";
    let error = error_result(CallOutcome::OverLimit, message);
    let mut by_size: Vec<(usize, &mut CallRecord)> = records.iter_mut().map(|it| (submitted_size(it), it)).collect();
    let mut sum: usize = by_size.iter().map(|(size, _)| size).sum();
    if sum <= max_bytes {
        return;
    }
    by_size.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    for (size, record) in by_size {
        // The other results are not larger than the error.
        if sum <= max_bytes || record.result.len() <= error.json.len() {
            return;
        }
        record.replace(&error);
        sum = sum - size + submitted_size(record);
    }
}

/// Upper bound of a result's bytes in a request: a JSON string and the object around it.
fn submitted_size(record: &CallRecord) -> usize {
    const OVERHEAD: usize = 200;
    OVERHEAD + record.id.len() + json!(record.result).to_string().len()
}

fn error_result(outcome: CallOutcome, message: &str) -> CachedResult {
    let json = json!({"success": false, "error": message}).to_string();
    CachedResult { json: json.into_bytes().into(), outcome }
}

impl CallRecord {
    fn new(call: &ToolCall, result: &CachedResult, from_cache: bool) -> Self {
        Self {
            id: call.id.clone(),
            tool: call.tool.clone(),
            outcome: result.outcome,
            result: String::from_utf8_lossy(&result.json).into_owned(),
            from_cache,
            late: false,
        }
    }

    fn replace(&mut self, result: &CachedResult) {
        self.outcome = result.outcome;
        self.result = String::from_utf8_lossy(&result.json).into_owned();
    }

    /// The bytes of its strings.
    pub(super) fn size(&self) -> usize {
        self.id.len() + self.tool.len() + self.result.len()
    }
}

/// Records the platform's reaction to the results.
pub(super) fn apply_report(records: &mut [CallRecord], report: &SubmitReport) {
    let late: HashSet<&str> = report.late.iter().map(String::as_str).collect();
    let replaced: HashMap<&str, &ToolResult> =
        report.replaced.iter().map(|result| (result.call_id.as_str(), result)).collect();
    for record in records {
        record.late = late.contains(record.id.as_str());
        if let Some(result) = replaced.get(record.id.as_str()) {
            record.replace(&CachedResult { json: result.json.clone(), outcome: CallOutcome::OverLimit });
        }
    }
}

impl From<&CallRecord> for ToolResult {
    fn from(record: &CallRecord) -> Self {
        let is_error = record.outcome != CallOutcome::Success;
        Self { call_id: record.id.clone(), json: record.result.as_bytes().into(), is_error }
    }
}

/// Removes the arguments that the platform added and the tool does not declare.
fn without_injected(arguments: &[u8], injected: &[&str], schema: &Map<String, Value>) -> Vec<u8> {
    let is_declared = |name: &str| schema.get("properties").and_then(|properties| properties.get(name)).is_some();
    if injected.iter().all(|name| is_declared(name)) {
        return arguments.to_vec();
    }
    let Ok(Value::Object(mut object)) = serde_json::from_slice(arguments) else { return arguments.to_vec() };
    for name in injected.iter().filter(|name| !is_declared(name)) {
        object.remove(*name);
    }
    Value::Object(object).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{CallOutcome, CallRecord, replace_largest, submitted_size};

    fn record(id: usize, length: usize) -> CallRecord {
        CallRecord {
            id: format!("call_{id}"),
            tool: String::new(),
            outcome: CallOutcome::Success,
            result: "x".repeat(length),
            from_cache: false,
            late: false,
        }
    }

    /// Takes minutes if each replacement looks at all results.
    #[test]
    fn the_largest_of_many_results_are_replaced_until_all_fit() {
        let mut records: Vec<_> = (0..50_000).flat_map(|id| [record(id, 100), record(id, 1000)]).collect();
        let sum = |records: &[CallRecord]| records.iter().map(submitted_size).sum::<usize>();
        let before = sum(&records);
        replace_largest(&mut records, before);
        assert!(records.iter().all(|record| record.outcome == CallOutcome::Success), "all fit");
        let max_bytes = before * 2 / 3;
        replace_largest(&mut records, max_bytes);
        assert!(sum(&records) <= max_bytes && sum(&records) > max_bytes - 1000, "no more than necessary");
        let is_replaced = |record: &&CallRecord| record.outcome == CallOutcome::OverLimit;
        assert!(records.iter().filter(is_replaced).all(|record| record.result.contains("ask for less")));
        assert!(records.iter().filter(|record| record.result.len() == 100).count() == 50_000, "small results stay");
    }
}
