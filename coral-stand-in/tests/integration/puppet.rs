//! Doing things as an agent.

use coral_stand_in::coral::CoralStandIn;
use coral_tools::serde_json::{Value, json};

use crate::client::{Reply, create, delete, delete_with, get, post};
use crate::{puppet, request, start};

/// A session of two puppets and a stranger, and the path of the first one.
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
fn assert_refused(reply: &Reply, status: u16, message: &str) {
    assert_eq!((reply.status, reply.message().as_deref()), (status, Some(message)), "{reply:?}");
}

#[tokio::test]
async fn a_thread_lives_from_its_creation_to_its_close() {
    let (coral, id, a) = puppets().await;
    let reply = post(&coral, &format!("{a}/thread"), &json!({"threadName": "t", "participantNames": []})).await;
    let thread = reply.json()["thread"].clone();
    assert_eq!((&thread["creatorName"], &thread["participants"]), (&json!("a"), &json!(["a"])));
    let participant = json!({"threadId": thread["id"], "participantName": "b"});
    let reply = post(&coral, &format!("{a}/thread/participant"), &participant).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, ""));

    let message = json!({"threadId": thread["id"], "content": "Zoë \u{2603} \u{7}", "mentions": ["b", "b"]});
    let reply = post(&coral, &format!("{a}/thread/message"), &message).await;
    let sent = reply.json();
    assert_eq!(sent["status"], "Message sent successfully");
    assert!(reply.text.contains("Zoë \u{2603} \\u0007"), "{}", reply.text);
    assert_eq!(sent["message"]["mentionNames"], json!(["b"]));
    assert_eq!(state(&coral, &id).await["threads"][0]["messages"], json!([sent["message"]]));

    let reply = delete_with(&coral, &format!("{a}/thread/participant"), &participant).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let close = json!({"threadId": thread["id"], "summary": "s"});
    let reply = delete_with(&coral, &format!("{a}/thread"), &close).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, ""));
    let closed = state(&coral, &id).await["threads"][0].clone();
    assert_eq!((&closed["state"]["state"], &closed["state"]["summary"]), (&json!("closed"), &json!("s")));
    assert!(closed["state"]["timestamp"].is_string());
    assert_eq!(closed["messages"], json!([]), "what was said is gone");

    for agent in ["a", "b", "c"] {
        assert_eq!(delete(&coral, &format!("/api/v1/puppet/default/{id}/{agent}")).await.status, 200);
    }
}

#[tokio::test]
async fn what_an_agent_cannot_do_is_told_in_the_servers_words() {
    let (coral, id, a) = puppets().await;
    let new = json!({"threadName": "t", "participantNames": ["b"]});
    let thread = post(&coral, &format!("{a}/thread"), &new).await.json()["thread"]["id"].clone();
    let name = thread.as_str().expect("an id").to_owned();
    let (threads, messages, participants) =
        (format!("{a}/thread"), format!("{a}/thread/message"), format!("{a}/thread/participant"));
    let say = |mentions: Value| json!({"threadId": thread, "content": "x", "mentions": mentions});
    let who = |name: &str| json!({"threadId": thread, "participantName": name});
    let stranger = format!("/api/v1/puppet/default/{id}/c/thread/participant");

    let reply = post(&coral, &threads, &json!({"threadName": "t", "participantNames": ["b", "x", "y"]})).await;
    assert_refused(&reply, 404, "No agents named x, y");
    let nothing = json!({"threadId": "no", "content": "x", "mentions": []});
    assert_refused(&post(&coral, &messages, &nothing).await, 404, "Thread with ID \"no\" does not exist");
    assert_refused(&post(&coral, &messages, &say(json!(["x"]))).await, 404, "No agent named x");
    assert_refused(&post(&coral, &messages, &say(json!(["a"]))).await, 400, "Messages cannot mention the sender");
    let message = format!("Cannot mention agents (c) as they are not participants of thread {name}");
    assert_refused(&post(&coral, &messages, &say(json!(["c"]))).await, 404, &message);
    let message = format!("Agent b is already participating in thread {name}");
    assert_refused(&post(&coral, &participants, &who("b")).await, 400, &message);
    assert_refused(&post(&coral, &participants, &who("x")).await, 404, "No agent named x");
    let message = format!("Agent c is not participating in thread {name}");
    assert_refused(&delete_with(&coral, &participants, &who("c")).await, 400, &message);
    for (reply, verb) in
        [(post(&coral, &stranger, &who("c")).await, "add"), (delete_with(&coral, &stranger, &who("b")).await, "remove")]
    {
        let message = format!(
            "Agent c is not participating in thread {name}.  Agents must be participants of a thread before they can {verb} others."
        );
        assert_refused(&reply, 400, &message);
    }
    let close = json!({"threadId": thread, "summary": "s"});
    assert_eq!(delete_with(&coral, &threads, &close).await.status, 200);
    let message = format!("Thread {name} cannot be closed because it is not open");
    assert_refused(&delete_with(&coral, &threads, &close).await, 400, &message);
    let message = format!("Cannot send messages to thread {name} because it is closed");
    assert_refused(&post(&coral, &messages, &say(json!([]))).await, 400, &message);
}

#[tokio::test]
async fn bodies_are_read_strictly_and_named_by_their_classes() {
    let (coral, _id, a) = puppets().await;
    for (method, path, class) in [
        ("post", "thread", "CreateThreadInput"),
        ("delete", "thread", "CloseThreadInput"),
        ("post", "thread/message", "SendMessageInput"),
        ("post", "thread/participant", "AddParticipantInput"),
        ("delete", "thread/participant", "RemoveParticipantInput"),
    ] {
        let (path, body) = (format!("{a}/{path}"), json!({"threadId": "x", "extra": 1}));
        let reply = match method {
            "post" => post(&coral, &path, &body).await,
            _ => delete_with(&coral, &path, &body).await,
        };
        let class = format!("class org.coralprotocol.coralserver.mcp.tools.{class}");
        assert_refused(&reply, 500, &format!("Failed to convert request body to {class}"));
    }
}

#[tokio::test]
async fn where_there_is_no_such_agent_nobody_is_asked() {
    let (coral, id, _a) = puppets().await;
    for (path, message) in [
        ("nowhere/x/a".to_owned(), "Namespace \"nowhere\" does not exist"),
        ("default/x/a".to_owned(), "Invalid session ID"),
        (format!("default/{id}/x"), "No agent named x"),
    ] {
        // Told before the body is looked at.
        assert_refused(&post(&coral, &format!("/api/v1/puppet/{path}/thread"), &json!({})).await, 404, message);
        assert_refused(&delete(&coral, &format!("/api/v1/puppet/{path}")).await, 404, message);
    }
    let mut deferred = request(json!([puppet("a")]));
    deferred["execution"] = json!({"mode": "defer"});
    let (_, id) = create(&coral, &deferred).await;
    let reply = delete(&coral, &format!("/api/v1/puppet/default/{id}/a")).await;
    assert_refused(&reply, 400, "Agent a has not been launched yet");
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
