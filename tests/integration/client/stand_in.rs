//! The client against the stand-in. They share no code, only the wire format.

use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};
use coral_tools::client::{EventStreamItem, FailureStage, LogFilter, ManagerFilter};
use coral_tools::registry::RegistrySource;
use coral_tools::session::{NewNamespace, RuntimeSettings};
use coral_tools::state::{ManagerEventKind, SessionState};
use coral_tools::webhook::session_end;
use coral_tools::{
    Agent, CallContext, Coral, Dialect, Runtime, SessionEndReport, SessionRequest, State, Toolset, coral_tool, toolset,
};
use futures_util::{StreamExt, TryStreamExt};
use http::StatusCode;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::timeout;

/// Longer than any of these tests takes.
const LONG: Duration = Duration::from_secs(20);
const EACH: [EmulatedVersion; 3] = [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1, EmulatedVersion::Cloud];

fn client(coral: &CoralStandIn) -> Coral {
    Coral::server(coral.url(), coral.key()).poll_interval(Duration::from_millis(50))
}

async fn started(version: EmulatedVersion) -> CoralStandIn {
    CoralStandIn::builder().emulates(version).start().await.expect("a stand-in")
}

fn puppet(name: &str) -> Agent {
    Agent::local("puppet", "1.0.0", Runtime::Function).named(name)
}

fn two_puppets() -> SessionRequest {
    SessionRequest::in_namespace("a namespace")
        .agent(puppet("user"))
        .agent(puppet("writer"))
        .group(["user", "writer"])
        .hold_after_exit(LONG)
}

/// Uses a session as an application does, without regard to the server version.
async fn run_application(coral: &Coral) -> SessionState {
    let session = coral.create_session(&two_puppets()).await.expect("a session");
    session.wait_until_connected(LONG).await.expect("connected");

    let user = session.puppet("user");
    let thread = user.create_thread("Q4 report", ["writer"]).await.expect("a thread");
    user.send_message(&thread.id, "How far are you?", ["writer"]).await.expect("sent");
    session.puppet("writer").send_message(&thread.id, "Done.", ["user"]).await.expect("sent");

    let listed = coral.sessions().await.expect("a list");
    let listed = listed.iter().find(|namespace| namespace.name == "a namespace").expect("the namespace");
    assert_eq!(listed.sessions.as_deref().unwrap_or_default()[0].id, session.id());
    assert_eq!(coral.sessions_in("a namespace").await.expect("a list").len(), 1);
    assert_eq!(coral.session_states_in("a namespace").await.expect("states")[0].threads().len(), 1);

    let received = session.messages().take(2).map_ok(|new| new.message.text().into_owned());
    let received: Vec<_> = timeout(LONG, received.try_collect()).await.expect("in time").expect("messages");
    assert_eq!(received, ["How far are you?", "Done."]);
    session.close().await.expect("closed");
    session.wait_until_ended(LONG).await.expect("the end").expect("a state")
}

