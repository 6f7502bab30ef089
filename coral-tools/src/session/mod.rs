//! What an application says to Coral when it creates a session, and what Coral says of sessions.

mod base_url;
mod custom_tools;
mod dialect;
mod report;
pub mod state;
mod unroll;

pub use self::base_url::BaseUrl;
pub use self::custom_tools::CustomTools;
pub use self::dialect::Dialect;
pub use self::report::{AgentRun, SessionEndReport};
