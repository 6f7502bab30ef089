//! Awaiting the calls of agents: their arguments arrive as typed values in the code that created the session.
//!
//! A toolset with a [store](crate::store) records each call that succeeds, before the agent receives the result. A session that was
//! created from such a toolset gives them to the application: `Session::next_call` returns the arguments of the next call of a
//! tool, also if the call arrived before. [`SessionCalls`] reads them without a session, in another process or in a test.
//!
//! ```
//! use coral_tools::calls::SessionCalls;
//! use coral_tools::store::MemoryStore;
//! use coral_tools::{Call, Toolset, coral_tool, toolset};
//!
//! /// Submits the report.
//! #[coral_tool]
//! fn submit_report(title: String);
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), coral_tools::calls::NextCallError> {
//! let tools: Toolset = toolset![submit_report].with_store(MemoryStore::new());
//! let store = tools.store().expect("it was added");
//!
//! let call = Call::new("submit_report", br#"{"title": "Q4"}"#).in_session("s1");
//! assert!(tools.dispatch(call, &()).await.is_success());
//!
//! let report: submit_report = SessionCalls::new(store.clone(), "s1").next_call().await?;
//! assert_eq!(report.title, "Q4");
//! # Ok(())
//! # }
//! ```
#![doc = include_str!("../../docs/calls.md")]

mod error;
mod from_call;
mod one_of;
mod received;
mod replay_channel;
mod session_calls;
mod stream;

pub use self::error::NextCallError;
pub use self::from_call::FromCall;
pub use self::one_of::{OneOf2, OneOf3, OneOf4};
pub use self::received::Received;
pub use self::replay_channel::{ReplayChannel, ReplayReceiver};
pub use self::session_calls::SessionCalls;
pub use self::stream::CallStream;
