//! Results that come after the call.

use std::time::Duration;

use coral_tools::store::{MemoryStore, StoreError};
use coral_tools::{Call, Outcome};
use serde_json::{Value, json};
use tokio::time::{Instant, advance, sleep};

use crate::webhook::log_capture::{captured_lines, start_capture};

use super::{App, TEA, Webhooks, deferred_tools, json_of, ticket_argument, ticket_id};

#[tokio::test(start_paused = true)]
async fn a_result_before_the_deadline_is_sent_at_once() {
    let app = App::open();
    let webhooks = Webhooks::of(&deferred_tools(), &app);
    assert_eq!(webhooks.call("review", TEA).await.text, r#"{"run":1}"#);
    let (app, _started) = App::closed();
    let webhooks = Webhooks::of(&deferred_tools(), &app);
    let call = webhooks.start("review", TEA).await;
    sleep(Duration::from_secs(10)).await;
    app.release(1);
    assert_eq!(call.await.expect("a response").text, r#"{"run":1}"#);
}

#[tokio::test(start_paused = true)]
async fn a_later_result_is_returned_for_a_ticket() {
    let (app, _started) = App::closed();
    let webhooks = Webhooks::of(&deferred_tools(), &app);
    let began = Instant::now();
    let view = webhooks.call("review", TEA).await;
    assert_eq!(began.elapsed().as_secs(), 11, "a second before the deadline");
    assert_eq!(view.status(), Some(200));
    let id = ticket_id(&view);
    let message = "the result is not ready yet; call `review_result` with the id of this ticket to wait for it";
    let ticket = json!({ "id": id, "status": "working", "statusMessage": message,
        "ttlMs": 3_600_000, "pollIntervalMs": 5000 });
    assert_eq!(json_of(&view), json!({ "ticket": ticket }));
    assert_eq!(json_of(&webhooks.call("review_result", &ticket_argument(&id)).await), json!({ "ticket": ticket }));
    app.release(1);
    for _ in 0..2 {
        assert_eq!(webhooks.call("review_result", &ticket_argument(&id)).await.text, r#"{"run":1}"#);
        assert_eq!(webhooks.call("review", TEA).await.text, r#"{"run":1}"#, "a repetition");
    }
    assert_eq!(app.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_ticket_can_be_asked_for_until_its_time_to_live_has_passed() {
    let (app, _started) = App::closed();
    let webhooks = Webhooks::of(&deferred_tools(), &app);
    let began = Instant::now();
    let ask = webhooks.call("ask", r#"{"question": "Red or blue?"}"#).await;
    let argument = ticket_argument(&ticket_id(&ask));
    let ticket = json_of(&ask)["ticket"].clone();
    assert_eq!(ticket["ttlMs"], 600_000, "{ticket}");
    let end = began + Duration::from_millis(ticket["ttlMs"].as_u64().expect("a number"));
    advance(end - Instant::now() - Duration::from_secs(12)).await;
    assert_eq!(json_of(&webhooks.call("ask_result", &argument).await)["ticket"], ticket, "a second before the end");
    sleep(Duration::from_secs(1)).await;
    let unknown = webhooks.call("ask_result", &argument).await.text;
    assert!(unknown.contains("there is no ticket with this id"), "{unknown}");
}

#[tokio::test(start_paused = true)]
async fn a_result_after_40_seconds_reaches_the_agent() {
    let (app, _started) = App::closed();
    let webhooks = Webhooks::of(&deferred_tools(), &app);
    let began = Instant::now();
    let later = app.clone();
    tokio::spawn(async move {
        sleep(Duration::from_secs(40)).await;
        later.release(1);
    });
    let mut view = webhooks.call("review", TEA).await;
    let id = ticket_id(&view);
    while json_of(&view).get("ticket").is_some() {
        view = webhooks.call("review_result", &ticket_argument(&id)).await;
    }
    assert_eq!(view.text, r#"{"run":1}"#);
    assert_eq!(began.elapsed().as_secs(), 40, "the call waits for the result");
}

#[tokio::test(start_paused = true)]
async fn a_repetition_waits_for_the_same_result() {
    let (app, _started) = App::closed();
    let webhooks = Webhooks::of(&deferred_tools(), &app);
    let (first, second) = (webhooks.start("review", TEA).await, webhooks.start("review", TEA).await);
    let ids = [ticket_id(&first.await.expect("a response")), ticket_id(&second.await.expect("a response"))];
    assert_eq!(ids[0], ids[1]);
    let (third, fourth) = (webhooks.start("review", TEA).await, webhooks.start("review", TEA).await);
    app.release(2);
    assert_eq!(third.await.expect("a response").text, r#"{"run":1}"#);
    assert_eq!(fourth.await.expect("a response").text, r#"{"run":1}"#);
    assert_eq!(webhooks.call("review", r#"{"article": "rice"}"#).await.text, r#"{"run":2}"#, "other arguments");
}

#[tokio::test(start_paused = true)]
async fn a_result_is_computed_although_the_caller_has_left() {
    let (app, _started) = App::closed();
    let webhooks = Webhooks::of(&deferred_tools(), &app);
    let first = webhooks.start("review", TEA).await;
    first.abort();
    assert!(first.await.is_err_and(|error| error.is_cancelled()));
    app.release(1);
    assert_eq!(webhooks.call("review", TEA).await.text, r#"{"run":1}"#);
}

#[tokio::test(start_paused = true)]
async fn a_result_is_kept_for_ten_minutes() {
    let app = App::open();
    let webhooks = Webhooks::of(&deferred_tools(), &app);
    assert_eq!(webhooks.call("review", TEA).await.text, r#"{"run":1}"#);
    advance(Duration::from_secs(599)).await;
    assert_eq!(webhooks.call("review", TEA).await.text, r#"{"run":1}"#);
    advance(Duration::from_secs(2)).await;
    assert_eq!(webhooks.call("review", TEA).await.text, r#"{"run":2}"#);
}

#[tokio::test(start_paused = true)]
async fn the_result_is_recorded_and_not_the_ticket() -> Result<(), StoreError> {
    let (app, _started) = App::closed();
    let tools = deferred_tools().with_store(MemoryStore::new());
    let webhooks = Webhooks::of(&tools, &app).with(|caller| caller.in_session("s"));
    let store = tools.store().expect("it was added");
    let names = ["review", "review_result"];
    let id = ticket_id(&webhooks.call("review", TEA).await);
    assert_eq!(store.take_call("s", &names).await?, None);
    app.release(1);
    assert_eq!(webhooks.call("review_result", &ticket_argument(&id)).await.text, r#"{"run":1}"#);
    assert_eq!(webhooks.call("review", TEA).await.text, r#"{"run":1}"#);
    let recorded = store.take_call("s", &names).await?.expect("a call");
    assert_eq!(serde_json::from_slice::<Value>(&recorded.arguments).expect("JSON"), json!({ "article": "tea" }));
    assert_eq!(recorded.result, br#"{"run":1}"#);
    assert_eq!(store.take_call("s", &names).await?, None, "one call only");
    Ok(())
}

#[tokio::test]
async fn a_ticket_needs_a_session() {
    let app = App::open();
    let outcome = deferred_tools().dispatch(Call::new("review", TEA.as_bytes()), &app).await;
    assert!(matches!(outcome, Outcome::UnknownSession), "{outcome:?}");
    assert_eq!(app.runs(), 0);
}

#[tokio::test(start_paused = true)]
async fn only_a_result_that_is_not_ready_is_logged_as_that() {
    let is_logged = || captured_lines().iter().any(|line| line.contains("the result is not ready yet; the agent"));
    let (app, _started) = App::closed();
    let webhooks = Webhooks::of(&deferred_tools(), &app);
    start_capture();
    let id = ticket_id(&webhooks.call("review", TEA).await);
    assert!(is_logged());
    app.release(1);
    sleep(Duration::from_secs(1)).await;
    start_capture();
    assert_eq!(webhooks.call("review_result", &ticket_argument(&id)).await.text, r#"{"run":1}"#);
    assert!(!is_logged());
}
