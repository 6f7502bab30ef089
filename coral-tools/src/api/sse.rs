//! Server-sent events, from one connection after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{BoxStream, unfold};
use reqwest::Response;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
pub(crate) use sse_stream::Sse;
use sse_stream::SseByteStream;
use tokio::time::timeout;

use super::error::{Cause, ClientError};
use super::patience::Patience;
use super::pauses::Pauses;
use super::transport::{Call, Transport, said};
use crate::session::state::StateError;

/// More than any event.
const LARGEST_EVENT: usize = 16 << 20;
/// How long a server may take to begin.
const OPENING: Duration = Duration::from_secs(30);

/// What a feed tells.
#[derive(Debug)]
pub(crate) enum Fed {
    /// A connection is there, for the first time or again.
    Connected,
    /// One block of the stream. Comments never are.
    Event(Sse),
}

/// A stream of server-sent events that is opened again when it ends, from where the call says. Ends are no trouble: servers
/// cut long streams by themselves.
pub(crate) struct Feed {
    /// After so long without a byte the connection is dead.
    silence: Duration,
    patience: Patience,
    open: Option<Frames>,
    pauses: Pauses,
}

impl Feed {
    pub(crate) fn new(silence: Duration, patience: Patience) -> Self {
        Self { silence, patience, open: None, pauses: Pauses::default() }
    }

    /// What is told next. A new connection is made by `call`, which says where to begin.
    ///
    /// # Errors
    ///
    /// Where the server refuses the connection, trouble has lasted too long, or what comes is no event: it would be the same
    /// on the next connection.
    pub(crate) async fn next(&mut self, transport: &Transport, call: impl Fn() -> Call) -> Result<Fed, ClientError> {
        loop {
            let Some(frames) = &mut self.open else {
                if self.connect(transport, &call()).await? {
                    return Ok(Fed::Connected);
                }
                continue;
            };
            match frames.next().await {
                Next::Event(event) => {
                    self.pauses.forget();
                    return Ok(Fed::Event(event));
                }
                Next::Cut => self.open = None,
                Next::Unreadable(why) => {
                    self.open = None;
                    return Err(ClientError::unreadable(call().doing(), StateError::new(why)));
                }
            }
        }
    }

    /// Leaves the connection; the next is made from where the call says then.
    pub(crate) fn leave(&mut self) {
        self.open = None;
    }

    /// As [`Feed::leave`], of a connection that was good for nothing: the next is not made at once.
    #[cfg(feature = "qoder")]
    pub(crate) fn leave_for_a_while(&mut self) {
        self.leave();
        self.pauses.insist();
    }

    /// Whether there is a connection now.
    async fn connect(&mut self, transport: &Transport, call: &Call) -> Result<bool, ClientError> {
        self.pauses.wait().await;
        self.patience.wait().await;
        match open(transport, call).await {
            Ok(response) => {
                self.open = Some(Frames::of(response, self.silence));
                self.patience.relieve();
                Ok(true)
            }
            Err(error) => self.patience.bear(error).map(|()| false),
        }
    }
}

async fn open(transport: &Transport, call: &Call) -> Result<Response, ClientError> {
    // Instead of the `Accept` of other calls, not beside it.
    let accept = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("text/event-stream"))]);
    let request = transport.asking(call)?.headers(accept);
    let response = timeout(OPENING, request.send()).await.map_err(|late| call.failed(Cause::NoAnswer(late.into())))?;
    let response = response.map_err(|error| call.failed(transport.lost(error)))?;
    if !response.status().is_success() {
        return Err(call.failed(Cause::Said(said(response).await)));
    }
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("no type");
    if !kind.trim_start().to_ascii_lowercase().starts_with("text/event-stream") {
        return Err(ClientError::unreadable(
            call.doing(),
            StateError::new(format!("expected text/event-stream, not {kind}")),
        ));
    }
    Ok(response)
}

/// The events of one connection.
struct Frames {
    events: SseByteStream<BoxStream<'static, Result<Bytes, Cut>>>,
    /// How many bytes have come since the last event.
    unread: Arc<AtomicUsize>,
}

