//! Speaking in an agent's place.

use http::StatusCode;
use serde_json::{Value, json};

use super::session::Session;
use crate::api::{ClientError, HttpRequest, HttpResponse, RequestPath, RetryPolicy};
use crate::json::{DecodeError, FromJson, ObjectReader};
use crate::state::{Message, Thread};

/// An agent of a session, in whose place the application acts: opens threads, speaks in them, stops the agent.
///
/// Made for agents that do nothing by themselves (`puppet`), it works with any: the application joins the conversation, and
/// the others cannot tell. Nothing here is repeated once it may have arrived, but [`kill`](Self::kill).
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
    /// The agent of this name, to act in its place. Nothing is sent.
    #[must_use]
    pub fn puppet(&self, agent: impl Into<String>) -> Puppet {
        Puppet { session: self.clone(), agent: agent.into() }
    }
}

impl Puppet {
    /// The agent's name in the session.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.agent
    }

    /// Opens a thread with these other agents in it.
    ///
    /// # Errors
    ///
    /// Where the session or one of the agents is not there (404).
    pub async fn create_thread<N: Into<String>>(
        &self,
        name: &str,
        participants: impl IntoIterator<Item = N>,
    ) -> Result<Thread, ClientError> {
        let body = json!({"threadName": name, "participantNames": names(participants)});
        let answer = self.send(HttpRequest::post("creating a thread", self.path("thread"), &body)).await?;
        answer.read::<WrappedThing<Thread>>().map(|created| created.0)
    }

    /// Closes a thread. Its messages are gone then; the summary stays.
    ///
    /// # Errors
    ///
    /// Where the thread is not there (404), or is closed already (400).
    pub async fn close_thread(&self, thread: &str, summary: &str) -> Result<(), ClientError> {
        let body = json!({"threadId": thread, "summary": summary});
        let call = HttpRequest::delete("closing a thread", self.path("thread")).with_body(&body);
        self.send(call.with_retry_policy(RetryPolicy::Never)).await.map(drop)
    }

    /// Says something in a thread, to the agents that it mentions.
    ///
    /// # Errors
    ///
    /// Where the thread is not there, or this agent or a mentioned one is not in it (404); where the thread is closed, or
    /// the agent mentions itself (400).
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
        let answer = match post(text.into()).await {
            // Servers after 1.2 are said to take a list of parts.
            Err(error) if error.is_request_decode_error() => post(json!([{"type": "text", "text": text}])).await,
            answer => answer,
        };
        answer?.read::<WrappedThing<Message>>().map(|sent| sent.0)
    }

    /// Takes another agent into a thread.
    ///
    /// # Errors
    ///
    /// Where the thread or the agent is not there (404), or the thread is closed (400).
    pub async fn add_participant(&self, thread: &str, agent: &str) -> Result<(), ClientError> {
        let body = json!({"threadId": thread, "participantName": agent});
        self.send(HttpRequest::post("adding a participant", self.path("thread/participant"), &body)).await.map(drop)
    }

    /// Takes an agent out of a thread.
    ///
    /// # Errors
    ///
    /// As [`add_participant`](Self::add_participant).
    pub async fn remove_participant(&self, thread: &str, agent: &str) -> Result<(), ClientError> {
        let body = json!({"threadId": thread, "participantName": agent});
        let call = HttpRequest::delete("removing a participant", self.path("thread/participant")).with_body(&body);
        self.send(call.with_retry_policy(RetryPolicy::Never)).await.map(drop)
    }

    /// Stops the agent.
    ///
    /// # Errors
    ///
    /// Where it is not there (404), or not running (400).
    pub async fn kill(&self) -> Result<(), ClientError> {
        let call = HttpRequest::delete("stopping an agent", self.agent());
        let (answer, in_doubt) = self.session.coral().transport().send_tracked(&call).await;
        match answer {
            // An attempt before has stopped it.
            Err(error)
                if in_doubt && matches!(error.status(), Some(StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND)) =>
            {
                Ok(())
            }
            answer => answer.map(drop),
        }
    }

    async fn send(&self, call: HttpRequest) -> Result<HttpResponse, ClientError> {
        self.session.coral().transport().send(&call).await
    }

    fn agent(&self) -> RequestPath {
        self.session.below("api/v1/puppet").segment("agent", &self.agent)
    }

    fn path(&self, of: &str) -> RequestPath {
        self.agent().join(of)
    }
}

fn names<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Vec<String> {
    names.into_iter().map(Into::into).collect()
}

/// What was made, inside of an object that says so.
struct WrappedThing<T>(T);

impl FromJson for WrappedThing<Thread> {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        ObjectReader::new(value)?.required("thread").map(Self)
    }
}

impl FromJson for WrappedThing<Message> {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        ObjectReader::new(value)?.required("message").map(Self)
    }
}
