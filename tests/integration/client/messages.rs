//! The stream of messages returns each message exactly once.

use std::time::Duration;

use coral_tools::client::{FailureStage, MessageStream, ReceivedMessage};
use fastrand::Rng;
use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::session_server::SessionServer;

/// Longer than any of these tests takes.
const LONG: Duration = Duration::from_secs(20);

async fn next(messages: &mut MessageStream) -> Option<ReceivedMessage> {
    timeout(LONG, messages.try_next()).await.expect("an end").expect("no error")
}

/// Returns the ids of all messages until the stream ends.
async fn ids(mut messages: MessageStream) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(new) = next(&mut messages).await {
        ids.push(new.message.id);
    }
    ids
}

fn timestamp(millis: u64) -> Value {
    json!(1_746_716_175_000 + millis)
}

#[tokio::test]
async fn existing_messages_come_first_ordered_by_time() {
    let server = SessionServer::start().await;
    server.add_message("t2", "late", &json!("2026-05-08T14:56:15.5Z"), false);
    server.add_message("t1", "early", &json!("2026-05-08T14:56:15.000005Z"), false);
    server.add_message("t1", "earliest", &json!("2026-05-08T14:56:15Z"), false);
    server.close();
    assert_eq!(ids(server.session().messages()).await, ["earliest", "early", "late"]);
}

#[tokio::test]
async fn new_messages_are_streamed_with_and_without_events() {
    for server in [SessionServer::start().await, SessionServer::start().await.without_events()] {
        server.add_message("t1", "m1", &timestamp(0), true);
        let mut messages = server.session().messages();
        assert_eq!(next(&mut messages).await.map(|new| new.message.id).as_deref(), Some("m1"));
        server.add_message("t1", "m2", &timestamp(1), true);
        let new = next(&mut messages).await.expect("a message");
        assert_eq!((new.message.text().as_ref(), new.thread_name.as_deref()), ("text of m2", Some("name of t1")));
    }
}

#[tokio::test]
async fn messages_with_equal_or_earlier_times_are_not_lost() {
    for sends_event in [true, false] {
        let server = SessionServer::start().await;
        server.add_message("t1", "m1", &timestamp(5), sends_event);
        let mut messages = server.session().messages();
        next(&mut messages).await.expect("the first");
        server.add_message("t1", "m2", &timestamp(5), sends_event);
        next(&mut messages).await.expect("one with the same time");
        server.add_message("t2", "m3", &timestamp(1), sends_event);
        let new = next(&mut messages).await.expect("one with an earlier time");
        assert_eq!(new.message.id, "m3");
    }
}

#[tokio::test]
async fn messages_sent_while_disconnected_are_not_lost() {
    let server = SessionServer::start().await;
    server.add_message("t1", "m1", &timestamp(0), true);
    let mut messages = server.session().messages();
    next(&mut messages).await.expect("the first");
    server.fail_reads(3);
    server.disconnect();
    server.add_message("t1", "m2", &timestamp(0), false);
    assert_eq!(next(&mut messages).await.map(|new| new.message.id).as_deref(), Some("m2"));
    server.close();
    assert!(next(&mut messages).await.is_none());
}

/// Servers delete the messages of a closed thread, so its last messages are only in events.
#[tokio::test]
async fn the_last_messages_of_a_closed_thread_are_read_from_events() {
    let server = SessionServer::start().await;
    let mut messages = server.session().messages();
    let (first, ()) = tokio::join!(next(&mut messages), async {
        server.wait_for_listener().await;
        server.add_message("t1", "m1", &timestamp(0), true);
        server.close_thread("t1");
    });
    assert_eq!(first.map(|new| new.message.id).as_deref(), Some("m1"));
}

#[tokio::test]
async fn names_of_threads_are_read_from_events() {
    let server = SessionServer::start().await;
    let session = server.session().coral().clone().poll_interval(LONG).session("default", "s1");
    let mut messages = session.messages();
    let (first, ()) = tokio::join!(next(&mut messages), async {
        server.wait_for_listener().await;
        let thread = json!({"id": "t9", "name": "Q4 report", "state": {"state": "open"}});
        server.send_event(&json!({"type": "thread_created", "timestamp": timestamp(0), "thread": thread}));
        server.add_message("t9", "m1", &timestamp(0), true);
    });
    let thread_name = first.and_then(|new| new.thread_name).expect("a name");
    assert!(["Q4 report", "name of t9"].contains(&thread_name.as_str()), "{thread_name}");
}

#[tokio::test]
async fn a_missing_session_is_an_error_and_a_removed_session_ends_the_stream() {
    let server = SessionServer::start().await;
    server.remove();
    let mut messages = server.session().messages();
    let error = timeout(LONG, messages.next()).await.expect("an end").expect("an item").expect_err("no session");
    assert!(error.is_not_found());
    assert!(timeout(LONG, messages.next()).await.expect("an end").is_none());

    let server = SessionServer::start().await;
    server.add_message("t1", "m1", &timestamp(0), true);
    let mut messages = server.session().messages();
    next(&mut messages).await.expect("a message");
    server.remove();
    assert!(next(&mut messages).await.is_none());
}