impl Frames {
    fn of(response: Response, silence: Duration) -> Self {
        let unread = Arc::new(AtomicUsize::new(0));
        let bytes = unfold((response, Arc::clone(&unread)), move |(mut response, unread)| async move {
            let chunk = chunk(&mut response, &unread, silence).await?;
            Some((chunk, (response, unread)))
        });
        Self { events: SseByteStream::new(bytes.boxed()), unread }
    }

    async fn next(&mut self) -> Next {
        match self.events.next().await {
            Some(Ok(event)) => {
                self.unread.store(0, Ordering::Relaxed);
                Next::Event(event)
            }
            Some(Err(error @ sse_stream::Error::Utf8Parse(_))) => Next::Unreadable(error.to_string()),
            Some(Err(_)) if self.unread.load(Ordering::Relaxed) > LARGEST_EVENT => {
                Next::Unreadable("an event is larger than 16 MiB".to_owned())
            }
            end => {
                let error = end.and_then(Result::err);
                tracing::debug!(error = error.map(tracing::field::display), "a stream of events has ended");
                Next::Cut
            }
        }
    }
}

/// What comes on a connection.
enum Next {
    Event(Sse),
    /// Its end.
    Cut,
    /// What nobody can read.
    Unreadable(String),
}

/// The next bytes of a connection; nothing at its end.
async fn chunk(response: &mut Response, unread: &AtomicUsize, silence: Duration) -> Option<Result<Bytes, Cut>> {
    let cut = |why: String| Some(Err(Cut(why)));
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
struct Cut(String);

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Cut {}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::api::Path;

    /// A server that says this on every connection.
    async fn saying(body: Vec<u8>) -> Transport {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let _request = socket.read(&mut [0; 4096]).await;
                let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
                let _gone = socket.write_all(&[head.as_slice(), &body].concat()).await;
            }
        });
        Transport::new(&url, "", None)
    }

    async fn first_event(body: Vec<u8>) -> Result<Sse, ClientError> {
        let transport = saying(body).await;
        let mut feed = Feed::new(Duration::from_secs(20), Patience::of(Duration::from_secs(20)));
        loop {
            if let Fed::Event(event) = feed.next(&transport, || Call::get("listening", Path::new("sse"))).await? {
                return Ok(event);
            }
        }
    }

    #[tokio::test]
    async fn an_event_is_read() {
        let event =
            first_event(b": heartbeat\r\n\r\nid: 1\r\ndata: {\r\ndata: }\r\n\r\n".to_vec()).await.expect("an event");
        assert_eq!((event.id.as_deref(), event.data.as_deref()), (Some("1"), Some("{\n}")));
    }

    /// As of a file that was written with one.
    #[tokio::test]
    async fn a_byte_order_mark_is_no_part_of_an_event() {
        let event = first_event("\u{feff}data: 1\n\n".into()).await.expect("an event");
        assert_eq!(event.data.as_deref(), Some("1"));
    }

    /// Any byte is a sign of life, though no event comes of it.
    #[tokio::test(start_paused = true)]
    async fn a_quiet_stream_is_not_left_while_it_gives_signs_of_life() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.expect("one connection");
            drop(listener);
            let _request = socket.read(&mut [0; 4096]).await;
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
            for text in [head, ": heartbeat\n\n", ": heartbeat\n\n", ": heartbeat\n\n", "data: 1\n\n"] {
                socket.write_all(text.as_bytes()).await.expect("somebody listens");
                tokio::time::sleep(Duration::from_secs(30)).await;
            }
        });
        let transport = Transport::new(&url, "", None);
        let mut feed = Feed::new(Duration::from_secs(45), Patience::of(Duration::ZERO));
        let call = || Call::get("listening", Path::new("sse"));
        assert!(matches!(feed.next(&transport, call).await, Ok(Fed::Connected)));
        let Ok(Fed::Event(event)) = feed.next(&transport, call).await else { panic!("the stream was left") };
        assert_eq!(event.data.as_deref(), Some("1"));
    }

    #[tokio::test]
    async fn what_would_be_the_same_again_is_an_error() {
        let large = [b"data: ".to_vec(), vec![b'x'; LARGEST_EVENT + (1 << 20)]].concat();
        for (body, words) in [(large, "larger than 16 MiB"), (b"data: \xff\n\n".to_vec(), "utf8")] {
            let error = first_event(body).await.expect_err("no event");
            assert!(error.to_string().contains(words), "{error}");
        }
    }
}
