//! The registry agent: the parts of the registry's response that the generated code needs.

use super::json_file::{JsonFile, JsonNode};
use super::registry_option::{self, OptionSupport, RegistryOption};
use crate::errors::{AlreadyReported, Errors};

/// The runtimes for which a method is generated.
const RUNTIMES: [&str; 4] = ["executable", "docker", "function", "prototype"];

pub(super) struct RegistryAgent {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) description: Option<String>,
    pub(super) source: RegistrySource,
    /// Those of [`RUNTIMES`] that the agent offers.
    pub(super) runtimes: Vec<&'static str>,
    pub(super) host: AgentHost,
    pub(super) options: Vec<RegistryOption>,
    /// The names and types of optional options whose type is unknown.
    pub(super) unsupported_options: Vec<(String, String)>,
}

pub(super) enum RegistrySource {
    Local,
    Marketplace,
    /// The registry of this linked server.
    Linked(String),
}

/// The server on which the agent may run.
pub(super) enum AgentHost {
    /// The server that receives the session request.
    Local,
    /// This linked server.
    Linked(String),
    /// A server that the application must specify with an `AgentProvider`.
    Other,
}

pub(super) fn decode(document: &JsonFile<'_>, errors: &Errors) -> Result<RegistryAgent, AlreadyReported> {
    let root = document.root();
    let agent = root.field("registryAgent");
    if !agent.value.is_object() {
        return Err(document.report(
            &agent,
            "is missing: save the whole response of `GET /api/v1/registry/{source}/{name}/{version}`",
            errors,
        ));
    }
    let info = agent.field("info");
    let id = info.field("identifier");
    let (name, version) = (id.field("name").string(document, errors), id.field("version").string(document, errors));
    let source = source(&id, document, errors);
    let offered = agent.field("runtimes").members(document, errors);
    let runtimes = RUNTIMES.into_iter().filter(|runtime| offered.iter().any(|(name, _)| name == runtime)).collect();
    let mut options = Vec::new();
    let mut unsupported_options = Vec::new();
    for (name, node) in agent.field("options").members(document, errors) {
        match registry_option::decode(name, &node, document, errors) {
            Ok(OptionSupport::Supported(option)) => options.push(*option),
            Ok(OptionSupport::Unsupported(type_name)) => unsupported_options.push((name.to_owned(), type_name)),
            Err(AlreadyReported { .. }) => {}
        }
    }
    let source = source?;
    let host = host(&root.field("restrictions"), &source, document, errors);
    Ok(RegistryAgent {
        name: name?.to_owned(),
        version: version?.to_owned(),
        description: info.field("description").value.as_str().map(str::to_owned),
        source,
        runtimes,
        host,
        options,
        unsupported_options,
    })
}

/// Decodes `registrySourceId: {type}`, or `source` as in the guide. The first servers had only a local registry and sent
/// neither.
fn source(id: &JsonNode<'_>, document: &JsonFile<'_>, errors: &Errors) -> Result<RegistrySource, AlreadyReported> {
    let (source, older) = (id.field("registrySourceId"), id.field("source"));
    if source.is_absent() && older.is_absent() {
        return Ok(RegistrySource::Local);
    }
    let source_type = if source.is_absent() { older } else { source.field("type") };
    match source_type.string(document, errors)? {
        "local" => Ok(RegistrySource::Local),
        "marketplace" => Ok(RegistrySource::Marketplace),
        "linked" => match linked_server(&source) {
            Some(server) => Ok(RegistrySource::Linked(server)),
            None => Err(document.report(&source.field("linkedServerId"), "is missing", errors)),
        },
        other => {
            let problem = format!("must be `local`, `marketplace` or `linked`, but is `{other}`");
            Err(document.report(&source_type, problem, errors))
        }
    }
}

fn linked_server(node: &JsonNode<'_>) -> Option<String> {
    let name = ["linkedServerName", "linkedServerId"].into_iter().find_map(|key| node.field(key).value.as_str());
    name.map(str::to_owned)
}

/// Returns the host that all restrictions allow. Unknown restrictions are left to the server.
fn host(restrictions: &JsonNode<'_>, source: &RegistrySource, document: &JsonFile<'_>, errors: &Errors) -> AgentHost {
    let restrictions = restrictions.items(document, errors).into_iter();
    let hosts = restrictions.filter_map(|node| match node.field("type").value.as_str()? {
        "local" => Some(AgentHost::Local),
        "linked" => Some(linked_server(&node).map_or(AgentHost::Other, AgentHost::Linked)),
        "remote" => Some(AgentHost::Other),
        _ => None,
    });
    let unrestricted = match source {
        RegistrySource::Linked(server) => AgentHost::Linked(server.clone()),
        RegistrySource::Local | RegistrySource::Marketplace => AgentHost::Local,
    };
    hosts.reduce(common_host).unwrap_or(unrestricted)
}

fn common_host(a: AgentHost, b: AgentHost) -> AgentHost {
    match (a, b) {
        (AgentHost::Local, AgentHost::Local) => AgentHost::Local,
        (AgentHost::Linked(a), AgentHost::Linked(b)) if a == b => AgentHost::Linked(a),
        _ => AgentHost::Other,
    }
}
