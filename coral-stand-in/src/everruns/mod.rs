//! A fake Everruns server: the same API, as strict, with agents that follow a script instead of a model.
//!
//! It shares no types with the client, only the wire format. It decodes and checks requests itself, and sends the same events in
//! the same order as real servers. A [`Fault`] makes it behave in a way that surprises clients.
//!
//! ```
//! use coral_stand_in::everruns::{EverrunsStandIn, Step};
//! use coral_tools::platform::everruns::NewSession;
//! use coral_tools::{Everruns, Toolset, coral_tool, toolset};
//! use serde_json::json;
//!
//! /// Looks up an order.
//! #[coral_tool]
//! fn lookup_order(
//!     /// The number of the order.
//!     number: String,
//! ) -> String {
//!     format!("{number} is on its way")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let stand_in = EverrunsStandIn::builder()
//!     .turn([Step::calls([("lookup_order", json!({"number": "A1"}))]), Step::message("It is on its way.")])
//!     .start()
//!     .await?;
//!
//! let tools: Toolset = toolset![lookup_order];
//! let everruns = Everruns::at(stand_in.url()).key(stand_in.key());
//! let session = everruns.create_session(&NewSession::without_agent().tools(&tools)).await?;
//! let turn = session.run(&tools, &()).message("Where is order A1?").await?;
//!
//! assert_eq!(turn.text(), "It is on its way.");
//! assert_eq!(stand_in.tool_results()[0].text, r#"{"result":"A1 is on its way"}"#);
//! # Ok(())
//! # }
//! ```

mod api;
mod builder;
mod decode;
mod event_filter;
mod event_list;
mod event_stream;
mod fault;
mod hold_point;
mod messages;
mod records;
mod rejection;
mod results;
mod script;
mod session;
mod show;
mod state;
mod turn;

use std::fmt;
use std::sync::Arc;

pub use self::builder::EverrunsStandInBuilder;
pub use self::fault::{ErrorFormat, Fault};
pub use self::records::{CallRecord, RequestRecord, ToolResultRecord};
pub use self::script::Step;
use self::state::ServerState;
use crate::running_server::RunningServer;

/// A running fake server of Everruns. It stops when it is dropped.
#[doc(alias("fake", "mock server", "emulator"))]
pub struct EverrunsStandIn {
    url: String,
    state: Arc<ServerState>,
    server: RunningServer,
}

impl EverrunsStandIn {
    /// Returns a builder with the default settings.
    pub fn builder() -> EverrunsStandInBuilder {
        EverrunsStandInBuilder::default()
    }

    /// The base URL of the API: `http://127.0.0.1:{port}/api`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The only accepted API key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.state.key
    }

    /// The results of calls as the models read them, in order.
    #[must_use]
    pub fn tool_results(&self) -> Vec<ToolResultRecord> {
        self.state.map_sessions(|session| session.tool_results.clone()).concat()
    }

    /// The calls that were requested from clients, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<CallRecord> {
        self.state.map_sessions(|session| session.calls.clone()).concat()
    }

    /// The received requests, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.state.requests()
    }

    /// The number of stored events in all sessions.
    #[must_use]
    pub fn event_count(&self) -> usize {
        self.state.event_count()
    }

    /// The number of heartbeats that were sent on idle streams.
    #[must_use]
    pub fn heartbeat_count(&self) -> usize {
        self.state.heartbeat_count()
    }

    /// Waits until `condition` is true. It is checked after every event, request and heartbeat.
    pub async fn wait_until(&self, condition: impl Fn(&Self) -> bool) {
        let mut changes = self.state.changes();
        while !condition(self) {
            // The sender is in `self.state`.
            let _changed = changes.changed().await;
        }
    }

    /// Whether an agent waits for [`release`](Self::release).
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.state.map_sessions(|session| session.hold.is_some()).contains(&true)
    }

    /// Releases the agents that are held by [`Step::hold`] or a [`Fault`].
    pub fn release(&self) {
        self.state.for_each_session(session::Session::release);
    }

    /// Submits the result of one call, as another client would. Returns whether a session waited for it.
    pub fn submit_result(&self, call: &str, text: &str) -> bool {
        let mut is_accepted = false;
        self.state.for_each_session(|session| {
            if session.pending.iter().any(|pending| pending.id == call) {
                is_accepted |= session.receive_results(&[decode::ToolResult::from_text(call, text)]).is_ok();
            }
        });
        is_accepted
    }

    /// Lets the pending calls time out, as after 300 s.
    pub fn time_out_calls(&self) {
        self.state.for_each_session(session::Session::time_out_calls);
    }

    /// Cancels the running and waiting turns, as an operator can.
    pub fn cancel_turns(&self) {
        self.state.for_each_session(session::Session::cancel_turn);
    }

    /// Closes all open connections. New connections are accepted.
    pub fn drop_connections(&self) {
        self.server.drop_connections();
    }

    /// Stops the server: sessions are removed without events, connections are closed, and the port is released.
    pub async fn stop(mut self) {
        self.server.stop().await;
    }
}

impl fmt::Debug for EverrunsStandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EverrunsStandIn").field("url", &self.url).finish_non_exhaustive()
    }
}
