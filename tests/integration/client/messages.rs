//! The stream of messages loses nothing and repeats nothing.

use std::time::Duration;

use coral_tools::client::{FailureStage, MessageStream, NewMessage};
use fastrand::Rng;
use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::conversation::Conversation;

/// Longer than any of this takes.
const LONG: Duration = Duration::from_secs(20);

async fn next(messages: &mut MessageStream) -> Option<NewMessage> {
    timeout(LONG, messages.try_next()).await.expect("an end").expect("no error")
}

/// The ids of all messages up to the end.
async fn ids(mut messages: MessageStream) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(new) = next(&mut messages).await {
        ids.push(new.message.id);
    }
    ids
}

fn at(millis: u64) -> Value {
    json!(1_746_716_175_000 + millis)
}

#[tokio::test]
async fn what_is_there_comes_first_and_in_the_order_of_time() {
    let server = Conversation::start().await;
    server.say("t2", "late", &json!("2026-05-08T14:56:15.5Z"), false);
    server.say("t1", "early", &json!("2026-05-08T14:56:15.000005Z"), false);
    server.say("t1", "earliest", &json!("2026-05-08T14:56:15Z"), false);
    server.close();
    assert_eq!(ids(server.session().messages()).await, ["earliest", "early", "late"]);
}

#[tokio::test]
async fn a_message_comes_when_it_is_said() {
    for server in [Conversation::start().await, Conversation::start().await.without_events()] {
        server.say("t1", "m1", &at(0), true);
        let mut messages = server.session().messages();
        assert_eq!(next(&mut messages).await.map(|new| new.message.id).as_deref(), Some("m1"));
        server.say("t1", "m2", &at(1), true);
        let new = next(&mut messages).await.expect("a message");
        assert_eq!((new.message.text().as_ref(), new.thread_name.as_deref()), ("text of m2", Some("name of t1")));
    }
}

#[tokio::test]
async fn two_of_one_moment_and_one_of_an_earlier_time_all_come() {
    for tell in [true, false] {
        let server = Conversation::start().await;
        server.say("t1", "m1", &at(5), tell);
        let mut messages = server.session().messages();
        next(&mut messages).await.expect("the first");
        server.say("t1", "m2", &at(5), tell);
        next(&mut messages).await.expect("of the same moment");
        server.say("t2", "m3", &at(1), tell);
        let new = next(&mut messages).await.expect("of an earlier time");
        assert_eq!(new.message.id, "m3");
    }
}

#[tokio::test]
async fn what_was_said_while_the_connection_was_broken_comes() {
    let server = Conversation::start().await;
    server.say("t1", "m1", &at(0), true);
    let mut messages = server.session().messages();
    next(&mut messages).await.expect("the first");
    server.trouble(3);
    server.cut();
    server.say("t1", "m2", &at(0), false);
    assert_eq!(next(&mut messages).await.map(|new| new.message.id).as_deref(), Some("m2"));
    server.close();
    assert!(next(&mut messages).await.is_none());
}

/// Servers wipe a closed thread, so only those who listen hear what was said in it last.
#[tokio::test]
async fn the_last_words_in_a_thread_are_heard() {
    let server = Conversation::start().await;
    let mut messages = server.session().messages();
    let (first, ()) = tokio::join!(next(&mut messages), async {
        server.heard().await;
        server.say("t1", "m1", &at(0), true);
        server.close_thread("t1");
    });
    assert_eq!(first.map(|new| new.message.id).as_deref(), Some("m1"));
}

#[tokio::test]
async fn a_thread_that_was_opened_after_the_last_look_has_a_name() {
    let server = Conversation::start().await;
    let session = server.session().coral().clone().poll_interval(LONG).session("default", "s1");
    let mut messages = session.messages();
    let (first, ()) = tokio::join!(next(&mut messages), async {
        server.heard().await;
        let thread = json!({"id": "t9", "name": "Q4 report", "state": {"state": "open"}});
        server.tell(&json!({"type": "thread_created", "timestamp": at(0), "thread": thread}));
        server.say("t9", "m1", &at(0), true);
    });
    let thread_name = first.and_then(|new| new.thread_name).expect("a name");
    assert!(["Q4 report", "name of t9"].contains(&thread_name.as_str()), "{thread_name}");
}

#[tokio::test]
async fn a_session_that_was_never_there_is_an_error_and_one_that_is_gone_an_end() {
    let server = Conversation::start().await;
    server.gone();
    let mut messages = server.session().messages();
    let error = timeout(LONG, messages.next()).await.expect("an end").expect("an item").expect_err("no session");
    assert!(error.is_not_found());
    assert!(timeout(LONG, messages.next()).await.expect("an end").is_none());

    let server = Conversation::start().await;
    server.say("t1", "m1", &at(0), true);
    let mut messages = server.session().messages();
    next(&mut messages).await.expect("a message");
    server.gone();
    assert!(next(&mut messages).await.is_none());
}

