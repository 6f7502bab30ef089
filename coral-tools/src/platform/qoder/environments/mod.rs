//! Environments: what the agents of sessions work in.

mod environment;
mod new_environment;

pub use self::environment::Environment;
pub use self::new_environment::NewEnvironment;
