//! A session's events, for whoever wants to see them as they are told.

use futures_util::stream::{Stream, StreamExt, unfold};

use crate::api::ClientError;
use crate::platform::qoder::sessions::Session;
use crate::platform::qoder::sessions::event_subscription::EventFeed;
use crate::platform::qoder::sessions::{Event, EventKind};

impl Session {
    /// What is told in it after the event `after`, as it is told, up to the end of the session: connections that break are made
    /// again. There is no stream without an event to begin after: it would miss what is told before it is there.
    ///
    /// After an error it is over.
    pub fn follow(&self, after: &str) -> impl Stream<Item = Result<Event, ClientError>> + use<> {
        let feed = Some(EventFeed::after(self.clone(), after.to_owned()));
        let events = unfold(feed, async |feed| {
            let mut feed = feed?;
            let event = feed.next().await;
            let goes_on = event.as_ref().is_ok_and(|event| !ends_the_session(&event.kind));
            Some((event, goes_on.then_some(feed)))
        });
        events.fuse()
    }
}

fn ends_the_session(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Terminated | EventKind::Deleted)
}
