//! The lines of the log, worded as by coral-server 1.2.0.

use std::time::Duration;

use coral_stand_in::coral::{AgentType, CoralStandIn, ScriptedAgent};
use coral_tools::serde_json::{Value, json};

use crate::client::{create, delete, post};
use crate::socket::{listen, listen_to_all};
use crate::{debug_agent, named, puppet, request, request_with, start};

const SESSION: &str = "/api/v1/local/session";

pub(crate) async fn with_script<F>(script: impl Fn(ScriptedAgent) -> F + Send + Sync + 'static) -> CoralStandIn
where
    F: Future<Output = ()> + Send + 'static,
{
    CoralStandIn::builder().agent(AgentType::local("scripted", "1.0.0"), script).start().await.expect("started")
}

/// Type and text of the log lines that match `query`, up to the line with `last`.
pub(crate) async fn lines_until(coral: &CoralStandIn, query: &str, last: &str) -> Vec<(String, String)> {
    let mut log = listen(coral, &format!("/ws/v1/logs/{}?{query}", coral.key())).await.expect("a websocket");
    let mut lines = Vec::new();
    while lines.last().is_none_or(|(_, text)| text != last) {
        let event = log.event().await.expect("an event");
        let text = |key: &str| event[key].as_str().expect("text").to_owned();
        lines.push((text("type"), text("text")));
    }
    lines
}

pub(crate) fn line(kind: &str, text: impl Into<String>) -> (String, String) {
    (kind.to_owned(), text.into())
}

#[tokio::test]
async fn the_life_of_a_session_is_logged() {
    let coral = start().await;
    let settings = json!({"persistenceMode": {"mode": "hold_after_exit", "duration": 90_000}});
    let (_, id) = create(&coral, &request_with(json!([puppet("a")]), settings)).await;
    crate::client::get_until(&coral, &format!("{SESSION}/default/{id}/extended"), |state| {
        state["agents"][0]["status"]["connectionStatus"]["type"] == "connected"
    })
    .await;
    delete(&coral, &format!("{SESSION}/default/{id}")).await;
    let held = format!("holding session {id} in memory for 1m 30s");
    let all = lines_until(&coral, "", &held).await;
    for expected in [
        line("info", format!("session \"{id}\" was created in \"default\" with immediate execution")),
        line("info", "sse connection established"),
        line("info", "Agent a cancelled"),
        line("info", "Agent a runtime exited"),
        line("info", held.as_str()),
    ] {
        assert!(all.contains(&expected), "{expected:?} in {all:?}");
    }
    // The lines of the session manager have no session.
    let own = lines_until(&coral, &format!("sessionFilter={id}"), "Agent a runtime exited").await;
    assert_eq!(
        own.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(),
        ["sse connection established", "Agent a cancelled", "Agent a runtime exited"]
    );
}

#[tokio::test]
async fn the_end_by_ttl_is_logged() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let (_, id) = create(&coral, &request_with(json!([puppet("a")]), json!({"ttl": 100}))).await;
    events.until("session_closed").await;
    let lines = lines_until(&coral, "", &format!("session {id} closed")).await;
    assert!(lines.contains(&line("warning", format!("session {id} reached 100ms timeout"))), "{lines:?}");
}

#[tokio::test]
async fn threads_and_messages_are_logged() {
    let coral = start().await;
    let (_, id) = create(&coral, &request(json!([puppet("a"), puppet("b"), puppet("c")]))).await;
    let path = format!("/api/v1/puppet/default/{id}/a/thread");
    let thread = post(&coral, &path, &json!({"threadName": "T", "participantNames": ["b"]})).await.json();
    let thread = thread["thread"]["id"].as_str().expect("an id").to_owned();
    let send = async |text: &str, mentions: Value| {
        let message = json!({"threadId": thread, "content": text, "mentions": mentions});
        let sent = post(&coral, &format!("{path}/message"), &message).await.json();
        sent["message"]["id"].as_str().expect("an id").to_owned()
    };
    let (first, second) = (send("hi", json!([])).await, send("you", json!(["b"])).await);
    let participant = json!({"threadId": thread, "participantName": "c"});
    assert_eq!(post(&coral, &format!("{path}/participant"), &participant).await.status, 200);
    let closing = json!({"threadId": thread, "summary": "done"});
    assert_eq!(crate::client::delete_with(&coral, &path, &closing).await.status, 200);
    let closed = format!("closed thread {thread} with summary \"done\"");
    let created = format!("Agent a created thread \"T\" with ID {thread}, and participants: b");
    let lines = lines_until(&coral, &format!("sessionFilter={id}"), &closed).await;
    assert!(lines.contains(&line("info", created.as_str())), "{lines:?}");
    let of_agent = lines_until(&coral, &format!("sessionFilter={id}&agentFilter=a"), &closed).await;
    assert!(!of_agent.contains(&line("info", created)), "a thread is logged without its agent");
    let of_agent: Vec<String> =
        of_agent.into_iter().map(|(_, text)| text).filter(|text| text != "sse connection established").collect();
    assert_eq!(
        of_agent,
        [
            format!("sent message \"hi\" (id={first}) into thread {thread} with no mentions"),
            format!("sent message \"you\" (id={second}) into thread {thread}, mentioning: b"),
            format!("added \"c\" as a participant to thread {thread}"),
            closed,
        ]
    );
}

