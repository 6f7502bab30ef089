//! One session, by its id.

use std::ops::ControlFlow;

use serde_json::{Value, json};

use crate::api::{ClientError, HttpResponse, RequestPath};
use crate::platform::qoder::client::Qoder;
use crate::platform::qoder::sessions::Event;
use crate::platform::qoder::sessions::NewEvent;
use crate::platform::qoder::sessions::NewSession;
use crate::platform::qoder::sessions::SessionChange;
use crate::platform::qoder::sessions::SessionFilter;
use crate::platform::qoder::sessions::SessionState;
use crate::platform::qoder::view::view;

/// A session on Qoder. Cheap to clone; dropping it ends nothing.
#[derive(Debug, Clone)]
pub struct Session {
    qoder: Qoder,
    id: String,
}

impl Qoder {
    /// Makes a session.
    ///
    /// # Errors
    ///
    /// Where it is wrong, or Qoder refuses it: there is no such agent or environment, an MCP server of the agent does not
    /// answer.
    pub async fn create_session(&self, session: &NewSession) -> Result<Session, ClientError> {
        Ok(self.session(&self.create_session_state(session).await?.id))
    }

    /// As [`create_session`](Self::create_session), and what Qoder says of it.
    ///
    /// # Errors
    ///
    /// As [`create_session`](Self::create_session).
    pub async fn create_session_state(&self, session: &NewSession) -> Result<SessionState, ClientError> {
        const DOING: &str = "making a session";
        let body = session.to_json().map_err(|errors| ClientError::request(DOING, errors))?;
        self.make(DOING, RequestPath::new("sessions"), &body).await
    }

    /// The session of this id. Nothing is sent.
    #[must_use]
    pub fn session(&self, id: &str) -> Session {
        Session { qoder: self.clone(), id: id.to_owned() }
    }

    /// The sessions that `filter` lets through.
    ///
    /// # Errors
    ///
    /// Where Qoder does not give the list.
    pub async fn sessions(&self, filter: &SessionFilter) -> Result<Vec<SessionState>, ClientError> {
        self.list("listing sessions", filter.on(RequestPath::new("sessions"))).await
    }
}

impl Session {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The account that it is of.
    #[must_use]
    pub fn qoder(&self) -> &Qoder {
        &self.qoder
    }

    /// Its state.
    ///
    /// # Errors
    ///
    /// Where there is no such session: [`ClientError::is_not_found`].
    pub async fn state(&self) -> Result<SessionState, ClientError> {
        self.qoder.retrieve("reading a session", self.path()).await
    }

    /// Changes it.
    ///
    /// # Errors
    ///
    /// Where the change is wrong, or Qoder refuses it.
    pub async fn update(&self, change: &SessionChange) -> Result<SessionState, ClientError> {
        const DOING: &str = "changing a session";
        let body = change.to_json().map_err(|errors| ClientError::request(DOING, errors))?;
        self.qoder.make(DOING, self.path(), &body).await
    }

    /// Puts it away: nothing can be said in it any more.
    ///
    /// # Errors
    ///
    /// Where there is no such session.
    pub async fn archive(&self) -> Result<SessionState, ClientError> {
        self.qoder.make("archiving a session", self.path().then("archive"), &json!({})).await
    }

    /// Deletes it.
    ///
    /// # Errors
    ///
    /// Where there is no such session.
    pub async fn delete(&self) -> Result<(), ClientError> {
        self.qoder.delete("deleting a session", self.path()).await.map(drop)
    }

    /// Stops the turn that runs, if one does. The session is told to; it is idle a little later.
    ///
    /// # Errors
    ///
    /// Where there is no such session.
    pub async fn cancel(&self) -> Result<(), ClientError> {
        self.qoder.post("cancelling a session", self.path().then("cancel"), &json!({})).await.map(drop)
    }

    /// Stops the turn that runs by saying so in the session.
    ///
    /// # Errors
    ///
    /// Where Qoder refuses it.
    pub async fn interrupt(&self) -> Result<(), ClientError> {
        self.send(&[NewEvent::interrupt()]).await.map(drop)
    }

    /// Says something in it, all at once. Returns the ids that it was given, in order, as far as Qoder says.
    ///
    /// # Errors
    ///
    /// Where nothing is said, or Qoder refuses it: a message while the agent works is refused (409).
    pub async fn send(&self, events: &[NewEvent]) -> Result<Vec<String>, ClientError> {
        let events: Vec<Value> = events.iter().map(NewEvent::to_json).collect();
        let answer = self.qoder.post("sending events", self.events_path(), &json!({"events": events})).await?;
        Ok(ids(&answer))
    }

    /// Everything that was told in it, from its beginning.
    ///
    /// # Errors
    ///
    /// Where Qoder does not give the list.
    pub async fn events(&self) -> Result<Vec<Event>, ClientError> {
        self.qoder.list(LISTING, self.events_path().query("order", Some("asc"))).await
    }

    /// Shows `visit` the events of these types, or all if there are none, from the last back to the first, until it has seen
    /// enough.
    pub(crate) async fn visit_back(
        &self,
        types: &[&str],
        mut visit: impl FnMut(Event) -> ControlFlow<()>,
    ) -> Result<(), ClientError> {
        let path = self.events_path().query("order", Some("desc"));
        let path = types.iter().fold(path, |path, kind| path.query("types%5B%5D", Some(kind)));
        self.qoder.visit(LISTING, path, |event| Ok(visit(view(LISTING, event)?))).await
    }

    pub(crate) fn events_path(&self) -> RequestPath {
        self.path().then("events")
    }

    fn path(&self) -> RequestPath {
        RequestPath::new("sessions").named("session", &self.id)
    }
}

const LISTING: &str = "listing a session's events";

/// The ids in an answer: of the events in `data`, or in `events`, or of the answer itself.
fn ids(answer: &HttpResponse) -> Vec<String> {
    let answer = answer.json().unwrap_or_default();
    let events = ["data", "events"].into_iter().find_map(|key| answer.get(key)?.as_array());
    let id = |event: &Value| event.get("id").and_then(Value::as_str).filter(|id| !id.is_empty()).map(str::to_owned);
    match events {
        Some(events) => events.iter().filter_map(id).collect(),
        None => id(&answer).into_iter().collect(),
    }
}
