//! Qoder Cloud Agents: sessions whose custom tools are an application's.
//!
//! ```no_run
//! use coral_tools::platform::qoder::{NewAgent, NewEnvironment, NewSession};
//! use coral_tools::{Qoder, Toolset, coral_tool, toolset};
//!
//! /// Tells where an order is.
//! #[coral_tool]
//! fn lookup_order(
//!     /// Its number, such as `A1`.
//!     order_id: String,
//! ) -> String {
//!     format!("{order_id} is on its way")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let tools: Toolset = toolset![lookup_order];
//! let qoder = Qoder::from_env()?;
//!
//! // Once:
//! let environment = qoder.create_environment(&NewEnvironment::cloud("orders")).await?;
//! let agent = qoder.create_agent(&NewAgent::new("clerk", "ultimate").tools(&tools)).await?;
//!
//! // For every conversation:
//! let session = NewSession::with_agent(&agent, &environment.id).title("An order");
//! let session = qoder.create_session(&session).await?;
//! let turn = session.run(&tools, &()).message("Where is order A1?").await?;
//! println!("{}", turn.text());
//!
//! // After a restart, where a turn may still be on:
//! let turn = qoder.session("sess_…").run(&tools, &()).resume().await?;
//! # Ok(())
//! # }
//! ```
//!
#![doc = include_str!("../../../docs/qoder.md")]

mod agents;
mod body;
mod client;
mod custom_tools;
mod environments;
mod list;
mod schema_subset;
mod sessions;
mod turn;
mod view;

pub use self::agents::{Agent, AgentChange, AgentRef, NewAgent};
pub use self::client::Qoder;
pub use self::custom_tools::{QoderTools, Schemas};
pub use self::environments::{Environment, NewEnvironment};
pub use self::sessions::{
    Event, EventKind, NewEvent, NewSession, Resource, Session, SessionChange, SessionFilter, SessionState, Status,
    Usage,
};
