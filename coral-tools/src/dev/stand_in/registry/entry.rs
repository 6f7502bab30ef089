//! One agent type: what a server says of it, what that means for requests, and what it does.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::validation::Rules;
use crate::dev::stand_in::agents::Script;
use crate::dev::stand_in::decode::{AgentId, AgentRequest, OptionValue, Provider, Source, Tree};
use crate::dev::stand_in::plays::Plays;
use crate::json::from_json;
use crate::registry::{
    OptionSpec, OptionType, PlacementRestriction, RegistryAgent, RegistryAgentId, ReportedRegistry, ScalarType, bytes,
};

pub(in crate::dev::stand_in) struct Entry {
    pub(in crate::dev::stand_in) id: AgentId,
    /// What is said of it, read as clients read it: every generation's entries are understood.
    read: RegistryAgent,
    /// As a server shows it.
    pub(in crate::dev::stand_in) shown: Value,
    pub(in crate::dev::stand_in) script: Script,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.id.to_string()).finish()
    }
}

impl Entry {
    /// Reads a `RestrictedRegistryAgent`.
    ///
    /// # Errors
    ///
    /// What it lacks.
    pub(in crate::dev::stand_in) fn of(shown: Value, script: Script) -> Result<Self, String> {
        let read: RegistryAgent = from_json(shown.to_string().as_bytes()).map_err(|error| error.to_string())?;
        let entry = Self { id: id(&read.id)?, read, shown, script };
        entry.defaults().map(|_| entry)
    }

    pub(in crate::dev::stand_in) fn description(&self) -> &str {
        self.read.description.as_deref().unwrap_or_default()
    }

    pub(in crate::dev::stand_in) fn offers(&self, runtime: &str) -> bool {
        self.read.runtimes.contains_key(runtime)
    }

    pub(in crate::dev::stand_in) fn options(&self) -> &BTreeMap<String, OptionSpec> {
        &self.read.options
    }

    /// What options have without being given anything.
    ///
    /// # Errors
    ///
    /// Where a default is not of its option's type.
    pub(in crate::dev::stand_in) fn defaults(&self) -> Result<Map<String, Value>, String> {
        let default = |(name, option): (&String, &OptionSpec)| match default(option) {
            Ok(default) => default.map(|default| Ok((name.clone(), default))),
            Err(fault) => Some(Err(format!("{name}: default: {fault}"))),
        };
        self.read.options.iter().filter_map(default).collect()
    }

    /// # Errors
    ///
    /// The server's sentence on a value that is not valid.
    pub(in crate::dev::stand_in) fn require(&self, name: &str, value: &Value, plays: Plays) -> Result<(), String> {
        let rules = self.read.options.get(name).and_then(|option| Rules::of(option, plays));
        rules.map_or(Ok(()), |rules| rules.require(value))
    }

    /// # Errors
    ///
    /// The server's sentence on a request for what may not be run there.
    pub(in crate::dev::stand_in) fn permit(&self, request: &AgentRequest) -> Result<(), String> {
        self.read.restrictions.iter().try_for_each(|restriction| permit(restriction, request))
    }
}

/// An entry of a server that does not say where its agents are from is of its own.
fn id(id: &RegistryAgentId) -> Result<AgentId, String> {
    let source = match &id.source {
        None | Some(ReportedRegistry::Local) => Source::Local,
        Some(ReportedRegistry::Marketplace) => Source::Marketplace,
        Some(ReportedRegistry::Linked { server: Some(server) }) => Source::Linked(server.clone()),
        Some(other) => return Err(format!("registryAgent.info.identifier: no source is {other:?}")),
    };
    Ok(AgentId { name: id.name.clone(), version: id.version.clone(), source })
}

fn default(option: &OptionSpec) -> Result<Option<Value>, String> {
    let (kind, default) = match (&option.kind, &option.default) {
        // A list is never missing.
        (OptionType::List(_), None) => return Ok(Some(Value::Array(Vec::new()))),
        (OptionType::Other(_), default) => return Ok(default.clone()),
        (_, None) => return Ok(None),
        (OptionType::One(ScalarType::Blob), Some(default @ Value::Array(_))) => return in_base64(default).map(Some),
        (kind, Some(default)) => (kind.name(), default),
    };
    let read = Tree::parse(&default.to_string()).and_then(|tree| OptionValue::read(&kind, tree));
    read.map(Some).map_err(|error| error.to_string())
}

/// Bytes, as the first servers wrote them, in base64.
fn in_base64(signed: &Value) -> Result<Value, String> {
    let bytes = bytes(signed).ok_or("no bytes")?;
    Ok(STANDARD.encode(bytes).into())
}

fn permit(restriction: &PlacementRestriction, request: &AgentRequest) -> Result<(), String> {
    let AgentRequest { id, provider, .. } = request;
    match (restriction, provider) {
        (PlacementRestriction::Local, Provider::Local { .. }) | (PlacementRestriction::Remote, Provider::RemoteRequest)
        // Nobody knows what it asks for.
        | (PlacementRestriction::Other(_), _) => Ok(()),
        (PlacementRestriction::Linked { server: Some(only) }, Provider::Linked { server }) if only == server => Ok(()),
        (PlacementRestriction::Local, _) => Err(format!("Agent {id} may only be run on the local server")),
        (PlacementRestriction::Remote, _) => Err(format!("Agent {id} may only be run on remote servers")),
        (PlacementRestriction::Linked { server }, _) => {
            Err(format!("Agent {id} may only be run on linked server {}", server.as_deref().unwrap_or_default()))
        }
    }
}
