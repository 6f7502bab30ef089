//! The input of the expansion.

use crate::agent_options::field::GeneratedField;
use crate::agent_options::input::MacroInput;
use crate::agent_options::registry_agent::RegistryAgent;

/// The input of every part of the expansion.
pub(super) struct ExpansionInput<'a> {
    pub(super) input: &'a MacroInput,
    pub(super) agent: &'a RegistryAgent,
    pub(super) fields: &'a [GeneratedField<'a>],
}
