//! Scripted agents and debug agents.

use coral_stand_in::coral::{AgentType, CoralStandIn};
use coral_tools::Secret;
use coral_tools::serde_json::{self, Value, json};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::application::application;
use crate::client::{TIMEOUT, create, get};
use crate::socket::{listen, listen_to_all};
use crate::{debug_agent, named, puppet, request, request_with, start, u32_option};

fn text(value: &str) -> Value {
    json!({"type": "string", "value": value})
}

fn tool_agent(tool: &str, input: &str) -> Value {
    debug_agent("tool", json!({"TOOL_NAME": text(tool), "TOOL_INPUT": text(input)}))
}

fn hold() -> Value {
    json!({"persistenceMode": {"mode": "hold_after_exit", "duration": 3_600_000}})
}

#[tokio::test]
async fn the_tool_agent_calls_a_custom_tool_as_coral_does() {
    let mut app = application("any text").await;
    let secret = Secret::new("tool-secret");
    let coral = CoralStandIn::builder().custom_tool_secret(secret).start().await.expect("started");
    let mut agent = tool_agent("test", r#"{"a": "1", "b": {"c": 5.0}}"#);
    agent["customToolAccess"] = json!(["test"]);
    let mut request = request(json!([agent]));
    let transport = json!({"type": "http", "url": format!("{}/customTool", app.url), "signatureHeader": "X-Mine"});
    request["agentGraphRequest"]["customTools"] = json!({"test": {"transport": transport}});
    let (_, id) = create(&coral, &request).await;
    let call = app.next().await;
    assert_eq!(call.path, format!("/customTool/{id}/tool"));
    assert_eq!(String::from_utf8_lossy(&call.body), "{\n    \"a\": \"1\",\n    \"b\": {\n        \"c\": 5.0\n    }\n}");
    assert!(call.is_signed_in("X-Mine", "tool-secret"));
    for (header, value) in
        [("X-Coral-Namespace", "default"), ("X-Coral-SessionId", id.as_str()), ("X-Coral-AgentName", "tool")]
    {
        assert_eq!(call.header(header), value);
    }
}

#[tokio::test]
async fn an_agent_has_only_the_tools_of_its_request() {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let app = application("yes").await;
    let coral = CoralStandIn::builder()
        .agent(AgentType::local("caller", "1.0.0"), move |agent| {
            let sender = sender.clone();
            async move {
                for tool in ["given", "not_given", "coral_close_session"] {
                    let view = agent.call_tool(tool, json!({})).await;
                    sender.send((view.text, view.is_error)).expect("the test receives");
                }
            }
        })
        .start()
        .await
        .expect("started");
    let mut agent = debug_agent("caller", json!({}));
    agent["customToolAccess"] = json!(["given"]);
    let mut request = request(json!([agent]));
    let tool = json!({"transport": {"type": "http", "url": app.url}});
    request["agentGraphRequest"]["customTools"] = json!({"given": tool, "not_given": tool});
    create(&coral, &request).await;
    for (text, is_error) in
        [("yes", false), ("Tool not_given not found", true), ("Tool coral_close_session not found", true)]
    {
        assert_eq!(timeout(TIMEOUT, receiver.recv()).await.expect("no timeout"), Some((text.to_owned(), is_error)));
    }
}

#[tokio::test]
async fn the_plugin_lets_an_agent_close_the_session() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let mut closing = tool_agent("coral_close_session", r#"{"reason": "done"}"#);
    closing["plugins"] = json!([{"type": "close_session_tool"}]);
    create(&coral, &request(json!([closing, puppet("endless")]))).await;
    events.until("session_closed").await;

    let without = tool_agent("coral_close_session", r#"{"reason": "done"}"#);
    let (_, id) = create(&coral, &request(json!([without, puppet("endless")]))).await;
    let logs = format!("/ws/v1/logs/{}?sessionFilter={id}", coral.key());
    let event = listen(&coral, &logs).await.expect("a websocket").until("warning").await;
    assert_eq!(event["text"], "Failed to call tool coral_close_session: Tool coral_close_session not found");
}

#[tokio::test]
async fn the_seed_agent_creates_threads_and_messages() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let list = |name: &str| json!({"type": "list[string]", "value": [name]});
    let options = json!({
        "SEED_THREAD_COUNT": u32_option(5),
        "SEED_MESSAGE_COUNT": u32_option(5),
        "PARTICIPANTS": list("b"),
        "MENTIONS": list("b"),
    });
    let agents = json!([debug_agent("seed", options), named(debug_agent("seed", json!({})), "b")]);
    let (_, id) = create(&coral, &request_with(agents, hold())).await;
    events.until("session_closing").await;
    let state = get(&coral, &format!("/api/v1/local/session/default/{id}/extended")).await.json();
    let threads = state["threads"].as_array().expect("threads");
    let mut seeded: Vec<&Value> = threads.iter().filter(|thread| thread["creatorName"] == "seed").collect();
    assert_eq!((seeded.len(), threads.len()), (5, 6));
    // A server returns threads in the order of a hash map.
    seeded.sort_by_key(|thread| thread["name"].to_string());
    for (number, thread) in seeded.iter().enumerate() {
        assert_eq!(thread["name"], format!("thread {number}"));
        assert_eq!(thread["participants"], json!(["b", "seed"]));
        let messages = thread["messages"].as_array().expect("messages");
        assert_eq!(messages.len(), 5);
        let last = &messages[4];
        assert_eq!(
            (&last["text"], &last["senderName"], &last["threadId"]),
            (&json!("message 4"), &json!("seed"), &thread["id"])
        );
        assert_eq!(last["mentionNames"], json!(["b"]));
    }
}

#[tokio::test]
async fn the_echo_agent_responds_to_a_message() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let list = json!({"type": "list[string]", "value": ["echo"]});
    let seed = json!({
        "START_DELAY": u32_option(1),
        "SEED_MESSAGE_COUNT": u32_option(1),
        "PARTICIPANTS": list,
        "MENTIONS": list,
    });
    let echo = json!({
        "ITERATION_COUNT": u32_option(1),
        "MENTIONS": {"type": "bool", "value": true},
        "FROM_AGENT": text("seed"),
    });
    let agents = json!([debug_agent("echo", echo), debug_agent("seed", seed)]);
    let (_, id) = create(&coral, &request_with(agents, hold())).await;
    events.until("session_closing").await;
    let state = get(&coral, &format!("/api/v1/local/session/default/{id}/extended")).await.json();
    let echo = &state["threads"][0]["messages"][1];
    assert_eq!((&echo["text"], &echo["senderName"]), (&json!("nice message!"), &json!("echo")));
    assert_eq!(echo["mentionNames"], json!(["seed"]));
}

