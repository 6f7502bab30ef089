//! What Coral tells as it happens, over websockets.

mod feed;
mod filter;
mod socket;
mod update;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{BoxStream, Stream, StreamExt};

use self::feed::EventFeed;
pub use self::filter::{LogFilter, ManagerFilter};
pub use self::update::EventUpdate;
use super::coral::Coral;
use super::session::Session;
use crate::api::{ApiKey, ClientError, RequestPath};
use crate::json::FromJson;
use crate::state::{LogEvent, ManagerEvent, SessionEvent};

/// Events as the server tells them. Made by [`Session::events`], [`Coral::manager_events`] and [`Coral::logs`].
///
/// A connection that breaks is made again, with growing pauses, and [`EventUpdate::MayHaveMissed`] says so; it also stands for an
/// event that could not be read. An error is the last item: trouble that will not pass, or has lasted too long
/// ([`Coral::max_outage`]). A server drops what a slow reader does not fetch, and does not say so.
pub struct EventStream<T> {
    updates: BoxStream<'static, Result<EventUpdate<T>, ClientError>>,
}

impl<T: FromJson + Send + 'static> EventStream<T> {
    fn new(feed: EventFeed<T>) -> Self {
        Self { updates: feed.updates().fuse().boxed() }
    }
}

impl<T> Stream for EventStream<T> {
    type Item = Result<EventUpdate<T>, ClientError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.updates.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

impl Session {
    /// What happens in the session, until it ends. Since coral-server 1.1.
    ///
    /// ```no_run
    /// use coral_tools::client::EventUpdate;
    /// use futures_util::TryStreamExt;
    ///
    /// # async fn example(session: coral_tools::Session) -> Result<(), coral_tools::ClientError> {
    /// let mut events = session.events();
    /// while let Some(update) = events.try_next().await? {
    ///     match update {
    ///         EventUpdate::Event(event) => println!("{event:?}"),
    ///         EventUpdate::MayHaveMissed => println!("{:?}", session.state().await?.status),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn events(&self) -> EventStream<SessionEvent> {
        let path = watched(self.coral(), "ws/v1/events").join("session");
        let path = path.segment("namespace", self.namespace()).segment("session", self.id());
        EventStream::new(EventFeed::new("following a session's events", self.coral().clone(), path).of(self.clone()))
    }
}

impl Coral {
    /// What happens to sessions and namespaces. Since coral-server 1.1.
    #[must_use]
    pub fn manager_events(&self, filter: &ManagerFilter) -> EventStream<ManagerEvent> {
        let path = filter.of(watched(self, "ws/v1/events").join("lsm"));
        EventStream::new(EventFeed::new("following the events of sessions", self.clone(), path))
    }

    /// What the server and its agents log: first what it still remembers, up to the filter's limit, then what comes. After
    /// the connection broke, only what comes. Since coral-server 1.1.
    #[must_use]
    pub fn logs(&self, filter: &LogFilter) -> EventStream<LogEvent> {
        let path = watched(self, "ws/v1/logs");
        let (first, again) = (filter.of(path.clone()), filter.clone().limit(0).of(path));
        EventStream::new(EventFeed::new("following the log", self.clone(), first).then_from(again))
    }
}

/// Websockets have the key in their path, where servers expect it.
fn watched(coral: &Coral, path: &str) -> RequestPath {
    let key = coral.transport().key().map(ApiKey::segment);
    RequestPath::new(path).join(&key.unwrap_or_default())
}
