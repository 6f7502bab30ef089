//! What is known of an agent's type before it is asked for.

use std::fmt;
use std::sync::Arc;

use crate::json::DecodeError;
use crate::registry::RegistryEntry;

/// The entry that an agent is checked against, or why it cannot be read.
#[derive(Clone, PartialEq)]
pub(crate) struct Inspection(pub(crate) Result<Arc<RegistryEntry>, DecodeError>);

/// The type alone: an entry fills pages.
impl fmt::Debug for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(entry) => write!(f, "Inspection({:?}, …)", entry.id),
            Err(error) => write!(f, "Inspection({error:?})"),
        }
    }
}
