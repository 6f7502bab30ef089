//! The generation of Coral that is stood in for.

use std::fmt;

/// Which Coral a [`StandIn`](super::StandIn) plays: what it reads and how it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Plays {
    /// coral-server 1.2.
    #[default]
    Server1_2,
    /// coral-server 1.1: custom tools have a `schema`, there are no proxies and no prototypes, and the state of an agent
    /// says neither when it started nor what it used.
    Server1_1,
    /// Coral Cloud as its API guide prints it: flat states, times in milliseconds, and the guide's paths.
    Cloud,
}

impl fmt::Display for Plays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server1_2 => "coral-server 1.2",
            Self::Server1_1 => "coral-server 1.1",
            Self::Cloud => "Coral Cloud",
        })
    }
}
