//! URLs of tools: their own, those that are logged, and those that a server cannot reach.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::map_request;
use coral_stand_in::coral::CoralStandIn;
use coral_tools::probe::{ProbeFailure, RequestChange};
use coral_tools::{Agent, Coral, Runtime, SessionRequest, Toolset, WebhookConfig, WebhookProbe, coral_tool, toolset};
use http::{HeaderName, HeaderValue};
use tokio::sync::mpsc;
use tower::ServiceExt;

use super::{application, failure, secret, serve, tools};
use crate::webhook::log_capture::{captured_lines, start_capture};

/// A proxy for platforms that cannot route path segments: `/{header names}///{URL}///{header values}`.
fn header_proxy(app: Router) -> Router {
    Router::new().fallback(async move |request: Request| {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let (names, rest) = path.trim_start_matches('/').split_once("///").expect("header names");
        let (url, values) = rest.split_once("///").expect("a URL");
        let target = url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).expect("a path");
        let mut request = Request::post(target).body(Body::new(body)).expect("a request");
        *request.headers_mut() = parts.headers;
        for (name, value) in names.split('/').zip(values.split('/')) {
            let name: HeaderName = name.parse().expect("a name");
            request.headers_mut().insert(name, HeaderValue::from_str(value).expect("a value"));
        }
        app.clone().oneshot(request).await
    })
}

fn proxy_headers(config: impl Into<WebhookConfig>) -> WebhookConfig {
    WebhookConfig::new(config)
        .session_header(HeaderName::from_static("x-sessionid"))
        .agent_header(HeaderName::from_static("x-agentid"))
}

#[tokio::test]
async fn a_tool_with_its_own_url_is_probed_at_it() {
    let proxy = serve(header_proxy(application(proxy_headers(secret())))).await;
    let url = format!("http://{proxy}/X-SessionId/X-AgentId///https://your-app.example/coral/echo///");
    let tools = tools().custom_tools("http://127.0.0.1:9/coral").expect("valid").tool_at("echo", url).expect("valid");
    let report = WebhookProbe::new(secret()).probe(&tools).await;
    let reached: Vec<bool> = report.tools().iter().map(|tool| tool.result().is_ok()).collect();
    assert_eq!(reached, [false, true], "{report}");
}

/// The token of a probe is in the headers then, as are the session and the agent of a call.
#[tokio::test]
async fn a_rejection_behind_such_a_proxy_is_explained() {
    let unsigned = map_request(async |mut request: Request| {
        request.headers_mut().remove("x-coral-signature");
        request
    });
    let proxy = serve(header_proxy(application(proxy_headers(secret())).layer(unsigned))).await;
    let url = format!("http://{proxy}/X-SessionId/X-AgentId///https://your-app.example/coral/echo///");
    let tools = tools().custom_tools("http://127.0.0.1:9/coral").expect("valid").tool_at("echo", url).expect("valid");
    let report = WebhookProbe::new(secret()).probe(&tools).await;
    let failure = report.tools().iter().find_map(|tool| tool.result().err().filter(|_| tool.tool() == "echo"));
    let removed = ProbeFailure::ChangedRequest(RequestChange::HeaderRemoved("x-coral-signature".to_owned()));
    assert_eq!(failure, Some(&removed), "{report}");
}

/// Reports a result.
#[coral_tool]
async fn report(text: String, #[context] coral_tools::State(results): coral_tools::State<mpsc::Sender<String>>) {
    let _sent = results.send(text).await;
}

