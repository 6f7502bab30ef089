//! Defaults of a configuration, and errors of one that cannot work.

use axum::body::HttpBody;
use coral_tools::webhook::{RotatingSecrets, WebhookService};
use coral_tools::{Secret, Toolset, WebhookConfig, coral_tool, toolset};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use tower::ServiceExt;

use super::{BASE, SECRET, app, coral, secret};
use crate::toolset::draw;

/// Responds with "pong".
#[coral_tool]
fn ping() -> &'static str {
    "pong"
}

type TestResult = Result<(), Box<dyn std::error::Error>>;

#[test]
fn the_defaults_are_those_of_the_documentation() {
    let config = format!("{:?}", WebhookConfig::new(Secret::new(SECRET)));
    for setting in [
        "signature_header: \"x-coral-signature\"",
        "body_limit: None",
        "timeout: 12s",
        "body_timeout: 3s",
        "min_body_rate: 65536",
        "unverified_bytes: 33554432",
        "concurrency: 512",
        "tool_concurrency: None",
        "blocking_concurrency: None",
        "session_ids: Any",
        "application_id: None",
    ] {
        assert!(config.contains(setting), "{setting}: {config}");
    }
    assert!(config.contains("SignatureVerifier(1 keys)") && !config.contains(SECRET), "{config}");
}

#[tokio::test]
async fn webhooks_of_a_valid_configuration_respond() -> TestResult {
    let tools: Toolset = toolset![ping];
    let router = tools.try_webhooks(secret())?;
    let view = coral().call_in_process(router, &format!("{BASE}/ping"), ()).await?;
    assert_eq!((view.status(), view.text.as_str()), (Some(200), r#"{"result":"pong"}"#));

    let service: WebhookService = tools.try_webhook_service(secret(), ())?;
    let request = coral().request(&format!("{BASE}/ping"), ())?.to_http()?;
    let response = service.handle(request).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.into_body().into_bytes(), &br#"{"result":"pong"}"#[..]);
    Ok(())
}

#[test]
fn a_configuration_that_cannot_work_is_an_error() {
    let valid: Toolset = toolset![ping];
    let error = "webhook secret: all configured secrets are empty";
    assert_eq!(valid.try_webhooks(Secret::new("")).expect_err("no secret").to_string(), error);
    assert_eq!(valid.try_webhook_service(Secret::new(""), ()).expect_err("no secret").to_string(), error);
    assert!(valid.try_webhooks(WebhookConfig::dangerously_unsigned()).is_ok());
    let rotating = RotatingSecrets::new([Secret::new("")]);
    assert!(rotating.replace([Secret::new("")]).is_err());
    assert!(valid.try_webhooks([Secret::new(""), Secret::new("b")]).is_ok());

    let tools: Toolset = toolset![draw];
    let errors = tools.try_webhooks(Secret::new("")).expect_err("a tool and the secret").to_string();
    assert_eq!(errors.lines().count(), 2, "{errors}");
    assert!(tools.try_webhook_service(secret(), ()).is_err());
}

/// Unlike the response to a call, that of a rejection has no body, which a server can know without polling it.
#[tokio::test]
async fn the_end_of_a_response_is_known_before_it_is_read() {
    let tools: Toolset = toolset![ping];
    let service = tools.webhook_service(secret(), ());
    let unsigned = Request::post("/ping/session/agent").body(Full::<&[u8]>::default()).expect("a request");
    let rejected = service.handle(unsigned).await.into_body();
    assert!(rejected.is_end_stream());
    assert_eq!(rejected.size_hint().exact(), Some(0));

    let request = coral().request(&format!("{BASE}/ping"), ()).expect("a call").to_http().expect("a request");
    let body = service.handle(request).await.into_body();
    assert!(!body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(17));
    assert_eq!(body.collect().await.expect("a body").to_bytes().len(), 17);
}

#[tokio::test]
async fn each_rejection_has_the_header_of_its_status() -> TestResult {
    let header = async |config: WebhookConfig, change: fn(&mut Request<axum::body::Body>)| {
        let mut request = coral().request(&format!("{BASE}/echo"), ())?.to_http()?;
        change(&mut request);
        let response = app(config).oneshot(request).await?;
        let header = ["allow", "www-authenticate", "retry-after"].into_iter().find_map(|name| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some(format!("{name}: {value}"))
        });
        Ok::<_, Box<dyn std::error::Error>>((response.status().as_u16(), header))
    };
    let some = |status, header: &str| (status, Some(header.to_owned()));
    let config = || WebhookConfig::new(secret());
    assert_eq!(header(config(), |_| ()).await?, (200, None));
    let get = |request: &mut Request<_>| *request.method_mut() = http::Method::GET;
    assert_eq!(header(config(), get).await?, some(405, "allow: POST"));
    let unsigned = |request: &mut Request<_>| drop(request.headers_mut().remove("x-coral-signature"));
    assert_eq!(header(config(), unsigned).await?, some(401, "www-authenticate: HMAC-SHA256"));
    assert_eq!(header(config().concurrency(0), |_| ()).await?, some(503, "retry-after: 1"));
    assert_eq!(header(config().body_limit(1), |_| ()).await?, (413, None));
    let unknown = |request: &mut Request<_>| *request.uri_mut() = http::Uri::from_static("/nothing/s/a");
    assert_eq!(header(config(), unknown).await?.1, None);
    Ok(())
}

/// The application's id is at one path, for one method.
#[tokio::test]
async fn only_the_request_for_the_id_of_the_application_gets_it() -> TestResult {
    let config = || WebhookConfig::new(secret()).application_id("app-1");
    let send = async |method: http::Method, path: &'static str| {
        let mut request = coral().request(&format!("{BASE}/echo"), ())?.to_http()?;
        (*request.method_mut(), *request.uri_mut()) = (method, http::Uri::from_static(path));
        let response = app(config()).oneshot(request).await?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        Ok::<_, Box<dyn std::error::Error>>((status, String::from_utf8(body.to_vec())?))
    };
    assert_eq!(send(http::Method::GET, "/_coral/verification").await?, (200, "app-1".to_owned()));
    assert_eq!(send(http::Method::GET, "/echo/s/a").await?, (405, String::new()));
    let (status, body) = send(http::Method::POST, "/_coral/verification").await?;
    assert!(status >= 400 && body.is_empty(), "{status}: {body}");
    Ok(())
}
