//! Saying something to the agent.

use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

use super::reader::Reader;
use super::user_message::Sent;
use super::waits::pauses;
use crate::api::{Answer, Call, ClientError, Stage};
use crate::platform::turn::RunError;

/// How often it is tried, or looked for.
const ATTEMPTS: usize = 6;

/// Sends a message once. Servers know it again by its id, or not at all if they are older: so one that may have arrived is
/// looked for, and is not sent again unless it is certain that it is not there.
pub(super) async fn send(reader: &mut Reader, text: &str) -> Result<(), RunError> {
    let client_id = Uuid::new_v4().to_string();
    let body = json!({
        "message": {"role": "user", "content": [{"type": "text", "text": text}]},
        "client_message_id": client_id,
    });
    reader.log.begin(Sent { client_id, text: text.to_owned(), id: None });
    let call = Call::post("sending a message", reader.session.path().then("messages"), &body);
    let mut patience = reader.session.everruns().patient();
    let mut pauses = pauses().take(ATTEMPTS);
    let mut sent = reader.transport().attempt(&call).await;
    loop {
        let error = match sent {
            Ok(answer) => {
                received(reader, &answer);
                return Ok(());
            }
            Err(error) => error,
        };
        let Some(pause) = pauses.next().filter(|_| may_pass(&error)) else { return Err(error.into()) };
        sleep(patience.pause_after(&error, pause)?).await;
        sent = if !may_have_arrived(&error) {
            reader.transport().attempt(&call).await
        } else if let Err(fault) = reader.catch_up().await {
            tracing::debug!(error = %fault, "whether a message has arrived is not known");
            Err(error)
        } else if reader.log.has_arrived() {
            return Ok(());
        } else {
            reader.transport().attempt(&call).await
        };
    }
}

fn received(reader: &mut Reader, answer: &Answer) {
    let message = answer.json().unwrap_or_default();
    let word = |key: &str| message.get(key).and_then(Value::as_str);
    reader.log.delivered(word("id").map(str::to_owned), word("delivery"));
}

/// 409 is what is said while a turn is being resumed.
fn may_pass(error: &ClientError) -> bool {
    error.status() == Some(409) || error.is_retryable() || may_have_arrived(error)
}

fn may_have_arrived(error: &ClientError) -> bool {
    error.stage() == Stage::NoAnswer || error.status().is_some_and(|status| status >= 500)
}
