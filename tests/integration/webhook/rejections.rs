//! Requests that are rejected with a status and without a body.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;
use std::task::Poll;

use axum::Router;
use axum::body::Body;
use coral_tools::WebhookConfig;
use coral_tools::testing::Harness;
use futures_util::stream;
use http::header::{ALLOW, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};
use http_body_util::BodyExt;
use tokio::sync::Notify;
use tower::ServiceExt;

use super::{BASE, app, app_state, coral, secret, tools};

type TestResult = Result<(), Box<dyn Error>>;

/// A valid call with one change.
fn changed_call(change: impl FnOnce(&mut Request<Body>)) -> Result<Request<Body>, Box<dyn Error>> {
    let mut request = coral().request(&format!("{BASE}/echo"), ())?.to_http()?;
    change(&mut request);
    Ok(request)
}

/// The status of a rejection, which has no body.
async fn rejection_status(app: Router, request: Request<Body>) -> Result<u16, Box<dyn Error>> {
    let response = app.oneshot(request).await?;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await?.to_bytes();
    assert!(body.is_empty(), "{status}: {body:?}");
    Ok(status)
}

/// A signed call of another path, without the session and the agent in its headers.
fn call_to(path: &'static str) -> Result<Request<Body>, Box<dyn Error>> {
    changed_call(|request| {
        *request.uri_mut() = http::Uri::from_static(path);
        request.headers_mut().remove("x-coral-sessionid");
        request.headers_mut().remove("x-coral-agentname");
    })
}