#[tokio::test]
async fn an_application_runs_on_every_server_version() {
    for version in EACH {
        let stand_in = started(version).await;
        let coral = client(&stand_in);
        // The future must be `Send`.
        let state = tokio::spawn(async move { run_application(&coral).await }).await.expect("no panic");
        assert!(state.is_closing(), "{version:?}");
        assert_eq!(state.namespace, "a namespace", "{version:?}");
        assert!(state.agent("writer").is_some_and(|writer| writer.links == ["user"]), "{version:?}");
        assert_eq!(state.threads()[0].name, "Q4 report", "{version:?}");
    }
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

/// Reports the weather.
#[coral_tool]
async fn report(
    /// The report.
    text: String,
    #[context] call: CallContext,
    #[context] State(reports): State<UnboundedSender<String>>,
) -> bool {
    reports.send(format!("{} {}: {text}", call.session_id(), call.agent_name().unwrap_or_default())).is_ok()
}

async fn application(stand_in: &CoralStandIn) -> (Toolset<UnboundedSender<String>>, String, UnboundedReceiver<String>) {
    let (reports, received) = mpsc::unbounded_channel();
    let tools: Toolset<UnboundedSender<String>> = toolset![report];
    let ended =
        session_end(stand_in.webhook_secret(), async |report: SessionEndReport, reports: UnboundedSender<String>| {
            let threads = report.session.threads().len();
            let _closed = reports.send(format!("{} ended with {threads} threads", report.session.id));
            Ok(())
        });
    let router = tools.webhooks(stand_in.custom_tool_secret()).merge(ended);
    let app: Router = Router::new().nest("/coral", router).with_state(reports);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("http://{}/coral", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (tools, base_url, received)
}

#[tokio::test]
async fn a_tool_is_called_and_the_end_of_the_session_is_reported() {
    for version in EACH {
        let stand_in = started(version).await;
        let (tools, base_url, mut received) = application(&stand_in).await;
        let agent = Agent::local("tool", "1.0.0", Runtime::Function)
            .option("TOOL_NAME", "report")
            .option("TOOL_INPUT", r#"{"text": "sunny"}"#)
            .can_call::<report>();
        let request = SessionRequest::in_namespace("default")
            .agent(agent)
            .tools(&tools, base_url.as_str())
            .extended_end_report(true)
            .session_end_webhook();
        let session = client(&stand_in).create_session(&request).await.expect("a session");
        let mut next = async || timeout(LONG, received.recv()).await.expect("in time").expect("the application");
        assert_eq!(next().await, format!("{} tool: sunny", session.id()), "{version:?}");
        assert_eq!(next().await, format!("{} ended with 0 threads", session.id()), "{version:?}");
    }
}

#[tokio::test]
async fn a_deferred_session_starts_when_it_is_executed() {
    for version in EACH {
        let stand_in = started(version).await;
        let coral = client(&stand_in);
        let request = SessionRequest::in_namespace("default").agent(puppet("user")).deferred();
        let session = coral.create_session(&request).await.expect("a session");
        assert!(!session.state().await.expect("a state").all_agents_connected(), "{version:?}");
        let settings = RuntimeSettings::new().ttl(Duration::from_secs(60));
        session.execute(&settings).await.expect("executed");
        session.wait_until_connected(LONG).await.expect("connected");
        let again = session.execute(&settings).await.expect_err("a running session");
        assert_eq!(
            (again.status(), again.server_message()),
            (Some(StatusCode::BAD_REQUEST), Some("Session is not pending execution"))
        );
        session.close().await.expect("closed");
        let last = session.wait_until_ended(LONG).await.expect("the end");
        assert!(last.is_none_or(|state| state.is_closing()), "{version:?}");
    }
}

#[tokio::test]
async fn a_stopped_agent_can_be_killed_and_one_that_was_never_launched_cannot() {
    let stand_in = started(EmulatedVersion::Server1_2).await;
    let coral = client(&stand_in);
    let session = coral.create_session(&two_puppets()).await.expect("a session");
    session.puppet("user").kill().await.expect("stopped");
    session.puppet("user").kill().await.expect("it has stopped already");
    session.close().await.expect("closed");

    let session = coral.create_session(&SessionRequest::in_namespace("default").agent(puppet("user")).deferred()).await;
    let error = session.expect("a session").puppet("user").kill().await.expect_err("an agent that was never launched");
    assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST));
}

#[tokio::test]
async fn an_unknown_agent_type_is_distinguished() {
    for version in EACH {
        let stand_in = started(version).await;
        let unknown = Agent::local("predictor", "1.0.0", Runtime::Docker);
        let request = SessionRequest::in_namespace("default").agent(unknown);
        let error = client(&stand_in).create_session(&request).await.expect_err("an unknown type");
        assert!(error.is_unknown_agent(), "{version:?}: {error}");
    }
}

/// The base URL is given once, with the tools.
#[tokio::test]
async fn a_deferred_session_reports_its_end_below_the_base_url_of_its_tools() {
    let stand_in = started(EmulatedVersion::Server1_2).await;
    let (tools, base_url, mut received) = application(&stand_in).await;
    let tools = tools.custom_tools(base_url).expect("valid tools");
    let settings = RuntimeSettings::new().ttl(Duration::from_millis(1)).session_end_webhook(tools.base_url());
    let request = SessionRequest::in_namespace("default").agent(puppet("user")).custom_tools(tools);
    let coral = client(&stand_in);
    let executed = coral.create_session(&request.clone().deferred()).await.expect("a session");
    executed.execute(&settings).await.expect("executed");
    let request = request.ttl(Duration::from_millis(1)).session_end_webhook();
    let created = coral.create_session_with(&request, |_| ()).await.expect("a session");
    let mut ended = [(); 2].map(|()| String::new());
    for end in &mut ended {
        *end = timeout(LONG, received.recv()).await.expect("in time").expect("the application");
    }
    ended.sort();
    let mut expected = [&executed, &created].map(|session| format!("{} ended with 0 threads", session.id()));
    expected.sort();
    assert_eq!(ended, expected);
}

#[tokio::test]
async fn namespaces_are_created_listed_and_deleted() {
    for version in [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1] {
        let stand_in = started(version).await;
        let coral = client(&stand_in);
        coral.create_namespace(NewNamespace::new("kept one").kept().annotation("tier", "gold")).await.expect("created");
        let twice = coral.create_namespace("kept one").await.expect_err("an existing namespace");
        assert_eq!(twice.server_message(), Some(r#"A namespace with name "kept one" already exists"#));
        let listed = coral.namespaces().await.expect("a list");
        assert_eq!(listed[0].annotations["tier"], "gold");
        let session = SessionRequest::in_existing_namespace("kept one").agent(puppet("user"));
        let session = coral.create_session(&session).await.expect("a session");
        coral.delete_namespace("kept one").await.expect("deleted");
        assert!(session.state().await.expect_err("a removed session").is_not_found());
        let missing = SessionRequest::in_existing_namespace("kept one").agent(puppet("user"));
        let error = coral.create_session(&missing).await.expect_err("a missing namespace");
        assert!(error.is_not_found(), "{error}");
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
    let stand_in = started(EmulatedVersion::Server1_2).await;
    let coral = client(&stand_in);
    let mut events = coral.manager_events(&ManagerFilter::new().namespace("default"));
    assert_eq!(events.try_next().await.expect("connected"), Some(EventStreamItem::MayHaveMissed));
    let request = SessionRequest::in_namespace("default").agent(puppet("user"));
    let session = coral.create_session(&request).await.expect("a session");
    let first = timeout(LONG, events.try_next()).await.expect("in time").expect("an event");
    let Some(EventStreamItem::Event(event)) = first else { panic!("{first:?}") };
    assert!(matches!(event.kind, ManagerEventKind::NamespaceCreated { .. }), "{event:?}");

    session.close().await.expect("closed");
    let (tools, base_url, _received) = application(&stand_in).await;
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
