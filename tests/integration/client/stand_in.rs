//! The client against the stand-in. They share no code, only the wire format.

use std::time::{Duration, UNIX_EPOCH};

use coral_stand_in::coral::{AgentType, CoralStandIn, EmulatedVersion, ScriptedAgent, TestServer};
use coral_tools::client::{EventStreamItem, FailureStage, LogFilter, ManagerFilter};
use coral_tools::registry::RegistrySource;
use coral_tools::state::{AgentState, ManagerEventKind};
use coral_tools::{Agent, Coral, Dialect, Runtime, SessionRequest};
use futures_util::{StreamExt, TryStreamExt};
use http::StatusCode;
use tokio::time::timeout;

use super::every_server::{application, report};

/// Longer than any of these tests takes.
pub(crate) const LONG: Duration = Duration::from_secs(20);
pub(crate) const EACH: [EmulatedVersion; 3] =
    [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1, EmulatedVersion::Cloud];

fn client(coral: &CoralStandIn) -> Coral {
    Coral::server(coral.url(), coral.key()).poll_interval(Duration::from_millis(50))
}

async fn started(version: EmulatedVersion) -> CoralStandIn {
    CoralStandIn::builder().emulates(version).start().await.expect("a stand-in")
}

pub(crate) fn puppet(name: &str) -> Agent {
    Agent::local("puppet", "1.0.0", Runtime::Function).named(name)
}

pub(crate) fn two_puppets() -> SessionRequest {
    SessionRequest::in_namespace("a namespace")
        .agent(puppet("user"))
        .agent(puppet("writer"))
        .group(["user", "writer"])
        .hold_after_exit(LONG)
}

#[tokio::test]
async fn a_coral_server_cannot_decode_the_dialect_of_the_guide() {
    let stand_in = started(EmulatedVersion::Server1_2).await;
    let error = client(&stand_in)
        .dialect(Dialect::Cloud)
        .create_session(&two_puppets())
        .await
        .expect_err("a dialect that the server cannot decode");
    assert_eq!(error.status(), Some(StatusCode::INTERNAL_SERVER_ERROR));
    assert!(
        error.server_message().is_some_and(|message| message.starts_with("Failed to convert request body")),
        "{error}"
    );
}

#[tokio::test]
async fn messages_are_streamed_despite_disconnects_and_unordered_times() {
    for version in EACH {
        let stand_in = started(version).await;
        let session = client(&stand_in).create_session(&two_puppets()).await.expect("a session");
        session.wait_until_connected(LONG).await.expect("connected");
        let thread = session.puppet("user").create_thread("talk", ["writer"]).await.expect("a thread");
        let insert = |text: &str, at: u64| {
            let at = UNIX_EPOCH + Duration::from_millis(1_746_716_175_000 + at);
            stand_in.insert_message(session.id(), &thread.id, "user", text, at).expect("a thread")
        };
        let mut sent = vec![insert("first", 9), insert("with the same time", 9)];
        let mut messages = session.messages();
        let mut received = Vec::new();
        for (text, at) in [("earlier", 1), ("with the same time again", 9), ("later", 10), ("much earlier", 0)] {
            stand_in.drop_connections();
            sent.push(insert(text, at));
            while received.len() < sent.len() {
                let new = timeout(LONG, messages.try_next()).await.expect("in time").expect("no error");
                received.push(new.expect("no end").message.id);
            }
        }
        session.close().await.expect("closed");
        let rest: Vec<_> = timeout(LONG, messages.collect::<Vec<_>>()).await.expect("an end");
        assert!(rest.is_empty(), "{version:?}: {rest:?}");
        received.sort();
        sent.sort();
        assert_eq!(received, sent, "{version:?}");
    }
}

#[tokio::test]
async fn a_request_is_checked_against_the_registry_before_it_is_sent() {
    for version in EACH {
        let stand_in = started(version).await;
        let coral = client(&stand_in);
        let seed = coral.inspect(&RegistrySource::Local, "seed", "1.0.0").await.expect("a registry agent");
        assert!(seed.options.contains_key("SEED_THREAD_COUNT"), "{version:?}");
        let listed = coral.registry().await.expect("a list");
        assert!(listed.iter().flat_map(|registry| &registry.agents).any(|agent| agent.name == "seed"));

        let invalid = SessionRequest::in_namespace("default")
            .agent(Agent::local("seed", "1.0.0", Runtime::Docker).option("SEED_THREADS", 1_u32))
            .agent(puppet("x").option("Y", 1))
            .agent(Agent::local("missing", "1.0.0", Runtime::Docker));
        let error = coral.check(&invalid).await.expect_err("an invalid request");
        assert_eq!(
            (error.stage(), error.build_errors().map(|errors| errors.iter().count())),
            (FailureStage::InvalidRequest, Some(4))
        );
        assert!(coral.sessions().await.expect("a list").is_empty(), "{version:?}: {error}");

        let valid = Agent::local("seed", "1.0.0", Runtime::Function).option("SEED_THREAD_COUNT", 2_u32);
        coral.check(&SessionRequest::in_namespace("default").agent(valid)).await.expect("a valid request");
    }
}

