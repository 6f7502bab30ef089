//! Error types of tools: those that the compiler's notes name, and every form of `#[derive(IntoToolError)]`.
#![forbid(missing_docs)]
#![deny(warnings, unused_qualifications, unused_results, missing_debug_implementations, clippy::all, clippy::pedantic)]

use std::error::Error;

use coral_tools::{IntoToolError, ToolError, Toolset, coral_tool, toolset};

fn string() -> Result<u32, String> {
    Err("no".to_owned())
}

fn anyhow() -> anyhow::Result<u32> {
    Err(anyhow::anyhow!("no"))
}

fn boxed() -> Result<u32, Box<dyn Error>> {
    Err("no".into())
}

fn boxed_send() -> Result<u32, Box<dyn Error + Send + Sync>> {
    Err("no".into())
}

/// Converts as the notes say.
#[coral_tool]
fn converted() -> Result<u32, ToolError> {
    let sum = string().map_err(ToolError::new)?
        + anyhow().map_err(ToolError::internal)?
        + boxed_send().map_err(ToolError::internal)?
        + boxed().map_err(|error| ToolError::internal(error.to_string()))?;
    Ok(sum)
}

/// An error whose trait is derived without `thiserror`.
#[derive(Debug, IntoToolError)]
pub enum HandWrittenError {
    /// Shown.
    #[tool_error(display)]
    Shown,
    /// Old.
    #[deprecated]
    Old,
    #[cfg(any())]
    #[tool_error(display)]
    Absent(Missing),
}

impl std::fmt::Display for HandWrittenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("shown")
    }
}

impl Error for HandWrittenError {}

/// Fails.
#[coral_tool]
async fn hand_written() -> Result<(), HandWrittenError> {
    Err(HandWrittenError::Shown)
}

/// An error with a conversion of its own, which does not implement `Error`.
#[derive(Debug)]
pub struct OwnConversion;

impl From<OwnConversion> for ToolError {
    fn from(_: OwnConversion) -> Self {
        Self::new("own conversion")
    }
}

/// Fails.
#[coral_tool]
fn own_conversion() -> Result<(), OwnConversion> {
    Err(OwnConversion)
}

/// An error that decides at run time.
#[derive(Debug, thiserror::Error)]
#[error("own implementation")]
pub struct OwnImplementation;

impl IntoToolError for OwnImplementation {
    fn into_tool_error(self) -> ToolError {
        ToolError::new(self.to_string())
    }
}

/// Fails.
#[coral_tool(blocking)]
fn own_implementation() -> Result<(), OwnImplementation> {
    Err(OwnImplementation)
}

mod local {
    #![allow(dead_code, non_camel_case_types)]

    struct Result;
    struct Send;
    struct ToolError;
    mod std {}

    macro_rules! error {
        ($name:ident, $message:literal, $constant:expr) => {
            #[derive(Debug, ::thiserror::Error, ::coral_tools::IntoToolError)]
            pub(super) enum $name {
                #[error("a")]
                #[tool_error(message = $message)]
                Literal,
                #[error("b")]
                #[tool_error(message = $constant)]
                Constant,
            }
        };
    }

    error!(MacroError, "literal", ::core::concat!("con", "stant"));
}

fn main() {
    let tools: Toolset = toolset![converted, hand_written, own_conversion, own_implementation];
    tools.check().expect("valid tools");
    assert_eq!(local::MacroError::Literal.into_tool_error().message(), "literal");
    assert_eq!(local::MacroError::Constant.into_tool_error().message(), "constant");
    assert_eq!(HandWrittenError::Shown.into_tool_error().message(), "shown");
    #[allow(deprecated)]
    let old = HandWrittenError::Old;
    assert_eq!(old.into_tool_error().message(), "the tool failed");

    /// An error in a function.
    #[derive(Debug, thiserror::Error, IntoToolError)]
    #[error("local")]
    #[tool_error(display)]
    struct LocalError;
    assert_eq!(LocalError.into_tool_error().message(), "local");
}
