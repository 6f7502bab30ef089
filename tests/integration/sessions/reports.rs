//! Reports of sessions' ends and the values of the sessions.

use std::time::Duration;

use coral_tools::testing::SessionEndCaller;
use coral_tools::webhook::session_end_with_context;
use coral_tools::{Coral, Secret, SessionEndReport, SessionValue, Sessions, ToolError};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{EACH, Job, LONG, created, holding_proxy, prepared, reading, serve, started, tools};
use crate::client::test_server::TestServer;

/// Counts the report as a call.
async fn ended(
    _report: SessionEndReport,
    _sessions: Sessions<Job>,
    SessionValue(job): SessionValue<Job>,
) -> Result<(), ToolError> {
    job.calls.send_modify(|calls| *calls += 10);
    Ok(())
}

/// The report arrives before the application knows the id of the session.
#[tokio::test]
async fn the_report_of_a_session_reaches_its_value() {
    for version in EACH {
        let stand_in = started(version).await;
        let job = Job::new(3);
        // One call of the agent, and the report.
        let proxy = holding_proxy::start(stand_in.url(), &job.calls, 11).await;
        let sessions = Sessions::new(Coral::server(proxy, stand_in.key()));
        let reports = session_end_with_context(stand_in.webhook_secret(), ended);
        let app = tools().webhooks(stand_in.custom_tool_secret()).merge(reports);
        let base_url = serve(app, &sessions).await;
        let request = reading(3, &base_url).session_end_webhook();
        let session = timeout(LONG, sessions.open(&request, job)).await.expect("a report").expect("a session");
        assert_eq!(*session.value().calls.borrow(), 11, "{version:?}");
    }
}

fn report(session: &str) -> Value {
    let state = json!({"id": session, "namespace": "default", "status": {"type": "closing"}, "annotations": {}});
    json!({"sessionState": {"type": "base", "state": state}, "agentStats": []})
}

async fn ended_or_unknown(
    _report: SessionEndReport,
    _sessions: Sessions<Job>,
    job: Option<SessionValue<Job>>,
) -> Result<(), ToolError> {
    let Some(SessionValue(job)) = job else { return Ok(()) };
    job.calls.send_modify(|calls| *calls += 1);
    Ok(())
}

#[tokio::test]
async fn a_session_is_forgotten_after_the_report_of_its_end() {
    let server = TestServer::with_responses([created("s1")]).await;
    let sessions = prepared(&server);
    let secret = Secret::new("the secret of reports");
    let app = session_end_with_context(secret.clone(), ended_or_unknown).with_state(sessions.clone());
    let session = sessions.open(&reading(1, "https://your-app.example"), Job::new(1)).await.expect("a session");
    let send = async |report| {
        let caller = SessionEndCaller::new(secret.clone());
        caller.send_in_process(app.clone(), "http://localhost/session-end", &report).await.expect("a response")
    };
    assert_eq!(send(report("of another process")).await, 200);
    assert_eq!((sessions.len(), *session.value().calls.borrow()), (1, 0));
    assert_eq!(send(report("s1")).await, 200);
    assert_eq!((sessions.len(), *session.value().calls.borrow()), (1, 1), "for late calls");
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(61)).await;
    assert!(sessions.is_empty());
    drop(session);
    assert_eq!(server.request_lines().len(), 1, "the session is not closed");
}

#[tokio::test]
async fn the_report_of_an_unknown_session_fails_if_the_handler_needs_its_value() {
    let server = TestServer::with_responses([]).await;
    let secret = Secret::new("the secret of reports");
    let app = session_end_with_context(secret.clone(), ended).with_state(prepared(&server));
    let status =
        SessionEndCaller::new(secret).send_in_process(app, "http://localhost/session-end", &report("s1")).await;
    assert_eq!(status.expect("a response"), 500);
}
