//! Sessions on Everruns with an application's tools. Feature `everruns`.
//!
//! ```no_run
//! use coral_tools::platform::everruns::NewSession;
//! use coral_tools::{Everruns, Toolset, coral_tool, toolset};
//!
//! /// Looks up an order.
//! #[coral_tool]
//! fn lookup_order(
//!     /// The order number.
//!     number: String,
//! ) -> String {
//!     format!("{number} is on its way")
//! }
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let tools: Toolset = toolset![lookup_order];
//! let everruns = Everruns::cloud("evr_pat_…"); // or Everruns::at("http://localhost:9000/api"), Everruns::from_env()?
//! let request = NewSession::with_agent("agent_01933b5a000070008000000000000001").tools(&tools).title("Orders");
//! let session = everruns.create_session(&request).await?;
//!
//! let turn = session.run(&tools, &()).message("Where is order A1?").await?;
//! println!("{}", turn.text());
//!
//! // After a restart, the id is enough: open calls are read from the platform's events.
//! let turn = everruns.session(session.id()).run(&tools, &()).resume().await?;
//! # Ok(())
//! # }
//! ```
//!
#![doc = include_str!("../../../docs/everruns.md")]

mod adapter;
mod check;
mod client;
mod client_tools;
mod create_session;
mod event;
mod event_requests;
mod history;
mod listener;
mod message_text;
mod new_session;
mod polling_fallback;
mod reader;
mod render;
mod send_message;
mod session;
mod session_info;
mod session_options;
mod submit;
#[cfg(test)]
mod tests;
mod user_message;

pub use self::client::Everruns;
pub use self::client_tools::ClientToolDefinitions;
pub use self::new_session::NewSession;
pub use self::session::Session;
pub use self::session_info::{CancelOutcome, SessionInfo, SessionStatus};
pub use self::session_options::{Capability, InitialFile, NetworkAccess, SessionSource};
