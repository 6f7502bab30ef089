//! What a registry says of its agents: which there are, and what each can be told.
//!
//! The answers of `GET /api/v1/registry` and `GET /api/v1/registry/{source}/{name}/{version}`, read as tolerantly as
//! everything in [`state`](crate::state): what is missing has a default, what is unknown is kept in `extra`, and what has
//! the wrong shape is an error that says where.
//!
//! With an entry at hand, a request is checked against it before it is sent:
//!
//! ```
//! use coral_tools::registry::RegistryEntry;
//! use coral_tools::from_json;
//! use coral_tools::{Agent, Runtime, SessionRequest};
//!
//! // The answer of GET /api/v1/registry/local/natural-tone-agent/1.1.0, saved or just fetched.
//! let entry: RegistryEntry = from_json(br#"{
//!     "registryAgent": {
//!         "info": {
//!             "description": "An agent that communicates in natural, conversational tone",
//!             "capabilities": ["resources"],
//!             "identifier": {"name": "natural-tone-agent", "version": "1.1.0", "registrySourceId": {"type": "local"}}
//!         },
//!         "runtimes": {"docker": {"image": "coral/natural-tone-agent:1.1.0"}},
//!         "options": {"MAX_ITERATIONS": {"type": "i32", "default": 50, "validation": {"min": 1, "max": 200}}}
//!     },
//!     "restrictions": [{"type": "local"}]
//! }"#)?;
//! assert_eq!(entry.options["MAX_ITERATIONS"].validation.max, Some(200.into()));
//!
//! let agent = Agent::local("natural-tone-agent", "1.1.0", Runtime::Executable).option("MAX_ITERATION", 500);
//! let errors = SessionRequest::in_namespace("default").agent(agent).check_with([&entry]).unwrap_err();
//! assert_eq!(
//!     errors.to_string(),
//!     "agent `natural-tone-agent`: its type does not offer runtime `executable`, so it would die at its launch; \
//!      it offers `docker`\n\
//!      agent `natural-tone-agent`: its type has no option `MAX_ITERATION`; did you mean `MAX_ITERATIONS`?"
//! );
//! # Ok::<(), coral_tools::DecodeError>(())
//! ```

mod agent_id;
mod listing;
mod option;
mod restriction;
mod source;
mod validation;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::json::{DecodeError, FromJson, ObjectReader, deserialize};

pub(crate) use self::agent_id::AgentTypeId;
pub use self::agent_id::RegistryAgentId;
pub use self::listing::{ListedAgent, RegistryListing};
pub(crate) use self::option::OptionItem;
#[cfg(feature = "dev")]
pub(crate) use self::option::bytes;
pub use self::option::{OptionSpec, OptionType, Scalar};
pub use self::restriction::Restriction;
pub use self::source::{RegistrySource, ReportedRegistry};
pub use self::validation::{ByteSize, Validation};

/// An agent's type as a registry has it: what it can be told, and where it may run.
///
/// An [`Agent`](crate::Agent) is checked against it by
/// [`SessionRequest::check_with`](crate::SessionRequest::check_with), or wherever its request is checked once it is
/// [`inspected`](crate::Agent::inspected).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RegistryEntry {
    /// Its exact name and version, and the registry.
    pub id: RegistryAgentId,
    /// What other agents are told of it.
    pub description: Option<String>,
    /// What it can do with Coral, such as `resources` or `tool_refreshing`.
    pub capabilities: Vec<String>,
    /// What can run its program, by name (`docker`), with the settings as they came.
    pub runtimes: BTreeMap<String, Value>,
    /// The options that it takes, by name.
    pub options: BTreeMap<String, OptionSpec>,
    /// Where it may run: all of them hold.
    pub restrictions: Vec<Restriction>,
    /// Every key that this version does not know, as it came.
    pub extra: Map<String, Value>,
}

impl RegistryEntry {
    /// The names of its model proxies, such as `MAIN`. Since coral-server 1.2.
    pub fn proxies(&self) -> impl Iterator<Item = &str> {
        let proxies = self.extra.get("registryAgent").and_then(|agent| agent.pointer("/llm/proxies")?.as_array());
        proxies.into_iter().flatten().filter_map(|proxy| proxy.get("name")?.as_str())
    }
}

impl FromJson for RegistryEntry {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut document = ObjectReader::new(value)?;
        let entry = document.nested("registryAgent", |agent| {
            let about = agent.nested("info", About::read)?.ok_or_else(|| missing("info"))?;
            Ok(Self {
                id: about.id,
                description: about.description,
                capabilities: about.capabilities,
                runtimes: runtimes(agent)?,
                options: agent.or_default("options")?,
                restrictions: Vec::new(),
                extra: Map::new(),
            })
        })?;
        let mut entry = entry.ok_or_else(|| missing("registryAgent"))?;
        entry.restrictions = document.or_default("restrictions")?;
        entry.extra = document.into_remaining();
        Ok(entry)
    }
}

deserialize!(RegistryEntry, RegistryListing);

struct About {
    id: RegistryAgentId,
    description: Option<String>,
    capabilities: Vec<String>,
}

impl About {
    fn read(info: &mut ObjectReader) -> Result<Self, DecodeError> {
        Ok(Self {
            id: RegistryAgentId::of(info, "identifier")?.ok_or_else(|| missing("identifier"))?,
            description: info.optional("description")?,
            capabilities: info.or_default("capabilities")?,
        })
    }
}

/// A runtime that is `null` is none.
fn runtimes(agent: &mut ObjectReader) -> Result<BTreeMap<String, Value>, DecodeError> {
    let Some(value) = agent.take("runtimes") else { return Ok(BTreeMap::new()) };
    let runtimes = ObjectReader::new(value).map_err(|error| error.in_field("runtimes"))?;
    Ok(runtimes.into_remaining().into_iter().filter(|(_, settings)| !settings.is_null()).collect())
}

fn missing(key: &str) -> DecodeError {
    DecodeError::new("it is missing").in_field(key)
}
