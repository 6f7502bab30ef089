//! The session-end webhook.

use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};
use coral_tools::serde_json::{Value, json};
use coral_tools::webhook::session_end;
use coral_tools::{Secret, SessionEndReport, ToolError};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::application::{Application, application};
use crate::client::{TIMEOUT, create, delete};
use crate::socket::listen_to_all;
use crate::{debug_agent, exiting_agent, puppet, request_with, u32_option};

async fn start() -> CoralStandIn {
    let secret = Secret::new("report-secret");
    CoralStandIn::builder().webhook_secret(secret).start().await.expect("started")
}

fn settings(app: &Application, extended: bool) -> Value {
    let url = format!("{}/coral/end?t=1", app.url);
    json!({"extendedEndReport": extended, "webhooks": {"sessionEnd": {"url": url}}})
}

#[tokio::test]
async fn a_report_is_sent_once_and_signed() {
    let (coral, mut app) = (start().await, application("").await);
    let mut events = listen_to_all(&coral).await;
    let (_, id) = create(&coral, &request_with(json!([exiting_agent()]), settings(&app, false))).await;
    let call = app.next().await;
    assert_eq!(call.path, "/coral/end");
    assert!(call.is_signed_in("X-Coral-Signature", "report-secret"));
    assert!(call.headers.get("X-Coral-SessionId").is_none(), "reports have no session header");
    let report = call.json();
    assert_eq!(report["sessionState"]["type"], "base");
    assert_eq!(report["sessionState"]["state"]["id"], json!(id));
    assert_eq!(report["sessionState"]["state"]["status"]["type"], "closing");
    assert_eq!(report["agentStats"][0]["registryIdentifier"]["name"], "seed");
    assert!(String::from_utf8_lossy(&call.body).starts_with("{\n    \"timestamp\": \""));
    events.until("session_closed").await;
    assert!(app.is_idle());
}

#[tokio::test]
async fn an_extended_report_contains_threads_and_annotations() {
    let (coral, mut app) = (start().await, application("").await);
    let mut agent = debug_agent("seed", json!({"SEED_MESSAGE_COUNT": u32_option(1)}));
    agent["annotations"] = json!({"of": "agent"});
    let mut request = request_with(json!([agent]), settings(&app, true));
    request["annotations"] = json!({"of": "session"});
    request["namespaceProvider"]["namespaceRequest"]["annotations"] = json!({"of": "namespace"});
    create(&coral, &request).await;
    let report = app.next().await.json();
    let state = &report["sessionState"]["state"];
    assert_eq!(report["sessionState"]["type"], "extended");
    assert_eq!(state["threads"].as_array().map(Vec::len), Some(1));
    assert_eq!(state["threads"][0]["messages"].as_array().map(Vec::len), Some(1));
    assert_eq!(state["base"]["annotations"], json!({"of": "session"}));
    assert_eq!(report["namespaceState"]["annotations"], json!({"of": "namespace"}));
    assert_eq!(report["agentStats"][0]["annotations"], json!({"of": "agent"}));
}

#[tokio::test]
async fn a_report_is_sent_for_every_kind_of_end() {
    let (coral, mut app) = (start().await, application("").await);
    for cause in ["session", "namespace", "ttl"] {
        let mut settings = settings(&app, false);
        if cause == "ttl" {
            settings["ttl"] = json!(1);
        }
        let (_, id) = create(&coral, &request_with(json!([puppet("a")]), settings)).await;
        match cause {
            "session" => assert_eq!(delete(&coral, &format!("/api/v1/local/session/default/{id}")).await.status, 200),
            "namespace" => assert_eq!(delete(&coral, "/api/v1/local/namespace/default").await.status, 200),
            _ => {}
        }
        assert_eq!(app.next().await.json()["sessionState"]["state"]["id"], json!(id), "{cause}");
    }
}

#[tokio::test]
async fn the_session_end_handler_accepts_the_reports_of_every_version() {
    for version in [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1, EmulatedVersion::Cloud] {
        let coral = crate::start_version(version).await;
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let handler = move |report: SessionEndReport, (): ()| {
            let sender = sender.clone();
            async move {
                sender.send(report.session.id).expect("the test receives");
                Ok::<(), ToolError>(())
            }
        };
        let app = session_end(coral.webhook_secret(), handler);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/end/session-end", listener.local_addr().expect("an address"));
        let app = axum::Router::new().nest("/end", app);
        tokio::spawn(async move { axum::serve(listener, app).await });
        let settings = json!({"extendedEndReport": true, "webhooks": {"sessionEnd": {"url": url}}});
        let (_, id) = create(&coral, &request_with(json!([exiting_agent()]), settings)).await;
        assert_eq!(timeout(TIMEOUT, receiver.recv()).await.expect("no timeout"), Some(id), "{version}");
    }
}
