//! `GraphAgentRequest`: one agent of a session.

use std::fmt;

use serde_json::{Value, json};

use super::Decoded;
use super::annotations::Annotations;
use super::fields::Fields;
use super::option::OptionValue;
use super::provider::Provider;
use super::scalar::{boolean, integer, list, map, one_of, set, text, text_map};
use super::tree::Tree;
use crate::coral::plays::Plays;

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

/// An agent type, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::coral) struct AgentId {
    pub(in crate::coral) name: String,
    pub(in crate::coral) version: String,
    pub(in crate::coral) source: Source,
}

/// Where agent types are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::coral) enum Source {
    Local,
    Marketplace,
    Linked(String),
}

impl AgentRequest {
    pub(super) fn decode(tree: Tree, plays: Plays) -> Decoded<Self> {
        Fields::of(tree, |fields| {
            let request = Self {
                id: fields.required("id", |tree| AgentId::decode(tree, plays))?,
                name: fields.required("name", text)?,
                provider: fields.required("provider", |tree| Provider::decode(tree, plays))?,
                description: fields.nullable("description", text)?,
                blocking: fields.nullable("blocking", boolean)?.unwrap_or_default(),
                options: fields.or_default("options", |tree| map(tree, OptionValue::decode))?,
                tools: fields.or_default("customToolAccess", |tree| set(tree, text))?,
                can_close_session: fields.or_default("plugins", plugins)?,
                annotations: fields.or_default("annotations", text_map)?,
            };
            // Read as strictly as the rest, but of no effect.
            fields.nullable("systemPrompt", text)?;
            fields.optional("x402Budgets", |tree| list(tree, x402_budget))?;
            if plays == Plays::Server1_2 {
                fields.optional("proxies", |tree| map(tree, proxy))?;
            }
            Ok(request)
        })
    }
}

/// The only plugin lets the agent close its session.
fn plugins(tree: Tree) -> Decoded<bool> {
    let plugin = |tree| Fields::of(tree, |fields| fields.required("type", one_of(&["close_session_tool"])));
    set(tree, plugin).map(|plugins| !plugins.is_empty())
}

fn x402_budget(tree: Tree) -> Decoded<()> {
    Fields::of(tree, |fields| {
        fields.required("priority", integer::<i32>)?;
        fields.required("resource", text)?;
        fields.required("remainingBudget", integer::<u64>).map(drop)
    })
}

fn proxy(tree: Tree) -> Decoded<()> {
    Fields::of(tree, |fields| {
        fields.required("configurationName", text)?;
        fields.required("modelName", text).map(drop)
    })
}

impl AgentId {
    pub(in crate::coral) fn decode(tree: Tree, plays: Plays) -> Decoded<Self> {
        Fields::of(tree, |fields| {
            Ok(Self {
                name: fields.required("name", text)?,
                version: fields.required("version", text)?,
                source: match plays {
                    Plays::Cloud if fields.has("source") => fields.required("source", Source::word)?,
                    _ => fields.required("registrySourceId", Source::decode)?,
                },
            })
        })
    }

    /// As a state has it: the guide's word for the source is another one.
    pub(in crate::coral) fn to_json(&self, plays: Plays) -> Value {
        let Self { name, version, source } = self;
        match (plays, source) {
            (Plays::Cloud, Source::Local) => json!({"name": name, "version": version, "source": "local"}),
            (Plays::Cloud, Source::Marketplace) => json!({"name": name, "version": version, "source": "marketplace"}),
            _ => json!({"name": name, "version": version, "registrySourceId": source.to_json()}),
        }
    }
}

impl Source {
    fn decode(tree: Tree) -> Decoded<Self> {
        Fields::of(tree, |fields| match fields.required("type", one_of(&["local", "marketplace", "linked"]))? {
            "local" => Ok(Self::Local),
            "marketplace" => Ok(Self::Marketplace),
            _ => fields.required("linkedServerId", text).map(Self::Linked),
        })
    }

    fn word(tree: Tree) -> Decoded<Self> {
        let word = one_of(&["local", "marketplace"])(tree)?;
        Ok(if word == "local" { Self::Local } else { Self::Marketplace })
    }

    pub(in crate::coral) fn to_json(&self) -> Value {
        match self {
            Self::Local => json!({"type": "local"}),
            Self::Marketplace => json!({"type": "marketplace"}),
            Self::Linked(server) => json!({"type": "linked", "linkedServerId": server}),
        }
    }
}

impl fmt::Display for Source {
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
