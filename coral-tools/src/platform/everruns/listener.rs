//! Waits for events: on a stream, or by polling.

use std::time::Duration;

use tokio::time::sleep;

use crate::api::{ClientError, OutageTolerance, ReconnectingSseItem, ReconnectingSseStream, SseEvent};
use crate::json::from_json;
use crate::platform::everruns::event::SessionEvent;
use crate::platform::everruns::event_requests::{is_stream_rejected, reconnect_delay, stream_after};
use crate::platform::everruns::polling_fallback::PollingFallback;
use crate::platform::everruns::reader::SessionReader;
use crate::telemetry::{CallFields, call_event};

/// Receives events of a session from a stream, and polls while the server does not stream.
pub(super) struct EventListener {
    stream: ReconnectingSseStream,
    fallback: PollingFallback,
}

impl EventListener {
    pub(super) fn new(idle_timeout: Duration) -> Self {
        // The run tolerates errors of all its requests together, so the stream itself tolerates none.
        let stream = ReconnectingSseStream::new(idle_timeout, OutageTolerance::new(Duration::ZERO));
        Self { stream, fallback: PollingFallback::new(idle_timeout) }
    }

    /// Closes the connection; the next call of [`listen`](Self::listen) opens another.
    pub(super) fn disconnect(&mut self) {
        self.stream.disconnect();
    }

    /// Waits until something arrives, and adds events to the history.
    pub(super) async fn listen(&mut self, reader: &mut SessionReader) -> Result<(), ClientError> {
        if self.fallback.is_polling() {
            sleep(reader.settings().poll_interval).await;
            return reader.catch_up().await;
        }
        let (session, cursor) = (&reader.session, reader.history.last());
        let request = || stream_after(session, cursor.as_ref().map(|cursor| cursor.event_id.as_str()));
        match self.stream.next(session.everruns().transport(), request).await {
            Ok(ReconnectingSseItem::Event(event)) => {
                self.fallback.received_event();
                self.receive(event, reader).await
            }
            // Some servers start a stream later than requested, so events may be missing.
            Ok(ReconnectingSseItem::Connected) => {
                if !self.fallback.connected() {
                    tracing::info!("streams stay silent; polling events for a while");
                    self.stream.disconnect();
                }
                reader.catch_up().await
            }
            Err(error) if is_stream_rejected(&error) => {
                tracing::info!(%error, "the server does not stream events; polling for a while");
                self.fallback.start_polling();
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    async fn receive(&mut self, event: SseEvent, reader: &mut SessionReader) -> Result<(), ClientError> {
        match event.event.as_deref() {
            Some("connected") => Ok(()),
            Some("disconnecting") => {
                self.stream.disconnect();
                sleep(reconnect_delay(event.data.as_deref())).await;
                Ok(())
            }
            _ => match from_json::<SessionEvent>(event.data.unwrap_or_default().as_bytes()) {
                Ok(event) => {
                    reader.history.add(event);
                    Ok(())
                }
                Err(error) => {
                    call_event!(warn, CallFields::of_session(reader.session.id()), "malformed event; reading the stored events instead", %error);
                    reader.catch_up().await
                }
            },
        }
    }
}
