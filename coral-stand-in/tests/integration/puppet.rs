//! Puppet requests: actions in the name of an agent.

use coral_stand_in::coral::CoralStandIn;
use coral_tools::serde_json::{Value, json};

use crate::client::{Response, create, delete, delete_with, get, post};
use crate::{puppet, request, start};

/// A session with the puppets `a`, `b` and `c`, and the path of `a`.
async fn puppets() -> (CoralStandIn, String, String) {
    let coral = start().await;
    let (_, id) = create(&coral, &request(json!([puppet("a"), puppet("b"), puppet("c")]))).await;
    let path = format!("/api/v1/puppet/default/{id}/a");
    (coral, id, path)
}

async fn state(coral: &CoralStandIn, id: &str) -> Value {
    get(coral, &format!("/api/v1/local/session/default/{id}/extended")).await.json()
}

#[track_caller]
fn assert_rejected(response: &Response, status: u16, message: &str) {
    assert_eq!((response.status, response.message().as_deref()), (status, Some(message)), "{response:?}");
}

#[tokio::test]
async fn a_thread_is_created_used_and_closed() {
    let (coral, id, a) = puppets().await;
    let response = post(&coral, &format!("{a}/thread"), &json!({"threadName": "t", "participantNames": []})).await;
    let thread = response.json()["thread"].clone();
    assert_eq!((&thread["creatorName"], &thread["participants"]), (&json!("a"), &json!(["a"])));
    let participant = json!({"threadId": thread["id"], "participantName": "b"});
    let response = post(&coral, &format!("{a}/thread/participant"), &participant).await;
    assert_eq!((response.status, response.text.as_str()), (200, ""));

    let message = json!({"threadId": thread["id"], "content": "Zoë \u{2603} \u{7}", "mentions": ["b", "b"]});
    let response = post(&coral, &format!("{a}/thread/message"), &message).await;
    let sent = response.json();
    assert_eq!(sent["status"], "Message sent successfully");
    assert!(response.text.contains("Zoë \u{2603} \\u0007"), "{}", response.text);
    assert_eq!(sent["message"]["mentionNames"], json!(["b"]));
    assert_eq!(state(&coral, &id).await["threads"][0]["messages"], json!([sent["message"]]));

    let response = delete_with(&coral, &format!("{a}/thread/participant"), &participant).await;
    assert_eq!(response.status, 200, "{response:?}");
    let close = json!({"threadId": thread["id"], "summary": "s"});
    let response = delete_with(&coral, &format!("{a}/thread"), &close).await;
    assert_eq!((response.status, response.text.as_str()), (200, ""));
    let closed = state(&coral, &id).await["threads"][0].clone();
    assert_eq!((&closed["state"]["state"], &closed["state"]["summary"]), (&json!("closed"), &json!("s")));
    assert!(closed["state"]["timestamp"].is_string());
    assert_eq!(closed["messages"], json!([]), "closing deletes the messages");

    for agent in ["a", "b", "c"] {
        assert_eq!(delete(&coral, &format!("/api/v1/puppet/default/{id}/{agent}")).await.status, 200);
    }
}

