//! Waiting for a session to come so far.

use std::time::Duration;

use coral_tools::client::WaitError;
use futures_util::StreamExt;
use serde_json::{Value, json};

use super::conversation::Conversation;

const LONG: Duration = Duration::from_secs(20);
/// Long enough for a look.
const SHORT: Duration = Duration::from_secs(1);

fn waiting() -> Value {
    json!({"type": "waiting"})
}

fn launched() -> Value {
    json!({"type": "running", "connectionStatus": {"type": "not_connected"}})
}

fn connected(communication: &str) -> Value {
    let communication = json!({"type": communication});
    json!({"type": "running", "connectionStatus": {"type": "connected", "communicationStatus": communication}})
}

fn stopped() -> Value {
    json!({"type": "stopped"})
}

#[tokio::test]
async fn agents_are_waited_for_until_all_are_connected() {
    let server = Conversation::start().await;
    server.agents(&[("writer", waiting()), ("critic", connected("thinking"))]);
    let session = server.session();
    let (state, ()) = tokio::join!(session.wait_until_connected(LONG), async {
        server.read().await;
        server.trouble(2);
        server.read().await;
        server.agents(&[("writer", connected("thinking")), ("critic", connected("sleeping"))]);
        server.tell(&json!({"type": "agent_connected", "name": "writer", "timestamp": "2026-05-08T14:56:15Z"}));
    });
    assert!(state.expect("connected").all_agents_connected());
}

#[tokio::test]
async fn who_is_missing_at_the_deadline_is_told() {
    let server = Conversation::start().await;
    server.agents(&[("writer", waiting()), ("critic", connected("thinking")), ("editor", launched())]);
    let error = server.session().wait_until_connected(SHORT).await.expect_err("a deadline");
    assert_eq!(
        error.to_string(),
        "not within 1s: `writer` is not launched yet, `editor` is launched, and not connected yet"
    );
    let WaitError::TimedOut { missing, trouble: None, .. } = error else { panic!("{error:?}") };
    assert_eq!(missing.iter().map(|agent| agent.name.as_str()).collect::<Vec<_>>(), ["writer", "editor"]);
}

#[tokio::test]
async fn trouble_at_the_deadline_is_told() {
    let server = Conversation::start().await;
    server.trouble(usize::MAX);
    let error = server.session().wait_until_idle(SHORT).await.expect_err("a deadline");
    assert!(error.to_string().contains("502 Bad Gateway"), "{error}");
}

#[tokio::test]
async fn an_agent_that_has_stopped_is_not_waited_for() {
    let server = Conversation::start().await;
    server.agents(&[("writer", stopped()), ("critic", waiting())]);
    let error = server.session().wait_until_connected(LONG).await.expect_err("it never will");
    assert_eq!(error.to_string(), "it will not happen: `writer` has stopped");
}

#[tokio::test]
async fn idle_is_when_all_wait_or_have_stopped() {
    let server = Conversation::start().await;
    server.agents(&[("writer", connected("waiting_message")), ("critic", connected("thinking"))]);
    let error = server.session().wait_until_idle(SHORT).await.expect_err("one thinks");
    assert_eq!(error.to_string(), "not within 1s: `critic` is busy");
    server.agents(&[("writer", connected("waiting_message")), ("critic", stopped())]);
    server.session().wait_until_idle(LONG).await.expect("idle");
}

#[tokio::test]
async fn the_end_is_seen_whether_the_session_is_held_or_gone() {
    let server = Conversation::start().await;
    let session = server.session();
    let (state, ()) = tokio::join!(session.wait_until_ended(LONG), async {
        server.read().await;
        server.close();
    });
    assert!(state.expect("the end").expect("a state").is_closing());

    let server = Conversation::start().await;
    let session = server.session();
    let (state, ()) = tokio::join!(session.wait_until_ended(LONG), async {
        server.read().await;
        server.gone();
    });
    assert!(!state.expect("the end").expect("the last that was seen").is_closing());

    let server = Conversation::start().await;
    server.gone();
    let error = server.session().wait_until_ended(LONG).await.expect_err("never there");
    assert!(matches!(error, WaitError::Client(error) if error.is_not_found()));
}

#[tokio::test]
async fn who_waits_for_agents_of_a_session_that_ends_is_told() {
    let server = Conversation::start().await;
    server.agents(&[("writer", waiting())]);
    let session = server.session();
    let (state, ()) = tokio::join!(session.wait_until_connected(LONG), async {
        server.read().await;
        server.close();
    });
    assert!(matches!(state, Err(WaitError::Ended)));
}

#[tokio::test]
async fn states_come_until_the_end() {
    for server in [Conversation::start().await, Conversation::start().await.without_events()] {
        let mut states = server.session().states();
        assert!(!states.next().await.expect("a state").expect("a state").is_closing());
        server.close();
        let rest: Vec<_> = states.map(|state| state.expect("a state").is_closing()).collect().await;
        assert_eq!(rest.last(), Some(&true));
        assert_eq!(rest.iter().filter(|closing| **closing).count(), 1);
    }
}
