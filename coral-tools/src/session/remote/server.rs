//! Servers that run agents for others.

use serde::Serialize;

/// Where servers are looked for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerSource {
    /// Among these.
    Servers {
        /// The servers.
        servers: Vec<RemoteServer>,
    },
    /// At a directory of servers. Servers decode it, by the long name of their own class, and none supports it.
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

/// A server that runs agents for others.
///
/// ```
/// use coral_tools::session::{ServerAttribute, ServerAttributeType, ServerAttributeValue, RemoteServer};
///
/// let place = ServerAttribute {
///     attribute: ServerAttributeType::GeographicLocation,
///     value: ServerAttributeValue::Text("Europe/Berlin".into()),
/// };
/// let server = RemoteServer { address: "agents.example".into(), port: 443, secure: true, attributes: vec![place] };
/// assert_eq!(serde_json::to_value(&server)?["attributes"][0]["format"], "string");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RemoteServer {
    /// Its host name or address.
    pub address: String,
    /// Its port.
    pub port: u16,
    /// Whether it is reached by https.
    pub secure: bool,
    /// What is known of it.
    pub attributes: Vec<ServerAttribute>,
}

impl RemoteServer {
    pub(super) fn fractions(&self) -> impl Iterator<Item = f64> {
        self.attributes.iter().filter_map(|attribute| match attribute.value {
            ServerAttributeValue::Number(number) => Some(number),
            ServerAttributeValue::Text(_) | ServerAttributeValue::Boolean(_) => None,
        })
    }
}

/// Something that is known of a server.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServerAttribute {
    /// What it is about.
    #[serde(rename = "type")]
    pub attribute: ServerAttributeType,
    /// What is known.
    #[serde(flatten)]
    pub value: ServerAttributeValue,
}

/// What an attribute is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerAttributeType {
    /// Where the server stands.
    GeographicLocation,
    /// Who vouches for the server.
    AttestedBy,
}

/// What is known.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "format", content = "value", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerAttributeValue {
    /// A text.
    #[serde(rename = "string")]
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
}
