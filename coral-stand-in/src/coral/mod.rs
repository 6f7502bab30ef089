//! A stand-in for a whole Coral server: the same API, as strict, with agents that need no model.
//!
//! It reads requests as a server does and refuses what a server refuses, with the same words. Sessions live as they do
//! there: agents connect, call custom tools over HTTP with signed calls, write threads, stop; the session closes, is held
//! if it was asked to be, reports its end, and is gone.
//!
//! There are the agents that a server has for debugging (`tool`, `seed`, `echo` and `puppet`, version `1.0.0`, local, run
//! as a `function`), the guide's `natural-tone-agent` that only listens, and [those of your own](StandInBuilder::agent).
//!
//! ```
//! use std::future::IntoFuture;
//!
//! use coral_stand_in::coral::StandIn;
//! use coral_tools::{Agent, Dialect, Runtime, SessionRequest, Toolset, coral_tool, toolset};
//! use serde_json::json;
//! use tokio::net::TcpListener;
//! use tokio::sync::mpsc;
//! # use tokio::{io::AsyncWriteExt, net::TcpStream};
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
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // An agent type, and what its agents do.
//! let guest = json!({"registryAgent": {
//!     "info": {"identifier": {"name": "guest", "version": "1.0.0", "registrySourceId": {"type": "local"}}},
//!     "runtimes": {"docker": {"image": "guest:1.0.0"}},
//! }});
//! let (says, mut said) = mpsc::unbounded_channel();
//! let coral = StandIn::builder()
//!     .agent(guest, move |agent| {
//!         let says = says.clone();
//!         async move {
//!             let sees = agent.call_tool("greet", json!({"name": agent.name()})).await;
//!             drop(says.send(sees.text));
//!         }
//!     })
//!     .start()
//!     .await?;
//!
//! // The application: tools that verify what the stand-in signs.
//! let tools: Toolset = toolset![greet];
//! let app: axum::Router = tools.webhooks(coral.custom_tool_secret());
//! let listener = TcpListener::bind("127.0.0.1:0").await?;
//! let base_url = format!("http://{}", listener.local_addr()?);
//! tokio::spawn(axum::serve(listener, app).into_future());
//!
//! let agent = Agent::local("guest", "1.0.0", Runtime::Docker).named("Zoë").can_call::<greet>();
//! let request = SessionRequest::in_namespace("default").agent(agent).tools(&tools, base_url.as_str());
//! let body = request.to_json(Dialect::Server1_2)?.to_string();
//! # let host = coral.url().trim_start_matches("http://");
//! # let post = |body: &str| format!(
//! #     "POST /api/v1/local/session HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n\
//! #      Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
//! #     coral.key(),
//! #     body.len(),
//! # );
//! # let mut connection = TcpStream::connect(host).await?;
//! # connection.write_all(post(&body).as_bytes()).await?;
//! // … which is sent to `coral.url()`, with `coral.key()`. Then:
//! assert_eq!(said.recv().await.as_deref(), Some(r#"{"result":"Hello, Zoë!"}"#));
//! # coral.stop().await;
//! # Ok(())
//! # }
//! ```

mod agents;
mod answer;
mod api;
mod builder;
mod common;
mod decode;
mod graph;
mod lock;
mod logs;
mod moment;
mod plays;
mod refusal;
mod registry;
mod report;
mod session;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::net::TcpListener;

pub use self::agents::{Refused, ScriptedAgent};
use self::api::Api;
pub use self::builder::StandInBuilder;
use self::common::{Common, Tasks};
use self::logs::Logs;
pub use self::plays::Plays;
use self::registry::Registry;
use self::session::EVENTS;
pub use self::session::Message;
use crate::serving::Serving;
use coral_tools::Secret;

/// A server that stands in for Coral, until it is stopped or dropped.
pub struct StandIn {
    common: Arc<Common>,
    api: Arc<Api>,
    serving: Serving,
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StandIn").field("url", &self.url()).field("plays", &self.common.plays).finish_non_exhaustive()
    }
}

impl StandIn {
    /// Starts one that plays coral-server 1.2 on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// Where it cannot listen.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Sets one up.
    pub fn builder() -> StandInBuilder {
        StandInBuilder::default()
    }

    async fn serve(builder: StandInBuilder, registry: Registry) -> io::Result<Self> {
        let listener = TcpListener::bind(builder.address).await?;
        let common = Arc::new(Common {
            plays: builder.plays,
            key: builder.key,
            custom_tool_secret: builder.custom_tool_secret,
            webhook_secret: builder.webhook_secret,
            address: listener.local_addr()?,
            registry,
            logs: Logs::new(EVENTS),
            tasks: Tasks::new(),
        });
        let api = Api::new(common.clone());
        let serving = Serving::start(listener, api.clone().router())?;
        Ok(Self { common, api, serving })
    }

    /// Where it is: `http://127.0.0.1:` and its port.
    #[must_use]
    pub fn url(&self) -> &str {
        self.serving.origin()
    }

    /// The key that it takes.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.common.key
    }

    /// Which Coral it plays.
    #[must_use]
    pub fn plays(&self) -> Plays {
        self.common.plays
    }

    /// The secret that it signs calls of custom tools with.
    pub fn custom_tool_secret(&self) -> Secret {
        self.common.custom_tool_secret.clone()
    }

    /// The secret that it signs reports of a session's end with.
    pub fn webhook_secret(&self) -> Secret {
        self.common.webhook_secret.clone()
    }

    /// Cuts every connection that is open, of HTTP and of websockets. New ones are welcome.
    pub fn drop_connections(&self) {
        self.serving.drop_connections();
    }

    /// Puts a message into a thread as if it had been sent then, and returns its id. It comes last in the thread, whatever
    /// the time, and is told as any other: clients cannot rely on an order.
    ///
    /// None where there is no such session, or no open thread of that id in it.
    pub fn insert_message(
        &self,
        session_id: &str,
        thread_id: &str,
        sender: &str,
        text: &str,
        at: SystemTime,
    ) -> Option<String> {
        self.api.namespaces.any_session(session_id)?.insert(thread_id, sender, text, at)
    }

    /// Stops it: sessions are gone without a word, connections are cut, the port is free.
    pub async fn stop(mut self) {
        let tasks = self.common.tasks.stop();
        self.serving.stop().await;
        if let Some(mut tasks) = tasks {
            tasks.shutdown().await;
        }
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        drop(self.common.tasks.stop());
        self.api.namespaces.clear();
    }
}
