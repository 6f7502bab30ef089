//! Metrics, through the facade `metrics`. Without the feature of that name, nothing is recorded.
//!
//! Labels are names of tools, outcomes and reasons. Their number is bounded: names of unknown tools, sessions and agents are not
//! labels, because clients choose them.

use std::time::Duration;

#[cfg(not(feature = "metrics"))]
use self::disabled as recorder;
#[cfg(feature = "metrics")]
use self::enabled as recorder;

const CALLS: &str = "coral_tools.calls";
const CALLS_IN_FLIGHT: &str = "coral_tools.calls_in_flight";
/// The name of OpenTelemetry's conventions, in seconds.
const CALL_DURATION: &str = "gen_ai.execute_tool.duration";
const ARGUMENT_BYTES: &str = "coral_tools.argument_bytes";
const RESULT_BYTES: &str = "coral_tools.result_bytes";
#[cfg(feature = "webhook")]
const REJECTED_REQUESTS: &str = "coral_tools.rejected_requests";
#[cfg(feature = "webhook")]
const SHED_REQUESTS: &str = "coral_tools.shed_requests";

const TOOL: &str = "gen_ai.tool.name";
const OUTCOME: &str = "outcome";
#[cfg(feature = "webhook")]
const REASON: &str = "reason";
/// The label of tools that a toolset does not contain.
const OTHER_TOOL: &str = "_OTHER";

type Label<'a> = (&'static str, &'a str);

/// A call of a tool that is about to run.
pub(crate) fn call_started(tool: &str, argument_bytes: usize) {
    recorder::add(CALLS_IN_FLIGHT, [(TOOL, tool)], 1.0);
    recorder::observe(ARGUMENT_BYTES, [(TOOL, tool)], argument_bytes as f64);
}

/// The end of a call that [`call_started`] counted. `result_bytes` is `None` without a result of the tool.
pub(crate) fn call_ended(tool: &str, outcome: &'static str, duration: Duration, result_bytes: Option<usize>) {
    recorder::add(CALLS_IN_FLIGHT, [(TOOL, tool)], -1.0);
    recorder::increment(CALLS, [(TOOL, tool), (OUTCOME, outcome)]);
    recorder::observe(CALL_DURATION, [(TOOL, tool), (OUTCOME, outcome)], duration.as_secs_f64());
    if let Some(bytes) = result_bytes {
        recorder::observe(RESULT_BYTES, [(TOOL, tool)], bytes as f64);
    }
}

/// A call of a tool that the toolset does not contain.
pub(crate) fn unknown_tool_called(outcome: &'static str) {
    recorder::increment(CALLS, [(TOOL, OTHER_TOOL), (OUTCOME, outcome)]);
}

#[cfg(feature = "webhook")]
pub(crate) fn request_rejected(reason: &'static str) {
    recorder::increment(REJECTED_REQUESTS, [(REASON, reason)]);
}

/// A request that was rejected because of a limit of concurrency. [`request_rejected`] counts it, too.
#[cfg(feature = "webhook")]
pub(crate) fn request_shed(reason: &'static str) {
    recorder::increment(SHED_REQUESTS, [(REASON, reason)]);
}

#[cfg(feature = "metrics")]
mod enabled {
    use super::Label;

    pub(super) fn increment<const N: usize>(name: &'static str, labels: [Label<'_>; N]) {
        metrics::counter!(name, owned(labels)).increment(1);
    }

    pub(super) fn add<const N: usize>(name: &'static str, labels: [Label<'_>; N], value: f64) {
        metrics::gauge!(name, owned(labels)).increment(value);
    }

    pub(super) fn observe<const N: usize>(name: &'static str, labels: [Label<'_>; N], value: f64) {
        metrics::histogram!(name, owned(labels)).record(value);
    }

    fn owned<const N: usize>(labels: [Label<'_>; N]) -> Vec<metrics::Label> {
        labels.into_iter().map(|(key, value)| metrics::Label::new(key, value.to_owned())).collect()
    }
}

#[cfg(not(feature = "metrics"))]
mod disabled {
    use super::Label;

    pub(super) fn increment<const N: usize>(_name: &'static str, _labels: [Label<'_>; N]) {}

    pub(super) fn add<const N: usize>(_name: &'static str, _labels: [Label<'_>; N], _value: f64) {}

    pub(super) fn observe<const N: usize>(_name: &'static str, _labels: [Label<'_>; N], _value: f64) {}
}
