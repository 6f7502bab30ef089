//! The runtime of an agent.

use std::fmt;

use serde::{Serialize, Serializer};

/// The runtime of an agent: how the server runs its program. Servers check only when the agent starts whether its type
/// offers the runtime.
///
/// ```
/// use coral_tools::Runtime;
///
/// assert_eq!(Runtime::Docker.name(), "docker");
/// assert_eq!(Runtime::other("docker"), Runtime::Docker);
/// assert_eq!(Runtime::other("firecracker").name(), "firecracker");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Runtime {
    /// A program on the server's own system.
    Executable,
    /// A container.
    Docker,
    /// A function inside the server.
    Function,
    /// An agent described only by its prompts. Since coral-server 1.2.
    Prototype,
    /// A runtime that this version does not know, by its name on the wire. [`Runtime::other`] makes one.
    Other(String),
}

impl Runtime {
    /// The runtime with this name on the wire, for one that a newer server offers and this version does not know.
    #[must_use]
    pub fn other(name: impl Into<String>) -> Self {
        let name = name.into();
        let known = [Self::Executable, Self::Docker, Self::Function, Self::Prototype];
        known.into_iter().find(|runtime| runtime.name() == name).unwrap_or(Self::Other(name))
    }

    /// Its name on the wire, such as `docker`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Executable => "executable",
            Self::Docker => "docker",
            Self::Function => "function",
            Self::Prototype => "prototype",
            Self::Other(name) => name,
        }
    }
}

/// The name on the wire.
impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Runtime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
