//! One agent type: what a server says of it, what that means for requests, and what it does.

use std::fmt;

use serde_json::{Map, Value};

use super::validation::Validation;
use crate::dev::stand_in::agents::Script;
use crate::dev::stand_in::decode::{AgentId, AgentRequest, OptionValue, Provider, Tree};
use crate::dev::stand_in::plays::Plays;

pub(in crate::dev::stand_in) struct Entry {
    pub(in crate::dev::stand_in) id: AgentId,
    pub(in crate::dev::stand_in) description: String,
    pub(in crate::dev::stand_in) runtimes: Vec<String>,
    pub(in crate::dev::stand_in) options: Vec<(String, OptionType)>,
    pub(in crate::dev::stand_in) restrictions: Vec<Restriction>,
    /// As a server shows it.
    pub(in crate::dev::stand_in) shown: Value,
    pub(in crate::dev::stand_in) script: Script,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.id.to_string()).finish()
    }
}

/// What may be said for an option.
#[derive(Debug)]
pub(in crate::dev::stand_in) struct OptionType {
    tag: String,
    pub(in crate::dev::stand_in) required: bool,
    pub(in crate::dev::stand_in) default: Option<Value>,
    validation: Option<Validation>,
}

/// Where alone an agent may run.
#[derive(Debug)]
pub(in crate::dev::stand_in) enum Restriction {
    Local,
    Remote,
    Linked(String),
}

impl Entry {
    /// Reads a `RestrictedRegistryAgent`.
    ///
    /// # Errors
    ///
    /// What it lacks.
    pub(in crate::dev::stand_in) fn of(shown: Value, script: Script) -> Result<Self, String> {
        let agent = &shown["registryAgent"];
        let id = Tree::parse(&agent["info"]["identifier"].to_string())
            .and_then(|tree| AgentId::decode(tree, Plays::Server1_2))
            .map_err(|error| format!("registryAgent/info/identifier: {error}"))?;
        let runtimes = object(&agent["runtimes"]).map(|(name, _)| name.clone()).collect();
        let options = object(&agent["options"])
            .map(|(name, option)| {
                Ok((name.clone(), OptionType::of(option).map_err(|error| format!("{name}: {error}"))?))
            })
            .collect::<Result<_, String>>()?;
        let restrictions = shown["restrictions"].as_array().into_iter().flatten();
        Ok(Self {
            id,
            description: agent["info"]["description"].as_str().unwrap_or_default().to_owned(),
            runtimes,
            options,
            restrictions: restrictions.map(Restriction::of).collect::<Result<_, _>>()?,
            shown,
            script,
        })
    }

    pub(in crate::dev::stand_in) fn option(&self, name: &str) -> Option<&OptionType> {
        self.options.iter().find(|(known, _)| known == name).map(|(_, option)| option)
    }
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

impl OptionType {
    fn of(option: &Value) -> Result<Self, String> {
        let tag = option["type"].as_str().ok_or("an option has no type")?.to_owned();
        let given = option.get("default").filter(|default| !default.is_null());
        // A list is never missing.
        let default = given.cloned().or_else(|| tag.starts_with("list[").then(|| Value::Array(Vec::new())));
        Ok(Self {
            required: option["required"].as_bool().unwrap_or_default(),
            default: default.map(|default| read(&tag, &default)).transpose()?,
            validation: option.get("validation").filter(|found| !found.is_null()).map(Validation::of).transpose()?,
            tag,
        })
    }

    pub(in crate::dev::stand_in) fn is_of_type(&self, value: &OptionValue) -> bool {
        self.tag == value.tag
    }

    /// # Errors
    ///
    /// The server's sentence on a value that is not valid.
    pub(in crate::dev::stand_in) fn require(&self, value: &Value) -> Result<(), String> {
        let Some(validation) = &self.validation else { return Ok(()) };
        let element = self.tag.trim_start_matches("list[").trim_end_matches(']');
        match value.as_array() {
            Some(items) => items.iter().try_for_each(|item| validation.require(element, item)),
            None => validation.require(element, value),
        }
    }
}

fn read(tag: &str, value: &Value) -> Result<Value, String> {
    let read = Tree::parse(&value.to_string()).and_then(|tree| OptionValue::read(tag, tree));
    read.map_err(|error| format!("default: {error}"))
}

impl Restriction {
    fn of(restriction: &Value) -> Result<Self, String> {
        match restriction["type"].as_str() {
            Some("local") => Ok(Self::Local),
            Some("remote") => Ok(Self::Remote),
            Some("linked") => Ok(Self::Linked(restriction["linkedServerName"].as_str().unwrap_or_default().to_owned())),
            _ => Err(format!("unknown restriction {restriction}")),
        }
    }

    /// # Errors
    ///
    /// The server's sentence on a request for what is restricted.
    pub(in crate::dev::stand_in) fn require(&self, request: &AgentRequest) -> Result<(), String> {
        let AgentRequest { id, provider, .. } = request;
        match (self, provider) {
            (Self::Local, Provider::Local { .. }) | (Self::Remote, Provider::RemoteRequest) => Ok(()),
            (Self::Linked(only), Provider::Linked { server }) if only == server => Ok(()),
            (Self::Local, _) => Err(format!("Agent {id} may only be run on the local server")),
            (Self::Remote, _) => Err(format!("Agent {id} may only be run on remote servers")),
            (Self::Linked(only), _) => Err(format!("Agent {id} may only be run on linked server {only}")),
        }
    }
}
