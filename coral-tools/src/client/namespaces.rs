//! Creating, listing and deleting namespaces.

use super::coral::Coral;
use super::dialect_detector::PathScheme;
use crate::api::{ClientError, HttpRequest, RequestPath};
use crate::session::NewNamespace;
use crate::state::{NamespaceState, SessionState};

const NAMESPACES: &str = "api/v1/local/namespace";

impl Coral {
    /// Creates a namespace without sessions. Since coral-server 1.1; not in the Coral Cloud API guide.
    ///
    /// # Errors
    ///
    /// Returns an error if the namespace is invalid or exists already (400), or if the request fails.
    pub async fn create_namespace(&self, namespace: impl Into<NewNamespace>) -> Result<(), ClientError> {
        let operation = "creating a namespace";
        let invalid = |errors| ClientError::invalid_request(operation, errors);
        let namespace = namespace.into();
        namespace.check().map_err(invalid)?;
        let server = self.detected_server().await?;
        let body = namespace.to_json(server.dialect).map_err(invalid)?;
        let created = self.transport().send(&HttpRequest::post(operation, RequestPath::new(NAMESPACES), &body)).await;
        created.map(drop).map_err(|error| self.explain_dialect(error, server, &[]))
    }

    /// Lists all namespaces by name. Servers before 1.1, and Coral Cloud according to its guide, list only those with sessions.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails.
    pub async fn namespaces(&self) -> Result<Vec<NamespaceState>, ClientError> {
        let path = |paths| match paths {
            PathScheme::Guide => RequestPath::new("api/v1/session"),
            PathScheme::Local => RequestPath::new(NAMESPACES),
            PathScheme::Sessions => RequestPath::new("api/v1/sessions"),
        };
        let response = self.send_to(|paths| [HttpRequest::get("listing namespaces", path(paths))]).await?;
        response.read().map(NamespaceState::sorted)
    }

    /// Deletes a namespace. Its sessions are ended first, which takes as long as their agents need. If that takes longer than
    /// [`Coral::timeout`], the sessions are read once: the namespace counts as deleted if it is gone or if all of them are closing.
    /// Since coral-server 1.1.
    ///
    /// # Errors
    ///
    /// Returns an error if the namespace does not exist (404), or if it contains a deferred session that was never executed (500).
    /// Returns an error that names the agents that are still running ([`ClientError::running_agents`]) if they have not stopped in
    /// time.
    pub async fn delete_namespace(&self, name: &str) -> Result<(), ClientError> {
        let path = RequestPath::new(NAMESPACES).segment("namespace", name);
        let request = HttpRequest::delete("deleting a namespace", path).without_retries_after_timeouts();
        let (response, in_doubt) = self.transport().send_tracked(&request).await;
        match self.accept_deletion(response, in_doubt).await {
            Err(error) if error.is_timeout() => self.check_deletion(name, error).await,
            deleted => deleted,
        }
    }

    /// Reads the sessions of a namespace once after a request to delete it has timed out with `error`.
    async fn check_deletion(&self, name: &str, error: ClientError) -> Result<(), ClientError> {
        let path = RequestPath::new(NAMESPACES).segment("namespace", name).join("extended");
        let request = HttpRequest::get("reading the sessions of a namespace", path).without_retries();
        let sessions = self.transport().send(&request).await.and_then(|response| response.read::<Vec<SessionState>>());
        match sessions {
            // A namespace without sessions is deleted at once, so the request did not reach the server.
            Ok(sessions) if !sessions.is_empty() && sessions.iter().all(SessionState::is_closing) => Ok(()),
            Ok(sessions) => {
                Err(error.with_running_agents(sessions.iter().flat_map(SessionState::running_agents).collect()))
            }
            Err(missing) if self.is_absent(&missing).await => Ok(()),
            Err(_) => Err(error),
        }
    }
}
