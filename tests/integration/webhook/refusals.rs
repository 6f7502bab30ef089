//! What is not a call, and what the caller's transport is told about it: a number.

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

use super::{BASE, app, coral, doorman, secret, tools};

type Tested = Result<(), Box<dyn Error>>;

/// A call that would be answered with 200, changed a little.
fn spoiled(spoil: impl FnOnce(&mut Request<Body>)) -> Result<Request<Body>, Box<dyn Error>> {
    let mut request = coral().request(&format!("{BASE}/echo"), ())?.to_http()?;
    spoil(&mut request);
    Ok(request)
}

/// The status of a refusal, which has no body.
async fn refusal(app: Router, request: Request<Body>) -> Result<u16, Box<dyn Error>> {
    let response = app.oneshot(request).await?;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await?.to_bytes();
    assert!(body.is_empty(), "{status}: {body:?}");
    Ok(status)
}

/// A signed call of another path, with nothing in its headers about who calls.
fn call_of(path: &'static str) -> Result<Request<Body>, Box<dyn Error>> {
    spoiled(|request| {
        *request.uri_mut() = http::Uri::from_static(path);
        request.headers_mut().remove("x-coral-sessionid");
        request.headers_mut().remove("x-coral-agentname");
    })
}

#[tokio::test]
async fn unknown_paths_are_404() -> Tested {
    for path in ["/", "/nothing/sid/a", "/ECHO/sid/a", "/_coral/verification"] {
        assert_eq!(refusal(app(secret()), call_of(path)?).await?, 404, "{path}");
    }
    assert_eq!(app(secret()).oneshot(call_of("/echo/sid/a")?).await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn a_stranger_cannot_ask_which_tools_there_are() -> Tested {
    for path in ["/nothing/sid/a", "/echo/sid/a"] {
        let mut forged = call_of(path)?;
        forged.headers_mut().remove("x-coral-signature");
        assert_eq!(refusal(app(secret()), forged).await?, 401, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn only_posts_are_calls() -> Tested {
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let request = spoiled(|request| *request.method_mut() = method.clone())?;
        let response = app(secret()).oneshot(request).await?;
        assert_eq!((response.status().as_u16(), &response.headers()[ALLOW]), (405, &HeaderValue::from_static("POST")));
        assert!(response.into_body().collect().await?.to_bytes().is_empty(), "{method}");
    }
    Ok(())
}

#[tokio::test]
async fn bodies_have_a_limit() -> Tested {
    let config = || WebhookConfig::new(secret()).body_limit(40);
    let call = |text: &str| coral().request(&format!("{BASE}/echo"), format!(r#"{{"text": "{text}"}}"#));
    let fits = call(&"x".repeat(22))?;
    assert_eq!(fits.body().len(), 40);
    assert_eq!(app(config()).oneshot(fits.to_http()?).await?.status(), 200);

    let announced = call(&"x".repeat(23))?.to_http()?;
    assert_eq!(refusal(app(config()), announced).await?, 413);

    let chunk = Ok::<_, Infallible>(bytes(&"x".repeat(41)));
    let streamed = spoiled(|request| *request.body_mut() = Body::from_stream(stream::iter([chunk])))?;
    assert_eq!(refusal(app(config()), streamed).await?, 413);
    Ok(())
}

fn bytes(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

#[tokio::test]
async fn bodies_are_plain_json() -> Tested {
    for (name, value, status) in [
        (CONTENT_TYPE, "text/plain", 415),
        (CONTENT_TYPE, "application/x-www-form-urlencoded", 415),
        (CONTENT_ENCODING, "gzip", 415),
    ] {
        let request = spoiled(|request| {
            request.headers_mut().insert(name, HeaderValue::from_static(value));
        })?;
        assert_eq!(refusal(app(secret()), request).await?, status, "{value}");
    }
    for value in ["application/json; charset=utf-8", "Application/JSON", "application/vnd.api+json"] {
        let request = spoiled(|request| {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(value));
        })?;
        assert_eq!(app(secret()).oneshot(request).await?.status(), 200, "{value}");
    }
    let untyped = spoiled(|request| _ = request.headers_mut().remove(CONTENT_TYPE))?;
    assert_eq!(app(secret()).oneshot(untyped).await?.status(), 200);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_arrive_is_408() -> Tested {
    let never = stream::pending::<Result<Vec<u8>, Infallible>>();
    let request = spoiled(|request| *request.body_mut() = Body::from_stream(never))?;
    assert_eq!(refusal(app(secret()), request).await?, 408);
    Ok(())
}

/// A call whose body never comes, and what tells that somebody waits for it.
fn endless(signature: Option<&'static str>) -> Result<(Request<Body>, Arc<Notify>), Box<dyn Error>> {
    let awaited = Arc::new(Notify::new());
    let told = Arc::clone(&awaited);
    let never = stream::poll_fn(move |_| {
        told.notify_one();
        Poll::<Option<Result<Vec<u8>, Infallible>>>::Pending
    });
    let request = spoiled(|request| {
        *request.body_mut() = Body::from_stream(never);
        request.headers_mut().remove("x-coral-signature");
        if let Some(signature) = signature {
            request.headers_mut().insert("x-coral-signature", HeaderValue::from_static(signature));
        }
    })?;
    Ok((request, awaited))
}

#[tokio::test(start_paused = true)]
async fn a_stranger_is_refused_before_the_body_is_there() -> Tested {
    for signature in [None, Some("sha256=00"), Some("00")] {
        assert_eq!(refusal(app(secret()), endless(signature)?.0).await?, 401, "{signature:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_stranger_takes_no_room_from_calls() -> Tested {
    const FORGED: &str = "0000000000000000000000000000000000000000000000000000000000000000";
    let app = app(WebhookConfig::new(secret()).concurrency(1));
    let (slow, awaited) = endless(Some(FORGED))?;
    let held = tokio::spawn(app.clone().oneshot(slow));
    awaited.notified().await;

    assert_eq!(app.clone().oneshot(spoiled(|_| {})?).await?.status(), 200);
    assert_eq!(refusal(app.clone(), endless(Some(FORGED))?.0).await?, 503, "no second slow one");

    held.abort();
    assert!(held.await.is_err_and(|error| error.is_cancelled()));
    Ok(())
}

#[tokio::test]
async fn a_body_that_breaks_off_is_400() -> Tested {
    let broken = stream::iter([Ok(bytes("{")), Err(std::io::Error::other("reset"))]);
    let request = spoiled(|request| *request.body_mut() = Body::from_stream(broken))?;
    assert_eq!(refusal(app(secret()), request).await?, 400);
    Ok(())
}

#[tokio::test]
async fn path_and_headers_must_agree() -> Tested {
    for name in ["x-coral-sessionid", "x-coral-agentname"] {
        let request = spoiled(|request| {
            request.headers_mut().insert(name, HeaderValue::from_static("somebody-else"));
        })?;
        assert_eq!(refusal(app(secret()), request).await?, 400, "{name}");
    }
    Ok(())
}

/// As in the Coral Cloud API guide.
#[tokio::test]
async fn an_unknown_session_is_400() {
    let answer = Harness::new(&tools(), doorman().0).call(("stranger", ())).await;
    assert_eq!(answer.status(), Some(400));
    assert_eq!(answer.text(), r#"{"success":false,"error":"Invalid session"}"#);
    assert_eq!(answer.agent_view().text, "Error code 400 returned");
}

#[tokio::test]
async fn coral_cloud_may_ask_for_the_applications_id() -> Tested {
    let asked = || Request::get("/_coral/verification").body(Body::empty());
    let config = WebhookConfig::new(secret()).application_id("app-42");
    let at_the_root: Router = coral_tools::webhook::verification("app-42");
    for app in [app(config), at_the_root.nest("/coral", app(secret()))] {
        let response = app.oneshot(asked()?).await?;
        assert_eq!(response.status(), 200);
        assert_eq!(response.into_body().collect().await?.to_bytes(), "app-42");
    }
    Ok(())
}
