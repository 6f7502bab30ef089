//! A library whose manifest renames `coral-tools`, with every lint that a library is likely to deny.
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations,
    unreachable_pub,
    unused_qualifications,
    unused_results,
    unused_lifetimes,
    single_use_lifetimes,
    let_underscore_drop,
    private_bounds,
    private_interfaces,
    future_incompatible,
    nonstandard_style,
    rust_2018_idioms,
    clippy::all,
    clippy::pedantic
)]

use agent_tools::{CallContext, IntoToolError, Namespace, State, ToolError, Toolset, coral_tool, coral_tools, toolset};

/// Adds.
#[must_use]
#[coral_tool(crate = agent_tools)]
pub fn add(
    /// One number.
    #[arg(minimum = 0, default = 1, example = 2)]
    a: u32,
    b: Option<u32>,
    #[context] _call: CallContext,
) -> u32 {
    a + b.unwrap_or_default()
}

/// Greets.
///
/// # Errors
///
/// Returns an error if the name is empty.
#[coral_tool(crate = agent_tools, blocking, read_only)]
pub fn greet(name: String, #[context] State(greeting): State<String>) -> Result<String, ToolError> {
    if name.is_empty() {
        return Err(ToolError::new("the name is empty"));
    }
    Ok(greeting + &name)
}

/// Searches.
#[must_use]
#[coral_tool(crate = agent_tools)]
pub fn search(
    query: String,
    author: Option<String>,
    tag: Option<Option<String>>,
    year: Option<u16>,
    language: Option<String>,
    #[arg(default)] exact: bool,
    #[arg(default)] recent: bool,
    #[arg(default)] archived: bool,
    #[arg(default)] deleted: bool,
    #[arg(default = 10)] limit: u8,
) -> String {
    format!("{query} {author:?} {tag:?} {year:?} {language:?} {exact} {recent} {archived} {deleted} {limit}")
}

/// Waits.
#[coral_tool(crate = agent_tools)]
pub(crate) async fn wait(#[context] _namespace: Option<Namespace>) {
    std::future::ready(()).await;
}

/// An error.
#[derive(Debug, IntoToolError)]
#[tool_error(crate = agent_tools)]
#[non_exhaustive]
pub enum WaitError {
    /// Agents read it.
    #[tool_error(display)]
    Busy(String),
    /// Agents read "the tool failed".
    Broken(String),
    /// Agents read the same.
    Stopped {
        /// The error.
        error: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl std::fmt::Display for WaitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("wait")
    }
}

impl std::error::Error for WaitError {}

/// Waits in vain.
///
/// # Errors
///
/// Always.
#[coral_tool(crate = agent_tools)]
pub fn wait_in_vain() -> Result<(), WaitError> {
    Err(WaitError::Busy("now".to_owned()))
}

/// Adds, deprecated.
#[deprecated(note = "use `add`")]
#[must_use]
#[coral_tool(crate = agent_tools)]
pub fn old_add(a: u32, b: u32) -> u32 {
    a + b
}

/// A value with tools.
#[derive(Debug, Clone, Copy)]
pub struct Adder(u32);

#[coral_tools(crate = agent_tools)]
impl Adder {
    /// Adds to the number.
    #[must_use]
    #[coral_tool]
    pub fn add(&self, number: u32, #[context] _call: CallContext) -> u32 {
        self.0 + number
    }

    /// Waits.
    #[coral_tool]
    async fn wait(&self, #[context] State(greeting): State<String>) -> String {
        std::future::ready(greeting).await
    }

    /// Adds, deprecated.
    #[deprecated(note = "use `add`")]
    #[must_use]
    #[coral_tool(blocking)]
    pub fn old_add(&self, number: u32) -> u32 {
        self.0 + number
    }
}

/// Returns all tools.
#[must_use]
pub fn tools() -> Toolset<String> {
    #[allow(deprecated)]
    {
        toolset![add, greet, search, wait, wait_in_vain, old_add]
    }
}

#[cfg(test)]
mod tests {
    use super::{Adder, AdderAdd, greet, tools};

    #[test]
    fn the_renamed_crate_is_found() {
        assert_eq!(tools().len(), 6);
        assert_eq!(greet { name: "x".to_owned() }.name, "x");
        assert_eq!(Adder::toolset::<String>(Adder(1)).len(), 3);
        assert_eq!(AdderAdd { number: 1 }.number, 1);
    }
}
