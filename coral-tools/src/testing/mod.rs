//! For tests and demonstrations: a [`Harness`] that calls tools without a socket, and a [`CoralCaller`] that calls any
//! webhook as Coral does, byte for byte. Feature `testing`. Fake servers for whole applications are in the crate
//! [`coral-stand-in`](https://docs.rs/coral-stand-in).
//!
//! Both send a call the whole way: printed as Coral prints it, signed, routed, verified, read. So a test sees what
//! agents will see, and nothing of the tool has to be written for the test.
//!
//! ```
//! use coral_tools::testing::Harness;
//! use coral_tools::{Toolset, coral_tool, toolset};
//! use serde_json::json;
//!
//! /// Greets somebody.
//! #[coral_tool]
//! async fn greet(
//!     /// Who is greeted.
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
//! let answer = harness.call(greet { name: "Zoë".into() }).await;
//! assert_eq!(answer.value::<String>().unwrap(), "Hello, Zoë!");
//!
//! let answer = harness.call(("greet", json!({"nmae": "Zoë"}))).await;
//! assert!(!answer.is_success());
//! assert!(!answer.agent_sees().is_error, "an agent can act on it");
//! # }
//! ```

mod answer;
mod arguments;
mod caller;
mod harness;
mod json;
mod number;
mod received;
mod request;
mod sender;
mod session_end;
mod socket;
mod url;

pub use self::answer::{Answer, AnswerError};
pub use self::arguments::{Arguments, ToolArguments};
pub use self::caller::CoralCaller;
pub use self::harness::Harness;
pub use self::received::AgentSees;
pub use self::request::{CallerError, WireRequest};
pub use self::session_end::SessionEndCaller;
