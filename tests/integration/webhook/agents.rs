//! Who calls, and with what arguments.

use axum::Router;
use coral_tools::WebhookConfig;
use coral_tools::serde_json;
use coral_tools::testing::{CallerError, CoralCaller};
use http::{HeaderName, HeaderValue};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{BASE, Caller, app, call, coral, secret};

const SESSION: &str = "0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11";

fn caller(agent: &str, namespace: Option<&str>) -> Caller {
    Caller { session: SESSION.to_owned(), agent: agent.to_owned(), namespace: namespace.map(str::to_owned) }
}

async fn who(app: Router, url: &str, coral: &CoralCaller) -> Result<Caller, CallerError> {
    let sees = coral.call_in_process(app, url, ()).await?;
    Ok(serde_json::from_str(&sees.text).unwrap_or_else(|_| panic!("{url}: {sees:?}")))
}

#[tokio::test]
async fn agents_may_have_any_name() -> Result<(), CallerError> {
    for agent in ["report-writer", "Zoë 1", "a/b", "/a/", "a+b", "a:b@c", "100%", "..", "?#\"", ""] {
        let coral = coral().in_session(SESSION).by_agent(agent).in_namespace("Große Räume");
        let seen = who(app(secret()), &format!("{BASE}/who"), &coral).await?;
        assert_eq!(seen, caller(agent, Some("Große Räume")));
    }
    Ok(())
}

/// A header cannot hold white space around a name; the call is no less one of that agent.
#[tokio::test]
async fn white_space_around_a_name_does_no_harm() -> Result<(), CallerError> {
    let coral = coral().in_session(SESSION).by_agent(" a\t");
    assert_eq!(who(app(secret()), &format!("{BASE}/who"), &coral).await?, caller("a", Some("default")));
    Ok(())
}

#[tokio::test]
async fn the_url_may_be_written_in_any_way() -> Result<(), CallerError> {
    let nested = || Router::new().nest("/hook", app(secret()));
    for url in [
        "http://h/hook/who",
        "http://h/hook/who/",
        "http://h/hook/who///",
        "http://h/hook//who",
        "/hook/who?k=v&x=1#frag",
    ] {
        let coral = coral().in_session(SESSION).by_agent("a");
        assert_eq!(who(nested(), url, &coral).await?, caller("a", Some("default")), "{url}");
    }
    Ok(())
}

/// The proxy in the Coral Cloud API guide moves the path's last segments into headers.
#[tokio::test]
async fn the_guides_proxy_may_stand_between() -> Result<(), Box<dyn std::error::Error>> {
    let config = WebhookConfig::new(secret())
        .session_header(HeaderName::from_static("x-sessionid"))
        .agent_header(HeaderName::from_static("x-agentid"));
    let mut request = coral().request(&format!("{BASE}/who"), ())?.to_http()?;
    *request.uri_mut() = "/who".parse()?;
    for name in ["x-coral-sessionid", "x-coral-agentname", "x-coral-namespace"] {
        request.headers_mut().remove(name);
    }
    request.headers_mut().insert("X-SessionId", HeaderValue::from_static(SESSION));
    request.headers_mut().insert("X-AgentId", HeaderValue::from_static("my-agent"));
    let body = app(config).oneshot(request).await?.into_body().collect().await?.to_bytes();
    assert_eq!(serde_json::from_slice::<Caller>(&body)?, caller("my-agent", None));
    Ok(())
}

/// Coral sends `null` for no arguments, prints every body over several lines, and numbers in its own way.
#[tokio::test]
async fn arguments_arrive_as_coral_prints_them() -> Result<(), CallerError> {
    for nothing in ["null", "{}", r#"{"text": null}"#] {
        assert_eq!(call("echo", nothing).await?, r#"{"result":"nothing"}"#, "{nothing}");
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
async fn an_agent_can_act_on_bad_arguments() -> Result<(), CallerError> {
    for bad in ["{}", r#"{"number": 1.5}"#, r#"{"number": "many"}"#, r#"{"nubmer": 1}"#] {
        let answer: serde_json::Value = serde_json::from_str(&call("increment", bad).await?).unwrap_or_default();
        assert_eq!(answer["success"], false, "{bad}");
        assert!(answer["details"].to_string().contains("number"), "{answer}");
        assert!(!answer.to_string().contains("many"), "values are not echoed: {answer}");
    }
    Ok(())
}
