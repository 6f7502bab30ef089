//! One agent type: what a server says of it, what that means for requests, and what it does.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use coral_tools::from_json;
use coral_tools::registry::{
    OptionSpec, OptionType, PlacementRestriction, RegistryAgent, RegistryAgentId, ReportedRegistry, ScalarType,
};
use serde_json::{Map, Value};

use super::validation::Rules;
use crate::coral::agents::Script;
use crate::coral::decode::{AgentId, AgentRequest, OptionValue, Provider, Source, Tree};
use crate::coral::plays::Plays;

pub(in crate::coral) struct Entry {
    pub(in crate::coral) id: AgentId,
    /// What is said of it, read as clients read it: every generation's entries are understood.
    read: RegistryAgent,
    /// As a server shows it.
    pub(in crate::coral) shown: Value,
    pub(in crate::coral) script: Script,
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
    pub(in crate::coral) fn of(shown: Value, script: Script) -> Result<Self, String> {
        let read: RegistryAgent = from_json(shown.to_string().as_bytes()).map_err(|error| error.to_string())?;
        let entry = Self { id: id(&read.id)?, read, shown, script };
        entry.defaults().map(|_| entry)
    }

    pub(in crate::coral) fn description(&self) -> &str {
        self.read.description.as_deref().unwrap_or_default()
    }

    pub(in crate::coral) fn offers(&self, runtime: &str) -> bool {
        self.read.runtimes.contains_key(runtime)
    }

    pub(in crate::coral) fn options(&self) -> &BTreeMap<String, OptionSpec> {
        &self.read.options
    }

    /// What options have without being given anything.
    ///
    /// # Errors
    ///
    /// Where a default is not of its option's type.
    pub(in crate::coral) fn defaults(&self) -> Result<Map<String, Value>, String> {
        let default = |(name, option): (&String, &OptionSpec)| match default(option) {
            Ok(default) => default.map(|default| Ok((name.clone(), default))),
            Err(fault) => Some(Err(format!("{name}: default: {fault}"))),
        };
        self.read.options.iter().filter_map(default).collect()
    }

    /// # Errors
    ///
    /// The server's sentence on a value that is not valid.
    pub(in crate::coral) fn require(&self, name: &str, value: &Value, plays: Plays) -> Result<(), String> {
        let rules = self.is_validated(name).then(|| Rules::new(&self.read, name, plays)).flatten();
        rules.map_or(Ok(()), |rules| rules.require(value))
    }

    /// Whether the entry says anything of that option's values. Servers do not even parse those of the others.
    fn is_validated(&self, name: &str) -> bool {
        let option = |agent: &Value| Some(!agent.get("options")?.get(name)?.get("validation")?.is_null());
        self.shown.get("registryAgent").and_then(option).unwrap_or(false)
    }

    /// # Errors
    ///
    /// The server's sentence on a request for what may not be run there.
    pub(in crate::coral) fn permit(&self, request: &AgentRequest) -> Result<(), String> {
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
    let byte = |byte: &Value| Some(i8::try_from(byte.as_i64()?).ok()?.cast_unsigned());
    let bytes: Option<Vec<u8>> = signed.as_array().and_then(|bytes| bytes.iter().map(byte).collect());
    let bytes = bytes.ok_or("no bytes")?;
    Ok(STANDARD.encode(bytes).into())
}

fn permit(restriction: &PlacementRestriction, request: &AgentRequest) -> Result<(), String> {
    let AgentRequest { id, provider, .. } = request;
    match (restriction, provider) {
        (PlacementRestriction::Local, Provider::Local { .. })
        | (PlacementRestriction::Remote, Provider::RemoteRequest) => Ok(()),
        (PlacementRestriction::Linked { server: Some(only) }, Provider::Linked { server }) if only == server => Ok(()),
        (PlacementRestriction::Local, _) => Err(format!("Agent {id} may only be run on the local server")),
        (PlacementRestriction::Remote, _) => Err(format!("Agent {id} may only be run on remote servers")),
        (PlacementRestriction::Linked { server }, _) => {
            Err(format!("Agent {id} may only be run on linked server {}", server.as_deref().unwrap_or_default()))
        }
        // One that this version does not know restricts nothing.
        _ => Ok(()),
    }
}
