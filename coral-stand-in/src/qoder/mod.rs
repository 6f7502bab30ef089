//! A fake Qoder Cloud Agents server: the same API, as strict, with a script instead of a model.
//!
//! It has agents, environments and sessions, rejects invalid requests like Qoder, returns the cached response to a repeated
//! `Idempotency-Key`, and returns events as streams and lists. A [`Fault`] makes it behave in a way that the API allows and clients
//! do not expect; a [`RequestFault`] makes requests fail.
//!
//! ```
//! use coral_stand_in::qoder::{QoderStandIn, Step};
//! use coral_tools::platform::qoder::{NewAgent, NewEnvironment, NewSession};
//! use coral_tools::{Qoder, Toolset, coral_tool, toolset};
//! use serde_json::json;
//!
//! /// Looks up an order.
//! #[coral_tool]
//! fn lookup_order(order_id: String) -> String {
//!     format!("{order_id} is on its way")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let stand_in = QoderStandIn::builder()
//!     .turn([Step::calls([("lookup_order", json!({"order_id": "A1"}))]), Step::message("It is on its way.")])
//!     .start()
//!     .await?;
//!
//! let tools: Toolset = toolset![lookup_order];
//! let qoder = Qoder::at(stand_in.url()).key(stand_in.key());
//! let environment = qoder.create_environment(&NewEnvironment::cloud("test")).await?;
//! let agent = qoder.create_agent(&NewAgent::new("clerk", "ultimate").tools(&tools)).await?;
//! let session = qoder.create_session(&NewSession::new(&agent, &environment.id)).await?;
//! let turn = session.run(&tools, &()).message("Where is order A1?").await?;
//!
//! assert_eq!(turn.text(), "It is on its way.");
//! assert_eq!(stand_in.tool_results()[0].text, r#"{"result":"A1 is on its way"}"#);
//! # stand_in.stop().await;
//! # Ok(())
//! # }
//! ```

mod agents;
mod api;
mod builder;
mod check;
mod environments;
mod event_stream;
mod events;
mod fault;
mod middleware;
mod page;
mod records;
mod rejection;
mod request_fault;
mod script;
mod session;
mod sessions;
mod sse;
mod state;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

pub use self::builder::QoderStandInBuilder;
pub use self::fault::Fault;
pub use self::records::{RequestRecord, ToolResultRecord};
pub use self::request_fault::RequestFault;
pub use self::script::Step;
use self::state::ServerState;
use crate::running_server::RunningServer;

/// A running fake server of Qoder. It stops when it is dropped.
#[doc(alias("fake", "mock server", "emulator"))]
pub struct QoderStandIn {
    state: Arc<ServerState>,
    server: RunningServer,
}

impl fmt::Debug for QoderStandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QoderStandIn")
            .field("url", &self.url())
            .field("faults", &self.state.faults)
            .finish_non_exhaustive()
    }
}

impl QoderStandIn {
    /// Returns a builder with the default settings.
    pub fn builder() -> QoderStandInBuilder {
        QoderStandInBuilder::default()
    }

    async fn serve(state: ServerState, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let state = Arc::new(state);
        let server = RunningServer::start(listener, api::router(&state))?;
        Ok(Self { state, server })
    }

    /// The origin: `http://127.0.0.1:{port}`. The API is below `/api/v1/cloud`, as with Qoder.
    #[must_use]
    pub fn url(&self) -> &str {
        self.server.origin()
    }

    /// The only accepted API key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.state.key
    }

    /// The results of calls as the models read them, in order.
    #[must_use]
    pub fn tool_results(&self) -> Vec<ToolResultRecord> {
        self.state.lock().tool_results.clone()
    }

    /// The received requests, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.state.lock().requests.clone()
    }

    /// Waits until streams have sent `count` events; an event that is sent twice counts twice.
    pub async fn wait_for_sent_events(&self, count: usize) {
        let mut sent = self.state.sent.subscribe();
        while *sent.borrow_and_update() < count && sent.changed().await.is_ok() {}
    }

    /// Sends the events that [`Fault::HoldAt`] holds back.
    pub fn release(&self) {
        self.state.lock().is_released = true;
        self.state.notify_streams();
    }

    /// Terminates a session, as Qoder itself can, including open calls. Later events of clients are rejected.
    pub fn terminate(&self, session_id: &str) {
        let mut resources = self.state.lock();
        if let Ok((session, mut ids)) = resources.session_and_ids(session_id) {
            session.end("session.status_terminated", &mut ids);
        }
        drop(resources);
        self.state.notify_streams();
    }

    /// Closes all open connections. New connections are accepted.
    pub fn drop_connections(&self) {
        self.server.drop_connections();
    }

    /// Stops the server: connections are closed, and the port is released.
    pub async fn stop(mut self) {
        self.server.stop().await;
    }
}
