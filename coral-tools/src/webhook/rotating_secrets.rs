//! [`RotatingSecrets`].

use std::sync::{Arc, PoisonError, RwLock};

use super::secret::Secret;
use super::signature::SignatureVerifier;
use crate::build_error::BuildError;

/// The secrets that webhooks accept, which can be replaced while they are served. Clones share the secrets.
///
/// To rotate a secret without rejecting a call: accept the new one beside the old one, change it on the Coral server, and then
/// remove the old one.
///
/// ```
/// use coral_tools::webhook::RotatingSecrets;
/// use coral_tools::{Secret, Toolset, toolset};
///
/// # fn main() -> Result<(), coral_tools::BuildError> {
/// let secrets = RotatingSecrets::new([Secret::new("first")]);
/// let tools: Toolset = toolset![];
/// let app: axum::Router = axum::Router::new().nest("/coral", tools.webhooks(secrets.clone()));
///
/// // Later, for example in a task that reads the secrets of a vault or handles a signal:
/// secrets.replace([Secret::new("second"), Secret::new("first")])?;
/// // When the Coral server signs with the second one:
/// secrets.replace([Secret::new("second")])?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct RotatingSecrets {
    verifier: Arc<RwLock<Arc<SignatureVerifier>>>,
}

impl RotatingSecrets {
    /// Creates a handle with the secrets that are accepted at first.
    pub fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        let verifier = Arc::new(SignatureVerifier::new(secrets));
        Self { verifier: Arc::new(RwLock::new(verifier)) }
    }

    /// Accepts these secrets instead of the present ones, beginning with the next request.
    ///
    /// # Errors
    ///
    /// Returns an error if all of the secrets are empty. The present ones stay accepted then.
    pub fn replace(&self, secrets: impl IntoIterator<Item = Secret>) -> Result<(), BuildError> {
        let verifier = Arc::new(SignatureVerifier::new(secrets));
        check(&verifier)?;
        *self.verifier.write().unwrap_or_else(PoisonError::into_inner) = verifier;
        Ok(())
    }

    /// Returns the verifier of the present secrets.
    pub(super) fn verifier(&self) -> Arc<SignatureVerifier> {
        Arc::clone(&self.verifier.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns an error if the secrets cannot verify anything.
    pub(super) fn check(&self) -> Result<(), BuildError> {
        check(&self.verifier())
    }
}

fn check(verifier: &SignatureVerifier) -> Result<(), BuildError> {
    match verifier.has_keys() {
        true => Ok(()),
        false => Err(BuildError::new("webhook secret", "all configured secrets are empty")),
    }
}
