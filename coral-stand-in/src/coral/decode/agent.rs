//! `GraphAgentRequest`: one agent of a session.

use std::fmt;

use serde_json::{Value, json};

use super::DecodeResult;
use super::annotations::Annotations;
use super::json_tree::JsonTree;
use super::object_reader::ObjectReader;
use super::option_value::OptionValue;
use super::provider::Provider;
use super::scalar::{boolean, integer, list, map, one_of, set, text, text_map, unsigned};
use crate::coral::emulated_version::EmulatedVersion;

#[derive(Debug, Clone)]
pub(in crate::coral) struct AgentRequest {
    pub(in crate::coral) id: AgentId,
    pub(in crate::coral) name: String,
    pub(in crate::coral) provider: Provider,
    pub(in crate::coral) description: Option<String>,
    pub(in crate::coral) blocking: bool,
    pub(in crate::coral) options: Vec<(String, OptionValue)>,
    pub(in crate::coral) tools: Vec<String>,
    pub(in crate::coral) can_close_session: bool,
    pub(in crate::coral) annotations: Annotations,
}

/// The identifier of an agent type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::coral) struct AgentId {
    pub(in crate::coral) name: String,
    pub(in crate::coral) version: String,
    pub(in crate::coral) source: RegistrySource,
}

/// The registry of an agent type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::coral) enum RegistrySource {
    Local,
    Marketplace,
    Linked(String),
}

impl AgentRequest {
    pub(super) fn decode(tree: JsonTree, emulated: EmulatedVersion) -> DecodeResult<Self> {
        ObjectReader::read(tree, |fields| {
            let request = Self {
                id: fields.required("id", |tree| AgentId::decode(tree, emulated))?,
                name: fields.required("name", text)?,
                provider: fields.required("provider", |tree| Provider::decode(tree, emulated))?,
                description: fields.nullable("description", text)?,
                blocking: fields.nullable("blocking", boolean)?.unwrap_or_default(),
                options: fields.or_default("options", |tree| map(tree, OptionValue::decode))?,
                tools: fields.or_default("customToolAccess", |tree| set(tree, text))?,
                can_close_session: fields.or_default("plugins", plugins)?,
                annotations: fields.or_default("annotations", text_map)?,
            };
            // Decoded as strictly as the rest, but without effect.
            fields.nullable("systemPrompt", text)?;
            fields.optional("x402Budgets", |tree| list(tree, x402_budget))?;
            if emulated == EmulatedVersion::Server1_2 {
                fields.optional("proxies", |tree| map(tree, proxy))?;
            }
            Ok(request)
        })
    }
}

/// The only plugin lets the agent close its session.
fn plugins(tree: JsonTree) -> DecodeResult<bool> {
    let plugin = |tree| ObjectReader::read(tree, |fields| fields.required("type", one_of(&["close_session_tool"])));
    set(tree, plugin).map(|plugins| !plugins.is_empty())
}

fn x402_budget(tree: JsonTree) -> DecodeResult<()> {
    ObjectReader::read(tree, |fields| {
        fields.required("priority", integer::<i32>)?;
        fields.required("resource", text)?;
        fields.required("remainingBudget", unsigned::<u64>).map(drop)
    })
}

fn proxy(tree: JsonTree) -> DecodeResult<()> {
    ObjectReader::read(tree, |fields| {
        fields.required("configurationName", text)?;
        fields.required("modelName", text).map(drop)
    })
}

impl AgentId {
    pub(in crate::coral) fn decode(tree: JsonTree, emulated: EmulatedVersion) -> DecodeResult<Self> {
        ObjectReader::read(tree, |fields| {
            Ok(Self {
                name: fields.required("name", text)?,
                version: fields.required("version", text)?,
                source: match emulated {
                    EmulatedVersion::Cloud if fields.has("source") => {
                        fields.required("source", RegistrySource::from_name)?
                    }
                    _ => fields.required("registrySourceId", RegistrySource::decode)?,
                },
            })
        })
    }

    /// The identifier in a session state. Coral Cloud writes the source in its own form.
    pub(in crate::coral) fn to_json(&self, emulated: EmulatedVersion) -> Value {
        let Self { name, version, source } = self;
        match (emulated, source) {
            (EmulatedVersion::Cloud, RegistrySource::Local) => {
                json!({"name": name, "version": version, "source": "local"})
            }
            (EmulatedVersion::Cloud, RegistrySource::Marketplace) => {
                json!({"name": name, "version": version, "source": "marketplace"})
            }
            _ => json!({"name": name, "version": version, "registrySourceId": source.to_json()}),
        }
    }
}

impl RegistrySource {
    fn decode(tree: JsonTree) -> DecodeResult<Self> {
        ObjectReader::read(tree, |fields| {
            match fields.required("type", one_of(&["local", "marketplace", "linked"]))? {
                "local" => Ok(Self::Local),
                "marketplace" => Ok(Self::Marketplace),
                _ => fields.required("linkedServerId", text).map(Self::Linked),
            }
        })
    }

    fn from_name(tree: JsonTree) -> DecodeResult<Self> {
        let name = one_of(&["local", "marketplace"])(tree)?;
        Ok(if name == "local" { Self::Local } else { Self::Marketplace })
    }

    pub(in crate::coral) fn to_json(&self) -> Value {
        match self {
            Self::Local => json!({"type": "local"}),
            Self::Marketplace => json!({"type": "marketplace"}),
            Self::Linked(server) => json!({"type": "linked", "linkedServerId": server}),
        }
    }
}

impl fmt::Display for RegistrySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local => f.write_str("local"),
            Self::Marketplace => f.write_str("marketplace"),
            Self::Linked(server) => write!(f, "linked({server})"),
        }
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}:{}", self.source, self.name, self.version)
    }
}