#[tokio::test]
async fn calls_of_custom_tools_are_logged_with_the_whole_url() {
    let app = crate::application::application("ignored").await;
    let coral = with_script(|agent| async move {
        for tool in ["here", "nowhere"] {
            agent.call_tool(tool, ()).await;
        }
        agent.print("bye");
    })
    .await;
    let mut agent = debug_agent("scripted", json!({}));
    agent["customToolAccess"] = json!(["here", "nowhere"]);
    let mut request = request(json!([named(agent, "Zoë 1")]));
    request["agentGraphRequest"]["customTools"] = json!({
        "here": {"transport": {"type": "http", "url": format!("{}/here", app.url)}},
        "nowhere": {"transport": {"type": "http", "url": "http://127.0.0.1:1/nowhere"}},
    });
    let (_, id) = create(&coral, &request).await;
    let lines = lines_until(&coral, &format!("sessionFilter={id}"), "bye").await;
    for expected in [
        line("info", format!("Calling custom tool here, posting to {}/here/{id}/Zo%C3%AB%201", app.url)),
        line("error", "Error executing custom tool nowhere"),
    ] {
        assert!(lines.contains(&expected), "{expected:?} in {lines:?}");
    }
    let mut log =
        listen(&coral, &format!("/ws/v1/logs/{}?sessionFilter={id}", coral.key())).await.expect("a websocket");
    let error = log.until("error").await;
    assert_ne!(error["exceptionStackTrace"], json!([]));
    let printed = log.event().await.expect("an event");
    let stdout = json!({"type": "stdout", "io": "out", "mdcMap": {"io": "stdout"}});
    assert!(printed["tags"].as_array().expect("tags").contains(&stdout), "{printed}");
}

#[tokio::test]
async fn a_rejected_body_is_logged_without_its_reason_in_the_text() {
    let coral = start().await;
    post(&coral, SESSION, &json!({"agentGraphRequest": 5})).await;
    let mut log = listen(&coral, &format!("/ws/v1/logs/{}", coral.key())).await.expect("a websocket");
    let event = log.until("error").await;
    assert_eq!(event["text"], format!("Unexpected exception thrown from route {SESSION}"));
    assert_eq!(event["exceptionStackTrace"], json!(["/agentGraphRequest: expected an object, found a number"]));
}

#[tokio::test]
async fn agents_are_not_connected_until_their_delay_is_over() {
    let coral = CoralStandIn::builder().connection_delay(Duration::from_secs(3600)).start().await.expect("started");
    let mut events = listen_to_all(&coral).await;
    let (_, id) = create(&coral, &request(json!([puppet("a")]))).await;
    events.until("session_running").await;
    let state = crate::client::get_until(&coral, &format!("{SESSION}/default/{id}/extended"), |state| {
        state["agents"][0]["status"]["type"] == "running"
    })
    .await;
    assert_eq!(state["agents"][0]["status"]["connectionStatus"], json!({"type": "not_connected"}));
    assert_eq!(delete(&coral, &format!("{SESSION}/default/{id}")).await.status, 200);
    events.until("session_closed").await;
}

/// A server has no order between the two events.
#[tokio::test]
async fn an_agent_stops_waiting_before_or_after_the_event_of_the_message() {
    let coral = with_script(|agent| async move {
        loop {
            agent.wait_for_message().await;
        }
    })
    .await;
    let (_, id) = create(&coral, &request(json!([puppet("a"), debug_agent("scripted", json!({}))]))).await;
    let events = format!("/ws/v1/events/{}/session/default/{id}", coral.key());
    let path = format!("/api/v1/puppet/default/{id}/a/thread");
    let new = json!({"threadName": "t", "participantNames": ["scripted"]});
    let thread = post(&coral, &path, &new).await.json()["thread"]["id"].clone();
    let mut events = listen(&coral, &events).await.expect("a websocket");
    let mut orders = Vec::new();
    for _message in 0..40 {
        let waiting = |state: &Value| {
            state["agents"][1]["status"]["connectionStatus"]["communicationStatus"]["type"] == "waiting_message"
        };
        crate::client::get_until(&coral, &format!("{SESSION}/default/{id}/extended"), waiting).await;
        let message = json!({"threadId": thread, "content": "hi", "mentions": []});
        assert_eq!(post(&coral, &format!("{path}/message"), &message).await.status, 200);
        let mut order = Vec::new();
        while order.len() < 2 {
            let kind = events.event().await.expect("an event")["type"].as_str().expect("a type").to_owned();
            if matches!(kind.as_str(), "agent_wait_stop" | "thread_message_sent") {
                order.push(kind);
            }
        }
        orders.push(order);
    }
    assert!(orders.contains(&vec!["agent_wait_stop".into(), "thread_message_sent".into()]), "{orders:?}");
    assert!(orders.contains(&vec!["thread_message_sent".into(), "agent_wait_stop".into()]), "{orders:?}");
}
