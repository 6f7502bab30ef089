//! Opening sessions.

use std::time::Duration;

use coral_tools::client::FailureStage;
use coral_tools::{Coral, SessionRequest, Sessions};
use futures_util::future::join_all;
use http::StatusCode;
use tokio::sync::watch;
use tokio::time::timeout;

use super::{
    EACH, Job, LONG, coral, created, holding_proxy, ok, prepared, reading, running, serve_tools, started, waiting,
};
use crate::client::test_server::TestServer;

/// All agents call a tool before the application knows the id of any session. The script of the agent asserts the result.
#[tokio::test]
async fn each_of_many_sessions_has_its_value_before_it_is_created() {
    const SESSIONS: usize = 200;
    for version in EACH {
        let stand_in = started(version).await;
        let calls = watch::Sender::new(0);
        let proxy = holding_proxy::start(stand_in.url(), &calls, SESSIONS).await;
        let sessions = Sessions::new(Coral::server(proxy, stand_in.key()));
        let base_url = serve_tools(stand_in.custom_tool_secret(), &sessions).await;
        let run = async |number: usize| {
            let job = Job { number, calls: calls.clone() };
            let session = sessions.open(&reading(number, &base_url), job).await.expect("a session");
            session.close().await.expect("closed");
        };
        timeout(LONG, join_all((0..SESSIONS).map(run))).await.expect("a call of each agent");
        assert_eq!(*calls.borrow(), SESSIONS, "{version:?}");
        assert!(sessions.is_empty(), "{version:?}");
        assert_eq!(running(sessions.coral()).await, 0, "{version:?}");
    }
}

#[tokio::test]
async fn a_session_whose_opening_is_given_up_is_closed_and_forgotten() {
    let stand_in = started(EACH[0]).await;
    let sessions: Sessions<Job> = Sessions::new(coral(&stand_in));
    let (mut given_up, mut kept) = (0, Vec::new());
    for number in 0..200 {
        let limit = Duration::from_micros(fastrand::u64(0..=5_000));
        match timeout(limit, sessions.open(&waiting(), Job::new(number))).await {
            Ok(session) => kept.push(session.expect("a session")),
            Err(_) => given_up += 1,
        }
    }
    assert!(given_up > 0, "no opening was given up");
    // The last of them may still be running; closing waits for them.
    drop(kept);
    assert_eq!(sessions.close_all(LONG).await, 0);
    assert!(sessions.is_empty());
    assert_eq!(running(sessions.coral()).await, 0);
}

#[tokio::test]
async fn a_session_that_cannot_be_created_is_forgotten() {
    let server = TestServer::with_responses([]).await;
    let sessions = prepared(&server);
    let error = sessions.open(&waiting().ttl(Duration::ZERO), Job::new(1)).await.expect_err("an invalid request");
    assert_eq!(error.stage(), FailureStage::InvalidRequest);
    sessions.open(&waiting(), Job::new(2)).await.expect_err("a disconnect");
    assert!(sessions.is_empty());
}

#[tokio::test]
async fn the_number_of_sessions_is_limited() {
    let server = TestServer::with_responses([created("s1"), ok(), created("s2"), ok()]).await;
    let sessions = prepared(&server).max_sessions(1);
    let session = sessions.open(&waiting(), Job::new(1)).await.expect("a session");
    let error = sessions.open(&waiting(), Job::new(2)).await.expect_err("too many sessions");
    assert_eq!((error.stage(), error.gateway_status()), (FailureStage::NotSent, StatusCode::SERVICE_UNAVAILABLE));
    assert!(
        error.to_string().ends_with("1 sessions are open, which is the limit of `Sessions::max_sessions`"),
        "{error}"
    );
    session.close().await.expect("closed");
    let session = sessions.open(&waiting(), Job::new(3)).await.expect("a session");
    assert_eq!(session.id(), "s2");
    session.close().await.expect("closed");
}

/// The key is secret: it identifies the session of a call.
#[tokio::test]
async fn only_the_server_sees_the_key_of_a_session() {
    let server = TestServer::with_responses([created("s1"), ok()]).await;
    let sessions = prepared(&server).instance("gateway-1");
    let request = reading(1, "https://your-app.example/coral?token=t").session_end_webhook();
    let session = sessions.open(&request, Job::new(1)).await.expect("a session");
    let body: serde_json::Value = serde_json::from_str(&server.requests()[0].body).expect("JSON");
    let tool = body["agentGraphRequest"]["customTools"]["job_number"]["transport"]["url"].as_str().expect("a URL");
    let (start, key) = tool.split_once("&coral-tools-session=").expect("a key");
    assert_eq!((start, key.len()), ("https://your-app.example/coral/job_number?token=t", 32));
    let report = &body["execution"]["runtimeSettings"]["webhooks"]["sessionEnd"]["url"];
    assert_eq!(report, &format!("https://your-app.example/coral/session-end?token=t&coral-tools-session={key}"));
    assert_eq!(body["annotations"]["coral-tools.instance"], "gateway-1");
    let shown = format!("{sessions:?} {session:?} {:?}", SessionRequest::clone(&request));
    assert!(!shown.contains(key), "{shown}");
    session.close().await.expect("closed");
}
