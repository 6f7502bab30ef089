//! One session, by its id.

use serde_json::json;

use super::super::answers::Answers;
use super::super::run::Run;
use super::client::Everruns;
use super::state::{Cancelled, SessionState};
use super::wire::SessionWire;
use crate::api::{Call, ClientError, Path, Repeat};
use crate::toolset::Toolset;

/// A session on Everruns. Cheap to clone; dropping it ends nothing.
#[derive(Debug, Clone)]
pub struct Session {
    everruns: Everruns,
    id: String,
}

impl Session {
    pub(super) fn new(everruns: Everruns, id: String) -> Self {
        Self { everruns, id }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The Everruns that it is on.
    #[must_use]
    pub fn everruns(&self) -> &Everruns {
        &self.everruns
    }

    /// One turn, with `tools` at its service: end it with [`message`](Run::message), or go on with one that runs by
    /// [`resume`](Run::resume), which also tells what the last one said where none runs.
    pub fn run<'r, S: Sync>(&self, tools: &'r Toolset<S>, state: &'r S) -> Run<'r, S, SessionWire> {
        Run::new(SessionWire::new(self.clone()), tools, state, self.answers().clone())
    }

    /// What the platform says of it.
    ///
    /// # Errors
    ///
    /// Where there is no such session: [`ClientError::is_not_found`].
    pub async fn state(&self) -> Result<SessionState, ClientError> {
        let call = Call::get("reading a session", self.path()).repeating(Repeat::Faults);
        self.everruns.transport().send(&call).await?.read()
    }

    /// Cancels the turn that runs.
    ///
    /// A turn that waits for tools is not cancelled: Everruns says [`Cancelled::Nothing`] then. It ends when its calls are
    /// answered, a message is sent, or the session is [deleted](Self::delete).
    ///
    /// # Errors
    ///
    /// Where there is no such session.
    pub async fn cancel(&self) -> Result<Cancelled, ClientError> {
        let call = Call::post("cancelling a turn", self.path().then("cancel"), &json!({})).repeating(Repeat::Faults);
        self.everruns.transport().send(&call).await?.read()
    }

    /// Deletes it, with all that was said.
    ///
    /// # Errors
    ///
    /// Where there is no such session, unless an attempt before may have deleted it.
    pub async fn delete(&self) -> Result<(), ClientError> {
        let call = Call::delete("deleting a session", self.path()).repeating(Repeat::Faults);
        match self.everruns.transport().send_counting(&call).await {
            (Err(error), true) if error.is_not_found() => Ok(()),
            (answer, _) => answer.map(drop),
        }
    }

    fn answers(&self) -> &Answers {
        self.everruns.answers()
    }

    pub(super) fn path(&self) -> Path {
        Path::new("v1/sessions").named("session", &self.id)
    }
}