#[tokio::test]
async fn invalid_actions_are_rejected_with_the_message_of_the_server() {
    let (coral, id, a) = puppets().await;
    let new = json!({"threadName": "t", "participantNames": ["b"]});
    let thread = post(&coral, &format!("{a}/thread"), &new).await.json()["thread"]["id"].clone();
    let name = thread.as_str().expect("an id").to_owned();
    let (threads, messages, participants) =
        (format!("{a}/thread"), format!("{a}/thread/message"), format!("{a}/thread/participant"));
    let message_body = |mentions: Value| json!({"threadId": thread, "content": "x", "mentions": mentions});
    let participant = |name: &str| json!({"threadId": thread, "participantName": name});
    let participants_of_c = format!("/api/v1/puppet/default/{id}/c/thread/participant");

    let response = post(&coral, &threads, &json!({"threadName": "t", "participantNames": ["b", "x", "y"]})).await;
    assert_rejected(&response, 404, "No agents named x, y");
    let unknown_thread = json!({"threadId": "no", "content": "x", "mentions": []});
    assert_rejected(&post(&coral, &messages, &unknown_thread).await, 404, "Thread with ID \"no\" does not exist");
    assert_rejected(&post(&coral, &messages, &message_body(json!(["x"]))).await, 404, "No agent named x");
    assert_rejected(
        &post(&coral, &messages, &message_body(json!(["a"]))).await,
        400,
        "Messages cannot mention the sender",
    );
    let message = format!("Cannot mention agents (c) as they are not participants of thread {name}");
    assert_rejected(&post(&coral, &messages, &message_body(json!(["c"]))).await, 404, &message);
    let message = format!("Agent b is already participating in thread {name}");
    assert_rejected(&post(&coral, &participants, &participant("b")).await, 400, &message);
    assert_rejected(&post(&coral, &participants, &participant("x")).await, 404, "No agent named x");
    let message = format!("Agent c is not participating in thread {name}");
    assert_rejected(&delete_with(&coral, &participants, &participant("c")).await, 400, &message);
    for (response, verb) in [
        (post(&coral, &participants_of_c, &participant("c")).await, "add"),
        (delete_with(&coral, &participants_of_c, &participant("b")).await, "remove"),
    ] {
        let message = format!(
            "Agent c is not participating in thread {name}.  Agents must be participants of a thread before they can {verb} others."
        );
        assert_rejected(&response, 400, &message);
    }
    let close = json!({"threadId": thread, "summary": "s"});
    assert_eq!(delete_with(&coral, &threads, &close).await.status, 200);
    let message = format!("Thread {name} cannot be closed because it is not open");
    assert_rejected(&delete_with(&coral, &threads, &close).await, 400, &message);
    let message = format!("Cannot send messages to thread {name} because it is closed");
    assert_rejected(&post(&coral, &messages, &message_body(json!([]))).await, 400, &message);
}

#[tokio::test]
async fn bodies_are_decoded_strictly_and_errors_name_the_class() {
    let (coral, _id, a) = puppets().await;
    for (method, path, class) in [
        ("post", "thread", "CreateThreadInput"),
        ("delete", "thread", "CloseThreadInput"),
        ("post", "thread/message", "SendMessageInput"),
        ("post", "thread/participant", "AddParticipantInput"),
        ("delete", "thread/participant", "RemoveParticipantInput"),
    ] {
        let (path, body) = (format!("{a}/{path}"), json!({"threadId": "x", "extra": 1}));
        let response = match method {
            "post" => post(&coral, &path, &body).await,
            _ => delete_with(&coral, &path, &body).await,
        };
        let class = format!("class org.coralprotocol.coralserver.mcp.tools.{class}");
        assert_rejected(&response, 500, &format!("Failed to convert request body to {class}"));
    }
}

#[tokio::test]
async fn unknown_agents_get_a_404() {
    let (coral, id, _a) = puppets().await;
    for (path, message) in [
        ("nowhere/x/a".to_owned(), "Namespace \"nowhere\" does not exist"),
        ("default/x/a".to_owned(), "Invalid session ID"),
        (format!("default/{id}/x"), "No agent named x"),
    ] {
        // The agent is checked before the body.
        assert_rejected(&post(&coral, &format!("/api/v1/puppet/{path}/thread"), &json!({})).await, 404, message);
        assert_rejected(&delete(&coral, &format!("/api/v1/puppet/{path}")).await, 404, message);
    }
    let mut deferred = request(json!([puppet("a")]));
    deferred["execution"] = json!({"mode": "defer"});
    let (_, id) = create(&coral, &deferred).await;
    let response = delete(&coral, &format!("/api/v1/puppet/default/{id}/a")).await;
    assert_rejected(&response, 400, "Agent a has not been launched yet");
}

#[tokio::test]
async fn killing_the_last_agent_ends_the_session() {
    let (coral, id, _a) = puppets().await;
    let mut events = crate::socket::listen_to_all(&coral).await;
    for agent in ["a", "b", "c"] {
        assert_eq!(delete(&coral, &format!("/api/v1/puppet/default/{id}/{agent}")).await.status, 200);
    }
    events.until("session_closed").await;
}