#[tokio::test]
async fn unknown_paths_are_404() -> TestResult {
    for path in ["/", "/nothing/sid/a", "/ECHO/sid/a", "/_coral/verification"] {
        assert_eq!(rejection_status(app(secret()), call_to(path)?).await?, 404, "{path}");
    }
    assert_eq!(app(secret()).oneshot(call_to("/echo/sid/a")?).await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn unsigned_requests_do_not_reveal_which_tools_exist() -> TestResult {
    for path in ["/nothing/sid/a", "/echo/sid/a"] {
        let mut unsigned = call_to(path)?;
        unsigned.headers_mut().remove("x-coral-signature");
        assert_eq!(rejection_status(app(secret()), unsigned).await?, 401, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn methods_other_than_post_are_405() -> TestResult {
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let request = changed_call(|request| *request.method_mut() = method.clone())?;
        let response = app(secret()).oneshot(request).await?;
        assert_eq!((response.status().as_u16(), &response.headers()[ALLOW]), (405, &HeaderValue::from_static("POST")));
        assert!(response.into_body().collect().await?.to_bytes().is_empty(), "{method}");
    }
    Ok(())
}

#[tokio::test]
async fn bodies_over_the_size_limit_are_413() -> TestResult {
    let config = || WebhookConfig::new(secret()).body_limit(40);
    let call = |text: &str| coral().request(&format!("{BASE}/echo"), format!(r#"{{"text": "{text}"}}"#));
    let fits = call(&"x".repeat(22))?;
    assert_eq!(fits.body().len(), 40);
    assert_eq!(app(config()).oneshot(fits.to_http()?).await?.status(), 200);

    let announced = call(&"x".repeat(23))?.to_http()?;
    assert_eq!(rejection_status(app(config()), announced).await?, 413);

    let chunk = Ok::<_, Infallible>(bytes(&"x".repeat(41)));
    let streamed = changed_call(|request| *request.body_mut() = Body::from_stream(stream::iter([chunk])))?;
    assert_eq!(rejection_status(app(config()), streamed).await?, 413);
    Ok(())
}

#[tokio::test]
async fn a_body_in_pieces_is_read_as_a_whole() -> TestResult {
    let call = coral().request(&format!("{BASE}/echo"), r#"{"text": "in pieces"}"#)?;
    let (body, length) = (call.body(), call.body().len());
    for size in 1..=length {
        for (limit, status) in [(length, 200), (length - 1, 413)] {
            let pieces = body.as_bytes().chunks(size).chain([&b""[..]]);
            let pieces: Vec<_> = pieces.map(|piece| Ok::<_, Infallible>(piece.to_vec())).collect();
            let request = call.to_http()?.map(|_| Body::from_stream(stream::iter(pieces)));
            let response = app(WebhookConfig::new(secret()).body_limit(limit)).oneshot(request).await?;
            assert_eq!(response.status(), status, "pieces of {size} bytes");
            let result = response.into_body().collect().await?.to_bytes();
            assert_eq!(&result[..], if status == 200 { &br#"{"result":"in pieces"}"#[..] } else { b"" });
        }
    }
    Ok(())
}

#[tokio::test]
async fn bodies_of_calls_have_at_most_256_kib_by_default() -> TestResult {
    let call =
        |length: usize| coral().request(&format!("{BASE}/echo"), format!(r#"{{"text": "{}"}}"#, "x".repeat(length)));
    let fits = call(256 * 1024 - 18)?;
    assert_eq!(fits.body().len(), 256 * 1024);
    assert_eq!(app(secret()).oneshot(fits.to_http()?).await?.status(), 200);
    assert_eq!(rejection_status(app(secret()), call(256 * 1024 - 17)?.to_http()?).await?, 413);
    Ok(())
}

fn bytes(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

#[tokio::test]
async fn bodies_other_than_plain_json_are_415() -> TestResult {
    for (name, value, status) in [
        (CONTENT_TYPE, "text/plain", 415),
        (CONTENT_TYPE, "application/x-www-form-urlencoded", 415),
        (CONTENT_ENCODING, "gzip", 415),
    ] {
        let request = changed_call(|request| {
            request.headers_mut().insert(name, HeaderValue::from_static(value));
        })?;
        assert_eq!(rejection_status(app(secret()), request).await?, status, "{value}");
    }
    for value in ["application/json; charset=utf-8", "Application/JSON", "application/vnd.api+json"] {
        let request = changed_call(|request| {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(value));
        })?;
        assert_eq!(app(secret()).oneshot(request).await?.status(), 200, "{value}");
    }
    let untyped = changed_call(|request| _ = request.headers_mut().remove(CONTENT_TYPE))?;
    assert_eq!(app(secret()).oneshot(untyped).await?.status(), 200);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_arrive_is_408() -> TestResult {
    let never = stream::pending::<Result<Vec<u8>, Infallible>>();
    let request = changed_call(|request| *request.body_mut() = Body::from_stream(never))?;
    assert_eq!(rejection_status(app(secret()), request).await?, 408);
    Ok(())
}

/// A call whose body never arrives, and a notification when the server reads the body.
fn call_with_pending_body(signature: Option<&'static str>) -> Result<(Request<Body>, Arc<Notify>), Box<dyn Error>> {
    let body_read = Arc::new(Notify::new());
    let notifier = Arc::clone(&body_read);
    let never = stream::poll_fn(move |_| {
        notifier.notify_one();
        Poll::<Option<Result<Vec<u8>, Infallible>>>::Pending
    });
    let request = changed_call(|request| {
        *request.body_mut() = Body::from_stream(never);
        request.headers_mut().remove("x-coral-signature");
        if let Some(signature) = signature {
            request.headers_mut().insert("x-coral-signature", HeaderValue::from_static(signature));
        }
    })?;
    Ok((request, body_read))
}

#[tokio::test(start_paused = true)]
async fn unsigned_requests_are_rejected_before_the_body_arrives() -> TestResult {
    for signature in [None, Some("sha256=00"), Some("00")] {
        assert_eq!(rejection_status(app(secret()), call_with_pending_body(signature)?.0).await?, 401, "{signature:?}");
    }
    Ok(())
}

#[tokio::test]
async fn unverified_requests_do_not_use_the_concurrency_limit() -> TestResult {
    const FORGED: &str = "0000000000000000000000000000000000000000000000000000000000000000";
    let app = app(WebhookConfig::new(secret()).concurrency(1));
    let (slow, body_read) = call_with_pending_body(Some(FORGED))?;
    let pending = tokio::spawn(app.clone().oneshot(slow));
    body_read.notified().await;

    assert_eq!(app.clone().oneshot(changed_call(|_| {})?).await?.status(), 200);

    pending.abort();
    assert!(pending.await.is_err_and(|error| error.is_cancelled()));
    Ok(())
}

#[tokio::test]
async fn an_incomplete_body_is_400() -> TestResult {
    let broken = stream::iter([Ok(bytes("{")), Err(std::io::Error::other("reset"))]);
    let request = changed_call(|request| *request.body_mut() = Body::from_stream(broken))?;
    assert_eq!(rejection_status(app(secret()), request).await?, 400);
    Ok(())
}

#[tokio::test]
async fn contradicting_path_and_headers_are_400() -> TestResult {
    for name in ["x-coral-sessionid", "x-coral-agentname"] {
        let request = changed_call(|request| {
            request.headers_mut().insert(name, HeaderValue::from_static("another"));
        })?;
        assert_eq!(rejection_status(app(secret()), request).await?, 400, "{name}");
    }
    Ok(())
}

/// As in the Coral Cloud API guide.
#[tokio::test]
async fn an_unknown_session_is_400() {
    let answer = Harness::new(&tools(), app_state().0).call(("unknown_session", ())).await;
    assert_eq!(answer.status(), Some(400));
    assert_eq!(answer.text(), r#"{"success":false,"error":"Invalid session"}"#);
    assert_eq!(answer.agent_view().text, "Error code 400 returned");
}

#[tokio::test]
async fn the_application_id_is_returned_for_verification() -> TestResult {
    let request = || Request::get("/_coral/verification").body(Body::empty());
    let config = WebhookConfig::new(secret()).application_id("app-42");
    let root_router: Router = coral_tools::webhook::verification("app-42");
    for app in [app(config), root_router.nest("/coral", app(secret()))] {
        let response = app.oneshot(request()?).await?;
        assert_eq!(response.status(), 200);
        assert_eq!(response.into_body().collect().await?.to_bytes(), "app-42");
    }
    Ok(())
}

#[tokio::test]
async fn two_signature_headers_are_rejected() -> TestResult {
    let mut request = coral().request(&format!("{BASE}/echo"), ())?.to_http()?;
    let signature: HeaderValue = request.headers()["x-coral-signature"].clone();
    request.headers_mut().append("x-coral-signature", signature);
    assert_eq!(app(secret()).oneshot(request).await?.status(), 401);
    Ok(())
}

#[tokio::test]
async fn session_ids_that_are_not_uuids_can_be_rejected() -> TestResult {
    let call = |session: &str| -> Result<Request<Body>, Box<dyn Error>> {
        let mut request = coral().request(&format!("{BASE}/echo"), ())?.to_http()?;
        *request.uri_mut() = format!("/echo/{session}/agent").parse()?;
        request.headers_mut().remove("x-coral-sessionid");
        request.headers_mut().remove("x-coral-agentname");
        Ok(request)
    };
    let uuid = "0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11";
    let only_uuids = || app(WebhookConfig::new(secret()).uuid_session_ids());
    assert_eq!(only_uuids().oneshot(call(uuid)?).await?.status(), 200);
    assert_eq!(only_uuids().oneshot(call("..%2f..%2fetc")?).await?.status(), 400);
    assert_eq!(app(secret()).oneshot(call("..%2f..%2fetc")?).await?.status(), 200);
    assert_eq!(app(secret()).oneshot(call("a%0Ab")?).await?.status(), 400);
    assert_eq!(app(secret()).oneshot(call(&"a".repeat(257))?).await?.status(), 400);
    Ok(())
}
