//! What an agent is an instance of.

use serde_json::Value;

use super::error::StateError;
use super::read::{Object, Tagged};

/// The name of an agent in a registry. Keys that this version does not know stay in the `extra` of what holds it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RegistryAgentId {
    /// The agent's name in the registry; not its name in a session.
    pub name: String,
    /// Its version, such as `1.1.0`.
    pub version: String,
    /// The registry. coral-server 1.0 does not say.
    pub source: Option<RegistrySource>,
}

impl RegistryAgentId {
    /// Reads the id at `key`, whose source is `registrySourceId` on servers and `source` in the guide.
    pub(crate) fn of(holder: &mut Object, key: &str) -> Result<Option<Self>, StateError> {
        holder.nested(key, |id| {
            Ok(Self { name: id.required("name")?, version: id.or_default("version")?, source: RegistrySource::of(id)? })
        })
    }
}

/// A registry that agents come from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RegistrySource {
    /// The server's own.
    Local,
    /// Coral's marketplace.
    Marketplace,
    /// Another server's.
    Linked {
        /// The other server's name, or its id on servers later than 1.2.
        server: Option<String>,
    },
    /// One that this version does not know, as it came.
    Other(Value),
}

impl RegistrySource {
    fn of(id: &mut Object) -> Result<Option<Self>, StateError> {
        if let Some(source) = id.tagged("registrySourceId")? {
            return Ok(Some(source));
        }
        let Some(source) = id.take("source") else { return Ok(None) };
        let known = match source.as_str() {
            Some(tag) => Self::read(tag, &mut Object::default())?,
            None => None,
        };
        Ok(Some(known.unwrap_or(Self::Other(source))))
    }
}

impl Tagged for RegistrySource {
    fn read(tag: &str, fields: &mut Object) -> Result<Option<Self>, StateError> {
        Ok(Some(match tag {
            "local" => Self::Local,
            "marketplace" => Self::Marketplace,
            "linked" => Self::Linked { server: linked_server(fields)? },
            _ => return Ok(None),
        }))
    }

    fn other(raw: Value) -> Self {
        Self::Other(raw)
    }
}

/// The other server, by its name up to coral-server 1.2, and by its id later.
pub(crate) fn linked_server(fields: &mut Object) -> Result<Option<String>, StateError> {
    let server = fields.key("linkedServerName", "linkedServerId");
    fields.optional(server)
}
