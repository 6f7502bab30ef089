//! Environment variables.

use std::env::{VarError, var};

use crate::build_error::BuildError;

/// Returns the value of a variable, or `None` if it is not set.
///
/// # Errors
///
/// Returns an error if the value is empty or not Unicode.
pub(crate) fn variable(name: &str) -> Result<Option<String>, BuildError> {
    match var(name) {
        Ok(value) if value.trim().is_empty() => Err(BuildError::new(name, "it is empty; set it or remove it")),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(BuildError::new(name, "it is not Unicode")),
    }
}
