//! [`EventFeed`].

use std::marker::PhantomData;
use std::time::Duration;

use futures_util::stream::{Stream, unfold};
use tokio::time::Instant;

use super::super::coral::Coral;
use super::super::session::Session;
use super::socket::EventSocket;
use super::stream_item::EventStreamItem;
use crate::api::{Backoff, ClientError, OutageTolerance, RequestPath};
use crate::json::{FromJson, from_json};
use crate::telemetry::{CallFields, call_event};

/// A connection that stayed open this long resets the back-off.
const STABLE_AFTER: Duration = Duration::from_secs(2);

/// Events of one websocket after the other. Reconnects with back-off.
pub(super) struct EventFeed<T> {
    operation: &'static str,
    coral: Coral,
    path: RequestPath,
    /// The path of all connections after the first, if it differs.
    reconnect_path: Option<RequestPath>,
    socket: Option<EventSocket>,
    backoff: Backoff,
    outage: OutageTolerance,
    connected_at: Instant,
    /// The feed ends with this session.
    session: Option<Session>,
    is_finished: bool,
    events: PhantomData<fn() -> T>,
}

impl<T: FromJson> EventFeed<T> {
    pub(super) fn new(operation: &'static str, coral: Coral, path: RequestPath) -> Self {
        Self {
            operation,
            outage: coral.outage_tolerance(),
            coral,
            path,
            reconnect_path: None,
            socket: None,
            backoff: Backoff::new(Duration::from_millis(100), Duration::from_secs(10)),
            connected_at: Instant::now(),
            session: None,
            is_finished: false,
            events: PhantomData,
        }
    }

    pub(super) fn with_reconnect_path(mut self, path: RequestPath) -> Self {
        self.reconnect_path = Some(path);
        self
    }

    /// Ends the feed when the session ends.
    pub(super) fn with_session(mut self, session: Session) -> Self {
        self.outage = self.outage.in_session(session.id());
        self.session = Some(session);
        self
    }

    pub(super) fn into_stream(self) -> impl Stream<Item = Result<EventStreamItem<T>, ClientError>> {
        unfold(self, async |mut feed| feed.next().await.map(|update| (update, feed)))
    }

    async fn next(&mut self) -> Option<Result<EventStreamItem<T>, ClientError>> {
        while !self.is_finished {
            let Some(socket) = &mut self.socket else {
                match self.connect().await {
                    Some(update) => return Some(update),
                    None => continue,
                }
            };
            match socket.next().await {
                Some(text) => return Some(Ok(self.decode(text.as_bytes()))),
                None => self.disconnect(),
            }
        }
        None
    }

    fn disconnect(&mut self) {
        self.socket = None;
        if self.connected_at.elapsed() > STABLE_AFTER {
            self.backoff.reset();
        }
    }

    fn decode(&mut self, text: &[u8]) -> EventStreamItem<T> {
        match from_json(text) {
            Ok(event) => EventStreamItem::Event(event),
            Err(error) => {
                let session = CallFields { session: self.session.as_ref().map(Session::id), ..CallFields::default() };
                call_event!(warn, session, "cannot decode an event", operation = self.operation, %error);
                EventStreamItem::MayHaveMissed
            }
        }
    }

    /// Tries to connect. Returns `None` after a transient error, or if the session has ended.
    async fn connect(&mut self) -> Option<Result<EventStreamItem<T>, ClientError>> {
        self.backoff.wait().await;
        self.outage.wait().await;
        match EventSocket::open(self.operation, self.coral.transport(), &self.path).await {
            Ok(socket) => {
                self.socket = Some(socket);
                self.connected_at = Instant::now();
                self.outage.reset();
                self.path = self.reconnect_path.take().unwrap_or_else(|| self.path.clone());
                if let Some(session) = &self.session {
                    session.mark_seen();
                }
                Some(Ok(EventStreamItem::MayHaveMissed))
            }
            Err(error) if is_session_ended(self.session.as_ref(), &error).await => {
                self.is_finished = true;
                None
            }
            Err(error) => {
                let error = self.outage.record(error).err()?;
                let error = self.session.iter().fold(error, |error, session| session.identify(error));
                self.is_finished = true;
                Some(Err(error))
            }
        }
    }
}

async fn is_session_ended(session: Option<&Session>, error: &ClientError) -> bool {
    match session {
        Some(session) => session.is_ended(error).await,
        None => false,
    }
}
