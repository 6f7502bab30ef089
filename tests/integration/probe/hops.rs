//! Hops between the probe and the webhooks that fail or change the request.

use std::future::ready;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::map_request;
use axum::response::{Html, Redirect};
use axum::routing::any;
use coral_tools::probe::{PathProblem, ProbeFailure, ProbeWarning, RequestChange, TlsProblem};
use coral_tools::{Secret, WebhookConfig, WebhookProbe};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{application, failure, probe, probe_router, secret, serve, tools};

/// The application behind a proxy that changes each request.
fn behind_proxy(change: impl Fn(&mut Request) + Clone + Send + Sync + 'static) -> Router {
    application(secret()).layer(map_request(move |mut request: Request| {
        change(&mut request);
        ready(request)
    }))
}

fn without_header(name: &'static str) -> Router {
    behind_proxy(move |request| _ = request.headers_mut().remove(name))
}

#[tokio::test]
async fn a_redirect_is_reported_with_its_target() {
    let redirect = async || Redirect::permanent("https://app.coral-tools.dev/coral/?token=t");
    let report = probe_router(Router::new().fallback(redirect)).await;
    let location = Some("https://app.coral-tools.dev/coral/?…".to_owned());
    assert_eq!(*failure(&report), ProbeFailure::Redirect { status: 308, location });
    assert!(failure(&report).advice().contains("https://app.coral-tools.dev/coral/"));
}

