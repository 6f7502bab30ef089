//! Events from one websocket after the other.

use std::marker::PhantomData;
use std::time::Duration;

use futures_util::stream::{Stream, unfold};
use tokio::time::Instant;

use super::super::coral::Coral;
use super::super::session::Session;
use super::socket::EventSocket;
use super::update::EventUpdate;
use crate::api::{Backoff, ClientError, OutageTolerance, RequestPath};
use crate::json::{FromJson, from_json};

/// A connection that lives so long is good for something.
const GOOD_LIFE: Duration = Duration::from_secs(2);

/// A connection to events that is made again when it breaks.
pub(super) struct EventFeed<T> {
    operation: &'static str,
    coral: Coral,
    path: RequestPath,
    /// What to ask for when it is not the first time.
    again: Option<RequestPath>,
    socket: Option<EventSocket>,
    backoff: Backoff,
    outage: OutageTolerance,
    /// When the connection was made.
    connected: Instant,
    /// Whose end is the end.
    session: Option<Session>,
    is_over: bool,
    events: PhantomData<fn() -> T>,
}

impl<T: FromJson> EventFeed<T> {
    pub(super) fn new(operation: &'static str, coral: Coral, path: RequestPath) -> Self {
        Self {
            operation,
            outage: coral.patient(),
            coral,
            path,
            again: None,
            socket: None,
            backoff: Backoff::new(Duration::from_millis(100), Duration::from_secs(10)),
            connected: Instant::now(),
            session: None,
            is_over: false,
            events: PhantomData,
        }
    }

    pub(super) fn then_from(mut self, path: RequestPath) -> Self {
        self.again = Some(path);
        self
    }

    /// Ends with the session.
    pub(super) fn of(mut self, session: Session) -> Self {
        self.session = Some(session);
        self
    }

    pub(super) fn updates(self) -> impl Stream<Item = Result<EventUpdate<T>, ClientError>> {
        unfold(self, async |mut feed| feed.next().await.map(|update| (update, feed)))
    }

    async fn next(&mut self) -> Option<Result<EventUpdate<T>, ClientError>> {
        while !self.is_over {
            let Some(socket) = &mut self.socket else {
                match self.connect().await {
                    Some(update) => return Some(update),
                    None => continue,
                }
            };
            match socket.next().await {
                Some(text) => return Some(Ok(self.read(text.as_bytes()))),
                None => self.disconnect(),
            }
        }
        None
    }

    fn disconnect(&mut self) {
        self.socket = None;
        // One that did not live has shown that the next may wait.
        if self.connected.elapsed() > GOOD_LIFE {
            self.backoff.reset();
        }
    }

    fn read(&mut self, text: &[u8]) -> EventUpdate<T> {
        match from_json(text) {
            Ok(event) => EventUpdate::Event(event),
            Err(error) => {
                tracing::warn!(%error, "{}: an event could not be read", self.operation);
                EventUpdate::MayHaveMissed
            }
        }
    }

    /// Connects, if it can; nothing where it is worth another attempt, or all is over.
    async fn connect(&mut self) -> Option<Result<EventUpdate<T>, ClientError>> {
        self.backoff.wait().await;
        self.outage.wait().await;
        match EventSocket::open(self.operation, self.coral.transport(), &self.path).await {
            Ok(socket) => {
                self.socket = Some(socket);
                self.connected = Instant::now();
                self.outage.reset();
                self.path = self.again.take().unwrap_or_else(|| self.path.clone());
                if let Some(session) = &self.session {
                    session.was_seen();
                }
                Some(Ok(EventUpdate::MayHaveMissed))
            }
            Err(error) if is_end(self.session.as_ref(), &error).await => {
                self.is_over = true;
                None
            }
            Err(error) => {
                let error = self.outage.record(error).err()?;
                self.is_over = true;
                Some(Err(error))
            }
        }
    }
}

async fn is_end(session: Option<&Session>, error: &ClientError) -> bool {
    match session {
        Some(session) => session.is_over(error).await,
        None => false,
    }
}
