//! What the environment says.

use std::env::{VarError, var};

use crate::build_error::BuildError;

/// The variable of this name, if it is set.
///
/// # Errors
///
/// Where it is empty or not Unicode.
pub(crate) fn variable(name: &str) -> Result<Option<String>, BuildError> {
    match var(name) {
        Ok(value) if value.trim().is_empty() => Err(BuildError::new(name, "it is empty")),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(BuildError::new(name, "it is not Unicode")),
    }
}
