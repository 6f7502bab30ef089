//! A stream of a session's events, for applications.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{BoxStream, Stream, StreamExt, unfold};

use crate::api::ClientError;
use crate::platform::qoder::sessions::event::{Event, EventKind};
use crate::platform::qoder::sessions::event_subscription::EventSubscription;
use crate::platform::qoder::sessions::session::Session;

/// The events of a session, from [`Session::event_stream`]. It reconnects after a disconnect. An error is its last item.
#[must_use = "streams do nothing unless polled"]
pub struct EventStream(BoxStream<'static, Result<Event, ClientError>>);

impl Session {
    /// Streams the events after the event with the id `after`, until the session ends.
    ///
    /// A stream always starts after an event: without one, Qoder would omit the events before the connection is open.
    pub fn event_stream(&self, after: &str) -> EventStream {
        let subscription = Some(EventSubscription::new(self.clone(), after.to_owned()));
        let events = unfold(subscription, async |subscription| {
            let mut subscription = subscription?;
            let event = subscription.next().await;
            let continues = event.as_ref().is_ok_and(|event| !ends_session(&event.kind));
            Some((event, continues.then_some(subscription)))
        });
        EventStream(events.fuse().boxed())
    }
}

fn ends_session(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Terminated | EventKind::Deleted)
}

impl Stream for EventStream {
    type Item = Result<Event, ClientError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}
