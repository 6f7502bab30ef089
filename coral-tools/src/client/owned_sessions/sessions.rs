//! [`Sessions`].

use std::fmt;
use std::sync::Arc;

use super::super::coral::Coral;
use super::super::creation::{CREATING, complete};
use super::entries::AddError;
use super::instance::Instance;
use super::owned_session::OwnedSession;
use super::registration::{SessionRegistration, SharedSessions};
use crate::api::ClientError;
use crate::session::request::SessionRequest;

/// The default of [`Sessions::max_sessions`].
const MAX_SESSIONS: usize = 10_000;

/// The sessions of an application, each with a value of the application: a user, the state of a job, a channel for results.
///
/// * The value is known before the first call can arrive, on every server version. A tool takes it as the context parameter
///   `SessionValue<T>`.
/// * A session is closed when the application drops its [`OwnedSession`], also while it is being opened: axum drops a handler whose
///   client has disconnected.
/// * [`close_all`](Self::close_all) closes all sessions when the application ends, and [`close_left_over`](Self::close_left_over)
///   those of an earlier process that could not.
///
/// It is a part of the application's state. Clones share the sessions.
///
/// ```no_run
/// use std::time::Duration;
///
/// use coral_tools::{
///     Agent, ClientError, Coral, FromRef, Runtime, SessionRequest, SessionValue, Sessions, Toolset, coral_tool, toolset,
/// };
///
/// /// The value of a session.
/// struct Job {
///     user: String,
/// }
///
/// #[derive(Clone)]
/// struct App {
///     sessions: Sessions<Job>,
/// }
///
/// impl FromRef<App> for Sessions<Job> {
///     fn from_ref(app: &App) -> Self {
///         app.sessions.clone()
///     }
/// }
///
/// /// Returns the name of the user.
/// #[coral_tool(read_only)]
/// fn user_name(#[context] SessionValue(job): SessionValue<Job>) -> String {
///     job.user.clone()
/// }
///
/// async fn run(app: &App, tools: &Toolset<App>, user: String) -> Result<(), ClientError> {
///     let agent = Agent::local("writer", "1.0.0", Runtime::Docker).can_call::<user_name>();
///     let request = SessionRequest::in_namespace("default")
///         .agent(agent)
///         .tools(tools, "https://your-app.example/coral")
///         .ttl(Duration::from_secs(600));
///     let session = app.sessions.open(&request, Job { user }).await?;
///     // Wait for a result here. If this future is dropped, or on return, the session is closed.
///     session.close().await
/// }
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let sessions = Sessions::new(Coral::from_env()?).instance("gateway-1");
/// sessions.close_left_over("default").await?;
/// let app = App { sessions: sessions.clone() };
/// let tools: Toolset<App> = toolset![user_name];
/// run(&app, &tools, "Ada".to_owned()).await?;
/// sessions.close_all(Duration::from_secs(20)).await;
/// # Ok(())
/// # }
/// ```
pub struct Sessions<T> {
    pub(super) coral: Coral,
    pub(super) instance: Option<Instance>,
    pub(super) unknown_session_message: Option<Arc<str>>,
    pub(super) shared: Arc<SharedSessions<T>>,
    max_sessions: usize,
}

impl<T> Sessions<T> {
    /// Creates an empty set of sessions, which are opened with `coral`.
    #[must_use]
    pub fn new(coral: Coral) -> Self {
        let shared = Arc::default();
        Self { coral, instance: None, unknown_session_message: None, shared, max_sessions: MAX_SESSIONS }
    }

    /// Sets the name of this instance of the application, by which [`close_left_over`](Self::close_left_over) finds the sessions of an
    /// earlier process: the annotations `coral-tools.instance` and `coral-tools.process` of each session. Sessions have no annotations on
    /// servers of December 2025 ([`Dialect::Nested`](crate::Dialect::Nested)), so [`open`](Self::open) returns an error there.
    ///
    /// A restarted process must have the same name, and processes that run at the same time different ones, also during a deployment:
    /// the name of a pod of a stateful set, for example.
    #[must_use]
    pub fn instance(mut self, name: impl Into<String>) -> Self {
        self.instance = Some(Instance::new(name.into()));
        self
    }

    /// Sets the message that agents read if their session is unknown, such as "this session is over; stop". Default:
    /// [`ToolError::unknown_session`](crate::ToolError::unknown_session), status 400, of which agents see only the number.
    #[must_use]
    pub fn unknown_session_message(mut self, message: impl Into<String>) -> Self {
        self.unknown_session_message = Some(message.into().into());
        self
    }

    /// Sets the number of sessions that can be open at a time. Default: 10,000.
    #[must_use]
    pub fn max_sessions(mut self, max: usize) -> Self {
        self.max_sessions = max;
        self
    }

