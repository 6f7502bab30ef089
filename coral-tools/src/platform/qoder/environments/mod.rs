//! Environments, and the requests for them.

mod environment;
mod new_environment;

use serde_json::json;

pub use self::environment::Environment;
pub use self::new_environment::NewEnvironment;
use crate::api::{ClientError, RequestPath};
use crate::platform::qoder::client::Qoder;

impl Qoder {
    /// Creates an environment. Every session needs one, and a new account has none.
    ///
    /// # Errors
    ///
    /// Returns an error if `environment` has problems, all of which are reported before it is sent, or if Qoder rejects it.
    pub async fn create_environment(&self, environment: &NewEnvironment) -> Result<Environment, ClientError> {
        self.post_json("creating an environment", RequestPath::new("environments"), environment.to_json()).await
    }

    /// Reads an environment.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, for example because the environment does not exist
    /// ([`ClientError::is_not_found`]).
    pub async fn environment(&self, id: &str) -> Result<Environment, ClientError> {
        self.get_json("reading an environment", environment_path(id)).await
    }

    /// Lists the environments.
    ///
    /// # Errors
    ///
    /// Returns an error if a request fails.
    pub async fn environments(&self) -> Result<Vec<Environment>, ClientError> {
        self.list("listing environments", RequestPath::new("environments")).await
    }

    /// Archives an environment, so that no new session can use it.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, for example because the environment does not exist.
    pub async fn archive_environment(&self, id: &str) -> Result<Environment, ClientError> {
        self.post_json("archiving an environment", environment_path(id).join("archive"), Ok(json!({}))).await
    }

    /// Deletes an environment.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, for example because the environment does not exist or has sessions (409).
    pub async fn delete_environment(&self, id: &str) -> Result<(), ClientError> {
        self.delete("deleting an environment", environment_path(id)).await.map(drop)
    }
}

fn environment_path(id: &str) -> RequestPath {
    RequestPath::new("environments").segment("environment", id)
}
