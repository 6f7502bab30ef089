//! Remote servers that run agents for payment.

use serde::Serialize;

/// The remote servers to choose from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerSource {
    /// A list of servers.
    Servers {
        /// The servers.
        servers: Vec<RemoteServer>,
    },
    /// A directory of servers. Coral servers decode it, with the full name of their own class as its tag, but none
    /// supports it.
    #[serde(rename = "org.coralprotocol.coralserver.agent.graph.server.GraphAgentServerSource.Indexer")]
    Indexer {
        /// The directory.
        indexer: String,
    },
}

impl ServerSource {
    pub(super) fn servers(&self) -> &[RemoteServer] {
        match self {
            Self::Servers { servers } => servers,
            Self::Indexer { .. } => &[],
        }
    }
}

/// A remote server that runs agents for payment.
///
/// ```
/// use coral_tools::session::{RemoteServer, ServerAttribute, ServerAttributeType, ServerAttributeValue};
///
/// let location = ServerAttributeValue::Text("Europe/Berlin".into());
/// let server = RemoteServer::new("agents.example", 443)
///     .attribute(ServerAttribute::new(ServerAttributeType::GeographicLocation, location));
/// assert_eq!(serde_json::to_value(&server)?["attributes"][0]["format"], "string");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RemoteServer {
    /// Its host name or address.
    pub address: String,
    /// Its port.
    pub port: u16,
    /// Whether it is reached by https.
    pub secure: bool,
    /// Its attributes.
    pub attributes: Vec<ServerAttribute>,
}

impl RemoteServer {
    /// A server that is reached by https, without attributes.
    #[must_use]
    pub fn new(address: impl Into<String>, port: u16) -> Self {
        Self { address: address.into(), port, secure: true, attributes: Vec::new() }
    }

    /// Sets whether it is reached by https. Default: `true`.
    #[must_use]
    pub fn secure(mut self, secure: bool) -> Self {
        self.secure = secure;
        self
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attribute(mut self, attribute: ServerAttribute) -> Self {
        self.attributes.push(attribute);
        self
    }

    pub(super) fn fractions(&self) -> impl Iterator<Item = f64> {
        self.attributes.iter().filter_map(|attribute| match attribute.value {
            ServerAttributeValue::Number(number) => Some(number),
            ServerAttributeValue::Text(_) | ServerAttributeValue::Boolean(_) => None,
        })
    }
}

/// An attribute of a remote server.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ServerAttribute {
    /// Its type.
    #[serde(rename = "type")]
    pub attribute: ServerAttributeType,
    /// Its value.
    #[serde(flatten)]
    pub value: ServerAttributeValue,
}

impl ServerAttribute {
    /// An attribute with its value.
    #[must_use]
    pub fn new(attribute: ServerAttributeType, value: ServerAttributeValue) -> Self {
        Self { attribute, value }
    }
}

/// The type of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerAttributeType {
    /// The location of the server.
    GeographicLocation,
    /// The party that vouches for the server.
    AttestedBy,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "format", content = "value", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerAttributeValue {
    /// A string.
    #[serde(rename = "string")]
    Text(String),
    /// A number.
    Number(f64),
    /// A boolean.
    Boolean(bool),
}
