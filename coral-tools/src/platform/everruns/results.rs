//! Handing in the answers to a batch of calls: once, whole, and never to another batch.

use serde_json::{Value, json};
use tokio::time::sleep;

use super::super::turn::RunError;
use super::super::wire::Answer;
use super::log::Fate;
use super::wire::{SessionWire, pauses};
use crate::api::{Call, ClientError, Stage};

/// How often it is tried: 409 is also what is said a moment before the session waits.
const ATTEMPTS: usize = 6;

/// Hands in the answers, and says which came too late.
///
/// Everruns does not check which calls the answers are to: whatever it gets while it waits resumes the turn. So before each
/// attempt it is read what has become of the batch: only one that is open is answered. That also tells what came of an
/// attempt whose own answer was lost.
pub(super) async fn submit(wire: &mut SessionWire, answers: &[Answer]) -> Result<Vec<String>, RunError> {
    let ids: Vec<String> = answers.iter().map(|answer| answer.id.clone()).collect();
    let call = Call::post("handing in answers", wire.session.path().then("tool-results"), &body(answers));
    let mut pauses = pauses().take(ATTEMPTS);
    loop {
        wire.catch_up().await?;
        let refusal = match wire.log.fate(&ids) {
            Fate::Over { late } => {
                tracing::info!(?late, "the session has gone on");
                wire.log.settle(&ids);
                return Ok(late);
            }
            Fate::Settling => None,
            Fate::Open => match wire.transport().attempt(&call).await {
                Ok(_) => {
                    wire.log.settle(&ids);
                    return Ok(Vec::new());
                }
                Err(error) if !may_pass(&error) => return Err(error.into()),
                Err(error) => Some(error),
            },
        };
        let asked = refusal.as_ref().and_then(ClientError::retry_after).unwrap_or_default();
        match (pauses.next(), refusal) {
            (Some(pause), _) => sleep(asked.max(pause)).await,
            (None, Some(error)) => return Err(error.into()),
            (None, None) => return Ok(settled_in_part(wire, &ids)),
        }
    }
}

/// Somebody else has answered some of the calls, and so resumed the turn without the others.
fn settled_in_part(wire: &mut SessionWire, ids: &[String]) -> Vec<String> {
    let late = wire.log.open().into_iter().filter(|id| ids.contains(id)).collect();
    wire.log.settle(ids);
    late
}

/// What says nothing of the answers themselves. Whether it was done is read from the events.
fn may_pass(error: &ClientError) -> bool {
    matches!(error.stage(), Stage::NotSent | Stage::NoAnswer)
        || error.status().is_some_and(|status| matches!(status, 408 | 409 | 429) || status >= 500)
}

fn body(answers: &[Answer]) -> Value {
    let results: Vec<Value> = answers.iter().map(result).collect();
    json!({"tool_results": results})
}

fn result(answer: &Answer) -> Value {
    let text = String::from_utf8_lossy(&answer.json);
    match serde_json::from_str::<Value>(&text) {
        // Null would be taken for nothing at all.
        Ok(value) if !answer.is_error && !value.is_null() => json!({"tool_call_id": answer.id, "result": value}),
        Ok(_) if !answer.is_error => json!({"tool_call_id": answer.id, "result": {}}),
        _ => json!({"tool_call_id": answer.id, "error": text}),
    }
}
