//! A fake Coral server: the same API, as strict, with agents that follow a script instead of a model.
//!
//! It decodes requests like a server and rejects the same ones, with the same messages. Sessions have the same lifecycle: agents
//! connect, call custom tools with signed HTTP requests, write to threads, and stop; then the session closes, sends its session-end
//! report, is kept for a while if the request asks for it, and ends.
//!
//! The agent types are those that a server has for debugging (`tool`, `seed`, `echo` and `puppet`, version `1.0.0`, local, with
//! the runtime `function`), `natural-tone-agent` of the API guide, which only receives messages, and
//! [those of the application](CoralStandInBuilder::agent).
//!
//! ```
//! use std::future::IntoFuture;
//!
//! use coral_stand_in::coral::{AgentType, CoralStandIn};
//! use coral_tools::{Agent, Dialect, Runtime, SessionRequest, Toolset, coral_tool, toolset};
//! use serde_json::json;
//! use tokio::net::TcpListener;
//! use tokio::sync::mpsc;
//! # use tokio::{io::AsyncWriteExt, net::TcpStream};
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
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // An agent type with its script.
//! let guest = AgentType::local("guest", "1.0.0");
//! let (sender, mut results) = mpsc::unbounded_channel();
//! let coral = CoralStandIn::builder()
//!     .agent(guest, move |agent| {
//!         let sender = sender.clone();
//!         async move {
//!             let view = agent.call_tool("greet", json!({"name": agent.name()})).await;
//!             drop(sender.send(view.value::<String>()));
//!         }
//!     })
//!     .start()
//!     .await?;
//!
//! // The application: its tools verify the signatures of the stand-in.
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
//! // The application sends `body` to `coral.url()` with `coral.key()`. Then:
//! assert_eq!(results.recv().await, Some(Ok("Hello, Zoë!".to_owned())));
//! # coral.stop().await;
//! # Ok(())
//! # }
//! ```

mod agent_type;
mod agents;
mod api;
mod builder;
mod call_limits;
mod context;
mod decode;
mod emulated_version;
mod graph;
mod hash_order;
mod kotlin_text;
mod lock;
mod logs;
mod registry;
mod rejection;
mod report;
mod response;
mod session;
mod test_server;
mod timestamp;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::net::TcpListener;

pub use self::agent_type::{AgentOption, AgentType};
pub use self::agents::{AgentActionError, McpClient, ScriptedAgent};
use self::api::Api;
pub use self::builder::CoralStandInBuilder;
use self::call_limits::CallLimits;
use self::context::{BackgroundTasks, ScriptPanics, ServerContext};
pub use self::emulated_version::EmulatedVersion;
use self::logs::LogBuffer;
use self::registry::Registry;
use self::session::EVENT_QUEUE;
pub use self::session::Message;
use self::session::Scripts;
pub use self::test_server::TestServer;
use crate::running_server::RunningServer;
use coral_tools::Secret;

/// A running fake Coral server. It stops when it is dropped.
///
/// # Panics
///
/// Panics when it is dropped, if a script has panicked: its assertions are then those of the test. See
/// [`CoralStandInBuilder::allow_script_panics`].
#[doc(alias("fake", "mock server", "emulator"))]
pub struct CoralStandIn {
    context: Arc<ServerContext>,
    api: Arc<Api>,
    server: RunningServer,
    allows_script_panics: bool,
}

impl fmt::Debug for CoralStandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CoralStandIn")
            .field("url", &self.url())
            .field("emulated_version", &self.context.emulated)
            .finish_non_exhaustive()
    }
}

impl CoralStandIn {
    /// Starts a server that emulates coral-server 1.2 on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot listen.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Returns a builder with the default settings.
    pub fn builder() -> CoralStandInBuilder {
        CoralStandInBuilder::default()
    }

    async fn serve(builder: CoralStandInBuilder, registry: Registry, scripts: Scripts) -> io::Result<Self> {
        let listener = TcpListener::bind(builder.address).await?;
        let context = Arc::new(ServerContext {
            emulated: builder.emulated,
            key: builder.key,
            custom_tool_secret: builder.custom_tool_secret,
            webhook_secret: builder.webhook_secret,
            address: listener.local_addr()?,
            registry,
            connection_delay: builder.connection_delay,
            call_timeout: builder.call_timeout,
            logs: LogBuffer::new(EVENT_QUEUE),
            call_limits: CallLimits::default(),
            panics: ScriptPanics::default(),
            tasks: BackgroundTasks::new(),
        });
        let api = Api::new(context.clone(), scripts);
        let server = RunningServer::start_without_date(listener, api.clone().router())?;
        Ok(Self { context, api, server, allows_script_panics: builder.allows_script_panics })
    }

    /// The origin: `http://127.0.0.1:{port}`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.server.origin()
    }

    /// The only accepted API key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.context.key
    }

    /// The emulated version.
    #[must_use]
    pub fn emulated_version(&self) -> EmulatedVersion {
        self.context.emulated
    }

    /// The secret that signs calls of custom tools.
    pub fn custom_tool_secret(&self) -> Secret {
        self.context.custom_tool_secret.clone()
    }

    /// The secret that signs session-end reports.
    pub fn webhook_secret(&self) -> Secret {
        self.context.webhook_secret.clone()
    }

    /// Closes all open connections, including websockets. New connections are accepted.
    pub fn drop_connections(&self) {
        self.server.drop_connections();
    }

    /// Adds a message to a thread as if it had been sent at `at`, and returns its id. It becomes the last message of the thread,
    /// whatever its time, and has the usual event: clients cannot rely on an order.
    ///
    /// Returns `None` if the session does not exist, or has no such open thread.
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

    /// Stops the server: sessions are removed without events, connections are closed, and the port is released.
    pub async fn stop(mut self) {
        let tasks = self.context.tasks.stop();
        self.server.stop().await;
        if let Some(mut tasks) = tasks {
            tasks.shutdown().await;
        }
    }
}

impl Drop for CoralStandIn {
    fn drop(&mut self) {
        drop(self.context.tasks.stop());
        self.api.namespaces.clear();
        let panics = self.context.panics.take();
        // A second panic would abort the program.
        if !self.allows_script_panics && !std::thread::panicking() && !panics.is_empty() {
            panic!("{}", panics.join("; "));
        }
    }
}
