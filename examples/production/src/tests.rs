//! Tests of tenants, readiness and connections, without a network.

use std::future::pending;
use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::routing::get;
use axum::serve::Listener;
use coral_tools::Secret;
use coral_tools::shutdown::Shutdown;
use coral_tools::testing::Harness;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::time::sleep;
use tower::ServiceExt;

use crate::server::{ConnectionLimits, serve};
use crate::tenant::{Tenant, TenantConfig};
use crate::tools::{Report, submit_report};
use crate::{app, operations};

const HEADER_TIMEOUT: Duration = Duration::from_secs(5);

fn application() -> Router {
    let tenant = |name, secrets| TenantConfig { tenant: Tenant::new(name).expect("a name"), secrets };
    let acme = tenant("acme", vec![Secret::new("new secret of acme"), Secret::new("secret of acme")]);
    let globex = tenant("globex", vec![Secret::new("secret of globex")]);
    app::router(vec![acme, globex]).expect("valid tools")
}

fn report(title: &str) -> submit_report {
    submit_report { title: title.to_owned(), content: "# Done".to_owned() }
}

#[tokio::test]
async fn a_tenant_has_its_own_secret() {
    let app = application();
    let call = async |path: &str, secret: &str| {
        let harness = Harness::from_router(app.clone(), path, Secret::new(secret));
        harness.call(report("Q4")).await.status()
    };
    assert_eq!(call("/acme/coral", "secret of acme").await, Some(200));
    assert_eq!(call("/acme/coral", "new secret of acme").await, Some(200), "while the secret is being replaced");
    assert_eq!(call("/globex/coral", "secret of globex").await, Some(200));
    assert_eq!(call("/globex/coral", "secret of acme").await, Some(401));
    assert_eq!(call("/acme/coral", "secret of globex").await, Some(401));
    assert_eq!(call("/initech/coral", "secret of acme").await, Some(404));
}

#[tokio::test]
async fn a_tenant_sees_only_its_own_reports() {
    let app = application();
    let acme = Harness::from_router(app.clone(), "/acme/coral", Secret::new("secret of acme")).in_session("s1");
    let globex = Harness::from_router(app, "/globex/coral", Secret::new("secret of globex")).in_session("s2");
    // A repeated call is stored once.
    assert!(acme.call(report("Q4")).await.is_success());
    assert!(acme.call(report("Q4")).await.is_success());
    let list = async |harness: &Harness| harness.call(("list_reports", json!({}))).await.value::<Vec<Report>>();
    let stored = Report { session: "s1".into(), title: "Q4".into(), content: "# Done".into() };
    assert_eq!(list(&acme).await, Ok(vec![stored]));
    assert_eq!(list(&globex).await, Ok(vec![]));
}

#[test]
fn names_of_tenants_are_parts_of_urls_and_variables() {
    assert!(Tenant::new("acme2").is_ok());
    for name in ["", "Acme", "ac/me", "ac-me", "{x}"] {
        assert!(Tenant::new(name).is_err(), "{name}");
    }
}

#[tokio::test]
async fn the_process_is_not_ready_once_a_shutdown_is_requested() {
    let shutdown = Shutdown::new();
    let routes = operations::router(shutdown.clone(), PrometheusBuilder::new().build_recorder().handle());
    let get = async |path: &str| {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let response = routes.clone().oneshot(request).await.expect("infallible");
        let status = response.status();
        (status, to_bytes(response.into_body(), 1024).await.expect("a body"))
    };
    assert_eq!(get("/ready").await, (StatusCode::OK, "ready".into()));
    shutdown.request();
    assert_eq!(get("/ready").await, (StatusCode::SERVICE_UNAVAILABLE, "shutting down".into()));
    assert_eq!(get("/health").await, (StatusCode::OK, "healthy".into()));
}

/// Accepts connections in memory, so that paused time advances only when nothing else can happen.
struct MemoryListener(mpsc::Receiver<DuplexStream>);

impl Listener for MemoryListener {
    type Io = DuplexStream;
    type Addr = ();

    async fn accept(&mut self) -> (DuplexStream, ()) {
        match self.0.recv().await {
            Some(connection) => (connection, ()),
            None => pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<()> {
        Ok(())
    }
}

/// Serves a route `/` with a limit of one connection.
fn one_connection() -> mpsc::Sender<DuplexStream> {
    let (connections, accepted) = mpsc::channel(8);
    let app = Router::new().route("/", get(async || "hello"));
    let limits = ConnectionLimits { connections: 1, header_timeout: HEADER_TIMEOUT };
    tokio::spawn(serve(MemoryListener(accepted), app, limits, pending()));
    connections
}

async fn connect(server: &mpsc::Sender<DuplexStream>, request: &str) -> DuplexStream {
    let (mut client, connection) = duplex(1024);
    client.write_all(request.as_bytes()).await.expect("written");
    server.send(connection).await.expect("a server");
    client
}

/// Reads until the server closes the connection.
async fn read(mut client: DuplexStream) -> String {
    let mut received = String::new();
    client.read_to_string(&mut received).await.expect("a response");
    received
}

#[tokio::test(start_paused = true)]
async fn a_connection_waits_until_another_one_is_closed() {
    let server = one_connection();
    let first = connect(&server, "GET / HTTP/1.1\r\nhost: localhost\r\n").await;
    let second = tokio::spawn(read(connect(&server, "GET / HTTP/1.1\r\nconnection: close\r\n\r\n").await));
    sleep(HEADER_TIMEOUT / 2).await;
    assert!(!second.is_finished(), "the first connection is open");
    drop(first);
    assert!(second.await.expect("no panic").ends_with("hello"));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_complete_its_headers_is_disconnected() {
    let server = one_connection();
    let slow = connect(&server, "GET / HTTP/1.1\r\nhost: localhost\r\n").await;
    assert_eq!(read(slow).await, "");
    let next = connect(&server, "GET / HTTP/1.1\r\nconnection: close\r\n\r\n").await;
    assert!(read(next).await.ends_with("hello"));
}
