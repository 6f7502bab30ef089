//! A stand-in for Qoder Cloud Agents: the same API, as strict, with a model that does what it is told to.
//!
//! It has agents, environments and sessions, refuses what Qoder refuses, keeps what was answered to an `Idempotency-Key`, and tells events
//! by streams and lists. A [`Trap`] has it do what is allowed and not expected; a [`Fault`] has requests go wrong.
//!
//! ```
//! use coral_stand_in::qoder::{StandIn, Step};
//! use coral_tools::platform::qoder::{NewAgent, NewEnvironment, NewSession};
//! use coral_tools::{Qoder, Toolset, coral_tool, toolset};
//! use serde_json::json;
//!
//! /// Tells where an order is.
//! #[coral_tool]
//! fn lookup_order(order_id: String) -> String {
//!     format!("{order_id} is on its way")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let stand_in = StandIn::builder()
//!     .turn([Step::calls([("lookup_order", json!({"order_id": "A1"}))]), Step::says("It is on its way.")])
//!     .start()
//!     .await?;
//!
//! let tools: Toolset = toolset![lookup_order];
//! let qoder = Qoder::at(stand_in.url()).key(stand_in.token());
//! let environment = qoder.create_environment(&NewEnvironment::cloud("test")).await?;
//! let agent = qoder.create_agent(&NewAgent::new("clerk", "ultimate").tools(&tools)).await?;
//! let session = qoder.create_session(&NewSession::new(&agent, &environment.id)).await?;
//! let turn = session.run(&tools, &()).message("Where is order A1?").await?;
//!
//! assert_eq!(turn.text(), "It is on its way.");
//! assert_eq!(stand_in.seen()[0].text, r#"{"result":"A1 is on its way"}"#);
//! # stand_in.stop().await;
//! # Ok(())
//! # }
//! ```

mod agents;
mod api;
mod builder;
mod check;
mod environments;
mod events;
mod fault;
mod frame;
mod gate;
mod page;
mod refusal;
mod script;
mod seen;
mod session;
mod sessions;
mod stream;
mod trap;
mod world;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

pub use self::builder::StandInBuilder;
pub use self::fault::Fault;
pub use self::script::Step;
pub use self::seen::Seen;
pub use self::trap::Trap;
pub use self::world::Received;
use self::world::World;
use crate::serving::Serving;

/// A server that stands in for Qoder, until it is stopped or dropped.
pub struct StandIn {
    world: Arc<World>,
    serving: Serving,
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StandIn").field("url", &self.url()).field("traps", &self.world.traps).finish_non_exhaustive()
    }
}

impl StandIn {
    /// Sets one up.
    pub fn builder() -> StandInBuilder {
        StandInBuilder::default()
    }

    async fn serve(world: World, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let world = Arc::new(world);
        let serving = Serving::start(listener, api::router(&world))?;
        Ok(Self { world, serving })
    }

    /// Where it is: `http://127.0.0.1:` and its port. The API is below `/api/v1/cloud`, as on Qoder.
    #[must_use]
    pub fn url(&self) -> &str {
        self.serving.origin()
    }

    /// The token that it takes.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.world.token
    }

    /// Every answer that its agents have read, in order.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.world.inner().seen.clone()
    }

    /// Every request that has come, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        self.world.inner().requests.clone()
    }

    /// Waits until streams have told so many events, each as often as it was told.
    pub async fn told(&self, events: usize) {
        let mut told = self.world.told.subscribe();
        while *told.borrow_and_update() < events && told.changed().await.is_ok() {}
    }

    /// Tells what [`Trap::HoldAt`] holds.
    pub fn release(&self) {
        self.world.inner().is_released = true;
        self.world.change();
    }

    /// Ends a session, as something of Qoder's own would, whatever is open in it. What is said in it after that is refused.
    pub fn terminate(&self, session_id: &str) {
        let mut inner = self.world.inner();
        if let Ok((session, mut ids)) = inner.session_and_ids(session_id) {
            session.end("session.status_terminated", &mut ids);
        }
        drop(inner);
        self.world.change();
    }

    /// Cuts every connection that is open. New ones are welcome.
    pub fn drop_connections(&self) {
        self.serving.drop_connections();
    }

    /// Stops it: connections are cut, the port is free.
    pub async fn stop(mut self) {
        self.serving.stop().await;
    }
}
