//! One session, by its id.

use serde_json::json;

use super::client::Everruns;
use super::session_state::{Cancelled, SessionState, Status};
use crate::api::{Call, ClientError, Path, Repeat};

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
    /// answered, a message is sent, or the session is [deleted](Self::delete). Where the receipt of an attempt is lost, a turn
    /// that is over by the next one is taken for cancelled.
    ///
    /// # Errors
    ///
    /// Where there is no such session.
    pub async fn cancel(&self) -> Result<Cancelled, ClientError> {
        let call = Call::post("cancelling a turn", self.path().then("cancel"), &json!({})).repeating(Repeat::Faults);
        let (answer, in_doubt) = self.everruns.transport().send_counting(&call).await;
        match answer?.read()? {
            // An attempt before may have cancelled it, and its receipt been lost; a turn that waits is not cancelled.
            Cancelled::Nothing if in_doubt && self.state().await?.status == Status::Idle => Ok(Cancelled::Cancelled),
            cancelled => Ok(cancelled),
        }
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

    pub(super) fn path(&self) -> Path {
        Path::new("v1/sessions").named("session", &self.id)
    }
}