#[tokio::test]
async fn groups_link_agents() {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let coral = CoralStandIn::builder()
        .agent(AgentType::local("social", "1.0.0"), move |agent| {
            let sender = sender.clone();
            async move { sender.send((agent.name().to_owned(), agent.other_agents())).expect("the test receives") }
        })
        .start()
        .await
        .expect("started");
    let agent = |name: &str| named(debug_agent("social", json!({})), name);
    let mut request = request_with(json!([agent("1"), agent("2"), agent("3"), agent("4")]), hold());
    request["agentGraphRequest"]["groups"] = json!([["1", "2"], ["3", "2"], ["4"]]);
    let (_, id) = create(&coral, &request).await;
    let mut links = Vec::new();
    for _agent in 0..4 {
        links.push(timeout(TIMEOUT, receiver.recv()).await.expect("no timeout").expect("links"));
    }
    links.sort();
    let expected = [("1", vec!["2"]), ("2", vec!["1", "3"]), ("3", vec!["2"]), ("4", vec![])];
    for ((name, links), (expected_name, expected)) in links.iter().zip(&expected) {
        assert_eq!(
            (name.as_str(), links.iter().map(String::as_str).collect::<Vec<_>>()),
            (*expected_name, expected.clone())
        );
    }
    let state = get(&coral, &format!("/api/v1/local/session/default/{id}/extended")).await.json();
    assert_eq!(state["agents"][1]["links"], json!(["1", "3"]));
}

