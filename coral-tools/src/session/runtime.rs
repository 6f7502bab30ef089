//! What runs an agent's program.

use serde::Serialize;

/// What runs an agent's program. Coral checks only when it starts the agent whether its type offers this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Runtime {
    /// A program on the server's own system.
    Executable,
    /// A container.
    Docker,
    /// A function inside of the server.
    Function,
    /// An agent described by its prompts alone. Since coral-server 1.2.
    Prototype,
}
