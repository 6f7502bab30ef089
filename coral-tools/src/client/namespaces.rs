//! Namespaces by themselves.

use super::coral::Coral;
use super::dialect_detector::PathScheme;
use crate::api::{ClientError, HttpRequest, RequestPath};
use crate::session::NewNamespace;
use crate::state::NamespaceState;

const NAMESPACES: &str = "api/v1/local/namespace";

impl Coral {
    /// Creates a namespace before there is a session in it. Since coral-server 1.1; the guide has no such thing.
    ///
    /// # Errors
    ///
    /// Where there is one of this name already (400), or the server does not answer.
    pub async fn create_namespace(&self, namespace: impl Into<NewNamespace>) -> Result<(), ClientError> {
        let operation = "creating a namespace";
        let wrong = |errors| ClientError::invalid_request(operation, errors);
        let namespace = namespace.into();
        namespace.check().map_err(wrong)?;
        let body = namespace.to_json(self.known().await?.dialect).map_err(wrong)?;
        self.transport().send(&HttpRequest::post(operation, RequestPath::new(NAMESPACES), &body)).await.map(drop)
    }

    /// Every namespace. Of older servers, and of Coral Cloud as the guide has it, those that hold sessions.
    ///
    /// # Errors
    ///
    /// Where the server does not answer, or not with such a list.
    pub async fn namespaces(&self) -> Result<Vec<NamespaceState>, ClientError> {
        let path = |family| match family {
            PathScheme::Guide => RequestPath::new("api/v1/session"),
            PathScheme::Local => RequestPath::new(NAMESPACES),
            PathScheme::Sessions => RequestPath::new("api/v1/sessions"),
        };
        self.send_to(|family| [HttpRequest::get("listing namespaces", path(family))]).await?.read()
    }

    /// Deletes a namespace with its sessions, which are ended first; this may take as long as their agents need. Since
    /// coral-server 1.1.
    ///
    /// # Errors
    ///
    /// Where there is no such namespace (404), or it holds a deferred session that was never executed (500).
    pub async fn delete_namespace(&self, name: &str) -> Result<(), ClientError> {
        let path = RequestPath::new(NAMESPACES).segment("namespace", name);
        let (answer, in_doubt) =
            self.transport().send_tracked(&HttpRequest::delete("deleting a namespace", path)).await;
        self.gone(answer, in_doubt).await
    }
}
