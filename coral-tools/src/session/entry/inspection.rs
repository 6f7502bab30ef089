//! What is known of an agent's type before it is asked for.

use std::fmt;
use std::sync::Arc;

use super::{RegistryEntry, StateError};

/// The entry that an agent is checked against, or why it cannot be read.
#[derive(Clone, PartialEq)]
pub(in super::super) struct Inspection(pub(in super::super) Result<Arc<RegistryEntry>, StateError>);

/// The type alone: an entry fills pages.
impl fmt::Debug for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(entry) => write!(f, "Inspection({:?}, …)", entry.id),
            Err(error) => write!(f, "Inspection({error:?})"),
        }
    }
}
