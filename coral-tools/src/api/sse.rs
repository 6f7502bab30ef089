//! Server-sent events, from one connection after the other.

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
use super::error::{Cause, ClientError};
use super::outage_tolerance::OutageTolerance;
use super::transport::{HttpRequest, Transport};
use crate::json::DecodeError;

/// More than any event.
const LARGEST_EVENT: usize = 16 << 20;
/// As much of the type of another answer as anyone will read.
const LONGEST_TYPE: usize = 200;
/// How long a server may take to begin.
const OPENING: Duration = Duration::from_secs(30);
/// A connection that lives longer is good for something, even if nothing happens meanwhile.
const GOOD_LIFE: Duration = Duration::from_secs(5);
const RECONNECT_MIN: Duration = Duration::from_millis(100);
const RECONNECT_MAX: Duration = Duration::from_secs(10);

/// What a feed tells.
#[derive(Debug)]
pub(crate) enum SseItem {
    /// A connection is there, for the first time or again.
    Connected,
    /// One block of the stream that has data. Comments are never told.
    Event(SseEvent),
}

/// A stream of server-sent events that is opened again when it ends, from where the call says. Ends are no trouble: servers
/// cut long streams by themselves. So they are borne for ever, with growing pauses: at once it is opened again only where the
/// call says another place than the last time, since what was told has led there, or the connection had lived for a while.
pub(crate) struct SseStream {
    /// After so long without a byte the connection is dead.
    silence: Duration,
    outage: OutageTolerance,
    open: Option<SseConnection>,
    /// What was asked for the last time.
    asked: Option<HttpRequest>,
    backoff: Backoff,
}

impl SseStream {
    pub(crate) fn new(silence: Duration, outage: OutageTolerance) -> Self {
        Self { silence, outage, open: None, asked: None, backoff: Backoff::new(RECONNECT_MIN, RECONNECT_MAX) }
    }

    /// What is told next. A new connection is made by `call`, which says where to begin, and is the same for the same place.
    ///
    /// # Errors
    ///
    /// Where the server refuses the connection, trouble has lasted too long, or what comes is no event: it would be the same
    /// on the next connection.
    pub(crate) async fn next(
        &mut self,
        transport: &Transport,
        call: impl Fn() -> HttpRequest,
    ) -> Result<SseItem, ClientError> {
        loop {
            let Some(frames) = &mut self.open else {
                if self.connect(transport, call()).await? {
                    return Ok(SseItem::Connected);
                }
                continue;
            };
            match frames.next().await {
                ConnectionItem::Event(event) => {
                    if let Some(millis) = event.retry {
                        self.backoff.set_min(Duration::from_millis(millis));
                    }
                    if event.data.is_some() {
                        return Ok(SseItem::Event(event));
                    }
                }
                ConnectionItem::End => self.leave(),
                ConnectionItem::Unreadable(why) => {
                    self.leave();
                    return Err(ClientError::unreadable(call().operation(), DecodeError::new(why)));
                }
            }
        }
    }

    /// Leaves the connection; the next is made from where the call says then.
    pub(crate) fn leave(&mut self) {
        if self.open.take().is_some_and(|frames| frames.since.elapsed() > GOOD_LIFE) {
            self.backoff.reset();
        }
    }

    /// Whether there is a connection now.
    async fn connect(&mut self, transport: &Transport, call: HttpRequest) -> Result<bool, ClientError> {
        if self.asked.as_ref().is_some_and(|asked| *asked != call) {
            self.backoff.reset();
        }
        let call = self.asked.insert(call);
        self.backoff.wait().await;
        self.outage.wait().await;
        match open(transport, call).await {
            Ok(response) => {
                self.open = Some(SseConnection::of(response, self.silence));
                self.outage.reset();
                Ok(true)
            }
            Err(error) => self.outage.record(error).map(|()| false),
        }
    }
}

async fn open(transport: &Transport, call: &HttpRequest) -> Result<Response, ClientError> {
    // Instead of the `Accept` of other calls, not beside it.
    let accept = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("text/event-stream"))]);
    let request = transport.asking(call)?.headers(accept);
    let response = timeout(OPENING, request.send()).await.map_err(|late| call.failed(Cause::NoAnswer(late.into())))?;
    let response = response.map_err(|error| call.failed(transport.lost(error)))?;
    if !response.status().is_success() {
        return Err(call.failed(Cause::ErrorResponse(transport.said(response).await)));
    }
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("no type");
    if !kind.trim_start().to_ascii_lowercase().starts_with("text/event-stream") {
        let kind = transport.shown(kind, LONGEST_TYPE).unwrap_or_default();
        return Err(ClientError::unreadable(
            call.operation(),
            DecodeError::new(format!("expected text/event-stream, not {kind}")),
        ));
    }
    Ok(response)
}

/// The events of one connection.
struct SseConnection {
    events: SseByteStream<BoxStream<'static, Result<Bytes, Disconnected>>>,
    /// How many bytes have come since the last event.
    unread: Arc<AtomicUsize>,
    since: Instant,
}

impl SseConnection {
    fn of(response: Response, silence: Duration) -> Self {
        let unread = Arc::new(AtomicUsize::new(0));
        let bytes = unfold((response, Arc::clone(&unread)), move |(mut response, unread)| async move {
            let chunk = chunk(&mut response, &unread, silence).await?;
            Some((chunk, (response, unread)))
        });
        Self { events: SseByteStream::new(bytes.boxed()), unread, since: Instant::now() }
    }

    async fn next(&mut self) -> ConnectionItem {
        match self.events.next().await {
            Some(Ok(event)) => {
                self.unread.store(0, Ordering::Relaxed);
                ConnectionItem::Event(event)
            }
            Some(Err(error @ sse_stream::Error::Utf8Parse(_))) => ConnectionItem::Unreadable(error.to_string()),
            Some(Err(_)) if self.unread.load(Ordering::Relaxed) > LARGEST_EVENT => {
                ConnectionItem::Unreadable("an event is larger than 16 MiB".to_owned())
            }
            end => {
                let error = end.and_then(Result::err);
                tracing::debug!(error = error.map(tracing::field::display), "a stream of events has ended");
                ConnectionItem::End
            }
        }
    }
}

/// What comes on a connection.
enum ConnectionItem {
    Event(SseEvent),
    /// Its end.
    End,
    /// What nobody can read.
    Unreadable(String),
}

/// The next bytes of a connection; nothing at its end.
async fn chunk(
    response: &mut Response,
    unread: &AtomicUsize,
    silence: Duration,
) -> Option<Result<Bytes, Disconnected>> {
    let cut = |why: String| Some(Err(Disconnected(why)));
    match timeout(silence, response.chunk()).await {
        Err(_) => cut(format!("not a byte in {silence:?}")),
        Ok(Err(error)) => cut(error.without_url().to_string()),
        Ok(Ok(chunk)) => {
            let chunk = chunk?;
            if unread.fetch_add(chunk.len(), Ordering::Relaxed) > LARGEST_EVENT {
                return cut("an event larger than 16 MiB".to_owned());
            }
            Some(Ok(chunk))
        }
    }
}

/// Why a connection is of no more use.
#[derive(Debug)]
struct Disconnected(String);

impl std::fmt::Display for Disconnected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Disconnected {}
