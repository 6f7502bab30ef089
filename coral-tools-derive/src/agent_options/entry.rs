//! What a registry's entry says, as far as code is made of it.

use super::document::{Document, Node};
use super::option::{self, Opt};
use crate::errors::Errors;

/// The runtimes that an agent can be asked to run in.
const RUNTIMES: [&str; 4] = ["executable", "docker", "function", "prototype"];

pub(super) struct Entry {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) description: Option<String>,
    pub(super) source: Source,
    pub(super) runtimes: Vec<&'static str>,
    pub(super) place: Place,
    pub(super) options: Vec<Opt>,
    /// Options that may be left out and are of a type that there is no value of: name and type.
    pub(super) left_out: Vec<(String, String)>,
}

pub(super) enum Source {
    Local,
    Marketplace,
    Linked(String),
}

/// Where the agent may run.
pub(super) enum Place {
    /// On the server that is asked.
    Here,
    /// On this linked server.
    Linked(String),
    /// Where only a provider of the user's own says how.
    Elsewhere,
}

pub(super) fn read(document: &Document<'_>, errors: &Errors) -> Option<Entry> {
    let root = document.root();
    let agent = root.at("registryAgent");
    if !agent.value.is_object() {
        document.fault(&agent, "it is missing, so this is no entry of a registry; save the whole answer of `GET /api/v1/registry/{source}/{name}/{version}`", errors);
        return None;
    }
    let info = agent.at("info");
    let id = info.at("identifier");
    let (name, version) = (id.at("name").text(document, errors), id.at("version").text(document, errors));
    let source = source(&id, document, errors);
    let offered = agent.at("runtimes").members(document, errors);
    let runtimes = RUNTIMES.into_iter().filter(|runtime| offered.iter().any(|(name, _)| name == runtime)).collect();
    let mut options = Vec::new();
    let mut left_out = Vec::new();
    for (name, node) in agent.at("options").members(document, errors) {
        match option::read(name, &node, document, errors) {
            option::Read::Option(option) => options.push(*option),
            option::Read::LeftOut(kind) => left_out.push((name.to_owned(), kind)),
            option::Read::Faulty => {}
        }
    }
    let source = source?;
    let place = place(&root.at("restrictions"), &source, document, errors);
    Some(Entry {
        name: name?.to_owned(),
        version: version?.to_owned(),
        description: info.at("description").value.as_str().map(str::to_owned),
        source,
        runtimes,
        place,
        options,
        left_out,
    })
}

/// `registrySourceId: {type}`, or `source` in the guide's form. The first servers had but their own registry, and said nothing.
fn source(id: &Node<'_>, document: &Document<'_>, errors: &Errors) -> Option<Source> {
    let (source, old) = (id.at("registrySourceId"), id.at("source"));
    if source.is_absent() && old.is_absent() {
        return Some(Source::Local);
    }
    let kind = if source.is_absent() { old } else { source.at("type") };
    match kind.text(document, errors)? {
        "local" => Some(Source::Local),
        "marketplace" => Some(Source::Marketplace),
        "linked" => server(&source)
            .or_else(|| {
                document.fault(&source.at("linkedServerId"), "it is missing", errors);
                None
            })
            .map(Source::Linked),
        other => {
            document.fault(&kind, &format!("`{other}` is no kind of registry that is known here"), errors);
            None
        }
    }
}

fn server(node: &Node<'_>) -> Option<String> {
    let name = ["linkedServerName", "linkedServerId"].into_iter().find_map(|key| node.at(key).value.as_str());
    name.map(str::to_owned)
}

/// Where all restrictions let it run. One that is not known here is left to the server.
fn place(restrictions: &Node<'_>, source: &Source, document: &Document<'_>, errors: &Errors) -> Place {
    let places =
        restrictions.items(document, errors).into_iter().filter_map(|node| match node.at("type").value.as_str()? {
            "local" => Some(Place::Here),
            "linked" => Some(server(&node).map_or(Place::Elsewhere, Place::Linked)),
            "remote" => Some(Place::Elsewhere),
            _ => None,
        });
    let free = match source {
        Source::Linked(server) => Place::Linked(server.clone()),
        Source::Local | Source::Marketplace => Place::Here,
    };
    places.reduce(both).unwrap_or(free)
}

fn both(a: Place, b: Place) -> Place {
    match (a, b) {
        (Place::Here, Place::Here) => Place::Here,
        (Place::Linked(a), Place::Linked(b)) if a == b => Place::Linked(a),
        _ => Place::Elsewhere,
    }
}
