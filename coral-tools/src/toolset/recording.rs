//! Records calls in a store.

use std::time::SystemTime;

use super::outcome::Outcome;
use crate::call::Call;
use crate::store::{RecordedCall, Store};
use crate::telemetry::call_event;

/// Returns what is recorded of a call, without its result.
pub(super) fn recorded_call(call: &Call<'_>, session_id: &str) -> RecordedCall {
    RecordedCall {
        session_id: session_id.to_owned(),
        tool: call.tool().to_owned(),
        agent_name: call.agent_name().map(str::to_owned),
        recorded_at: SystemTime::now(),
        key: call.idempotency_key(),
        arguments: call.arguments().to_vec(),
        result: Vec::new(),
    }
}

/// Records a call whose result is `result`, and returns its outcome: agents must not learn of a success that is lost.
pub(super) async fn record(store: &dyn Store, call: &Call<'_>, recorded: RecordedCall, result: Vec<u8>) -> Outcome {
    let recorded = RecordedCall { recorded_at: SystemTime::now(), result: result.clone(), ..recorded };
    match store.record_call(recorded).await {
        Ok(()) => Outcome::Success(result),
        Err(error) => {
            call_event!(error, call, "the call cannot be recorded", error = &error as &dyn std::error::Error);
            Outcome::InternalError
        }
    }
}
