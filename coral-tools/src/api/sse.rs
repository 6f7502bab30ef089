//! Server-sent events, with reconnects.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{BoxStream, unfold};
use reqwest::Response;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
pub(crate) use sse_stream::Sse as SseEvent;
use sse_stream::SseByteStream;
use tokio::time::{Instant, timeout};

use super::backoff::Backoff;
use super::error::{ClientError, ClientErrorCause};
use super::outage_tolerance::OutageTolerance;
use super::transport::{HttpRequest, Transport};
use crate::json::DecodeError;

/// Characters of an unexpected content type that are shown.
const MAX_CONTENT_TYPE: usize = 200;
const OPEN_TIMEOUT: Duration = Duration::from_secs(30);
/// A connection that stayed open this long resets the back-off, even without events.
const STABLE_AFTER: Duration = Duration::from_secs(5);
const RECONNECT_MIN: Duration = Duration::from_millis(100);
const RECONNECT_MAX: Duration = Duration::from_secs(10);

/// An item of an [`ReconnectingSseStream`].
#[derive(Debug)]
pub(crate) enum ReconnectingSseItem {
    /// A connection was opened, for the first time or again.
    Connected,
    /// An event with data. Comments and events without data are skipped.
    Event(SseEvent),
}

/// A stream of server-sent events that reconnects.
///
/// The end of a connection is not an error, because servers close long connections; the stream reconnects for an unlimited time. The
/// back-off between connections is reset if the request has changed, because events have moved the cursor in it, or if the last
/// connection was stable.
pub(crate) struct ReconnectingSseStream {
    idle_timeout: Duration,
    outage: OutageTolerance,
    connection: Option<SseConnection>,
    last_request: Option<HttpRequest>,
    backoff: Backoff,
}

impl ReconnectingSseStream {
    pub(crate) fn new(idle_timeout: Duration, outage: OutageTolerance) -> Self {
        let backoff = Backoff::new(RECONNECT_MIN, RECONNECT_MAX);
        Self { idle_timeout, outage, connection: None, last_request: None, backoff }
    }

    /// Returns the next item. Each connection sends a new `request`, which contains the cursor.
    ///
    /// # Errors
    ///
    /// Returns an error if the server rejects the request, if an outage lasts too long, or if the data is malformed: a reconnect
    /// would receive the same data.
    pub(crate) async fn next(
        &mut self,
        transport: &Transport,
        request: impl Fn() -> HttpRequest,
    ) -> Result<ReconnectingSseItem, ClientError> {
        loop {
            let Some(connection) = &mut self.connection else {
                if self.connect(transport, request()).await? {
                    return Ok(ReconnectingSseItem::Connected);
                }
                continue;
            };
            match connection.next().await {
                ConnectionItem::Event(event) => {
                    if let Some(millis) = event.retry {
                        self.backoff.set_min(Duration::from_millis(millis));
                    }
                    if event.data.is_some() {
                        return Ok(ReconnectingSseItem::Event(event));
                    }
                }
                ConnectionItem::End => self.disconnect(),
                ConnectionItem::Malformed(problem) => {
                    self.disconnect();
                    return Err(ClientError::invalid_response(request().operation(), DecodeError::new(problem)));
                }
            }
        }
    }

    /// Closes the connection. [`ReconnectingSseStream::next`] opens another.
    pub(crate) fn disconnect(&mut self) {
        if self.connection.take().is_some_and(|connection| connection.since.elapsed() > STABLE_AFTER) {
            self.backoff.reset();
        }
    }

    /// Tries to open a connection. Returns `false` after a transient error.
    async fn connect(&mut self, transport: &Transport, request: HttpRequest) -> Result<bool, ClientError> {
        if self.last_request.as_ref().is_some_and(|last| *last != request) {
            self.backoff.reset();
        }
        let request = self.last_request.insert(request);
        self.backoff.wait().await;
        self.outage.wait().await;
        match open(transport, request).await {
            Ok(response) => {
                let limit = transport.settings().response_limit;
                self.connection = Some(SseConnection::new(response, self.idle_timeout, limit));
                self.outage.reset();
                Ok(true)
            }
            Err(error) => self.outage.record(error).map(|()| false),
        }
    }
}

