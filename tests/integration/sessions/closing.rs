//! Closing and forgetting sessions.

use std::time::Duration;

use coral_stand_in::coral::AgentType;
use coral_tools::client::FailureStage;
use coral_tools::{Agent, Runtime, SessionRequest, Sessions};

use super::{EACH, Job, LONG, builder, coral, created, ok, prepared, running, started, waiting, waiting_without_ttl};
use crate::client::test_server::{TestResponse, TestServer};

#[tokio::test]
async fn dropping_the_last_clone_closes_the_session() {
    for version in EACH {
        let stand_in = started(version).await;
        let sessions = Sessions::new(coral(&stand_in));
        let session = sessions.open(&waiting(), Job::new(1)).await.expect("a session");
        let other = sessions.coral().session(session.namespace(), session.id());
        let (clone, client_session) = (session.clone(), coral_tools::Session::clone(&session));
        drop(session);
        assert!(!other.state().await.expect("a state").is_closing(), "{version:?}");
        drop(clone);
        assert!(sessions.is_empty(), "{version:?}");
        other.wait_until_ended(LONG).await.expect("the end");
        drop(client_session);
    }
}

#[tokio::test]
async fn a_session_that_is_closed_is_not_closed_again() {
    let server = TestServer::with_responses([created("s1"), ok(), created("s2"), ok()]).await;
    let sessions = prepared(&server);
    let session = sessions.open(&waiting(), Job::new(1)).await.expect("a session");
    session.close().await.expect("closed");
    assert!(sessions.is_empty() && sessions.get("s1").is_none());
    drop(session);
    assert_eq!(sessions.close_all(LONG).await, 0);
    assert_eq!(server.request_lines(), ["POST /api/v1/local/session", "DELETE /api/v1/local/session/default/s1"]);
}

#[tokio::test]
async fn a_session_that_cannot_be_closed_is_closed_again_when_it_is_dropped() {
    let failed = TestResponse::json(500, r#"{"message": "a failure"}"#);
    let server = TestServer::with_responses([created("s1"), failed, ok()]).await;
    let sessions = prepared(&server);
    let session = sessions.open(&waiting(), Job::new(1)).await.expect("a session");
    session.close().await.expect_err("a failure");
    assert_eq!(sessions.len(), 1);
    drop(session);
    assert_eq!(sessions.close_all(LONG).await, 0);
    assert_eq!(server.request_lines()[1..], ["DELETE /api/v1/local/session/default/s1"; 2]);
}

#[tokio::test]
async fn a_session_that_has_ended_is_not_closed() {
    let state =
        r#"{"base": {"id": "s1", "namespace": "default", "status": {"type": "closing"}}, "agents": [], "threads": []}"#;
    let server = TestServer::with_responses([created("s1"), TestResponse::json(200, state)]).await;
    let sessions = prepared(&server);
    let session = sessions.open(&waiting(), Job::new(1)).await.expect("a session");
    assert!(session.state().await.expect("a state").is_closing());
    assert!(sessions.is_empty(), "the end was observed");
    drop(session);
    assert_eq!(sessions.close_all(LONG).await, 0);
    assert_eq!(server.request_lines().len(), 2);
}

#[tokio::test]
async fn the_sessions_that_are_opened_and_open_are_closed_at_the_end() {
    let stand_in = started(EACH[0]).await;
    let sessions = Sessions::new(coral(&stand_in));
    let mut open = Vec::new();
    for number in 0..20 {
        open.push(sessions.open(&waiting(), Job::new(number)).await.expect("a session"));
    }
    drop(open.pop());
    let opening = tokio::spawn({
        let sessions = sessions.clone();
        async move { sessions.open(&waiting(), Job::new(20)).await.map(|session| session.id().to_owned()) }
    });
    tokio::task::yield_now().await;
    assert_eq!(sessions.close_all(LONG).await, 0);
    let error = opening.await.expect("no panic").expect_err("all sessions are closed");
    assert_eq!(error.stage(), FailureStage::NotSent);
    assert_eq!(error.to_string(), "creating a session: request not sent: the application closes all sessions");
    assert_eq!(running(sessions.coral()).await, 0);
    let error = sessions.open(&waiting(), Job::new(21)).await.expect_err("all sessions are closed");
    assert_eq!(error.stage(), FailureStage::NotSent);
    assert!(sessions.is_empty());
}

#[tokio::test]
async fn sessions_that_cannot_be_closed_in_time_are_counted() {
    let stubborn = AgentType::local("stubborn", "1.0.0").ignore_sigterm();
    let stand_in = builder(EACH[0]).agent(stubborn, |_agent| std::future::pending()).start().await.expect("a stand-in");
    let sessions = Sessions::new(coral(&stand_in));
    let stubborn = Agent::local("stubborn", "1.0.0", Runtime::Executable);
    let stubborn = SessionRequest::in_namespace("default").agent(stubborn).ttl(LONG);
    let stubborn = sessions.open(&stubborn, Job::new(1)).await.expect("a session");
    stubborn.wait_until_connected(LONG).await.expect("connected");
    let other = sessions.open(&waiting(), Job::new(2)).await.expect("a session");
    assert_eq!(sessions.close_all(Duration::from_secs(2)).await, 1);
    assert!(sessions.get(stubborn.id()).is_some() && sessions.get(other.id()).is_none());
}

#[tokio::test]
async fn a_session_is_forgotten_after_its_time_to_live() {
    let server = TestServer::with_responses([created("s1"), created("s2")]).await;
    let sessions = prepared(&server);
    let with_ttl = sessions.open(&waiting(), Job::new(1)).await.expect("a session");
    let without = sessions.open(&waiting_without_ttl(), Job::new(2)).await.expect("a session");
    tokio::time::pause();
    tokio::time::advance(LONG + Duration::from_secs(59)).await;
    assert_eq!(sessions.len(), 2);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(sessions.len(), 1);
    drop((with_ttl, without));
}
