//! For tests and demonstrations: a [`Harness`] that calls tools without a socket, and a [`CoralCaller`] that calls any
//! webhook as Coral does, byte for byte. Feature `dev`.
//!
//! Both send a call the whole way: printed as Coral prints it, signed, routed, verified, read. So a test sees what
//! agents will see, and nothing of the tool has to be written for the test.
//!
//! ```
//! use coral_tools::dev::Harness;
//! use coral_tools::{Context, Definition, Handler, Reply, Tool, ToolError, Toolset, toolset};
//! use schemars::JsonSchema;
//! use serde::{Deserialize, Serialize};
//! use serde_json::json;
//!
//! #[derive(Serialize, Deserialize, JsonSchema)]
//! struct Greet {
//!     /// Who is greeted.
//!     name: String,
//! }
//!
//! impl Tool for Greet {
//!     const NAME: &'static str = "greet";
//!     fn definition() -> Definition {
//!         Definition::new("Greets somebody.").takes::<Self>().returns::<String>()
//!     }
//! }
//!
//! impl<S: Sync> Handler<S> for Greet {
//!     async fn call(self, _context: &Context<'_, S>) -> Result<Reply, ToolError> {
//!         Reply::json(&format!("Hello, {}!", self.name))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let tools: Toolset = toolset![Greet];
//! let harness = Harness::new(&tools, ());
//!
//! let answer = harness.call(Greet { name: "Zoë".into() }).await;
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
mod socket;
mod url;

pub use self::answer::{Answer, AnswerError};
pub use self::arguments::{Arguments, ToolArguments};
pub use self::caller::CoralCaller;
pub use self::harness::Harness;
pub use self::received::AgentSees;
pub use self::request::{CallerError, WireRequest};
