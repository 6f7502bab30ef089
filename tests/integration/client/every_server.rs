//! The client on every server: a stand-in of each version, or the real server in `CORAL_TEST_URL`, if it has the debug agents.

use std::env;
use std::time::Duration;

use axum::Router;
use coral_stand_in::coral::{CoralStandIn, EmulatedVersion, TestServer};
use coral_tools::session::{NewNamespace, RuntimeSettings};
use coral_tools::state::SessionState;
use coral_tools::webhook::session_end;
use coral_tools::{
    Agent, CallContext, Coral, Runtime, SessionEndReport, SessionRequest, State, Toolset, coral_tool, toolset,
};
use futures_util::{StreamExt, TryStreamExt};
use http::StatusCode;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::timeout;

use super::stand_in::{EACH, LONG, puppet, two_puppets};

/// A stand-in of each version, or only the real server.
async fn servers() -> Vec<TestServer> {
    let versions = if env::var_os("CORAL_TEST_URL").is_some() { &EACH[..1] } else { &EACH };
    let mut servers = Vec::new();
    for version in versions {
        servers.push(TestServer::start(CoralStandIn::builder().emulates(*version)).await.expect("a server"));
    }
    servers
}

fn client(server: &TestServer) -> Coral {
    Coral::server(server.url(), server.key()).poll_interval(Duration::from_millis(50))
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
    // A real server may have sessions of other tests.
    assert!(listed.sessions.iter().flatten().any(|listed| listed.id == session.id()));
    let listed = coral.sessions_in("a namespace").await.expect("a list");
    assert!(listed.iter().any(|listed| listed.id == session.id()));
    let states = coral.session_states_in("a namespace").await.expect("states");
    let state = states.iter().find(|state| state.id == session.id()).expect("the session");
    assert_eq!(state.threads().len(), 1);

    let received = session.messages().take(2).map_ok(|new| new.message.text().into_owned());
    let received: Vec<_> = timeout(LONG, received.try_collect()).await.expect("in time").expect("messages");
    assert_eq!(received, ["How far are you?", "Done."]);
    session.close().await.expect("closed");
    session.wait_until_ended(LONG).await.expect("the end").expect("a state")
}

#[tokio::test]
async fn an_application_runs_on_every_server_version() {
    for server in servers().await {
        let coral = client(&server);
        // The future must be `Send`.
        let state = tokio::spawn(async move { run_application(&coral).await }).await.expect("no panic");
        assert!(state.is_closing(), "{server:?}");
        assert_eq!(state.namespace, "a namespace", "{server:?}");
        assert!(state.agent("writer").is_some_and(|writer| writer.links == ["user"]), "{server:?}");
        assert_eq!(state.threads()[0].name, "Q4 report", "{server:?}");
    }
}

/// Reports the weather.
#[coral_tool]
pub(super) async fn report(
    /// The report.
    text: String,
    #[context] call: CallContext,
    #[context] State(reports): State<UnboundedSender<String>>,
) -> bool {
    reports.send(format!("{} {}: {text}", call.session_id(), call.agent_name().unwrap_or_default())).is_ok()
}

pub(super) async fn application(
    server: &TestServer,
) -> (Toolset<UnboundedSender<String>>, String, UnboundedReceiver<String>) {
    let (reports, received) = mpsc::unbounded_channel();
    let tools: Toolset<UnboundedSender<String>> = toolset![report];
    let ended =
        session_end(server.webhook_secret(), async |report: SessionEndReport, reports: UnboundedSender<String>| {
            let threads = report.session.threads().len();
            let _closed = reports.send(format!("{} ended with {threads} threads", report.session.id));
            Ok(())
        });
    let router = tools.webhooks(server.custom_tool_secret()).merge(ended);
    let app: Router = Router::new().nest("/coral", router).with_state(reports);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("http://{}/coral", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (tools, base_url, received)
}

#[tokio::test]
async fn a_tool_is_called_and_the_end_of_the_session_is_reported() {
    for server in servers().await {
        let (tools, base_url, mut received) = application(&server).await;
        let agent = Agent::local("tool", "1.0.0", Runtime::Function)
            .option("TOOL_NAME", "report")
            .option("TOOL_INPUT", r#"{"text": "sunny"}"#)
            .can_call::<report>();
        let request = SessionRequest::in_namespace("default")
            .agent(agent)
            .tools(&tools, base_url.as_str())
            .extended_end_report(true)
            .session_end_webhook();
        let session = client(&server).create_session(&request).await.expect("a session");
        let mut next = async || timeout(LONG, received.recv()).await.expect("in time").expect("the application");
        assert_eq!(next().await, format!("{} tool: sunny", session.id()), "{server:?}");
        assert_eq!(next().await, format!("{} ended with 0 threads", session.id()), "{server:?}");
    }
}

#[tokio::test]
async fn a_deferred_session_starts_when_it_is_executed() {
    for server in servers().await {
        let coral = client(&server);
        let request = SessionRequest::in_namespace("default").agent(puppet("user")).deferred();
        let session = coral.create_session(&request).await.expect("a session");
        assert!(!session.state().await.expect("a state").all_agents_connected(), "{server:?}");
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
        assert!(last.is_none_or(|state| state.is_closing()), "{server:?}");
    }
}

#[tokio::test]
async fn a_stopped_agent_can_be_killed_and_one_that_was_never_launched_cannot() {
    let server = TestServer::start(CoralStandIn::builder()).await.expect("a server");
    let coral = client(&server);
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
    for server in servers().await {
        let unknown = Agent::local("predictor", "1.0.0", Runtime::Docker);
        let request = SessionRequest::in_namespace("default").agent(unknown);
        let error = client(&server).create_session(&request).await.expect_err("an unknown type");
        assert!(error.is_unknown_agent(), "{server:?}: {error}");
    }
}

/// The base URL is given once, with the tools.
#[tokio::test]
async fn a_deferred_session_reports_its_end_below_the_base_url_of_its_tools() {
    let server = TestServer::start(CoralStandIn::builder()).await.expect("a server");
    let (tools, base_url, mut received) = application(&server).await;
    let tools = tools.custom_tools(base_url).expect("valid tools");
    let settings = RuntimeSettings::new().ttl(Duration::from_millis(1)).session_end_webhook(tools.base_url());
    let request = SessionRequest::in_namespace("default").agent(puppet("user")).custom_tools(tools);
    let coral = client(&server);
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
    for server in servers().await {
        // Coral Cloud has no namespaces to create.
        if server.stand_in().is_some_and(|stand_in| stand_in.emulated_version() == EmulatedVersion::Cloud) {
            continue;
        }
        let coral = client(&server);
        coral.create_namespace(NewNamespace::new("kept one").kept().annotation("tier", "gold")).await.expect("created");
        let twice = coral.create_namespace("kept one").await.expect_err("an existing namespace");
        assert_eq!(twice.server_message(), Some(r#"A namespace with name "kept one" already exists"#));
        let listed = coral.namespaces().await.expect("a list");
        let listed = listed.iter().find(|namespace| namespace.name == "kept one").expect("the namespace");
        assert_eq!(listed.annotations["tier"], "gold");
        let session = SessionRequest::in_existing_namespace("kept one").agent(puppet("user"));
        let session = coral.create_session(&session).await.expect("a session");
        coral.delete_namespace("kept one").await.expect("deleted");
        assert!(session.state().await.expect_err("a removed session").is_not_found());
        let missing = SessionRequest::in_existing_namespace("kept one").agent(puppet("user"));
        let error = coral.create_session(&missing).await.expect_err("a missing namespace");
        assert!(error.is_not_found(), "{error}");
    }
}
