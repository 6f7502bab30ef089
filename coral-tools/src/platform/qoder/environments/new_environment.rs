//! The request for a new environment.

use serde_json::{Map, Value, json};

use crate::build_error::BuildErrors;
use crate::platform::qoder::body::BodyBuilder;

const KNOWN_FIELDS: [&str; 4] = ["name", "config", "description", "metadata"];

/// The request for a new environment.
#[derive(Debug, Clone)]
#[must_use]
pub struct NewEnvironment {
    body: BodyBuilder,
    config: Map<String, Value>,
}

impl NewEnvironment {
    /// A machine that Qoder hosts. By default its access to the network is limited.
    pub fn cloud(name: &str) -> Self {
        Self::new("cloud", name)
    }

    /// A machine that the application's owner hosts.
    pub fn self_hosted(name: &str) -> Self {
        Self::new("self_hosted", name)
    }

    fn new(kind: &str, name: &str) -> Self {
        let mut body = BodyBuilder::new("the environment");
        body.set("name", name);
        if name.is_empty() {
            body.problem("`name` is empty");
        }
        Self { body, config: Map::from_iter([("type".to_owned(), kind.into())]) }
    }

    /// Allows access to the whole network.
    pub fn unrestricted_network(self) -> Self {
        self.config("networking", json!({"type": "unrestricted"}))
    }

    /// Sets a setting of the machine: `networking`, `packages` or `setup_script`.
    pub fn config(mut self, key: &str, value: impl Into<Value>) -> Self {
        if key == "type" {
            self.body.problem("`type` cannot be set with `config`; use `cloud` or `self_hosted`");
        }
        self.config.insert(key.to_owned(), value.into());
        self
    }

    /// A description for people.
    pub fn description(mut self, text: &str) -> Self {
        self.body.set("description", text);
        self
    }

    /// Adds a pair of metadata: at most 16 pairs, keys of 1 to 64 characters, values of at most 512 characters.
    pub fn metadata(mut self, key: &str, value: &str) -> Self {
        self.body.metadata(key, value);
        self
    }

    /// Sets a field that has no method here, such as `scope`.
    pub fn extra(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.body.extra(key, value, &KNOWN_FIELDS);
        self
    }

    /// The request body.
    ///
    /// # Errors
    ///
    /// Returns every problem of the request.
    pub fn to_json(&self) -> Result<Value, BuildErrors> {
        let mut body = self.body.clone();
        body.set("config", self.config.clone());
        body.finish()
    }
}
