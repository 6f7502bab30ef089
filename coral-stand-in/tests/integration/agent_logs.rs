//! The lines of the log about agents that wait for messages, and about rejected actions on threads, as of coral-server 1.2.0.

use coral_stand_in::coral::{CoralStandIn, ScriptedAgent};
use coral_tools::serde_json::{Value, json};

use crate::client::{create, delete_with, post};
use crate::logs::{line, lines_until, with_script};
use crate::{debug_agent, puppet, request};

/// Runs a script in a session with the agent `a`, which sends it a message. Returns the lines of the scripted agent about waiting.
async fn lines_of_waits<F>(script: impl Fn(ScriptedAgent) -> F + Send + Sync + 'static) -> Vec<String>
where
    F: Future<Output = ()> + Send + 'static,
{
    let coral = with_script(script).await;
    let (_, id) = create(&coral, &request(json!([puppet("a"), debug_agent("scripted", json!({}))]))).await;
    let path = format!("/api/v1/puppet/default/{id}/a/thread");
    let new = json!({"threadName": "t", "participantNames": ["scripted"]});
    let thread = post(&coral, &path, &new).await.json()["thread"]["id"].clone();
    let message = json!({"threadId": thread, "content": "hi", "mentions": []});
    assert_eq!(post(&coral, &format!("{path}/message"), &message).await.status, 200);
    let query = format!("sessionFilter={id}&agentFilter=scripted");
    let lines = lines_until(&coral, &query, "Agent scripted runtime exited").await;
    lines.into_iter().map(|(_, text)| text).collect()
}

#[tokio::test]
async fn a_wait_for_a_new_message_is_logged() {
    let lines = lines_of_waits(|agent| async move { drop(agent.wait_for_message().await) }).await;
    let found = lines[3].strip_prefix("found matching message: ").and_then(|rest| rest.split_once(" in "));
    assert!(found.is_some_and(|(id, duration)| id.len() == 36 && duration.ends_with('s')), "{lines:?}");
    let others: Vec<&str> = lines.iter().map(String::as_str).filter(|text| !text.starts_with("found")).collect();
    assert_eq!(
        others,
        [
            "sse connection established",
            "communication status thinking -> waiting",
            "waiting for new messages for 60000ms...",
            "communication status waiting -> thinking",
            "Agent scripted runtime exited",
        ]
    );
}

/// The lines of a wait by a tool of Coral, after a message of `a`.
async fn lines_of_tool(tool: &'static str, arguments: Value) -> Vec<String> {
    let lines = lines_of_waits(move |agent| {
        let arguments = arguments.clone();
        async move {
            agent.wait_for_message().await;
            agent.call_tool(tool, arguments).await;
        }
    })
    .await;
    // The first lines are those of the script's own wait.
    lines[5..lines.len() - 1].to_vec()
}

#[tokio::test]
async fn replayed_messages_are_logged() {
    let since = "replaying messages after 1970-01-01T00:00:00Z";
    assert_eq!(
        lines_of_tool("coral_wait_for_message", json!({"currentUnixTime": 0})).await,
        [
            format!("attempting to wait for any message from any agent, {since}"),
            "communication status thinking -> waiting".to_owned(),
            "found a matching message in 1 replayed messages".to_owned(),
            "communication status waiting -> thinking".to_owned(),
        ]
    );
    assert_eq!(
        lines_of_tool("coral_wait_for_mention", json!({"currentUnixTime": 0, "maxWaitMs": 1})).await,
        [
            format!("attempting to wait for a message that matches filters [mentions: scripted], {since}"),
            "communication status thinking -> waiting".to_owned(),
            "no matching messages found in 1 replayed messages, waiting for 1ms...".to_owned(),
            "timeout of 1ms occurred waiting for message that matches mentions: scripted".to_owned(),
            "communication status waiting -> thinking".to_owned(),
        ]
    );
    let future = json!({"currentUnixTime": 4_102_444_800_000_u64, "maxWaitMs": 20, "agentName": "a"});
    assert_eq!(
        lines_of_tool("coral_wait_for_agent", future).await,
        [
            "attempting to wait for a message that matches filters [from: a], replaying messages after \
             2100-01-01T00:00:00Z",
            "communication status thinking -> waiting",
            "no messages to replay, waiting for new messages for 20ms...",
            "timeout of 20ms occurred waiting for message that matches from: a",
            "communication status waiting -> thinking",
        ]
    );
}

#[tokio::test]
async fn a_wait_without_time_only_times_out() {
    for (limit, text) in [(0, "0s"), (-1500, "-1.5s")] {
        assert_eq!(
            lines_of_tool("coral_wait_for_message", json!({"currentUnixTime": 0, "maxWaitMs": limit})).await,
            [
                format!("timeout of {text} occurred waiting for message that matches "),
                "communication status thinking -> thinking".to_owned(),
            ]
        );
    }
}

/// A session of three puppets with a thread of `a` and `b`.
struct ThreadSession {
    coral: CoralStandIn,
    id: String,
    thread: String,
}

impl ThreadSession {
    async fn start() -> Self {
        let coral = crate::start().await;
        let (_, id) = create(&coral, &request(json!([puppet("a"), puppet("b"), puppet("c")]))).await;
        let path = format!("/api/v1/puppet/default/{id}/a/thread");
        let new = json!({"threadName": "T", "participantNames": ["b"]});
        let thread = post(&coral, &path, &new).await.json()["thread"]["id"].as_str().expect("an id").to_owned();
        Self { coral, id, thread }
    }

    fn path(&self, agent: &str) -> String {
        format!("/api/v1/puppet/default/{}/{agent}/thread", self.id)
    }

    async fn send(&self, mentions: Value) -> u16 {
        let message = json!({"threadId": self.thread, "content": "x", "mentions": mentions});
        post(&self.coral, &format!("{}/message", self.path("a")), &message).await.status
    }

    /// Adds or removes the agent `name`.
    async fn change(&self, by: &str, name: &str, is_added: bool) -> u16 {
        let path = format!("{}/participant", self.path(by));
        let body = json!({"threadId": self.thread, "participantName": name});
        let response =
            if is_added { post(&self.coral, &path, &body).await } else { delete_with(&self.coral, &path, &body).await };
        response.status
    }

    async fn close(&self) -> u16 {
        let body = json!({"threadId": self.thread, "summary": "done"});
        delete_with(&self.coral, &self.path("a"), &body).await.status
    }

    /// The last warning of the session, which is one of `agent`.
    async fn warning(&self, agent: &str, text: &str) {
        let query = format!("sessionFilter={}&agentFilter={agent}", self.id);
        let lines = lines_until(&self.coral, &query, text).await;
        assert_eq!(lines.last(), Some(&line("warning", text)));
    }
}

#[tokio::test]
async fn rejected_messages_are_logged() {
    let session = ThreadSession::start().await;
    let thread = &session.thread;
    assert_eq!(session.send(json!(["a"])).await, 400);
    session.warning("a", &format!("tried to send message into thread {thread} that mentioned myself")).await;
    assert_eq!(session.send(json!(["a", "b"])).await, 400);
    let text = format!(
        "tried to send message into thread {thread} that mentioned myself and: SessionAgentState(graphAgent=b, links=)"
    );
    session.warning("a", &text).await;
    assert_eq!(session.send(json!(["b", "c"])).await, 404);
    let text = format!(
        "tried to send message into thread {thread} that mentioned the following non-participating agents: \
         SessionAgentState(graphAgent=c, links=)"
    );
    session.warning("a", &text).await;
}

#[tokio::test]
async fn rejected_changes_of_participants_are_logged() {
    let session = ThreadSession::start().await;
    let thread = &session.thread;
    assert_eq!(session.change("c", "c", true).await, 400);
    session.warning("c", &format!("tried to add \"c\" to thread {thread} which c is not a participant of")).await;
    assert_eq!(session.change("a", "b", true).await, 400);
    session.warning("a", &format!("tried to add already-participating agent \"b\" to thread {thread}")).await;
    assert_eq!(session.change("c", "b", false).await, 400);
    session.warning("c", &format!("tried to remove \"b\" from thread {thread} which c is not a participant of")).await;
    assert_eq!(session.change("a", "c", false).await, 400);
    session.warning("a", &format!("tried to remove non-participating agent \"c\" from thread {thread}")).await;
}

#[tokio::test]
async fn rejected_actions_on_closed_threads_are_logged() {
    let session = ThreadSession::start().await;
    let thread = &session.thread;
    assert_eq!(session.close().await, 200);
    assert_eq!(session.send(json!([])).await, 400);
    let text = format!("tried to send message into thread {thread} which was closed with summary \"done\"");
    session.warning("a", &text).await;
    assert_eq!(session.close().await, 400);
    let text = format!(
        "tried to close already closed thread {thread}, previously closed with summary done (tried closing with new \
         summary \"done\")"
    );
    session.warning("a", &text).await;
}

#[tokio::test]
async fn a_thread_with_unknown_participants_is_logged_without_an_agent() {
    let session = ThreadSession::start().await;
    let new = json!({"threadName": "T", "participantNames": ["x", "b", "y"]});
    assert_eq!(post(&session.coral, &session.path("a"), &new).await.status, 404);
    let text = "agent a tried to create thread \"T\" with non-existent participants: x, y";
    let lines = lines_until(&session.coral, &format!("sessionFilter={}", session.id), text).await;
    assert_eq!(lines.last(), Some(&line("warning", text)));
}
