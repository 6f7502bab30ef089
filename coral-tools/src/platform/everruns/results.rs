//! Handing in the answers to a batch of calls: once, whole, and never to another batch.

use serde_json::{Value, json};
use tokio::time::sleep;

use super::super::turn::RunError;
use super::super::wire::Answer;
use super::log::Fate;
use super::wire::{SessionWire, pauses};
use crate::api::{Call, ClientError, Repeat};

/// How often it is tried where the session does not wait: it may do so in a moment.
const ATTEMPTS: usize = 6;

/// Hands in the answers, and says which came too late.
///
/// Everruns does not check which calls the answers are to: whatever it gets while it waits resumes the turn. So before each
/// attempt it is read what has become of the batch: only one that is open is answered. That also tells what came of an
/// attempt whose own answer was lost.
pub(super) async fn submit(wire: &mut SessionWire, answers: &[Answer]) -> Result<Vec<String>, RunError> {
    let ids: Vec<String> = answers.iter().map(|answer| answer.id.clone()).collect();
    let path = wire.session.path().then("tool-results");
    let call = Call::post("handing in answers", path, &body(answers)).repeating(Repeat::Faults);
    let mut patience = wire.session.everruns().patient();
    let mut pauses = pauses();
    let mut conflicts = 0;
    loop {
        let error = match attempt(wire, &call, &ids).await {
            Ok(Some(late)) => return Ok(late),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        let pause = pauses.next().unwrap_or_default();
        let asked = error.as_ref().and_then(ClientError::retry_after).unwrap_or_default();
        match error {
            Some(error) if error.status() != Some(409) => patience.bear(error)?,
            _ if conflicts < ATTEMPTS => conflicts += 1,
            Some(error) => return Err(error.into()),
            None => {
                let late = open(wire, &ids);
                return Ok(settle(wire, &ids, late));
            }
        }
        sleep(asked.max(pause)).await;
    }
}

/// Once: the ids of those that are late, or nothing where that is not settled yet.
async fn attempt(wire: &mut SessionWire, call: &Call, ids: &[String]) -> Result<Option<Vec<String>>, ClientError> {
    wire.catch_up().await?;
    match wire.log.fate(ids) {
        Fate::Over { late } => {
            tracing::info!(?late, "the session has gone on");
            Ok(Some(settle(wire, ids, late)))
        }
        // Somebody else has answered some of the calls, or is just being told to have done so.
        Fate::Settling => Ok(None),
        Fate::Open => {
            wire.transport().attempt(call).await?;
            Ok(Some(settle(wire, ids, Vec::new())))
        }
    }
}

fn open(wire: &SessionWire, ids: &[String]) -> Vec<String> {
    wire.log.open().into_iter().map(|call| call.id).filter(|id| ids.contains(id)).collect()
}

fn settle(wire: &mut SessionWire, ids: &[String], late: Vec<String>) -> Vec<String> {
    wire.log.settle(ids);
    late
}

fn body(answers: &[Answer]) -> Value {
    let results: Vec<Value> = answers.iter().map(result).collect();
    json!({"tool_results": results})
}

pub(super) fn result(answer: &Answer) -> Value {
    let text = String::from_utf8_lossy(&answer.json);
    match serde_json::from_str::<Value>(&text) {
        // Null would be taken for nothing at all.
        Ok(value) if !answer.is_error && !value.is_null() => json!({"tool_call_id": answer.id, "result": value}),
        Ok(_) if !answer.is_error => json!({"tool_call_id": answer.id, "result": {}}),
        _ => json!({"tool_call_id": answer.id, "error": text}),
    }
}
