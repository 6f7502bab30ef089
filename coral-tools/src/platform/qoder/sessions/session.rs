//! A session.

use std::ops::ControlFlow;

use serde_json::{Value, json};

use crate::api::{ClientError, HttpResponse, RequestPath};
use crate::platform::qoder::client::Qoder;
use crate::platform::qoder::sessions::event::Event;
use crate::platform::qoder::sessions::new_event::NewEvent;
use crate::platform::qoder::sessions::session_change::SessionChange;
use crate::platform::qoder::sessions::session_info::SessionInfo;

const LISTING_EVENTS: &str = "listing the events of a session";

/// A session on Qoder. Cheap to clone; the session continues when this is dropped.
#[derive(Debug, Clone)]
pub struct Session {
    qoder: Qoder,
    id: String,
}

impl Session {
    pub(crate) fn new(qoder: Qoder, id: String) -> Self {
        Self { qoder, id }
    }

    /// The session's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The client that this session uses.
    #[must_use]
    pub fn qoder(&self) -> &Qoder {
        &self.qoder
    }

    /// Reads the session's state.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, for example because the session does not exist
    /// ([`ClientError::is_not_found`]).
    pub async fn state(&self) -> Result<SessionInfo, ClientError> {
        self.qoder.get_json("reading a session", self.path()).await
    }

    /// Changes the session.
    ///
    /// # Errors
    ///
    /// Returns an error if `change` has problems or Qoder rejects it.
    pub async fn update(&self, change: &SessionChange) -> Result<SessionInfo, ClientError> {
        self.qoder.post_json("updating a session", self.path(), change.to_json()).await
    }

    /// Archives the session. It rejects events from then on.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, for example because the session does not exist.
    pub async fn archive(&self) -> Result<SessionInfo, ClientError> {
        self.qoder.post_json("archiving a session", self.path().join("archive"), Ok(json!({}))).await
    }

    /// Deletes the session.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, for example because the session does not exist.
    pub async fn delete(&self) -> Result<(), ClientError> {
        self.qoder.delete("deleting a session", self.path()).await.map(drop)
    }

    /// Cancels the current turn, if there is one. The session becomes idle a little later.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, for example because the session does not exist.
    pub async fn cancel(&self) -> Result<(), ClientError> {
        self.qoder.post("cancelling a turn", self.path().join("cancel"), &json!({})).await.map(drop)
    }

    /// Stops the current turn with the event `user.interrupt`.
    ///
    /// # Errors
    ///
    /// Returns an error if Qoder rejects the event.
    pub async fn interrupt(&self) -> Result<(), ClientError> {
        self.send(&[NewEvent::interrupt()]).await.map(drop)
    }

    /// Sends events in one request. Returns the ids from the response, in order; older servers may omit them.
    ///
    /// # Errors
    ///
    /// Returns an error if `events` is empty or Qoder rejects them, for example a message while the agent works (409).
    pub async fn send(&self, events: &[NewEvent]) -> Result<Vec<String>, ClientError> {
        let events: Vec<Value> = events.iter().map(NewEvent::to_json).collect();
        let response = self.qoder.post("sending events", self.events_path(), &json!({"events": events})).await?;
        Ok(event_ids(&response))
    }

    /// Lists all events of the session, oldest first.
    ///
    /// # Errors
    ///
    /// Returns an error if a request fails.
    pub async fn events(&self) -> Result<Vec<Event>, ClientError> {
        self.qoder.list(LISTING_EVENTS, self.events_path().query("order", Some("asc"))).await
    }

    /// Calls `visit` with events, newest first, until it breaks. `types` selects the types of events; empty means all.
    pub(crate) async fn for_each_event_backwards(
        &self,
        types: &[&str],
        visit: impl FnMut(Event) -> ControlFlow<()>,
    ) -> Result<(), ClientError> {
        let path = self.events_path().query("order", Some("desc"));
        let path = types.iter().fold(path, |path, kind| path.query("types%5B%5D", Some(kind)));
        self.qoder.for_each_item(LISTING_EVENTS, path, visit).await
    }

    pub(crate) fn events_path(&self) -> RequestPath {
        self.path().join("events")
    }

    fn path(&self) -> RequestPath {
        RequestPath::new("sessions").segment("session", &self.id)
    }
}

/// The ids in a response: of the events in `data` or `events`, or of the response itself.
fn event_ids(response: &HttpResponse) -> Vec<String> {
    let response = response.json().unwrap_or_default();
    let events = ["data", "events"].into_iter().find_map(|key| response.get(key)?.as_array());
    let id = |event: &Value| event.get("id").and_then(Value::as_str).filter(|id| !id.is_empty()).map(str::to_owned);
    match events {
        Some(events) => events.iter().filter_map(id).collect(),
        None => id(&response).into_iter().collect(),
    }
}
