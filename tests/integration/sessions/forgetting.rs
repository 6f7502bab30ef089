//! When a store forgets the calls of a session that the application owns.

use coral_tools::store::MemoryStore;
use coral_tools::testing::SessionEndCaller;
use coral_tools::webhook::session_end_with_context;
use coral_tools::{Call, OwnedSession, Secret, Session, SessionEndReport, SessionValue, Sessions, ToolError, Toolset};
use futures_util::FutureExt;
use serde_json::json;
use tokio::time::timeout;

use super::{Job, LONG, created, prepared, reading_with, tools};
use crate::client::test_server::{TestResponse, TestServer};

/// Opens the session `s1`, in which there is one recorded call.
async fn open_with_call(sessions: &Sessions<Job>) -> (Toolset<Sessions<Job>>, OwnedSession<Job>) {
    let tools = tools().with_store(MemoryStore::new());
    let request = reading_with(&tools, 1, "https://your-app.example");
    let session = sessions.open(&request, Job::new(1)).await.expect("a session");
    let call = Call::new("job_number", b"{}").in_session("s1");
    assert!(tools.dispatch(call, sessions).await.is_success());
    assert!(has_call(&tools));
    (tools, session)
}

fn has_call(tools: &Toolset<Sessions<Job>>) -> bool {
    let store = tools.store().expect("it was added");
    store.call_recorded("s1", &["job_number"]).now_or_never().is_some()
}

async fn wait_until_forgotten(tools: &Toolset<Sessions<Job>>) {
    let forgotten = async {
        while has_call(tools) {
            tokio::task::yield_now().await;
        }
    };
    timeout(LONG, forgotten).await.expect("forgotten");
}

async fn ended(_: SessionEndReport, _: Sessions<Job>, _: SessionValue<Job>) -> Result<(), ToolError> {
    Ok(())
}

#[tokio::test]
async fn a_report_of_the_end_leaves_the_calls_to_the_owners_of_the_session() {
    let server = TestServer::with_responses([created("s1")]).await;
    let sessions = prepared(&server);
    let (tools, session) = open_with_call(&sessions).await;
    let secret = Secret::new("the secret of reports");
    let app = session_end_with_context(secret.clone(), ended).with_state(sessions.clone());
    let state = json!({"id": "s1", "namespace": "default", "status": {"type": "closing"}, "annotations": {}});
    let report = json!({"sessionState": {"type": "base", "state": state}, "agentStats": []});
    let caller = SessionEndCaller::new(secret);
    let status = caller.send_in_process(app, "http://localhost/session-end", &report).await;
    assert_eq!(status.expect("a response"), 200);

    let other_owner = Session::clone(&session);
    drop(session);
    tokio::task::yield_now().await;
    assert!(has_call(&tools), "the other owner can take it");
    drop(other_owner);
    wait_until_forgotten(&tools).await;
    assert_eq!(server.request_lines().len(), 1, "the session is not closed");
}

#[tokio::test]
async fn the_calls_of_a_session_that_the_server_has_removed_are_forgotten() {
    let removed = || TestResponse::json(404, r#"{"message": "Session not found"}"#);
    for is_dropped in [true, false] {
        let server = TestServer::with_responses([created("s1"), removed()]).await;
        let sessions = prepared(&server);
        let (tools, session) = open_with_call(&sessions).await;
        if !is_dropped {
            session.close().await.expect("it has ended");
        }
        drop(session);
        wait_until_forgotten(&tools).await;
    }
}
