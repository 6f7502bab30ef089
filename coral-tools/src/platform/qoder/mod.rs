//! Sessions on Qoder Cloud Agents with an application's tools. Feature `qoder`.
//!
//! ```no_run
//! use coral_tools::platform::qoder::{NewAgent, NewEnvironment, NewSession};
//! use coral_tools::{Qoder, Toolset, coral_tool, toolset};
//!
//! /// Looks up an order.
//! #[coral_tool]
//! fn lookup_order(
//!     /// The order number, such as `A1`.
//!     order_id: String,
//! ) -> String {
//!     format!("{order_id} is on its way")
//! }
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let tools: Toolset = toolset![lookup_order];
//! let qoder = Qoder::cloud("pt-…"); // or Qoder::china("pt-…"), Qoder::from_env()?
//!
//! // Once:
//! let environment = qoder.create_environment(&NewEnvironment::cloud("orders")).await?;
//! let agent = qoder.create_agent(&NewAgent::new("clerk", "ultimate").tools(&tools)).await?;
//!
//! // For each conversation:
//! let request = NewSession::new(&agent, &environment.id).title("An order");
//! let session = qoder.create_session(&request).await?;
//! let turn = session.run(&tools, &()).message("Where is order A1?").await?;
//! println!("{}", turn.text());
//!
//! // After a restart, the id is enough: open calls are read from the session's events.
//! let turn = qoder.session(session.id()).run(&tools, &()).resume().await?;
//! # Ok(())
//! # }
//! ```
//!
#![doc = include_str!("../../../docs/qoder.md")]

mod agents;
mod body;
mod client;
mod custom_tools;
mod decode;
mod environments;
mod list;
mod schema_subset;
mod sessions;
mod turn;

pub use self::agents::{Agent, AgentChange, AgentRef, NewAgent};
pub use self::client::Qoder;
pub use self::custom_tools::{QoderToolDefinitions, SchemaKeywords};
pub use self::environments::{Environment, NewEnvironment};
pub use self::sessions::{
    Event, EventKind, EventStream, NewEvent, NewSession, Resource, Session, SessionChange, SessionFilter, SessionInfo,
    SessionStatus, SessionUsage,
};
