//! Submits the results of a batch of calls: all together, once, and never to another batch.

use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use tokio::time::sleep;

use crate::api::{ClientError, HttpRequest, RetryPolicy};
use crate::platform::event::ToolResult;
use crate::platform::everruns::history::{BatchStatus, SubmissionState};
use crate::platform::everruns::reader::SessionReader;
use crate::telemetry::{CallFields, call_event};

/// Retries while the session does not wait for results, which it may do in a moment.
const MAX_CONFLICT_RETRIES: usize = 6;

/// Submits the results and returns the ids of the calls whose results came too late.
///
/// Everruns does not check which calls results belong to: any results that it receives while it waits resume the turn. So the
/// events are read before each attempt, and results are sent only while the batch is open. The events also show what became of an
/// attempt whose response was lost.
pub(super) async fn submit_results(
    reader: &mut SessionReader,
    results: &[ToolResult],
) -> Result<Vec<String>, ClientError> {
    let late = submit_with_retries(reader, results).await?;
    reader.history.settle(results);
    Ok(late)
}

async fn submit_with_retries(reader: &mut SessionReader, results: &[ToolResult]) -> Result<Vec<String>, ClientError> {
    let path = reader.session.path().join("tool-results");
    let request =
        HttpRequest::post_json("submitting results", path, body(results)).with_retry_policy(RetryPolicy::ServerErrors);
    let (mut outage, mut backoff) = (reader.outage_tolerance(), reader.backoff());
    let (mut submission, mut retries_left) = (SubmissionState::NotSent, MAX_CONFLICT_RETRIES);
    loop {
        let attempt = attempt(reader, &request, results, &mut submission).await;
        let mut delay = backoff.next_delay();
        match attempt {
            Ok(Some(late)) => return Ok(late),
            Ok(None) if retries_left == 0 => return Ok(reader.history.open_call_ids(results)),
            Ok(None) => retries_left -= 1,
            Err(error) if is_conflict(&error) && retries_left == 0 => return Err(error),
            Err(error) => {
                delay = outage.delay_after(&error, delay)?;
                if is_conflict(&error) {
                    retries_left -= 1;
                } else {
                    outage.record(error)?;
                }
            }
        }
        sleep(delay).await;
    }
}

/// Sends the results once, if the batch is open. Returns the ids of the late calls, or `None` if the batch is still settling.
async fn attempt(
    reader: &mut SessionReader,
    request: &HttpRequest,
    results: &[ToolResult],
    submission: &mut SubmissionState,
) -> Result<Option<Vec<String>>, ClientError> {
    reader.catch_up().await?;
    match reader.history.batch_status(results, *submission) {
        BatchStatus::Settled { late } => {
            let session = CallFields::of_session(reader.session.id());
            call_event!(info, session, "the session continued before the results were submitted", ?late);
            Ok(Some(late))
        }
        BatchStatus::Settling => Ok(None),
        BatchStatus::Open => {
            let response = reader.transport().attempt(request).await;
            if !response.as_ref().is_err_and(is_conflict) {
                *submission = SubmissionState::MayBeAccepted;
            }
            response.map(|_| Some(Vec::new()))
        }
    }
}

/// Whether the session did not wait for results, so that it ignored them.
fn is_conflict(error: &ClientError) -> bool {
    error.status() == Some(StatusCode::CONFLICT)
}

#[derive(Serialize)]
struct SubmitBody<'a> {
    tool_results: Vec<SubmittedResult<'a>>,
}

/// A result on the wire: either `result` or `error`.
#[derive(Serialize)]
struct SubmittedResult<'a> {
    tool_call_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn body(results: &[ToolResult]) -> String {
    let body = SubmitBody { tool_results: results.iter().map(SubmittedResult::new).collect() };
    // Serializing strings and JSON does not fail.
    serde_json::to_string(&body).unwrap_or_default()
}

impl<'a> SubmittedResult<'a> {
    /// The tool's JSON is not parsed and printed again: that would change large numbers.
    fn new(result: &'a ToolResult) -> Self {
        let text = String::from_utf8_lossy(&result.json).into_owned();
        let success = |json: Option<Box<RawValue>>| Self { tool_call_id: &result.call_id, result: json, error: None };
        match RawValue::from_string(text.clone()) {
            // The server takes `null` for a missing result.
            Ok(json) if !result.is_error && json.get() == "null" => {
                success(RawValue::from_string("{}".to_owned()).ok())
            }
            // The agent reads the same if the JSON is in a string.
            Ok(_) if !result.is_error && is_too_deep(&text) => success(to_raw_value(&text).ok()),
            Ok(json) if !result.is_error => success(Some(json)),
            _ => Self { tool_call_id: &result.call_id, result: None, error: Some(text) },
        }
    }
}

/// Whether servers reject a body with this JSON: they read 128 levels, three of which are around a result.
fn is_too_deep(json: &str) -> bool {
    serde_json::from_str::<Value>(&format!("[[[{json}]]]")).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(json: &str, is_error: bool) -> String {
        body(&[ToolResult { call_id: "call_1".into(), json: json.as_bytes().into(), is_error }])
    }

    #[test]
    fn results_are_written_unchanged() {
        let body = |rest: &str| format!(r#"{{"tool_results":[{{"tool_call_id":"call_1",{rest}}}]}}"#);
        let large = r#"{"result":340282366920938463463374607431768211455,"b":1.10}"#;
        assert_eq!(written(large, false), body(&format!(r#""result":{large}"#)));
        assert_eq!(written(r#"{"error":"no"}"#, true), body(r#""error":"{\"error\":\"no\"}""#));
    }

    /// The server would store `null` as an empty string.
    #[test]
    fn a_null_result_is_written_as_an_empty_object() {
        let body = |rest: &str| format!(r#"{{"tool_results":[{{"tool_call_id":"call_1",{rest}}}]}}"#);
        assert_eq!(written("null", false), body(r#""result":{}"#));
        assert_eq!(written("7", false), body(r#""result":7"#));
        assert_eq!(written("null", true), body(r#""error":"null""#));
    }

    /// The server would reject the whole batch otherwise.
    #[test]
    fn deeply_nested_results_are_written_as_strings() {
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        for (levels, is_string) in [(100, false), (124, false), (127, true), (500, true)] {
            let written = written(&nested(levels), false);
            let read: Value = serde_json::from_str(&written).expect("valid JSON");
            assert_eq!(read["tool_results"][0]["result"].is_string(), is_string, "{levels}");
        }
    }
}
