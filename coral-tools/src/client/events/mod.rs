//! Events over websockets.

mod feed;
mod filter;
mod socket;
mod stream_item;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{BoxStream, Stream, StreamExt};

use self::feed::EventFeed;
pub use self::filter::{LogFilter, ManagerFilter};
pub use self::stream_item::EventStreamItem;
use super::coral::Coral;
use super::session::Session;
use crate::api::{ApiKey, ClientError, RequestPath};
use crate::json::FromJson;
use crate::state::{LogEvent, ManagerEvent, SessionEvent};

/// Events of a server. Created by [`Session::events`], [`Coral::manager_events`] and [`Coral::logs`].
///
/// The stream reconnects with back-off, and returns [`EventStreamItem::MayHaveMissed`] after each connect and for each event that cannot
/// be decoded. An error is the last item: one that is not transient, or an outage that lasts too long ([`Coral::max_outage`]).
/// Servers drop events that are not read in time, without a notice.
pub struct EventStream<T> {
    updates: BoxStream<'static, Result<EventStreamItem<T>, ClientError>>,
}

impl<T: FromJson + Send + 'static> EventStream<T> {
    fn new(feed: EventFeed<T>) -> Self {
        Self { updates: feed.into_stream().fuse().boxed() }
    }
}

impl<T> Stream for EventStream<T> {
    type Item = Result<EventStreamItem<T>, ClientError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.updates.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}

impl Session {
    /// Streams the events of the session until it ends. Since coral-server 1.1.
    ///
    /// ```no_run
    /// use coral_tools::client::EventStreamItem;
    /// use futures_util::TryStreamExt;
    ///
    /// # async fn example(session: coral_tools::Session) -> Result<(), coral_tools::ClientError> {
    /// let mut events = session.events();
    /// while let Some(update) = events.try_next().await? {
    ///     match update {
    ///         EventStreamItem::Event(event) => println!("{event:?}"),
    ///         EventStreamItem::MayHaveMissed => println!("{:?}", session.state().await?.status),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn events(&self) -> EventStream<SessionEvent> {
        let path = websocket_path(self.coral(), "ws/v1/events").join("session");
        let path = path.segment("namespace", self.namespace()).segment("session", self.id());
        let feed = EventFeed::new("streaming a session's events", self.coral().clone(), path);
        EventStream::new(feed.with_session(self.clone()))
    }
}

impl Coral {
    /// Streams the creation and end of sessions and namespaces. Since coral-server 1.1.
    #[must_use]
    pub fn manager_events(&self, filter: &ManagerFilter) -> EventStream<ManagerEvent> {
        let path = filter.apply_to(websocket_path(self, "ws/v1/events").join("lsm"));
        EventStream::new(EventFeed::new("streaming the events of sessions", self.clone(), path))
    }

    /// Streams the logs of the server and its agents: first the lines that the server has kept, up to the filter's limit, then new
    /// ones. After a reconnect, only new ones. Since coral-server 1.1.
    #[must_use]
    pub fn logs(&self, filter: &LogFilter) -> EventStream<LogEvent> {
        let path = websocket_path(self, "ws/v1/logs");
        let reconnect_path = filter.clone().limit(0).apply_to(path.clone());
        let feed = EventFeed::new("streaming the log", self.clone(), filter.apply_to(path));
        EventStream::new(feed.with_reconnect_path(reconnect_path))
    }
}

/// Appends the API key to the path, where servers expect it for websockets.
fn websocket_path(coral: &Coral, path: &str) -> RequestPath {
    let key = coral.transport().key().map(ApiKey::segment);
    RequestPath::new(path).join(&key.unwrap_or_default())
}
