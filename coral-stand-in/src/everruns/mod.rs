//! A stand-in for Everruns: the same API, as strict, with agents that need no model.
//!
//! It knows the wire alone: it reads and refuses requests by itself, tells of turns by the same events in the same order, and
//! does, where it is [told to](Trap), everything that servers do to clients.
//!
//! ```
//! use coral_stand_in::everruns::{StandIn, Step};
//! use coral_tools::platform::everruns::NewSession;
//! use coral_tools::{Everruns, Toolset, coral_tool, toolset};
//! use serde_json::json;
//!
//! /// Looks up an order.
//! #[coral_tool]
//! fn lookup_order(
//!     /// Its number.
//!     number: String,
//! ) -> String {
//!     format!("{number} is on its way")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let stand_in = StandIn::builder()
//!     .turn([Step::calls([("lookup_order", json!({"number": "A1"}))]), Step::says("It is on its way.")])
//!     .start()
//!     .await?;
//!
//! let tools: Toolset = toolset![lookup_order];
//! let everruns = Everruns::at(stand_in.url()).key(stand_in.token());
//! let session = everruns.create_session(&NewSession::without_agent().tools(&tools)).await?;
//! let turn = session.run(&tools, &()).message("Where is order A1?").await?;
//!
//! assert_eq!(turn.text(), "It is on its way.");
//! assert_eq!(stand_in.seen()[0].text, r#"{"result":"A1 is on its way"}"#);
//! # Ok(())
//! # }
//! ```

mod api;
mod builder;
mod decode;
mod filter;
mod held;
mod list;
mod message;
mod record;
mod refusal;
mod results;
mod script;
mod session;
mod shared;
mod show;
mod stream;
mod trap;
mod turn;

use std::fmt;
use std::sync::Arc;

pub use self::builder::StandInBuilder;
pub use self::record::{CallRecord, Request, Seen};
pub use self::script::Step;
use self::shared::Shared;
pub use self::trap::{Shape, Trap};
use crate::serving::Serving;

/// A server that stands in for Everruns, until it is stopped or dropped.
pub struct StandIn {
    url: String,
    shared: Arc<Shared>,
    serving: Serving,
}

impl StandIn {
    /// Sets one up.
    pub fn builder() -> StandInBuilder {
        StandInBuilder::default()
    }

    /// Where it is: `http://127.0.0.1:`, its port, and `/api`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The token that it takes.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// What agents saw of their calls, in order.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.look(|session| session.seen.clone()).concat()
    }

    /// The calls that clients were asked to answer, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<CallRecord> {
        self.shared.look(|session| session.calls.clone()).concat()
    }

    /// The requests that came, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests()
    }

    /// How many events there are in all sessions.
    #[must_use]
    pub fn events(&self) -> usize {
        self.shared.count()
    }

    /// How many signs of life there were on streams where nothing else happened.
    #[must_use]
    pub fn heartbeats(&self) -> usize {
        self.shared.heartbeats()
    }

    /// Returns when there are so many events.
    pub async fn has_events(&self, events: usize) {
        self.until(|stand_in| stand_in.events() >= events).await;
    }

    /// Returns when this is so. It is looked at after every event, request and heartbeat.
    pub async fn until(&self, is_so: impl Fn(&Self) -> bool) {
        let mut changes = self.shared.changes();
        while !is_so(self) {
            // The sender lives as long as this.
            let _changed = changes.changed().await;
        }
    }

    /// Whether an agent does not go on before it is [let go](Self::release).
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.shared.look(|session| session.held.is_some()).contains(&true)
    }

    /// Lets the agents go on that are held: by a [step](Step::holds), or a [`Trap`].
    pub fn release(&self) {
        self.shared.each(session::Session::release);
    }

    /// As if another client had handed in this answer, to one call and no other.
    ///
    /// Returns whether a session waited for it.
    pub fn answer(&self, call: &str, text: &str) -> bool {
        let mut is_taken = false;
        self.shared.each(|session| {
            if session.pending.iter().any(|pending| pending.id == call) {
                is_taken |= session.results(&[decode::ToolResult::text_of(call, text)]).is_ok();
            }
        });
        is_taken
    }

    /// Gives up on the calls that it waits for, as after 300 seconds.
    pub fn time_out(&self) {
        self.shared.each(session::Session::time_out);
    }

    /// Cancels the turns that run or wait, as an operator may.
    pub fn break_off(&self) {
        self.shared.each(session::Session::break_off);
    }

    /// Cuts every connection that is open. New ones are welcome.
    pub fn drop_connections(&self) {
        self.serving.drop_connections();
    }

    /// Stops it: sessions are gone without a word, connections are cut, the port is free.
    pub async fn stop(mut self) {
        self.serving.stop().await;
    }
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StandIn").field("url", &self.url).finish_non_exhaustive()
    }
}
