//! Handing in the answers to a batch of calls: once, whole, and never to another batch.

use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use tokio::time::sleep;

use super::log::Fate;
use super::reader::Reader;
use super::waits::pauses;
use crate::api::{Call, ClientError, Repeat};
use crate::platform::event::ToolResult;
use crate::platform::turn::RunError;

/// How often it is tried where the session does not wait: it may do so in a moment.
const ATTEMPTS: usize = 6;

/// Hands in the answers, and says which came too late.
///
/// Everruns does not check which calls the answers are to: whatever it gets while it waits resumes the turn. So before each
/// attempt it is read what has become of the batch: only one that is open is answered. That also tells what came of an
/// attempt whose own answer was lost.
pub(super) async fn submit(reader: &mut Reader, answers: &[ToolResult]) -> Result<Vec<String>, RunError> {
    let late = hand_in(reader, answers).await?;
    reader.log.settle(answers);
    Ok(late)
}

async fn hand_in(reader: &mut Reader, answers: &[ToolResult]) -> Result<Vec<String>, RunError> {
    let path = reader.session.path().then("tool-results");
    let call = Call::post_json("handing in answers", path, body(answers)).repeating(Repeat::Faults);
    let mut patience = reader.session.everruns().patient();
    let (mut conflicts, mut is_sent) = (0, false);
    for pause in pauses() {
        let pause = match attempt(reader, &call, answers, &mut is_sent).await {
            Ok(Some(late)) => return Ok(late),
            Ok(None) if conflicts == ATTEMPTS => break,
            Err(error) if conflicts == ATTEMPTS && is_conflict(&error) => return Err(error.into()),
            Ok(None) => {
                conflicts += 1;
                pause
            }
            Err(error) => {
                let pause = patience.pause_after(&error, pause)?;
                if is_conflict(&error) {
                    conflicts += 1;
                } else {
                    patience.bear(error)?;
                }
                pause
            }
        };
        sleep(pause).await;
    }
    Ok(reader.log.unanswered(answers))
}

/// Once: the ids of those that are late, or nothing where that is not settled yet. `is_sent`: an attempt may have gone well.
async fn attempt(
    reader: &mut Reader,
    call: &Call,
    answers: &[ToolResult],
    is_sent: &mut bool,
) -> Result<Option<Vec<String>>, ClientError> {
    reader.catch_up().await?;
    match reader.log.fate(answers, *is_sent) {
        Fate::Over { late } => {
            tracing::info!(?late, "the session has gone on");
            Ok(Some(late))
        }
        // Somebody else has answered some of the calls, or is just being told to have done so.
        Fate::Settling => Ok(None),
        Fate::Open => {
            let taken = reader.transport().attempt(call).await;
            *is_sent |= !taken.as_ref().is_err_and(is_conflict);
            taken.map(|_| Some(Vec::new()))
        }
    }
}

/// The session does not wait, so nothing was done.
fn is_conflict(error: &ClientError) -> bool {
    error.status() == Some(409)
}

#[derive(Serialize)]
struct Body<'a> {
    tool_results: Vec<SubmittedResult<'a>>,
}

/// One of the two.
#[derive(Serialize)]
struct SubmittedResult<'a> {
    tool_call_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn body(answers: &[ToolResult]) -> String {
    let body = Body { tool_results: answers.iter().map(result).collect() };
    // Neither texts nor JSON fail to be written.
    serde_json::to_string(&body).unwrap_or_default()
}

/// What the tool returned goes as it is: read and written again, large numbers would not be the same.
fn result(answer: &ToolResult) -> SubmittedResult<'_> {
    let text = String::from_utf8_lossy(&answer.json).into_owned();
    let success =
        |result: Option<Box<RawValue>>| SubmittedResult { tool_call_id: &answer.call_id, result, error: None };
    match RawValue::from_string(text.clone()) {
        // Null would be taken for nothing at all.
        Ok(raw) if !answer.is_error && raw.get() == "null" => success(RawValue::from_string("{}".to_owned()).ok()),
        // The agent reads the same of a text.
        Ok(_) if !answer.is_error && is_deep(&text) => success(to_raw_value(&text).ok()),
        Ok(raw) if !answer.is_error => success(Some(raw)),
        _ => SubmittedResult { tool_call_id: &answer.call_id, result: None, error: Some(text) },
    }
}

/// Whether servers would not read a body that has this in it: they read 128 levels, three of which are around a result.
fn is_deep(json: &str) -> bool {
    serde_json::from_str::<Value>(&format!("[[[{json}]]]")).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(json: &str, is_error: bool) -> String {
        body(&[ToolResult { call_id: "call_1".into(), json: json.as_bytes().into(), is_error }])
    }

    #[test]
    fn answers_are_written_as_they_are() {
        let body = |rest: &str| format!(r#"{{"tool_results":[{{"tool_call_id":"call_1",{rest}}}]}}"#);
        let large = r#"{"result":340282366920938463463374607431768211455,"b":1.10}"#;
        assert_eq!(written(large, false), body(&format!(r#""result":{large}"#)));
        assert_eq!(written(r#"{"error":"no"}"#, true), body(r#""error":"{\"error\":\"no\"}""#));
    }

    /// Nothing would be stored as an empty text.
    #[test]
    fn a_result_is_never_nothing() {
        let body = |rest: &str| format!(r#"{{"tool_results":[{{"tool_call_id":"call_1",{rest}}}]}}"#);
        assert_eq!(written("null", false), body(r#""result":{}"#));
        assert_eq!(written("7", false), body(r#""result":7"#));
        assert_eq!(written("null", true), body(r#""error":"null""#));
    }

    /// The whole batch would be refused otherwise.
    #[test]
    fn what_servers_do_not_read_goes_as_a_text() {
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        for (levels, is_text) in [(100, false), (124, false), (127, true), (500, true)] {
            let written = written(&nested(levels), false);
            let read: Value = serde_json::from_str(&written).expect("servers read it");
            assert_eq!(read["tool_results"][0]["result"].is_string(), is_text, "{levels}");
        }
    }
}
