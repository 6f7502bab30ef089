//! [`Puppet`].

use http::StatusCode;
use serde_json::{Value, json};

use super::session::Session;
use crate::api::{ClientError, HttpRequest, HttpResponse, RequestPath, RetryPolicy};
use crate::json::{DecodeError, FromJson, ObjectReader};
use crate::state::{AgentState, Message, Thread};

/// An agent of a session that the application controls: it creates threads, sends messages and stops the agent.
///
/// "Puppet" is Coral's name for this API, below `/api/v1/puppet`. It is meant for agents without behaviour of their own, such as a
/// user, and works with every agent; the other agents cannot distinguish the application's messages from the agent's own. A request
/// that may have reached the server is not retried, except for [`kill`](Self::kill).
///
/// ```no_run
/// # async fn example(session: coral_tools::Session) -> Result<(), coral_tools::ClientError> {
/// let user = session.puppet("user");
/// let thread = user.create_thread("Q4 report", ["writer"]).await?;
/// user.send_message(&thread.id, "How far are you?", ["writer"]).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Puppet {
    session: Session,
    agent: String,
}

impl Session {
    /// Returns the agent with this name, to act as it. Sends nothing.
    #[must_use]
    pub fn puppet(&self, agent: impl Into<String>) -> Puppet {
        Puppet { session: self.clone(), agent: agent.into() }
    }
}

impl Puppet {
    /// Returns the agent's name in the session.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.agent
    }

    /// Creates a thread. `participants` are the names of other agents.
    ///
    /// # Errors
    ///
    /// Returns an error if the session or one of the agents does not exist (404).
    pub async fn create_thread<N: Into<String>>(
        &self,
        name: &str,
        participants: impl IntoIterator<Item = N>,
    ) -> Result<Thread, ClientError> {
        let body = json!({"threadName": name, "participantNames": names(participants)});
        let response = self.send(HttpRequest::post("creating a thread", self.path("thread"), &body)).await?;
        response.read::<ResponseEnvelope<Thread>>().map(|envelope| envelope.0)
    }

    /// Closes a thread. The server deletes its messages and keeps the summary.
    ///
    /// # Errors
    ///
    /// Returns an error if the thread does not exist (404) or is closed already (400).
    pub async fn close_thread(&self, thread: &str, summary: &str) -> Result<(), ClientError> {
        let body = json!({"threadId": thread, "summary": summary});
        let request = HttpRequest::delete("closing a thread", self.path("thread")).with_body(&body);
        self.send(request.with_retry_policy(RetryPolicy::Never)).await.map(drop)
    }

    /// Sends a message to a thread. `mentions` are the names of the agents that it addresses.
    ///
    /// # Errors
    ///
    /// Returns an error if the thread does not exist, or if this agent or a mentioned one is not a participant (404). Returns an error
    /// if the thread is closed, or if the agent mentions itself (400).
    pub async fn send_message<N: Into<String>>(
        &self,
        thread: &str,
        text: &str,
        mentions: impl IntoIterator<Item = N>,
    ) -> Result<Message, ClientError> {
        let mentions = names(mentions);
        let post = async |content: Value| {
            let body = json!({"threadId": thread, "content": content, "mentions": &mentions});
            self.send(HttpRequest::post("sending a message", self.path("thread/message"), &body)).await
        };
        let response = match post(text.into()).await {
            // Servers after 1.2 probably expect a list of content parts.
            Err(error) if error.is_request_decode_error() => post(json!([{"type": "text", "text": text}])).await,
            response => response,
        };
        response?.read::<ResponseEnvelope<Message>>().map(|envelope| envelope.0)
    }

    /// Adds another agent to a thread.
    ///
    /// # Errors
    ///
    /// Returns an error if the thread or the agent does not exist (404), or if the thread is closed (400).
    pub async fn add_participant(&self, thread: &str, agent: &str) -> Result<(), ClientError> {
        let body = json!({"threadId": thread, "participantName": agent});
        self.send(HttpRequest::post("adding a participant", self.path("thread/participant"), &body)).await.map(drop)
    }

    /// Removes an agent from a thread.
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as [`add_participant`](Self::add_participant).
    pub async fn remove_participant(&self, thread: &str, agent: &str) -> Result<(), ClientError> {
        let body = json!({"threadId": thread, "participantName": agent});
        let request = HttpRequest::delete("removing a participant", self.path("thread/participant")).with_body(&body);
        self.send(request.with_retry_policy(RetryPolicy::Never)).await.map(drop)
    }

    /// Stops the agent. Also succeeds if it has stopped already: the server returns 200. The server waits as long as for
    /// [`Session::close`]; if that takes longer than [`Coral::timeout`](crate::Coral::timeout), the state is read once.
    ///
    /// # Errors
    ///
    /// Returns an error if the agent does not exist (404) or was never launched (400), or an error with its name in
    /// [`ClientError::running_agents`] if it has not stopped in time.
    pub async fn kill(&self) -> Result<(), ClientError> {
        let request = HttpRequest::delete("stopping an agent", self.agent_path()).without_retries_after_timeouts();
        let (response, in_doubt) = self.session.coral().transport().send_tracked(&request).await;
        let killed = match response {
            // An earlier attempt has stopped the agent.
            Err(error)
                if in_doubt && matches!(error.status(), Some(StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND)) =>
            {
                Ok(())
            }
            Err(error) if error.is_timeout() => self.check_stopped(error).await,
            response => response.map(drop),
        };
        killed.map_err(|error| self.session.identify(error))
    }

    /// Reads the state once after a request to stop the agent has timed out with `error`.
    async fn check_stopped(&self, error: ClientError) -> Result<(), ClientError> {
        match self.session.state_without_retries().await {
            Ok(state) if state.is_closing() || state.agent(&self.agent).is_some_and(AgentState::has_stopped) => Ok(()),
            Ok(_) => Err(error.with_running_agents(vec![self.agent.clone()])),
            Err(missing) if self.session.coral().is_absent(&missing).await => Ok(()),
            Err(_) => Err(error),
        }
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ClientError> {
        let response = self.session.coral().transport().send(&request).await;
        response.map_err(|error| self.session.identify(error))
    }

    fn agent_path(&self) -> RequestPath {
        self.session.path_below("api/v1/puppet").segment("agent", &self.agent)
    }

    fn path(&self, endpoint: &str) -> RequestPath {
        self.agent_path().join(endpoint)
    }
}

fn names<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Vec<String> {
    names.into_iter().map(Into::into).collect()
}

/// A response that contains the created object in a field named after its type: `{"thread": …}`.
struct ResponseEnvelope<T>(T);

impl FromJson for ResponseEnvelope<Thread> {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        ObjectReader::new(value)?.required("thread").map(Self)
    }
}

impl FromJson for ResponseEnvelope<Message> {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        ObjectReader::new(value)?.required("message").map(Self)
    }
}
