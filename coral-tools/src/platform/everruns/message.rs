//! Saying something to the agent.

use serde_json::json;
use tokio::time::sleep;
use uuid::Uuid;

use super::super::turn::RunError;
use super::wire::{SessionWire, pauses};
use crate::api::{Call, ClientError, Stage};

/// How often it is tried.
const ATTEMPTS: usize = 6;

/// Sends a message once. Servers know it again by its id, or not at all if they are older: so one that may have arrived is
/// looked for before it is sent again.
pub(super) async fn send(wire: &mut SessionWire, text: &str) -> Result<(), RunError> {
    let body = json!({
        "message": {"role": "user", "content": [{"type": "text", "text": text}]},
        "client_message_id": Uuid::new_v4().to_string(),
    });
    let call = Call::post("sending a message", wire.session.path().then("messages"), &body);
    let mut pauses = pauses().take(ATTEMPTS);
    loop {
        let Err(error) = wire.transport().attempt(&call).await else { return Ok(()) };
        let Some(pause) = pauses.next().filter(|_| may_pass(&error)) else { return Err(error.into()) };
        sleep(error.retry_after().unwrap_or_default().max(pause)).await;
        if may_have_arrived(&error) {
            wire.catch_up().await?;
            if wire.log.has_input(text) {
                return Ok(());
            }
        }
    }
}

/// 409 is what is said while a turn is being resumed.
fn may_pass(error: &ClientError) -> bool {
    error.status() == Some(409) || error.is_retryable() || may_have_arrived(error)
}

fn may_have_arrived(error: &ClientError) -> bool {
    error.stage() == Stage::NoAnswer || error.status().is_some_and(|status| status >= 500)
}