/// The request side, the stand-in and the webhooks agree about a URL that is sent byte for byte.
#[tokio::test]
async fn a_call_reaches_a_tool_with_its_own_url() {
    let server = CoralStandIn::builder().start().await.expect("a stand-in");
    let (results, mut received) = mpsc::channel(1);
    let reports: Toolset<mpsc::Sender<String>> = toolset![report];
    let config = proxy_headers(server.custom_tool_secret());
    let proxy = serve(header_proxy(reports.webhooks(config).with_state(results))).await;
    let url = format!("http://{proxy}/X-SessionId/X-AgentId///https://your-app.example/report///");
    let custom_tools =
        reports.custom_tools("http://127.0.0.1:9").expect("valid").tool_at("report", url).expect("valid");

    let coral = Coral::server(server.url(), server.key());
    let probe = coral.probe_webhooks(&custom_tools, server.custom_tool_secret()).await;
    assert!(probe.is_ok(), "{probe}");
    let agent = Agent::local("tool", "1.0.0", Runtime::Function)
        .option("TOOL_NAME", "report")
        .option("TOOL_INPUT", r#"{"text": "done"}"#)
        .can_call::<report>();
    let request = SessionRequest::in_namespace("default").agent(agent).custom_tools(custom_tools);
    let _session = coral.create_session(&request).await.expect("a session");
    assert_eq!(received.recv().await.as_deref(), Some("done"));
}

#[test]
fn only_tools_of_the_toolset_have_a_url() {
    let custom_tools = || tools().custom_tools("https://your-app.example").expect("valid");
    let errors = custom_tools().tool_at("ecko", "/echo").expect_err("an unknown tool and a relative URL");
    let messages: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(messages[0].contains("did you mean `echo`?") && messages[1].contains("it is relative"), "{messages:?}");
    // Another base URL does not change it.
    let moved = custom_tools().tool_at("echo", "https://p.example///").expect("valid");
    let moved = moved.at("https://q.example".try_into().expect("a URL")).to_json(coral_tools::Dialect::Server1_2);
    assert_eq!(moved["echo"]["transport"]["url"], "https://p.example///");
    assert_eq!(moved["ping"]["transport"]["url"], "https://q.example/ping");
}

#[tokio::test]
async fn a_local_address_is_a_failure_with_coral_cloud() {
    let host = serve(application(secret())).await;
    let tools = tools().custom_tools(&*format!("http://{host}/coral")).expect("valid tools");
    let report = Coral::cloud("key").probe_webhooks(&tools, secret()).await;
    assert!(matches!(failure(&report), ProbeFailure::UnreachableHost { host, .. } if host == "127.0.0.1"), "{report}");
    let local = Coral::server("http://localhost:5555", "key").probe_webhooks(&tools, secret()).await;
    assert!(local.is_ok(), "{local}");
}

#[test]
fn hosts_that_the_server_cannot_reach_are_warnings() {
    let warnings = |coral: Coral, url: &str| {
        let tools: Toolset = toolset![super::ping];
        let url = coral_tools::BaseUrl::plain_http(url).expect("a URL");
        let agent = Agent::local("writer", "1.0.0", Runtime::Docker).can_call::<super::ping>();
        let request = SessionRequest::in_namespace("default").agent(agent).tools(&tools, url);
        coral.warnings(&request).len()
    };
    let cloud = || Coral::cloud("key");
    let local = || Coral::server("http://127.0.0.1:5555", "key");
    for host in ["localhost:3000", "127.0.0.1", "[::1]", "192.168.0.2", "app", "your-app.example", "a.internal"] {
        assert_eq!(warnings(cloud(), &format!("http://{host}/coral?token=t")), 1, "{host}");
    }
    assert_eq!(warnings(cloud(), "https://app.coral-tools.dev/coral"), 0);
    assert_eq!(warnings(local(), "http://localhost:3000"), 0);
    assert_eq!(warnings(local(), "http://app:3000"), 0);
    assert_eq!(warnings(local(), "https://your-app.example/coral"), 1);
}

#[tokio::test]
async fn a_created_session_logs_the_url_of_each_tool() {
    let server = CoralStandIn::builder().start().await.expect("a stand-in");
    let agent = Agent::local("puppet", "1.0.0", Runtime::Function).can_call::<super::ping>().can_call::<super::echo>();
    let request = SessionRequest::in_namespace("default").agent(agent);
    let request = request.tools(&tools(), "https://your-app.example/coral?claim=hunter2");
    start_capture();
    let session = Coral::server(server.url(), server.key()).create_session(&request).await.expect("a session");
    let lines = captured_lines().join("\n");
    for tool in ["ping", "echo"] {
        let line = format!(
            r#"event INFO message=the server calls the tool at this URL session={:?} tool={tool:?} url="https://your-app.example/coral/{tool}?…""#,
            session.id()
        );
        assert!(lines.contains(&line), "{line}\n{lines}");
    }
    assert!(lines.contains("the server probably cannot reach this URL") && lines.contains("placeholder"), "{lines}");
    assert!(!lines.contains("hunter2"), "{lines}");
}
