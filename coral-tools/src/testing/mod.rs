//! For tests and demonstrations: a [`Harness`] that calls tools without a socket, and a [`CoralCaller`] that calls any
//! webhook as Coral does, byte for byte. Feature `testing`. Fake servers for whole applications are in the crate
//! [`coral-stand-in`](https://docs.rs/coral-stand-in).
//!
//! Both send a whole call: it is printed as Coral prints it, signed, routed, verified and parsed. So a test sees what agents
//! will see, and tools need no code for tests.
//!
//! ```
//! use coral_tools::testing::Harness;
//! use coral_tools::{Toolset, coral_tool, toolset};
//! use serde_json::json;
//!
//! /// Greets a person.
//! #[coral_tool]
//! async fn greet(
//!     /// The name of the person.
//!     name: String,
//! ) -> String {
//!     format!("Hello, {name}!")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let tools: Toolset = toolset![greet];
//! let harness = Harness::new(&tools, ());
//!
//! let response = harness.call(greet { name: "Zoë".into() }).await;
//! assert_eq!(response.value::<String>().unwrap(), "Hello, Zoë!");
//!
//! let response = harness.call(("greet", json!({"nmae": "Zoë"}))).await;
//! assert!(!response.is_success());
//! assert!(!response.agent_view().is_error, "the agent can correct its arguments");
//! # }
//! ```

mod agent_view;
mod arguments;
mod caller;
mod harness;
mod json;
mod number;
mod raw_response;
mod request;
mod sender;
mod session_end;
mod socket;
mod tool_output;
mod tool_response;

pub use self::agent_view::AgentView;
pub use self::arguments::{Arguments, ToolArguments};
pub use self::caller::CoralCaller;
pub use self::harness::Harness;
pub use self::request::{CallerError, WireRequest};
pub use self::session_end::SessionEndCaller;
pub use self::tool_output::ToolResponseError;
pub use self::tool_response::ToolResponse;
