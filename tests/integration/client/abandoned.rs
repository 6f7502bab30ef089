//! Sessions that the application gives up while they are created, or before they are executed.

use std::time::Duration;

use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};
use coral_tools::client::FailureStage;
use coral_tools::session::RuntimeSettings;
use coral_tools::{Agent, Coral, Dialect, Runtime, Session, SessionRequest};
use futures_util::FutureExt;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{TestResponse, TestServer, coral, created, request};

/// Longer than any of these tests takes.
const LONG: Duration = Duration::from_secs(60);
const EACH: [EmulatedVersion; 3] = [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1, EmulatedVersion::Cloud];

fn client(stand_in: &CoralStandIn) -> Coral {
    Coral::server(stand_in.url(), stand_in.key()).poll_interval(Duration::from_millis(50))
}

fn puppet_session() -> SessionRequest {
    SessionRequest::in_namespace("default").agent(Agent::local("puppet", "1.0.0", Runtime::Function))
}

/// The response of coral-server 1.2 to `DELETE` of a session that was never executed.
fn not_launched() -> TestResponse {
    TestResponse::json(500, r#"{"message": "This session's agents have not been launched yet"}"#)
}

fn not_pending() -> TestResponse {
    TestResponse::json(400, r#"{"message": "Session is not pending execution"}"#)
}

fn ok() -> TestResponse {
    TestResponse::new(200, "", "")
}

fn body(server: &TestServer, index: usize) -> Value {
    serde_json::from_str(&server.requests()[index].body).expect("JSON")
}

/// Creates sessions, and gives up after 0 to 5 ms. Returns the number of sessions that were created before that.
async fn create_and_give_up(coral: Coral) -> usize {
    let mut completed = 0;
    for _ in 0..200 {
        let limit = Duration::from_micros(fastrand::u64(0..=5_000));
        if let Ok(session) = timeout(limit, coral.create_session(&puppet_session())).await {
            session.expect("a session").close().await.expect("closed");
            completed += 1;
        }
    }
    completed
}

/// Runs a future and the tasks that it leaves behind, such as requests in the background, until all of them have ended.
fn run_with_all_tasks<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let output = future.await;
        let all_ended = async {
            while runtime.metrics().num_alive_tasks() > 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(LONG, all_ended).await.expect("the end of all tasks");
        output
    })
}

#[tokio::test]
async fn a_session_whose_creation_is_given_up_is_closed() {
    let stand_in = CoralStandIn::start().await.expect("a stand-in");
    let creating = create_and_give_up(client(&stand_in));
    let completed = tokio::task::spawn_blocking(|| run_with_all_tasks(creating)).await.expect("no panic");
    assert!(completed < 200, "no creation was given up");
    let namespaces = client(&stand_in).sessions().await.expect("a list");
    let running = namespaces.iter().flat_map(|namespace| namespace.sessions.iter().flatten());
    assert_eq!(running.filter(|session| !session.is_closing()).count(), 0, "{namespaces:?}");
}

/// Another client's session, which is pending.
async fn pending(coral: &Coral, session: &Session) -> Session {
    let other = coral.session(session.namespace(), session.id());
    assert!(!other.state().await.expect("a state").is_closing());
    other
}

#[tokio::test]
async fn a_deferred_session_does_not_stay_pending() {
    for version in EACH {
        let stand_in = CoralStandIn::builder().emulates(version).start().await.expect("a stand-in");
        let coral = client(&stand_in);
        let created = async || coral.create_session(&puppet_session().deferred()).await.expect("a session");

        let session = created().await;
        let other = pending(&coral, &session).await;
        drop(session);
        other.wait_until_ended(LONG).await.unwrap_or_else(|error| panic!("{version:?}, dropped: {error}"));

        let session = created().await;
        let other = pending(&coral, &session).await;
        let invalid = RuntimeSettings::new().ttl(Duration::ZERO);
        let error = session.execute(&invalid).await.expect_err("invalid settings");
        assert_eq!(error.stage(), FailureStage::InvalidRequest);
        drop(session);
        other.wait_until_ended(LONG).await.unwrap_or_else(|error| panic!("{version:?}, not executed: {error}"));

        let session = created().await;
        let other = pending(&coral, &session).await;
        assert!(session.execute(&RuntimeSettings::new()).now_or_never().is_none(), "polled once");
        drop(session);
        other.wait_until_ended(LONG).await.unwrap_or_else(|error| panic!("{version:?}, given up: {error}"));
    }
}

#[tokio::test]
async fn a_deferred_session_can_be_closed() {
    for version in EACH {
        let stand_in = CoralStandIn::builder().emulates(version).start().await.expect("a stand-in");
        let coral = client(&stand_in);
        let session = coral.create_session(&puppet_session().deferred()).await.expect("a session");
        session.close().await.expect("closed");
        session.wait_until_ended(LONG).await.expect("the end");
    }
}

