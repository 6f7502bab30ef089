//! Environments: what the agents of sessions work in.

use serde_json::{Map, Value, json};

use crate::api::{ClientError, RequestPath};
use crate::build_error::BuildErrors;
use crate::platform::qoder::body::Written;
use crate::platform::qoder::client::Qoder;
use crate::platform::qoder::environments::Environment;

/// An environment to be made.
#[derive(Debug, Clone)]
#[must_use]
pub struct NewEnvironment {
    written: Written,
    config: Map<String, Value>,
}

impl NewEnvironment {
    /// A machine of Qoder's, which by default reaches little of the network.
    pub fn cloud(name: &str) -> Self {
        Self::of("cloud", name)
    }

    /// A machine of one's own.
    pub fn self_hosted(name: &str) -> Self {
        Self::of("self_hosted", name)
    }

    fn of(kind: &str, name: &str) -> Self {
        let mut written = Written::new("the environment");
        written.set("name", name);
        if name.is_empty() {
            written.fault("its name is empty");
        }
        Self { written, config: Map::from_iter([("type".to_owned(), kind.into())]) }
    }

    /// It reaches the whole network.
    pub fn unrestricted_network(self) -> Self {
        self.config("networking", json!({"type": "unrestricted"}))
    }

    /// A setting of the machine: `networking`, `packages`, `setup_script`.
    pub fn config(mut self, key: &str, value: impl Into<Value>) -> Self {
        if key == "type" {
            self.written.fault("its kind is said by `cloud` or `self_hosted`");
        }
        self.config.insert(key.to_owned(), value.into());
        self
    }

    /// What it is for.
    pub fn description(mut self, text: &str) -> Self {
        self.written.set("description", text);
        self
    }

    /// Something to keep with it: at most 16 pairs, of 64 and 512 characters.
    pub fn metadata(mut self, key: &str, value: &str) -> Self {
        self.written.metadata(key, value);
        self
    }

    /// A field that has no method, such as `scope`.
    pub fn extra(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.written.extra(key, value, &["name", "config", "description", "metadata"]);
        self
    }

    /// The request's body.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn to_json(&self) -> Result<Value, BuildErrors> {
        let mut written = self.written.clone();
        written.set("config", self.config.clone());
        written.into_json()
    }
}

impl Qoder {
    /// Makes an environment. There is none to begin with, and every session needs one.
    ///
    /// # Errors
    ///
    /// Where it is wrong, or Qoder refuses it.
    pub async fn create_environment(&self, environment: &NewEnvironment) -> Result<Environment, ClientError> {
        const DOING: &str = "making an environment";
        let body = environment.to_json().map_err(|errors| ClientError::request(DOING, errors))?;
        self.make(DOING, RequestPath::new("environments"), &body).await
    }

    /// The environment of this id.
    ///
    /// # Errors
    ///
    /// Where there is none: [`ClientError::is_not_found`].
    pub async fn environment(&self, id: &str) -> Result<Environment, ClientError> {
        self.retrieve("reading an environment", path(id)).await
    }

    /// Every environment.
    ///
    /// # Errors
    ///
    /// Where Qoder does not give the list.
    pub async fn environments(&self) -> Result<Vec<Environment>, ClientError> {
        self.list("listing environments", RequestPath::new("environments")).await
    }

    /// Puts an environment away: no session can be made in it any more.
    ///
    /// # Errors
    ///
    /// Where there is no such environment.
    pub async fn archive_environment(&self, id: &str) -> Result<Environment, ClientError> {
        self.make("archiving an environment", path(id).then("archive"), &json!({})).await
    }

    /// Deletes an environment.
    ///
    /// # Errors
    ///
    /// Where there is none, or sessions are in it (409).
    pub async fn delete_environment(&self, id: &str) -> Result<(), ClientError> {
        self.delete("deleting an environment", path(id)).await.map(drop)
    }
}

fn path(id: &str) -> RequestPath {
    RequestPath::new("environments").named("environment", id)
}
