//! Calls and the values of their sessions.

use coral_tools::testing::Harness;
use coral_tools::{Coral, Dialect, Secret, Sessions};

use super::early_server::{EarlyServer, request};
use super::{Job, serve_tools, tools};

const DIALECTS: [Dialect; 4] = [Dialect::Cloud, Dialect::Server1_2, Dialect::Server1_1, Dialect::Nested];
const UNKNOWN: &str = "Error code 400 returned";

fn secret() -> Secret {
    Secret::new("the secret of the server")
}

fn sessions(url: &str, dialect: Dialect) -> Sessions<Job> {
    Sessions::new(Coral::server(url, "key").dialect(dialect).retries(0))
}

#[tokio::test]
async fn a_call_that_arrives_before_the_session_was_created_has_its_value() {
    for dialect in DIALECTS {
        let (server, url) = EarlyServer::start(secret()).await;
        let sessions = sessions(&url, dialect);
        let base_url = serve_tools(secret(), &sessions).await;
        let _session = sessions.open(&request(&base_url), Job::new(7)).await.expect("a session");
        let [(_, early)] = &server.calls()[..] else { panic!("{dialect:?}: one call") };
        assert_eq!(early.value::<usize>(), Ok(7), "{dialect:?}: {early:?}");
    }
}

#[tokio::test]
async fn a_call_that_contradicts_its_url_is_of_an_unknown_session() {
    let (server, url) = EarlyServer::start(secret()).await;
    let sessions = sessions(&url, Dialect::Server1_2);
    let base_url = serve_tools(secret(), &sessions).await;
    let session = sessions.open(&request(&base_url), Job::new(7)).await.expect("a session");
    let (tool, _) = server.calls().remove(0);
    let (id, other) = (EarlyServer::session(), "00000000-7df3-4f63-9f0e-1f4d3f0f4a11");
    let without_key = tool.split_once('?').expect("a query").0;
    let repeated = format!("{tool}&{}", tool.split_once('?').expect("a query").1);
    for (session, url, is_known) in [
        (id, &*tool, true),
        (id, without_key, true),
        (other, &*tool, false),
        (other, without_key, false),
        (id, &*format!("{without_key}?coral-tools-session=1"), false),
        (id, &*format!("{without_key}?CORAL-TOOLS-SESSION=6a9a54e1b6a44a6e8d7be1a9b5f0c0de"), false),
        (id, &*repeated, false),
    ] {
        let view = server.call(session, url).await;
        assert_eq!(view.text != UNKNOWN, is_known, "{session} {url}: {view:?}");
    }
    assert_eq!(session.id(), id);
    drop(session);
    assert_eq!(server.call(id, &tool).await.text, UNKNOWN, "forgotten");
}

#[tokio::test]
async fn agents_read_the_message_for_unknown_sessions() {
    let (server, url) = EarlyServer::start(secret()).await;
    let sessions = sessions(&url, Dialect::Server1_2).unknown_session_message("this session is over; stop");
    let base_url = serve_tools(secret(), &sessions).await;
    drop(sessions.open(&request(&base_url), Job::new(7)).await.expect("a session"));
    let (tool, _) = server.calls().remove(0);
    let view = server.call(EarlyServer::session(), &tool).await;
    assert_eq!(view.error().as_deref(), Some("this session is over; stop"));
}

#[tokio::test]
async fn tools_are_tested_without_a_server() {
    let sessions = sessions("http://127.0.0.1:9", Dialect::Server1_2);
    sessions.insert_for_test("session-1", Job::new(1));
    sessions.insert_for_test("session-1", Job::new(2));
    let agents = Harness::new(&tools(), sessions.clone());
    let response = agents.clone().in_session("session-1").call(("job_number", ())).await;
    assert_eq!(response.value::<usize>(), Ok(2));
    assert_eq!(agents.in_session("session-2").call(("job_number", ())).await.status(), Some(400));
    assert_eq!(sessions.get("session-1").map(|job| job.number), Some(2));
}