#[tokio::test]
async fn malformed_events_lose_no_message() {
    let server = SessionServer::start().await;
    let mut messages = server.session().messages();
    let (first, ()) = tokio::join!(next(&mut messages), async {
        server.wait_for_listener().await;
        server.send_text("{\"type\": \"thread_message_sent\"}");
        server.send_text("not JSON");
        server.send_event(&json!({"type": "a_newer_event", "timestamp": timestamp(0)}));
        server.add_message("t1", "m1", &timestamp(0), true);
    });
    assert_eq!(first.map(|new| new.message.id).as_deref(), Some("m1"));
}

#[tokio::test]
async fn a_malformed_state_ends_the_stream() {
    let server = SessionServer::start().await;
    server.set_agents(&[(
        "writer",
        json!({"type": "running", "connectionStatus": {"type": "connected", "communicationStatus": 7}}),
    )]);
    server.add_message("t1", "m1", &json!({"no": "time"}), false);
    let mut messages = server.session().messages();
    let error = timeout(LONG, messages.next()).await.expect("an end").expect("an item").expect_err("a malformed state");
    assert_eq!(error.stage(), FailureStage::InvalidResponse, "{error}");
    assert!(timeout(LONG, messages.next()).await.expect("an end").is_none());
}

/// A `select!` may poll a stream after its end.
#[tokio::test]
async fn streams_are_fused() {
    let server = SessionServer::start().await;
    server.close();
    let session = server.session();
    let (mut messages, mut states, mut events) = (session.messages(), session.states(), session.events());
    while next(&mut messages).await.is_some() {}
    assert!(next(&mut messages).await.is_none() && next(&mut messages).await.is_none());
    while timeout(LONG, states.next()).await.expect("an end").is_some() {}
    assert!(states.next().await.is_none());
    server.remove();
    while timeout(LONG, events.next()).await.expect("an end").is_some() {}
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_removed_session_that_existed_has_ended() {
    let server = SessionServer::start().await;
    let session = server.session();
    session.state().await.expect("a state");
    server.remove();
    assert!(next(&mut session.messages()).await.is_none(), "not an error");
    assert_eq!(session.wait_until_ended(LONG).await.expect("the end"), None);
}

/// The last messages are not in any state, because the thread is closed and then the session ends.
#[tokio::test]
async fn the_last_messages_of_a_session_are_read_from_events() {
    let server = SessionServer::start().await;
    let received = tokio::spawn(ids(server.session().messages()));
    server.wait_for_listener().await;
    for i in 0..20 {
        server.add_message("t1", &format!("m{i}"), &timestamp(0), true);
    }
    server.close_thread("t1");
    server.close();
    assert_eq!(timeout(LONG, received).await.expect("an end").expect("no panic").len(), 20);
}

/// Servers drop events that are not read in time, without a notice.
#[tokio::test]
async fn frequent_events_do_not_prevent_polling() {
    let server = SessionServer::start().await;
    let mut messages = server.session().messages();
    let send_other_events = async {
        server.wait_for_listener().await;
        server.add_message("t1", "m1", &timestamp(0), false);
        loop {
            server.send_event(&json!({"type": "a_newer_event", "timestamp": timestamp(0)}));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        first = next(&mut messages) => assert_eq!(first.map(|new| new.message.id).as_deref(), Some("m1")),
        () = send_other_events => {}
    }
}

/// Disconnects, failing reads and random times do not lose or repeat a message.
#[tokio::test]
async fn every_message_is_streamed_exactly_once() {
    let seed = fastrand::u64(..);
    let mut rng = Rng::with_seed(seed);
    for _ in 0..12 {
        let mut server = SessionServer::start().await;
        if rng.bool() {
            server = server.without_events();
        }
        let received = tokio::spawn(ids(server.session().messages()));
        let mut sent = Vec::new();
        for i in 0..rng.usize(1..60) {
            match rng.u8(0..10) {
                0 => server.disconnect(),
                1 => server.fail_reads(rng.usize(1..3)),
                2 => server.wait_for_read().await,
                3 => tokio::task::yield_now().await,
                _ => {
                    sent.push(format!("m{i}"));
                    let (thread, time) = (format!("t{}", rng.u8(0..3)), timestamp(rng.u64(0..3)));
                    server.add_message(&thread, &format!("m{i}"), &time, rng.bool());
                }
            }
        }
        server.wait_for_read().await;
        server.close();
        let mut received = received.await.expect("no panic");
        received.sort();
        sent.sort();
        assert_eq!(received, sent, "seed {seed}");
    }
}
