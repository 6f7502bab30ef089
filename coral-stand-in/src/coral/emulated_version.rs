//! The versions of Coral that can be emulated.

use std::fmt;

/// The version that a [`CoralStandIn`](super::CoralStandIn) emulates: its requests, responses and paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum EmulatedVersion {
    /// coral-server 1.2.
    #[default]
    Server1_2,
    /// coral-server 1.1: custom tools have a `schema`, proxies and prototypes do not exist, and the state of an agent has neither
    /// its start time nor its usage.
    Server1_1,
    /// Coral Cloud as in its API guide: flat states, times in milliseconds, and other paths.
    Cloud,
}

impl fmt::Display for EmulatedVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server1_2 => "coral-server 1.2",
            Self::Server1_1 => "coral-server 1.1",
            Self::Cloud => "Coral Cloud",
        })
    }
}