    /// Returns the client.
    #[must_use]
    pub fn coral(&self) -> &Coral {
        &self.coral
    }

    /// Returns the number of sessions that are being opened or open. A session that has ended is forgotten when its
    /// [`OwnedSession`] is dropped, closed or has observed the end, one minute after the report of its end, or one minute after its
    /// time to live.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.entries.len()
    }

    /// Whether no session is being opened or open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the value of the session with this id, if it is open.
    #[must_use]
    pub fn get(&self, session_id: &str) -> Option<Arc<T>> {
        self.shared.entries.find(session_id).map(|(_, value)| value)
    }

    /// Adds a value for calls of this session, which does not exist on a server, for tests of tools with the
    /// [`Harness`](crate::testing::Harness). Feature `testing`.
    ///
    /// ```
    /// use coral_tools::testing::Harness;
    /// use coral_tools::{Coral, SessionValue, Sessions, Toolset, coral_tool, toolset};
    ///
    /// /// Returns the name of the user.
    /// #[coral_tool(read_only)]
    /// fn user_name(#[context] SessionValue(user): SessionValue<String>) -> String {
    ///     user.to_string()
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let sessions = Sessions::new(Coral::server("http://localhost:5555", "key"));
    /// sessions.insert_for_test("session-1", "Ada".to_owned());
    ///
    /// let tools: Toolset<Sessions<String>> = toolset![user_name];
    /// let agents = Harness::new(&tools, sessions);
    /// let response = agents.clone().in_session("session-1").call(("user_name", ())).await;
    /// assert_eq!(response.value::<String>().unwrap(), "Ada");
    /// assert_eq!(agents.in_session("session-2").call(("user_name", ())).await.status(), Some(400));
    /// # }
    /// ```
    #[cfg(feature = "testing")]
    pub fn insert_for_test(&self, session_id: impl Into<String>, value: T) {
        self.shared.entries.add_without_server(session_id.into(), Arc::new(value));
    }
}

impl<T: Send + Sync + 'static> Sessions<T> {
    /// Creates a session with a value, which calls of its tools have from the first one on: `SessionValue<T>`, or
    /// [`call_value`](Self::call_value).
    ///
    /// The server may start agents, and their calls may arrive, before it has responded. Therefore an unguessable id of the application
    /// is added to the query of the URLs of the tools and of the session-end webhook (the parameter `coral-tools-session`), and identifies
    /// the session without the server. A tool with a URL of its own ([`CustomTools::tool_at`](crate::CustomTools::tool_at)), which is sent
    /// byte for byte, is called without it, and the session is found by its id then, from the return of this function on.
    ///
    /// Like [`Coral::create_session`], this runs in a task. If the future is dropped, the session is closed as soon as it exists.
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as [`Coral::create_session`]. Returns an error of the stage
    /// [`NotSent`](crate::client::FailureStage::NotSent) if [`max_sessions`](Self::max_sessions) are open, or after
    /// [`close_all`](Self::close_all) was called.
    pub async fn open(&self, request: &SessionRequest, value: T) -> Result<OwnedSession<T>, ClientError> {
        let registration = SessionRegistration::new(&self.shared, Arc::new(value), self.max_sessions);
        let registration = registration.map_err(|error| self.cannot_open(&error))?;
        let (sessions, opening) = (self.clone(), self.shared.pending.start());
        let mut request = registration.identify(request.clone());
        if let Some(instance) = &self.instance {
            request = instance.annotate(request);
        }
        complete(async move {
            let session = sessions.coral.create(&request).await?.claim();
            let opened = OwnedSession::new(registration, session, request.time_to_live());
            drop(opening);
            opened.ok_or_else(|| sessions.cannot_open(&AddError::Closed))
        })
        .await
    }

    fn cannot_open(&self, error: &AddError) -> ClientError {
        let reason = match error {
            AddError::Closed => "the application closes all sessions".to_owned(),
            AddError::Full => {
                let max = self.max_sessions;
                format!("{max} sessions are open, which is the limit of `Sessions::max_sessions`")
            }
        };
        ClientError::unavailable(CREATING, reason)
    }
}

impl<T> Clone for Sessions<T> {
    fn clone(&self) -> Self {
        Self {
            coral: self.coral.clone(),
            instance: self.instance.clone(),
            unknown_session_message: self.unknown_session_message.clone(),
            shared: Arc::clone(&self.shared),
            max_sessions: self.max_sessions,
        }
    }
}

impl<T> fmt::Debug for Sessions<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("instance", &self.instance).field("len", &self.len()).finish_non_exhaustive()
    }
}
