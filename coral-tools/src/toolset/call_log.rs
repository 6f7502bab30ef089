//! [`CallLog`]: the span, the last event and the metrics of a call.

use std::time::Instant;

use tracing::Span;
use tracing::field::Empty;

use super::Outcome;
use crate::call::Call;
use crate::deadline::now;
use crate::telemetry::{metrics, milliseconds};

/// The outcome of a call whose future was dropped, for example because its client disconnected.
const CANCELLED: &str = "cancelled";

/// Logs and counts one call of a tool. If it is dropped before [`CallLog::end`], the call was cancelled.
pub(super) struct CallLog<'a> {
    pub(super) span: Span,
    call: &'a Call<'a>,
    /// The arrival of the call; `None` after its end.
    running_since: Option<Instant>,
}

impl<'a> CallLog<'a> {
    #[inline]
    pub(super) fn start(call: &'a Call<'a>, arrived: Instant) -> Self {
        metrics::call_started(call.tool(), call.arguments().len());
        Self { span: span(call), call, running_since: Some(arrived) }
    }

    #[inline]
    pub(super) fn end(&mut self, outcome: &Outcome) {
        if let Some(arrived) = self.running_since.take()
            && self.is_recorded()
        {
            self.record_end(arrived, CallEnd::from(outcome));
        }
    }

    /// Whether anything of the end is recorded. Without a subscriber, a call does not even read the clock for it.
    fn is_recorded(&self) -> bool {
        cfg!(feature = "metrics") || !self.span.is_disabled()
    }

    fn record_end(&self, arrived: Instant, end: CallEnd<'_>) {
        let CallEnd { outcome, error_type, error, result_bytes } = end;
        let duration = now().saturating_duration_since(arrived);
        metrics::call_ended(self.call.tool(), outcome, duration, result_bytes);
        if let Some(error_type) = error_type {
            self.span.record("error.type", error_type);
            self.span.record("otel.status_code", "ERROR");
        }
        let _entered = self.span.enter();
        tracing::info!(outcome, error, duration_ms = milliseconds(duration), result_bytes, "tool call ended");
    }
}

impl Drop for CallLog<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(arrived) = self.running_since
            && self.is_recorded()
        {
            let end = CallEnd { outcome: CANCELLED, error_type: Some(CANCELLED), error: None, result_bytes: None };
            self.record_end(arrived, end);
        }
    }
}

/// The end of a call, as it is logged and counted.
#[derive(Clone, Copy)]
struct CallEnd<'a> {
    outcome: &'static str,
    /// `None` if the tool returned a value.
    error_type: Option<&'static str>,
    /// The message of an error for the agent.
    error: Option<&'a str>,
    result_bytes: Option<usize>,
}

impl<'a> From<&'a Outcome> for CallEnd<'a> {
    fn from(outcome: &'a Outcome) -> Self {
        let (result_bytes, error) = match outcome {
            Outcome::Success(json) => (Some(json.len()), None),
            Outcome::Failed(message) | Outcome::Rejected(message) => (None, Some(message.as_str())),
            _ => (None, None),
        };
        let error_type = (!outcome.is_success()).then_some(outcome.label());
        Self { outcome: outcome.label(), error_type, error, result_bytes }
    }
}

/// The span of OpenTelemetry's conventions. Names of `tracing` spans are static, so `execute_tool {tool}` is in the field `otel.name`,
/// which the crate tracing-opentelemetry uses as the name.
fn span(call: &Call<'_>) -> Span {
    tracing::info_span!(
        "execute_tool",
        otel.name = format_args!("execute_tool {}", call.tool()),
        otel.status_code = Empty,
        gen_ai.operation.name = "execute_tool",
        gen_ai.tool.type = "function",
        gen_ai.tool.name = call.tool(),
        gen_ai.conversation.id = call.session_id(),
        gen_ai.agent.name = call.agent_name(),
        coral.namespace = call.namespace(),
        gen_ai.tool.call.id = call.id(),
        error.type = Empty,
    )
}