#[tokio::test]
async fn manager_events_and_logs_are_streamed() {
    let server = TestServer::from(started(EmulatedVersion::Server1_2).await);
    let coral = Coral::server(server.url(), server.key());
    let mut events = coral.manager_events(&ManagerFilter::new().namespace("default"));
    assert_eq!(events.try_next().await.expect("connected"), Some(EventStreamItem::MayHaveMissed));
    let request = SessionRequest::in_namespace("default").agent(puppet("user"));
    let session = coral.create_session(&request).await.expect("a session");
    let first = timeout(LONG, events.try_next()).await.expect("in time").expect("an event");
    let Some(EventStreamItem::Event(event)) = first else { panic!("{first:?}") };
    assert!(matches!(event.kind, ManagerEventKind::NamespaceCreated { .. }), "{event:?}");

    session.close().await.expect("closed");
    let (tools, base_url, _received) = application(&server).await;
    let agent = Agent::local("tool", "1.0.0", Runtime::Function)
        .option("TOOL_NAME", "report")
        .option("TOOL_INPUT", "{}")
        .can_call::<report>();
    let request = SessionRequest::in_namespace("default").agent(agent).tools(&tools, base_url.as_str());
    let session = coral.create_session(&request).await.expect("a session");
    let mut logs = coral.logs(&LogFilter::new().session(session.id()).agent("tool"));
    assert_eq!(logs.try_next().await.expect("connected"), Some(EventStreamItem::MayHaveMissed));
    let first = timeout(LONG, logs.try_next()).await.expect("in time").expect("a line");
    let Some(EventStreamItem::Event(line)) = first else { panic!("{first:?}") };
    assert_eq!(line.session_id(), Some(session.id()));
}

#[tokio::test]
async fn a_wrong_key_is_rejected() {
    let stand_in = started(EmulatedVersion::Server1_2).await;
    let coral = Coral::server(stand_in.url(), "another");
    let error = coral.create_session(&two_puppets()).await.expect_err("a rejected key");
    assert_eq!((error.stage(), error.status()), (FailureStage::KeyRejected, Some(StatusCode::UNAUTHORIZED)));
    let error = coral.session("default", "s1").events().next().await.expect("an item").expect_err("a rejected key");
    assert_eq!(error.stage(), FailureStage::KeyRejected);
}

/// A stubborn agent of the runtime `executable`, before a puppet.
fn stubborn() -> SessionRequest {
    let stubborn = Agent::local("stubborn", "1.0.0", Runtime::Executable);
    SessionRequest::in_namespace("default").agent(stubborn).agent(puppet("last"))
}

#[tokio::test]
async fn closing_names_agents_whose_programs_ignore_sigterm() {
    let agent_type = AgentType::local("stubborn", "1.0.0").ignore_sigterm();
    let stand_in = CoralStandIn::builder().agent(agent_type, |_agent| std::future::pending());
    let stand_in = stand_in.start().await.expect("a stand-in");
    let session = client(&stand_in).create_session(&stubborn()).await.expect("a session");
    session.wait_until_connected(LONG).await.expect("connected");
    let impatient = client(&stand_in).timeout(Duration::from_millis(500));
    let error = impatient.session("default", session.id()).close().await.expect_err("a running agent");
    assert_eq!(error.running_agents(), ["stubborn", "last"], "{error}");
    let error =
        impatient.session("default", session.id()).puppet("stubborn").kill().await.expect_err("a running agent");
    assert_eq!(error.running_agents(), ["stubborn"], "{error}");
}

/// The state does not show whether a stopped agent was connected; the log has the exit code of its program.
#[tokio::test]
async fn a_stopped_agent_counts_as_connected_if_its_program_exited_with_status_0() {
    for (code, is_connected) in [(0, true), (3, false)] {
        let script = move |agent: ScriptedAgent| async move { agent.set_exit_code(code) };
        let stand_in = CoralStandIn::builder().agent(AgentType::local("short", "1.0.0"), script);
        let stand_in = stand_in.start().await.expect("a stand-in");
        let short = Agent::local("short", "1.0.0", Runtime::Executable);
        let request = SessionRequest::in_namespace("default").agent(short).agent(puppet("last"));
        let session = client(&stand_in).create_session(&request).await.expect("a session");
        let mut states = session.states();
        while let Some(state) = timeout(LONG, states.try_next()).await.expect("in time").expect("a state") {
            if state.agent("short").is_some_and(AgentState::has_stopped) {
                break;
            }
        }
        // A client that has received no events of the session.
        let later = client(&stand_in).session("default", session.id());
        let waited = later.wait_until_connected(LONG).await;
        assert_eq!(waited.is_ok(), is_connected, "{code}: {waited:?}");
    }
}