#[tokio::test]
async fn a_session_that_is_pending_on_purpose_can_be_executed_by_another_client() {
    let stand_in = CoralStandIn::start().await.expect("a stand-in");
    let coral = client(&stand_in);
    let session = coral.create_session(&puppet_session().deferred()).await.expect("a session");
    session.keep_pending();
    let other = pending(&coral, &session).await;
    drop(session);
    other.execute(&RuntimeSettings::new()).await.expect("executed");
    other.wait_until_connected(LONG).await.expect("connected");
}

/// The session may have been executed with another `Session`. It is only ended if it is pending.
#[tokio::test]
async fn dropping_a_deferred_session_does_not_end_a_running_one() {
    let server = TestServer::with_responses([created(), not_pending()]).await;
    drop(coral(&server).create_session(&request().deferred()).await.expect("a session"));
    server.wait_for_requests(2).await;
    assert_eq!(server.request_lines()[1], "POST /api/v1/local/session/default/s1");
    assert_eq!(body(&server, 1), json!({"ttl": 1}));
}

#[tokio::test]
async fn a_session_is_known_before_it_starts() {
    let server = TestServer::with_responses([created(), ok()]).await;
    let request = request().ttl(Duration::from_secs(5));
    let (sender, receiver) = std::sync::mpsc::channel();
    let session = coral(&server)
        .create_session_with(&request, move |session| sender.send(session.id().to_owned()).expect("a receiver"))
        .await
        .expect("a session");
    assert_eq!(receiver.recv().as_deref(), Ok(session.id()));
    assert_eq!(server.request_lines(), ["POST /api/v1/local/session", "POST /api/v1/local/session/default/s1"]);
    assert_eq!(body(&server, 0)["execution"], json!({"mode": "defer"}));
    assert_eq!(body(&server, 1), json!({"ttl": 5_000}));
}

#[tokio::test]
async fn invalid_settings_are_reported_before_a_session_is_created() {
    let server = TestServer::with_responses([]).await;
    let request = request().ttl(Duration::ZERO);
    let error = coral(&server).create_session_with(&request, |_| ()).await.expect_err("an invalid time to live");
    assert_eq!(error.stage(), FailureStage::InvalidRequest);
    assert!(error.to_string().contains("ttl: 0ns is out of range"), "{error}");
    assert_eq!(server.request_lines(), [""; 0]);
}

/// The application may have kept a clone of the session.
#[tokio::test]
async fn a_session_that_cannot_be_started_is_closed() {
    let failed = TestResponse::json(500, r#"{"message": "An operation is not implemented."}"#);
    let server = TestServer::with_responses([created(), failed, not_launched(), ok()]).await;
    let (sender, kept) = std::sync::mpsc::channel();
    let error = coral(&server)
        .create_session_with(&request(), move |session| sender.send(session.clone()).expect("a receiver"))
        .await
        .expect_err("an error");
    assert_eq!(error.server_message(), Some("An operation is not implemented."));
    server.wait_for_requests(4).await;
    let path = "/api/v1/local/session/default/s1";
    assert_eq!(server.request_lines()[2..], [format!("DELETE {path}"), format!("POST {path}")]);
    assert_eq!(body(&server, 3), json!({"ttl": 1}));
    drop(kept);
}

#[tokio::test]
async fn a_session_is_closed_if_the_application_panics_before_it_starts() {
    let server = TestServer::with_responses([created(), not_launched(), ok()]).await;
    let coral = coral(&server);
    let panicking = tokio::spawn(async move { coral.create_session_with(&request(), |_| panic!("a bug")).await });
    assert!(panicking.await.expect_err("a panic").is_panic());
    server.wait_for_requests(3).await;
    assert_eq!(body(&server, 2), json!({"ttl": 1}));
}

/// Between the two requests to end it, the session was executed.
#[tokio::test]
async fn closing_a_session_that_is_executed_at_the_same_time_ends_it() {
    let server = TestServer::with_responses([not_launched(), not_pending(), ok()]).await;
    coral(&server).session("default", "s1").close().await.expect("closed");
    let path = "/api/v1/local/session/default/s1";
    assert_eq!(server.request_lines(), [format!("DELETE {path}"), format!("POST {path}"), format!("DELETE {path}")]);
}

#[tokio::test]
async fn a_server_without_deferred_sessions_is_an_error() {
    let server = TestServer::with_responses([]).await;
    let coral = coral(&server).dialect(Dialect::Nested);
    let error = coral.create_session_with(&request(), |_| ()).await.expect_err("no deferred sessions");
    assert_eq!(error.stage(), FailureStage::InvalidRequest);
}
