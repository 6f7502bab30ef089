//! Awaiting a call ends without one.

use std::time::Duration;

use coral_tools::calls::NextCallError;
use coral_tools::store::MemoryStore;
use coral_tools::{Agent, Runtime, SessionRequest, Toolset, coral_tool, toolset};
use futures_util::StreamExt;
use http::StatusCode;

use super::setup::{Application, agent, report, stay};
use super::{LONG, give_up, submit_report};

#[tokio::test]
async fn an_agent_that_stops_without_a_call_ends_the_await() {
    let application = Application::start().await;
    let session = application.session([agent("writer", &[]), agent("helper", &[stay()])]).await;
    let end = session.next_call::<submit_report>().within(LONG).unless_agent_stops("writer").await;
    let end = end.expect_err("a stopped agent");
    assert!(matches!(&end, NextCallError::AgentStopped { agent_name, .. } if agent_name == "writer"), "{end}");
    assert_eq!(end.gateway_status(), StatusCode::BAD_GATEWAY);
    assert!(!session.state().await.expect("a state").is_closing());
}

#[tokio::test]
async fn a_call_is_returned_although_its_agent_has_stopped() {
    let application = Application::start().await;
    let session = application.session([agent("writer", &[report("Q4")]), agent("helper", &[stay()])]).await;
    let has_stopped = |state: &coral_tools::state::SessionState| {
        state.agent("writer").is_some_and(coral_tools::state::AgentState::has_stopped)
    };
    session.wait_until(LONG, has_stopped).await.expect("stopped");
    let call = session.next_call::<submit_report>().unless_agent_stops("writer").await.expect("a call");
    assert_eq!(call.title, "Q4");
}

#[tokio::test]
async fn an_unknown_agent_is_an_error() {
    let application = Application::start().await;
    let session = application.session([agent("writer", &[stay()])]).await;
    let error = session.next_call::<submit_report>().within(LONG).unless_agent_stops("writter").await;
    assert_eq!(error.expect_err("no such agent").to_string(), "the session has no agent `writter`");
}

#[tokio::test]
async fn a_timeout_names_the_tool() {
    let application = Application::start().await;
    let session = application.session([agent("writer", &[stay()])]).await;
    let error = session.next_call::<give_up>().within(Duration::from_millis(20)).await.expect_err("a timeout");
    assert_eq!(error.to_string(), "no call of `give_up` within 20ms");
    assert_eq!((error.gateway_status(), error.session_id()), (StatusCode::GATEWAY_TIMEOUT, Some(session.id())));
}

#[tokio::test]
async fn closing_the_session_ends_the_await() {
    let application = Application::start().await;
    let session = application.session([agent("writer", &[stay()])]).await;
    session.wait_until_connected(LONG).await.expect("connected");
    let (call, closed) = tokio::join!(session.next_call::<submit_report>().within(LONG), session.close());
    closed.expect("closed");
    assert!(matches!(call, Err(NextCallError::SessionEnded { .. })), "{:?}", call.err());
}

#[tokio::test]
async fn a_server_that_is_gone_ends_the_await_after_the_call_that_is_there() {
    let mut application = Application::start().await;
    application.coral = application.coral.max_outage(Duration::from_millis(100));
    let session = application.session([agent("writer", &[report("Q4"), stay()])]).await;
    let store = application.tools.store().expect("a store").clone();
    store.call_recorded(session.id(), &["submit_report"]).await.expect("a call");
    application.stop_server().await;
    assert_eq!(session.next_call::<submit_report>().await.expect("a call").title, "Q4");
    let error = session.next_call::<submit_report>().within(LONG).await.expect_err("no server");
    let NextCallError::Client(client_error) = &error else { panic!("{error}") };
    assert_eq!((error.gateway_status(), error.session_id()), (client_error.gateway_status(), Some(session.id())));
    let mut calls = session.calls::<submit_report>();
    assert!(matches!(calls.next().await, Some(Err(NextCallError::Client(_)))));
    assert!(calls.next().await.is_none(), "the error is the last item");
}

/// Not in the toolset of the session.
#[coral_tool]
fn another_tool();

#[tokio::test]
async fn calls_that_are_not_recorded_are_not_awaited() {
    let application = Application::start().await;
    let session = application.session([agent("writer", &[stay()])]).await;
    let error = session.next_call::<another_tool>().await.err();
    assert!(matches!(error, Some(NextCallError::NotRecorded { tool: "another_tool", .. })), "{error:?}");

    let elsewhere = application.coral.session("default", session.id());
    let error = elsewhere.next_call::<submit_report>().await.err();
    assert!(matches!(error, Some(NextCallError::NoStore { .. })), "{error:?}");
    let error = elsewhere.calls::<submit_report>().next().await.expect("an item").err();
    assert!(matches!(error, Some(NextCallError::NoStore { .. })), "{error:?}");
}

#[test]
fn the_toolsets_of_a_session_share_a_store() {
    let one: Toolset = toolset![submit_report].with_store(MemoryStore::new());
    let other: Toolset = toolset![give_up].with_store(MemoryStore::new());
    let request = |other: &Toolset| {
        let agent =
            Agent::local("worker", "1.0.0", Runtime::Function).can_call::<submit_report>().can_call::<give_up>();
        let request = SessionRequest::in_namespace("default").agent(agent);
        request.tools(&one, "https://app.example/a").tools(other, "https://app.example/b")
    };
    let errors = request(&other).check().expect_err("two stores").to_string();
    assert_eq!(
        errors,
        "tools: its toolsets have different stores; give them the same one with `Toolset::with_shared_store`"
    );
    let shared = other.with_shared_store(one.store().expect("a store").clone());
    request(&shared).check().expect("one store");
}