#[tokio::test]
async fn an_event_that_cannot_be_read_costs_nothing() {
    let server = Conversation::start().await;
    let mut messages = server.session().messages();
    let (first, ()) = tokio::join!(next(&mut messages), async {
        server.heard().await;
        server.tell_text("{\"type\": \"thread_message_sent\"}");
        server.tell_text("no JSON");
        server.tell(&json!({"type": "of_a_later_server", "timestamp": at(0)}));
        server.say("t1", "m1", &at(0), true);
    });
    assert_eq!(first.map(|new| new.message.id).as_deref(), Some("m1"));
}

#[tokio::test]
async fn what_no_look_can_mend_ends_the_stream() {
    let server = Conversation::start().await;
    server.agents(&[(
        "writer",
        json!({"type": "running", "connectionStatus": {"type": "connected", "communicationStatus": 7}}),
    )]);
    server.say("t1", "m1", &json!({"no": "time"}), false);
    let mut messages = server.session().messages();
    let error = timeout(LONG, messages.next()).await.expect("an end").expect("an item").expect_err("no state");
    assert_eq!(error.stage(), FailureStage::InvalidResponse, "{error}");
    assert!(timeout(LONG, messages.next()).await.expect("an end").is_none());
}

/// A stream in a `select!` is asked again after its end.
#[tokio::test]
async fn an_end_stays_an_end() {
    let server = Conversation::start().await;
    server.close();
    let session = server.session();
    let (mut messages, mut states, mut events) = (session.messages(), session.states(), session.events());
    while next(&mut messages).await.is_some() {}
    assert!(next(&mut messages).await.is_none() && next(&mut messages).await.is_none());
    while timeout(LONG, states.next()).await.expect("an end").is_some() {}
    assert!(states.next().await.is_none());
    server.gone();
    while timeout(LONG, events.next()).await.expect("an end").is_some() {}
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_session_that_was_created_here_and_is_gone_has_ended() {
    let server = Conversation::start().await;
    let session = server.session();
    session.state().await.expect("a state");
    server.gone();
    assert!(next(&mut session.messages()).await.is_none(), "which is no error");
    assert_eq!(session.wait_until_ended(LONG).await.expect("the end"), None);
}

/// What is told last stands in no state: its thread is closed, and the session with it.
#[tokio::test]
async fn the_last_words_of_a_session_are_heard() {
    let server = Conversation::start().await;
    let heard = tokio::spawn(ids(server.session().messages()));
    server.heard().await;
    for i in 0..20 {
        server.say("t1", &format!("m{i}"), &at(0), true);
    }
    server.close_thread("t1");
    server.close();
    assert_eq!(timeout(LONG, heard).await.expect("an end").expect("no panic").len(), 20);
}

/// A server drops events that are not fetched in time, and does not say so.
#[tokio::test]
async fn what_was_not_told_comes_although_other_things_are_told_all_the_time() {
    let server = Conversation::start().await;
    let mut messages = server.session().messages();
    let chatter = async {
        server.heard().await;
        server.say("t1", "m1", &at(0), false);
        loop {
            server.tell(&json!({"type": "of_a_later_server", "timestamp": at(0)}));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        first = next(&mut messages) => assert_eq!(first.map(|new| new.message.id).as_deref(), Some("m1")),
        () = chatter => {}
    }
}

/// Whatever happens to connections and times, each message comes exactly once.
#[tokio::test]
async fn each_message_comes_once_through_anything() {
    let seed = fastrand::u64(..);
    let mut rng = Rng::with_seed(seed);
    for _ in 0..12 {
        let mut server = Conversation::start().await;
        if rng.bool() {
            server = server.without_events();
        }
        let heard = tokio::spawn(ids(server.session().messages()));
        let mut said = Vec::new();
        for i in 0..rng.usize(1..60) {
            match rng.u8(0..10) {
                0 => server.cut(),
                1 => server.trouble(rng.usize(1..3)),
                2 => server.read().await,
                3 => tokio::task::yield_now().await,
                _ => {
                    said.push(format!("m{i}"));
                    let (thread, time) = (format!("t{}", rng.u8(0..3)), at(rng.u64(0..3)));
                    server.say(&thread, &format!("m{i}"), &time, rng.bool());
                }
            }
        }
        server.read().await;
        server.close();
        let mut heard = heard.await.expect("no panic");
        heard.sort();
        said.sort();
        assert_eq!(heard, said, "seed {seed}");
    }
}
