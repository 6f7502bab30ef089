//! The caller and the arguments of a call, as tools receive them.

use axum::Router;
use coral_tools::testing::{CallerError, CoralCaller};
use coral_tools::{SessionId, Toolset, WebhookConfig, coral_tool, serde_json, toolset};
use http::{HeaderName, HeaderValue};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{BASE, Caller, app, call, coral, secret};

const SESSION: &str = "0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11";

fn caller(agent: &str, namespace: Option<&str>) -> Caller {
    Caller { session: SESSION.to_owned(), agent: agent.to_owned(), namespace: namespace.map(str::to_owned) }
}

async fn get_caller(app: Router, url: &str, coral: &CoralCaller) -> Result<Caller, CallerError> {
    let view = coral.call_in_process(app, url, ()).await?;
    Ok(serde_json::from_str(&view.text).unwrap_or_else(|_| panic!("{url}: {view:?}")))
}

#[tokio::test]
async fn agents_may_have_any_name() -> Result<(), CallerError> {
    for agent in ["report-writer", "Zoë 1", "a/b", "/a/", "a+b", "a:b@c", "100%", "..", "?#\"", ""] {
        let coral = coral().in_session(SESSION).by_agent(agent).in_namespace("Große Räume");
        let received = get_caller(app(secret()), &format!("{BASE}/get_caller"), &coral).await?;
        assert_eq!(received, caller(agent, Some("Große Räume")));
    }
    Ok(())
}

/// HTTP removes white space around the value of a header, so the path and the header differ: coral-server 1.2 sends
/// `/…/%20lead` and `X-Coral-AgentName: lead` for an agent named ` lead`.
#[tokio::test]
async fn whitespace_around_an_agent_name_is_kept() -> Result<(), CallerError> {
    for agent in [" lead", "trail ", " a  "] {
        let coral = coral().in_session(SESSION).by_agent(agent);
        let received = get_caller(app(secret()), &format!("{BASE}/get_caller"), &coral).await?;
        assert_eq!(received, caller(agent, Some("default")));
    }
    Ok(())
}

#[tokio::test]
async fn equivalent_urls_reach_the_same_tool() -> Result<(), CallerError> {
    let nested = || Router::new().nest("/hook", app(secret()));
    for url in [
        "http://h/hook/get_caller",
        "http://h/hook/get_caller/",
        "http://h/hook/get_caller///",
        "http://h/hook//get_caller",
        "/hook/get_caller?k=v&x=1#frag",
    ] {
        let coral = coral().in_session(SESSION).by_agent("a");
        assert_eq!(get_caller(nested(), url, &coral).await?, caller("a", Some("default")), "{url}");
    }
    Ok(())
}

/// The proxy in the Coral Cloud API guide moves the last segments of the path into headers.
#[tokio::test]
async fn ids_in_the_headers_of_the_guides_proxy_are_read() -> Result<(), Box<dyn std::error::Error>> {
    let config = WebhookConfig::new(secret())
        .session_header(HeaderName::from_static("x-sessionid"))
        .agent_header(HeaderName::from_static("x-agentid"));
    let mut request = coral().request(&format!("{BASE}/get_caller"), ())?.to_http()?;
    *request.uri_mut() = "/get_caller".parse()?;
    for name in ["x-coral-sessionid", "x-coral-agentname", "x-coral-namespace"] {
        request.headers_mut().remove(name);
    }
    request.headers_mut().insert("X-SessionId", HeaderValue::from_static(SESSION));
    request.headers_mut().insert("X-AgentId", HeaderValue::from_static("my-agent"));
    let body = app(config).oneshot(request).await?.into_body().collect().await?.to_bytes();
    assert_eq!(serde_json::from_slice::<Caller>(&body)?, caller("my-agent", None));
    Ok(())
}

/// Has the name of the path of session-end reports.
#[coral_tool(name = "session-end", args = SessionEndTool)]
fn session_end_tool(#[context] SessionId(session): SessionId) -> String {
    session
}

#[tokio::test]
async fn a_tool_may_have_the_name_of_the_path_of_reports() -> Result<(), Box<dyn std::error::Error>> {
    let tools: Toolset = toolset![SessionEndTool];
    let mut request = coral().in_session(SESSION).request(&format!("{BASE}/session-end"), ())?.to_http()?;
    *request.uri_mut() = "/session-end".parse()?;
    let app: Router = tools.webhooks(secret()).with_state(());
    let body = app.oneshot(request).await?.into_body().collect().await?.to_bytes();
    assert_eq!(body, format!(r#"{{"result":"{SESSION}"}}"#));
    Ok(())
}

/// Halves a number.
#[coral_tool]
fn halve(number: f32, rest: Option<Vec<f32>>) -> f32 {
    number / 2.0 + rest.iter().flatten().sum::<f32>()
}

/// Real servers pass `1e300` on as `1.0E300`.
#[tokio::test]
async fn the_error_for_a_number_beyond_f32_contains_the_range() -> Result<(), CallerError> {
    let tools: Toolset = toolset![halve];
    let app = || tools.webhooks(secret()).with_state(());
    let view = coral().call_in_process(app(), &format!("{BASE}/halve"), r#"{"number": 1.0E300}"#).await?;
    assert_eq!(
        view.text,
        r#"{"success":false,"error":"`number` must be a number between -3.4e38 and 3.4e38","details":[{"path":"number","expected":"a number between -3.4e38 and 3.4e38","found":"number"}]}"#
    );
    let both = r#"{"number": "1", "rest": [-1e39]}"#;
    let view = coral().call_in_process(app(), &format!("{BASE}/halve"), both).await?;
    let json: serde_json::Value = serde_json::from_str(&view.text).expect("JSON");
    assert_eq!(json["details"][0]["expected"], "a number", "another type is not about the range: {json}");
    assert_eq!(json["details"][1]["expected"], "a number between -3.4e38 and 3.4e38", "{json}");
    Ok(())
}

/// Coral sends `null` for no arguments, bodies of several lines, and integers in several notations.
#[tokio::test]
async fn arguments_in_corals_notation_are_read() -> Result<(), CallerError> {
    for none in ["null", "{}", r#"{"text": null}"#] {
        assert_eq!(call("echo", none).await?, r#"{"result":"nothing"}"#, "{none}");
    }
    let text = r#"{"text": "Zo\u00eb ☃ \u0007 \ud83d\ude00\n/"}"#;
    assert_eq!(call("echo", text).await?, r#"{"result":"Zoë ☃ \u0007 😀\n/"}"#);
    for number in ["41", "41.00", "4.1e1"] {
        let arguments = format!(r#"{{"number": {number}}}"#);
        assert_eq!(call("increment", &arguments).await?, r#"{"result":42}"#, "{number}");
    }
    Ok(())
}

#[tokio::test]
async fn errors_of_arguments_name_the_argument_without_its_value() -> Result<(), CallerError> {
    for bad in ["{}", r#"{"number": 1.5}"#, r#"{"number": "many"}"#, r#"{"nubmer": 1}"#] {
        let response: serde_json::Value = serde_json::from_str(&call("increment", bad).await?).unwrap_or_default();
        assert_eq!(response["success"], false, "{bad}");
        assert!(response["details"].to_string().contains("number"), "{response}");
        assert!(!response.to_string().contains("many"), "values are not repeated: {response}");
    }
    Ok(())
}
