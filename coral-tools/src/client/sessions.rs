//! Listing sessions.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::coral::Coral;
use super::dialect_detector::PathScheme;
use super::session::Session;
use crate::api::{ClientError, HttpRequest, RequestPath};
use crate::state::{NamespaceState, SessionState};

/// Sessions that are read concurrently, if the server has no list of their complete states.
const CONCURRENCY: usize = 4;

impl Coral {
    /// Returns the session with this namespace and id, which was created before. Sends nothing.
    #[must_use]
    pub fn session(&self, namespace: impl Into<String>, id: impl Into<String>) -> Session {
        Session::new(self.clone(), namespace.into(), id.into())
    }

    /// Lists all namespaces, by name, with their sessions, without agents and threads.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails.
    pub async fn sessions(&self) -> Result<Vec<NamespaceState>, ClientError> {
        let path = |paths| match paths {
            PathScheme::Guide => RequestPath::new("api/v1/session"),
            PathScheme::Local => RequestPath::new("api/v1/local/namespace/extended"),
            PathScheme::Sessions => RequestPath::new("api/v1/sessions"),
        };
        let response = self.send_to(|paths| [HttpRequest::get("listing sessions", path(paths))]).await?;
        response.read().map(NamespaceState::sorted)
    }

    /// Lists the sessions of a namespace, without agents and threads.
    ///
    /// # Errors
    ///
    /// Returns an error if the namespace does not exist, or if the request fails.
    pub async fn sessions_in(&self, namespace: &str) -> Result<Vec<SessionState>, ClientError> {
        let request =
            |paths| [HttpRequest::get("listing the sessions of a namespace", namespace_path(paths, namespace))];
        let mut sessions: Vec<SessionState> = self.send_to(request).await?.read()?;
        for session in &mut sessions {
            // The guide's list omits it.
            if session.namespace.is_empty() {
                namespace.clone_into(&mut session.namespace);
            }
        }
        Ok(sessions)
    }

    /// Lists the sessions of a namespace with agents and threads. Servers before 1.1 and the guide have no such list; the sessions
    /// are read one by one there.
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as [`sessions_in`](Self::sessions_in).
    pub async fn session_states_in(&self, namespace: &str) -> Result<Vec<SessionState>, ClientError> {
        if self.detected_server().await?.paths == PathScheme::Local {
            let path = namespace_path(PathScheme::Local, namespace).join("extended");
            let request = HttpRequest::get("reading the sessions of a namespace", path);
            return self.transport().send(&request).await?.read();
        }
        let sessions = self.sessions_in(namespace).await?.into_iter().map(|state| self.session(namespace, state.id));
        let states = stream::iter(sessions).map(async |session: Session| session.find_state().await);
        // A session that has ended since it was listed is omitted.
        states.buffered(CONCURRENCY).try_filter_map(async |state| Ok(state)).try_collect().await
    }
}

fn namespace_path(paths: PathScheme, namespace: &str) -> RequestPath {
    let parent = match paths {
        PathScheme::Guide => "api/v1/session",
        PathScheme::Local => "api/v1/local/namespace",
        PathScheme::Sessions => "api/v1/sessions",
    };
    RequestPath::new(parent).segment("namespace", namespace)
}
