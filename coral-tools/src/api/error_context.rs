//! Facts about a failed request that are not in its response.

use std::fmt;
use std::sync::Arc;

/// Facts that the client has found out about a failed request.
#[derive(Debug, Clone, Default)]
pub(super) struct ErrorContext {
    /// The agents that were running after a request to stop them.
    pub(super) running_agents: Arc<[String]>,
    /// The session that the request was about. Not printed.
    pub(super) session_id: Option<Arc<str>>,
    /// A probable cause.
    pub(super) hint: Option<Arc<str>>,
}

/// Prints each fact after a semicolon.
impl fmt::Display for ErrorContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(hint) = &self.hint {
            write!(f, "; {hint}")?;
        }
        let Some((first, others)) = self.running_agents.split_first() else { return Ok(()) };
        write!(f, "; still running: `{}`", first.escape_debug())?;
        others.iter().try_for_each(|name| write!(f, ", `{}`", name.escape_debug()))?;
        f.write_str(" (the program of an agent must exit on SIGTERM)")
    }
}
