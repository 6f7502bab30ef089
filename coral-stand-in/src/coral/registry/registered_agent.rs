//! An agent type.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use coral_tools::from_json;
use coral_tools::registry::{
    OptionSpec, OptionType, PlacementRestriction, RegistryAgent, RegistryAgentId, ReportedRegistry, ScalarType,
};
use serde_json::{Map, Value};

use super::option_validator::OptionValidator;
use crate::coral::decode::{AgentId, AgentRequest, JsonTree, OptionValue, Provider, RegistrySource};
use crate::coral::emulated_version::EmulatedVersion;

pub(in crate::coral) struct RegisteredAgent {
    pub(in crate::coral) id: AgentId,
    /// Decoded with the types of the client, which support every version.
    decoded: RegistryAgent,
    /// The JSON that the registry returns.
    pub(in crate::coral) json: Value,
}

impl fmt::Debug for RegisteredAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RegisteredAgent").field(&self.id.to_string()).finish()
    }
}

impl RegisteredAgent {
    /// Decodes a `RestrictedRegistryAgent`.
    ///
    /// # Errors
    ///
    /// Returns the reason if it is invalid.
    pub(in crate::coral) fn from_json(json: Value) -> Result<Self, String> {
        let decoded: RegistryAgent = from_json(json.to_string().as_bytes()).map_err(|error| error.to_string())?;
        let agent = Self { id: agent_id(&decoded.id)?, decoded, json };
        agent.defaults().map(|_| agent)
    }

    pub(in crate::coral) fn description(&self) -> &str {
        self.decoded.description.as_deref().unwrap_or_default()
    }

    pub(in crate::coral) fn has_runtime(&self, runtime: &str) -> bool {
        self.decoded.runtimes.contains_key(runtime)
    }

    /// The program of the runtime `executable` with its arguments, as the log shows it.
    pub(in crate::coral) fn command_line(&self) -> String {
        let runtime = self.json.pointer("/registryAgent/runtimes/executable");
        let field = |name: &str| runtime.and_then(|runtime| runtime.get(name));
        let path = field("path").and_then(Value::as_str).unwrap_or(&self.id.name);
        let arguments = field("arguments").and_then(Value::as_array).into_iter().flatten();
        let arguments: Vec<&str> = arguments.filter_map(Value::as_str).collect();
        if arguments.is_empty() {
            return format!("\"{path}\"");
        }
        format!("\"{path}\" with arguments: \"{}\"", arguments.join(" "))
    }

    pub(in crate::coral) fn options(&self) -> &BTreeMap<String, OptionSpec> {
        &self.decoded.options
    }

    /// The default values of options.
    ///
    /// # Errors
    ///
    /// Returns an error if a default is not of the type of its option.
    pub(in crate::coral) fn defaults(&self) -> Result<Map<String, Value>, String> {
        let default = |(name, option): (&String, &OptionSpec)| match default(option) {
            Ok(default) => default.map(|default| Ok((name.clone(), default))),
            Err(error) => Some(Err(format!("{name}: default: {error}"))),
        };
        self.decoded.options.iter().filter_map(default).collect()
    }

    /// Checks the value of an option.
    ///
    /// # Errors
    ///
    /// Returns the message of the server.
    pub(in crate::coral) fn check_option(
        &self,
        name: &str,
        value: &Value,
        emulated: EmulatedVersion,
    ) -> Result<(), String> {
        let validator =
            self.has_validation(name).then(|| OptionValidator::new(&self.decoded, name, emulated)).flatten();
        validator.map_or(Ok(()), |validator| validator.check(value))
    }

    /// Whether the option has a `validation`. Servers do not parse the values of other options.
    fn has_validation(&self, name: &str) -> bool {
        let option = |agent: &Value| Some(!agent.get("options")?.get(name)?.get("validation")?.is_null());
        self.json.get("registryAgent").and_then(option).unwrap_or(false)
    }

    /// Checks that the restrictions of the type allow the requested provider.
    ///
    /// # Errors
    ///
    /// Returns the message of the server.
    pub(in crate::coral) fn check_placement(&self, request: &AgentRequest) -> Result<(), String> {
        self.decoded.restrictions.iter().try_for_each(|restriction| check_restriction(restriction, request))
    }
}

/// The identifier of an agent type. Without a source, it is local.
fn agent_id(id: &RegistryAgentId) -> Result<AgentId, String> {
    let source = match &id.source {
        None | Some(ReportedRegistry::Local) => RegistrySource::Local,
        Some(ReportedRegistry::Marketplace) => RegistrySource::Marketplace,
        Some(ReportedRegistry::Linked { server: Some(server) }) => RegistrySource::Linked(server.clone()),
        Some(other) => return Err(format!("registryAgent.info.identifier: unknown source {other:?}")),
    };
    Ok(AgentId { name: id.name.clone(), version: id.version.clone(), source })
}

fn default(option: &OptionSpec) -> Result<Option<Value>, String> {
    let (kind, default) = match (&option.kind, &option.default) {
        // The default of a list is an empty list.
        (OptionType::List(_), None) => return Ok(Some(Value::Array(Vec::new()))),
        (OptionType::Other(_), default) => return Ok(default.clone()),
        (_, None) => return Ok(None),
        (OptionType::One(ScalarType::Blob), Some(default @ Value::Array(_))) => {
            return signed_bytes_to_base64(default).map(Some);
        }
        (kind, Some(default)) => (kind.value_type(), default),
    };
    let value = JsonTree::parse(&default.to_string()).and_then(|tree| OptionValue::decode_value(&kind, tree));
    value.map(Some).map_err(|error| error.to_string())
}

/// Converts an array of signed bytes, the form of early servers, to base64.
fn signed_bytes_to_base64(signed: &Value) -> Result<Value, String> {
    let byte = |byte: &Value| Some(i8::try_from(byte.as_i64()?).ok()?.cast_unsigned());
    let bytes: Option<Vec<u8>> = signed.as_array().and_then(|bytes| bytes.iter().map(byte).collect());
    let bytes = bytes.ok_or("expected an array of signed bytes")?;
    Ok(STANDARD.encode(bytes).into())
}

fn check_restriction(restriction: &PlacementRestriction, request: &AgentRequest) -> Result<(), String> {
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
        // An unknown restriction is ignored.
        _ => Ok(()),
    }
}
