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

mod agent;
mod client;
mod environment;
mod event;
mod feed;
mod follow;
mod hand_in;
mod new_event;
mod new_session;
mod page;
mod past;
mod plain;
mod reader;
mod resource;
mod session;
mod session_change;
mod session_filter;
mod tools;
mod view;
mod wire;
mod written;

pub use self::agent::{AgentChange, AgentRef, NewAgent};
pub use self::client::Qoder;
pub use self::environment::NewEnvironment;
pub use self::event::{Event, EventKind};
pub use self::new_event::NewEvent;
pub use self::new_session::NewSession;
pub use self::resource::Resource;
pub use self::session::Session;
pub use self::session_change::SessionChange;
pub use self::session_filter::SessionFilter;
pub use self::tools::{QoderTools, Schemas};
pub use self::view::{Agent, Environment, SessionState, Status, Usage};