#[tokio::test]
async fn another_application_is_recognized() {
    let page = Router::new().fallback(async || Html("<h1>Welcome</h1>"));
    assert!(matches!(failure(&probe_router(page).await), ProbeFailure::DifferentApplication { .. }));
    let json = Router::new().fallback(async || r#"{"receipt": "{}", "proof": "00"}"#);
    assert!(matches!(failure(&probe_router(json).await), ProbeFailure::DifferentApplication { .. }));
    for status in [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN, StatusCode::BAD_GATEWAY, StatusCode::NO_CONTENT] {
        let other = Router::new().fallback(async move || status);
        assert_eq!(*failure(&probe_router(other).await), ProbeFailure::Status { status: status.as_u16() });
    }
}

#[tokio::test]
async fn a_different_secret_is_a_rejected_signature() {
    let report = probe_router(application(Secret::new("another"))).await;
    assert_eq!(*failure(&report), ProbeFailure::SignatureRejected);
    // Without the signature of a valid token, the webhooks do not explain why.
    let text = report.to_string();
    assert!(text.contains("the application rejects it"), "{text}");
}

#[tokio::test]
async fn any_secret_of_the_webhooks_is_accepted() {
    let report = probe_router(application([Secret::new("next"), secret()])).await;
    assert!(report.is_ok(), "{report}");
}

#[tokio::test]
async fn a_changed_body_is_distinguished_from_a_different_secret() {
    let compact = behind_proxy(|request| {
        *request.body_mut() = Body::from("[\"coral-tools webhook probe\"]");
        request.headers_mut().remove("content-length");
    });
    assert_eq!(*failure(&probe_router(compact).await), ProbeFailure::ChangedRequest(RequestChange::Body));
}

#[tokio::test]
async fn a_removed_or_changed_signature_header_is_named() {
    let removed = failure(&probe_router(without_header("x-coral-signature")).await).clone();
    assert_eq!(removed, ProbeFailure::ChangedRequest(RequestChange::HeaderRemoved("x-coral-signature".to_owned())));
    let changed = behind_proxy(|request| {
        let value = HeaderValue::from_static("00");
        request.headers_mut().insert("x-coral-signature", value);
    });
    let changed = failure(&probe_router(changed).await).clone();
    assert_eq!(changed, ProbeFailure::ChangedRequest(RequestChange::HeaderChanged("x-coral-signature".to_owned())));
}

#[tokio::test]
async fn a_removed_header_that_the_path_also_has_is_a_warning() {
    let report = probe_router(without_header("x-coral-sessionid")).await;
    let warning = ProbeWarning::ChangedHeader(RequestChange::HeaderRemoved("x-coral-sessionid".to_owned()));
    for tool in report.tools() {
        assert_eq!(tool.result().expect("reached").warnings(), std::slice::from_ref(&warning));
    }
    assert!(report.is_ok() && report.to_string().contains("`x-coral-sessionid` is missing"), "{report}");
}

#[tokio::test]
async fn another_signature_header_is_named() {
    let config = WebhookConfig::new(secret()).signature_header(HeaderName::from_static("x-signature"));
    let report = probe_router(application(config)).await;
    let (sent, expected) = ("x-coral-signature".to_owned(), "x-signature".to_owned());
    assert_eq!(*failure(&report), ProbeFailure::SignatureHeader { sent, expected });
}

#[tokio::test]
async fn webhooks_without_verification_are_a_failure() {
    let report = probe_router(application(WebhookConfig::dangerously_unsigned())).await;
    assert_eq!(*failure(&report), ProbeFailure::Unverified);
}

#[tokio::test]
async fn another_method_is_a_rejection_with_its_reason() {
    let get = behind_proxy(|request| *request.method_mut() = Method::GET);
    let reason = "calls are POST requests".to_owned();
    assert_eq!(*failure(&probe_router(get).await), ProbeFailure::Rejected { status: 405, reason });
}

/// A probe takes no permit, so that it can be sent to an application that is busy.
#[tokio::test]
async fn an_overloaded_application_responds_to_probes() {
    let report = probe_router(application(WebhookConfig::new(secret()).concurrency(0))).await;
    assert!(report.is_ok(), "{report}");
}

#[tokio::test]
async fn a_path_that_a_router_cuts_is_reported() {
    let cut = behind_proxy(|request| {
        let path = request.uri().path().replace("/ping/", "/").replace("/echo/", "/");
        *request.uri_mut() = path.parse().expect("a path");
    });
    let received = "/{session}/{agent}".to_owned();
    assert_eq!(*failure(&probe_router(cut).await), ProbeFailure::Path(PathProblem::WithoutTool { received }));
}

/// An application behind a proxy that removes the path of the base URL.
#[tokio::test]
async fn a_path_that_a_proxy_removes_is_found() {
    let app = application(secret());
    let proxy = Router::new().nest_service("/coral", Router::new().fallback_service(app));
    let host = serve(proxy).await;
    let report = probe(&format!("http://{host}/coral")).await;
    assert_eq!(*failure(&report), ProbeFailure::Path(PathProblem::Missing { suffix: "/coral".to_owned() }));
    assert_eq!(report.working_base_url(), Some(&*format!("http://{host}/coral/coral")));
}

#[tokio::test]
async fn the_tower_service_responds_to_probes() {
    let service = tools().webhook_service(secret(), ());
    let report = probe_router(Router::new().nest_service("/coral", service)).await;
    assert!(report.is_ok(), "{report}");
}

#[tokio::test]
async fn a_missing_response_is_reported() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/coral", listener.local_addr().expect("an address"));
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let report = probe(&url).await;
    assert!(matches!(failure(&report), ProbeFailure::NoResponse { .. }), "{report}");

    let silent = Router::new().fallback(any(std::future::pending::<()>));
    let silent = tools().custom_tools(&*format!("http://{}", serve(silent).await)).expect("valid tools");
    let timeout = Duration::from_millis(50);
    let report = WebhookProbe::new(secret()).timeout(timeout).probe(&silent).await;
    assert_eq!(*failure(&report), ProbeFailure::TimedOut { timeout });
}

/// A server that rejects each version of TLS that it is offered.
#[tokio::test]
async fn a_server_without_a_common_version_of_tls_is_reported() {
    /// The record of a fatal alert, `protocol_version` (RFC 5246, 7.2).
    const ALERT: [u8; 7] = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46];
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("https://{}/coral", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut hello = [0; 4096];
            let _read = socket.read(&mut hello).await;
            let _written = socket.write_all(&ALERT).await;
        }
    });
    let report = probe(&url).await;
    assert_eq!(*failure(&report), ProbeFailure::Tls(TlsProblem::Version { offered: None }));
}