async fn open(transport: &Transport, request: &HttpRequest) -> Result<Response, ClientError> {
    // Replaces the `Accept` of other requests, where `header` would add a second one.
    let accept = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("text/event-stream"))]);
    let response = timeout(OPEN_TIMEOUT, transport.request_builder(request)?.headers(accept).send()).await;
    let response = response.map_err(|elapsed| request.error(ClientErrorCause::NoResponse(elapsed.into())))?;
    let response = response.map_err(|error| request.error(transport.classify_send_error(error)))?;
    if !response.status().is_success() {
        return Err(request.error(ClientErrorCause::ErrorResponse(transport.read_error_response(response).await)));
    }
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or("no content type");
    if !content_type.trim_start().to_ascii_lowercase().starts_with("text/event-stream") {
        let content_type = transport.redacted(content_type, MAX_CONTENT_TYPE).unwrap_or_default();
        let error = DecodeError::new(format!("expected text/event-stream, not {content_type}"));
        return Err(ClientError::invalid_response(request.operation(), error));
    }
    Ok(response)
}

/// One connection.
struct SseConnection {
    events: SseByteStream<BoxStream<'static, Result<Bytes, Disconnected>>>,
    /// Bytes since the last event.
    unread: Arc<AtomicUsize>,
    /// Maximum size of an event in bytes.
    limit: usize,
    since: Instant,
}

impl SseConnection {
    fn new(response: Response, idle_timeout: Duration, limit: usize) -> Self {
        let unread = Arc::new(AtomicUsize::new(0));
        let bytes = unfold((response, Arc::clone(&unread)), move |(mut response, unread)| async move {
            let chunk = read_chunk(&mut response, &unread, idle_timeout, limit).await?;
            Some((chunk, (response, unread)))
        });
        Self { events: SseByteStream::new(bytes.boxed()), unread, limit, since: Instant::now() }
    }

    async fn next(&mut self) -> ConnectionItem {
        match self.events.next().await {
            Some(Ok(event)) => {
                self.unread.store(0, Ordering::Relaxed);
                ConnectionItem::Event(event)
            }
            Some(Err(error @ sse_stream::Error::Utf8Parse(_))) => ConnectionItem::Malformed(error.to_string()),
            Some(Err(_)) if self.unread.load(Ordering::Relaxed) > self.limit => {
                ConnectionItem::Malformed(too_large(self.limit))
            }
            end => {
                let error = end.and_then(Result::err);
                tracing::debug!(error = error.map(tracing::field::display), "a stream of events ended");
                ConnectionItem::End
            }
        }
    }
}

/// An item of one connection.
enum ConnectionItem {
    Event(SseEvent),
    End,
    /// Data that is not a valid event.
    Malformed(String),
}

/// Reads the next bytes. Returns `None` at the end of the response.
async fn read_chunk(
    response: &mut Response,
    unread: &AtomicUsize,
    idle_timeout: Duration,
    limit: usize,
) -> Option<Result<Bytes, Disconnected>> {
    let disconnected = |reason: String| Some(Err(Disconnected(reason)));
    match timeout(idle_timeout, response.chunk()).await {
        Err(_) => disconnected(format!("no data for {idle_timeout:?}")),
        Ok(Err(error)) => disconnected(error.without_url().to_string()),
        Ok(Ok(chunk)) => {
            let chunk = chunk?;
            if unread.fetch_add(chunk.len(), Ordering::Relaxed) > limit {
                return disconnected(too_large(limit));
            }
            Some(Ok(chunk))
        }
    }
}

fn too_large(limit: usize) -> String {
    format!("an event is larger than the `response_limit` of {limit} bytes")
}

/// Why a connection was closed.
#[derive(Debug)]
struct Disconnected(String);

impl std::fmt::Display for Disconnected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Disconnected {}