#[tokio::test]
async fn scripts_receive_each_message_of_their_threads_once() {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let coral = CoralStandIn::builder()
        .agent(AgentType::local("asker", "1.0.0"), |agent| async move {
            let thread = agent.create_thread("Numbers", &["answerer"]).await.expect("a thread");
            agent.send(&thread, "not for you", &[]).await.expect("sent");
            agent.send(&thread, "one", &["answerer"]).await.expect("sent");
            agent.send(&thread, "two", &["answerer"]).await.expect("sent");
            let answer = agent.wait_for_message().await;
            agent.close_thread(&thread, &answer.text).await.expect("closed");
            assert!(agent.send(&thread, "late", &[]).await.is_err());
            agent.close_session().await.expect("the plugin");
        })
        .agent(AgentType::local("answerer", "1.0.0"), move |agent| {
            let sender = sender.clone();
            async move {
                let first = agent.wait_for_mention().await;
                let second = agent.wait_for_mention().await;
                let skipped = agent.wait_for_message().await;
                let thread = first.thread_id.clone();
                let received = [first, second, skipped].map(|message| (message.sender, message.text));
                sender.send(received).expect("the test receives");
                // The asker closes the session when it receives this, perhaps before the call returns.
                agent.send(&thread, "three", &[]).await.expect("sent");
                std::future::pending::<()>().await;
            }
        })
        .start()
        .await
        .expect("started");
    let mut events = listen_to_all(&coral).await;
    let mut asker = debug_agent("asker", json!({}));
    asker["plugins"] = json!([{"type": "close_session_tool"}]);
    let (_, id) = create(&coral, &request_with(json!([asker, debug_agent("answerer", json!({}))]), hold())).await;
    events.until("session_closing").await;
    let received = receiver.recv().await.expect("messages");
    let expected = ["one", "two", "not for you"].map(|text| ("asker".to_owned(), text.to_owned()));
    assert_eq!(received, expected);
    let state = get(&coral, &format!("/api/v1/local/session/default/{id}/extended")).await.json();
    let thread = &state["threads"][0];
    assert_eq!((&thread["state"]["summary"], &thread["messages"]), (&json!("three"), &json!([])));
}

#[tokio::test]
async fn built_in_tools_can_be_called_by_name() {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let coral = CoralStandIn::builder()
        .agent(AgentType::local("speaker", "1.0.0"), move |agent| {
            let sender = sender.clone();
            async move {
                let created = agent
                    .call_tool("coral_create_thread", json!({"threadName": "t", "participantNames": ["listener"]}))
                    .await;
                let thread: Value = serde_json::from_str(&created.text).expect("JSON");
                let id = &thread["thread"]["id"];
                for (tool, arguments) in [
                    ("coral_send_message", json!({"threadId": id, "content": "hi", "mentions": ["speaker"]})),
                    ("coral_send_message", json!({"threadId": id, "content": "hi", "mentions": ["listener"]})),
                    ("coral_wait_for_mention", json!({"currentUnixTime": 0, "maxWaitMs": 0})),
                    ("coral_wait_for_agent", json!({"agentName": "listener", "currentUnixTime": 0})),
                    ("coral_remove_participant", json!({"threadId": id, "participantName": "listener"})),
                    ("coral_add_participant", json!({"threadId": id})),
                ] {
                    let view = agent.call_tool(tool, arguments).await;
                    sender.send((view.text, view.is_error)).expect("the test receives");
                }
            }
        })
        .agent(AgentType::local("listener", "1.0.0"), |agent| async move {
            let message = agent.wait_for_message().await;
            agent.send(&message.thread_id, "hello", &[]).await.expect("sent");
            std::future::pending::<()>().await;
        })
        .start()
        .await
        .expect("started");
    create(&coral, &request(json!([debug_agent("speaker", json!({})), debug_agent("listener", json!({}))]))).await;
    for (start, is_error) in [
        ("Messages cannot mention the sender", true),
        ("{\"status\":\"Message sent successfully\"", false),
        ("{\"status\":\"Timeout reached\"}", false),
        ("{\"message\":{\"id\":", false),
        ("{\"message\":\"Successfully removed participant listener from thread ", false),
        ("/participantName: missing", true),
    ] {
        let (text, found_error) = timeout(TIMEOUT, receiver.recv()).await.expect("no timeout").expect("a result");
        assert!(text.starts_with(start) && found_error == is_error, "{text}");
    }
}

#[tokio::test]
async fn an_agent_that_stops_waiting_is_not_reported_as_waiting() {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let coral = CoralStandIn::builder()
        .agent(AgentType::local("impatient", "1.0.0"), move |agent| {
            let sender = sender.clone();
            async move {
                let message = timeout(std::time::Duration::from_millis(1), agent.wait_for_message()).await;
                sender.send(message.is_err()).expect("the test receives");
                std::future::pending::<()>().await;
            }
        })
        .start()
        .await
        .expect("started");
    let (_, id) = create(&coral, &request(json!([debug_agent("impatient", json!({}))]))).await;
    assert_eq!(timeout(TIMEOUT, receiver.recv()).await.expect("no timeout"), Some(true));
    let state = get(&coral, &format!("/api/v1/local/session/default/{id}/extended")).await.json();
    let status = &state["agents"][0]["status"]["connectionStatus"];
    assert_eq!(*status, json!({"type": "connected", "communicationStatus": {"type": "thinking"}}));
}
