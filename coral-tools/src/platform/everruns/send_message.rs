//! Sends a message to the agent, once.

use http::StatusCode;
use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

use crate::api::{ClientError, FailureStage, HttpRequest, HttpResponse};
use crate::platform::everruns::history::SessionHistory;
use crate::platform::everruns::reader::SessionReader;
use crate::platform::everruns::user_message::SentMessage;

const MAX_RETRIES: usize = 6;

/// Sends a message once.
///
/// Newer servers deduplicate messages by `client_message_id`, older ones do not. So after an attempt that may have been accepted,
/// the message is looked up in the events, and sent again only if it is not there.
pub(super) async fn send_message(reader: &mut SessionReader, text: &str) -> Result<(), ClientError> {
    let client_id = Uuid::new_v4().to_string();
    let body = json!({
        "message": {"role": "user", "content": [{"type": "text", "text": text}]},
        "client_message_id": client_id,
    });
    reader.history.begin(SentMessage { client_id, text: text.to_owned(), id: None });
    let request = HttpRequest::post("sending a message", reader.session.path().join("messages"), &body);
    let (mut outage, mut backoff) = (reader.outage_tolerance(), reader.backoff());
    let mut retries_left = MAX_RETRIES;
    let mut attempt = reader.transport().attempt(&request).await;
    loop {
        let error = match attempt {
            Ok(response) => {
                record_delivery(&mut reader.history, &response);
                return Ok(());
            }
            Err(error) => error,
        };
        if retries_left == 0 || !is_transient(&error) {
            return Err(error);
        }
        retries_left -= 1;
        sleep(outage.delay_after(&error, backoff.next_delay())?).await;
        attempt = if !may_be_accepted(&error) {
            reader.transport().attempt(&request).await
        } else if let Err(lookup) = reader.catch_up().await {
            tracing::debug!(error = %lookup, "cannot look up whether a message was accepted");
            Err(error)
        } else if reader.history.has_sent_message() {
            return Ok(());
        } else {
            reader.transport().attempt(&request).await
        };
    }
}

fn record_delivery(history: &mut SessionHistory, response: &HttpResponse) {
    let message = response.json().unwrap_or_default();
    let string = |key: &str| message.get(key).and_then(Value::as_str);
    history.delivered(string("id").map(str::to_owned), string("delivery"));
}

/// Whether another attempt may succeed. Servers respond with 409 while a turn is being resumed.
fn is_transient(error: &ClientError) -> bool {
    error.status() == Some(StatusCode::CONFLICT) || error.is_retryable() || may_be_accepted(error)
}

fn may_be_accepted(error: &ClientError) -> bool {
    error.stage() == FailureStage::NoResponse
        || error.status().is_some_and(|status| status >= StatusCode::INTERNAL_SERVER_ERROR)
}
