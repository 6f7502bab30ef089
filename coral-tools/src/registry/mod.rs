//! The agent types of a registry: their names and versions, options, runtimes and restrictions.
//!
//! Decodes the responses of `GET /api/v1/registry` and `GET /api/v1/registry/{source}/{name}/{version}`, as tolerantly
//! as [`state`](crate::state): missing fields have a default, unknown fields are kept in `extra`, and a value of the
//! wrong type is an error with its location.
//!
//! A request can be checked against a registry agent before it is sent:
//!
//! ```
//! use coral_tools::registry::RegistryAgent;
//! use coral_tools::{Agent, Runtime, SessionRequest, from_json};
//!
//! // The response of GET /api/v1/registry/local/natural-tone-agent/1.1.0, saved or fetched.
//! let registry_agent: RegistryAgent = from_json(br#"{
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
//! assert_eq!(registry_agent.options["MAX_ITERATIONS"].constraints.max, Some(200.into()));
//!
//! let agent = Agent::local("natural-tone-agent", "1.1.0", Runtime::Executable).option("MAX_ITERATION", 500);
//! let errors = SessionRequest::in_namespace("default").agent(agent).check_with([&registry_agent]).unwrap_err();
//! assert_eq!(
//!     errors.to_string(),
//!     "agent `natural-tone-agent`: its type does not offer runtime `executable`, so it would fail to start; \
//!      available: `docker`\n\
//!      agent `natural-tone-agent`: its type has no option `MAX_ITERATION`; did you mean `MAX_ITERATIONS`?"
//! );
//! # Ok::<(), coral_tools::DecodeError>(())
//! ```

mod agent;
mod agent_id;
mod constraints;
mod contents;
mod option;
mod restriction;
mod source;

pub use self::agent::RegistryAgent;
pub(crate) use self::agent_id::AgentTypeId;
pub use self::agent_id::RegistryAgentId;
pub use self::constraints::{ByteSize, OptionConstraints};
pub use self::contents::{AgentVersions, RegistryContents};
pub(crate) use self::option::SingleOptionValue;
pub use self::option::{OptionSpec, OptionType, ScalarType};
pub use self::restriction::PlacementRestriction;
pub use self::source::{RegistrySource, ReportedRegistry};
