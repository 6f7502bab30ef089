//! The log as `tracing_subscriber::fmt` prints it, for an on-call engineer. The snapshots are in `coral-tools/docs/operations.md`, too.

use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use coral_tools::testing::{CoralCaller, SessionEndCaller};
use coral_tools::{Secret, SessionEndReport, State, ToolError, Toolset, WebhookConfig, coral_tool, toolset};
use futures_util::stream;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request};
use tower::ServiceExt;
use tracing::Level;

use super::{BASE, app, coral, secret};

type TestResult = Result<(), Box<dyn Error>>;

/// The bytes that a subscriber has written.
#[derive(Clone, Default)]
struct LogBuffer(Arc<Mutex<Vec<u8>>>);

impl LogBuffer {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl io::Write for LogBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns what is logged at a level while `scenario` runs on this thread.
async fn log_of(level: Level, scenario: impl Future<Output = TestResult>) -> Result<String, Box<dyn Error>> {
    let buffer = LogBuffer::default();
    let writer = buffer.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    scenario.await?;
    Ok(buffer.text())
}

/// Replaces the value of each field that is a duration.
fn without_durations(log: &str) -> String {
    let mut parts = log.split("_ms=");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str("_ms=…");
        text.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.'));
    }
    text
}

/// Books a slot.
#[coral_tool]
fn book_slot() -> Result<(), ToolError> {
    Err(ToolError::new("the slot is in the past"))
}

/// Reads the price of a product.
#[coral_tool]
fn read_price() -> Result<(), ToolError> {
    Err(io::Error::other("connection to db1 refused"))?
}

/// Panics.
#[coral_tool]
fn divide() -> u8 {
    panic!("attempt to divide by zero")
}

/// Schedules a call.
#[coral_tool]
fn schedule(_at: chrono::NaiveDate, _minutes: u8) {}

/// Never finishes.
#[coral_tool(timeout = "1ms")]
async fn wait_for_payment() {
    std::future::pending::<()>().await;
}

/// Receives a value, or that there will be none.
type Release = Arc<Mutex<mpsc::Receiver<()>>>;

/// Waits until the test releases it.
#[coral_tool(blocking, timeout = "1s")]
fn convert_image(#[context] State(release): State<Release>) {
    let _released = release.lock().unwrap_or_else(PoisonError::into_inner).recv();
}

fn tools() -> Toolset<Release> {
    toolset![book_slot, read_price, divide, schedule, wait_for_payment, convert_image]
}

fn caller() -> CoralCaller {
    coral().in_session("s1").by_agent("writer").in_namespace("shop")
}

/// Calls a tool of a new application.
async fn call(tool: &str, arguments: &str) -> TestResult {
    let (_release_at_end, release) = mpsc::channel();
    let app = tools().webhooks(secret()).with_state(Arc::new(Mutex::new(release)));
    caller().call_in_process(app, &format!("{BASE}/{tool}"), arguments).await?;
    Ok(())
}

async fn failing_tools() -> TestResult {
    call("book_slot", "{}").await?;
    call("read_price", "{}").await?;
    call("divide", "{}").await
}

async fn bad_arguments() -> TestResult {
    call("schedule", r#"{"_at": "2026-02-30", "_minutes": 15}"#).await?;
    call("schedule", r#"{"_at": "2026-02-28", "_minutes": "private", "_minuets": 1}"#).await
}

async fn timeouts() -> TestResult {
    call("wait_for_payment", "{}").await?;
    call("convert_image", "{}").await
}

/// A valid call with one change.
fn changed_call(change: impl FnOnce(&mut Request<Body>)) -> Result<Request<Body>, Box<dyn Error>> {
    let mut request = caller().request(&format!("{BASE}/echo"), ())?.to_http()?;
    change(&mut request);
    Ok(request)
}

async fn send(config: impl Into<WebhookConfig>, change: impl FnOnce(&mut Request<Body>)) -> TestResult {
    app(config).oneshot(changed_call(change)?).await?;
    Ok(())
}

fn set_header(name: &'static str, value: &'static str) -> impl FnOnce(&mut Request<Body>) {
    move |request| drop(request.headers_mut().insert(name, HeaderValue::from_static(value)))
}

fn set_path(path: &'static str) -> impl FnOnce(&mut Request<Body>) {
    move |request| *request.uri_mut() = http::Uri::from_static(path)
}

/// A body of which one chunk arrives, and then nothing.
fn unfinished_body() -> Body {
    use stream::StreamExt;
    Body::from_stream(stream::iter([Ok::<_, Infallible>("{")]).chain(stream::pending()))
}

async fn unverified_rejections() -> TestResult {
    send(secret(), |request| *request.method_mut() = Method::GET).await?;
    send(secret(), |request| drop(request.headers_mut().remove("x-coral-signature"))).await?;
    send(secret(), set_header("x-coral-signature", "sha256=00")).await?;
    send(secret(), set_header("x-coral-signature", "00")).await?;
    send(Secret::new("another"), |_| ()).await?;
    send(WebhookConfig::new(secret()).body_limit(1), |_| ()).await?;
    send(secret(), |request| *request.body_mut() = Body::from_stream(stream::iter([Err::<&str, _>("broken")]))).await?;
    let config = WebhookConfig::new(secret()).body_timeout(Duration::from_millis(1));
    send(config, |request| *request.body_mut() = unfinished_body()).await
}

async fn verified_rejections() -> TestResult {
    send(secret(), set_path("/ecko/s1/writer")).await?;
    send(secret(), set_path("/echo/s1/reader")).await?;
    send(secret(), set_path("/echo/s2/writer")).await?;
    send(secret(), |request| {
        request.headers_mut().append("x-coral-namespace", HeaderValue::from_static("another"));
    })
    .await?;
    send(secret(), |request| {
        set_path("/echo")(request);
        request.headers_mut().remove("x-coral-sessionid");
    })
    .await?;
    send(secret(), set_path("/echo/s1/%ff")).await?;
    send(secret(), |request| drop(request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"))))
        .await?;
    send(WebhookConfig::new(secret()).concurrency(0), |_| ()).await?;
    let report = serde_json::from_str(include_str!("../state/samples/report_base.json"))?;
    SessionEndCaller::new(secret()).send_in_process(app(secret()), &format!("{BASE}/session-end"), &report).await?;
    Ok(())
}

async fn session_ends() -> TestResult {
    let report = serde_json::from_str(include_str!("../state/samples/report_base.json"))?;
    for succeeds in [false, true] {
        let handler = async move |_: SessionEndReport, (): ()| match succeeds {
            true => Ok(()),
            false => Err(ToolError::internal("the disk is full")),
        };
        let app: Router = coral_tools::webhook::session_end(secret(), handler).with_state(());
        // The second delivery is an event only if the first one failed.
        for _ in 0..2 {
            let (caller, app) = (SessionEndCaller::new(secret()), app.clone());
            caller.send_in_process(app, &format!("{BASE}/session-end"), &report).await?;
        }
    }
    Ok(())
}

async fn full_log(level: Level) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    for (title, log) in [
        ("failing tools", log_of(level, failing_tools()).await?),
        ("bad arguments", log_of(level, bad_arguments()).await?),
        ("timeouts", log_of(level, timeouts()).await?),
        ("rejections before verification", log_of(level, unverified_rejections()).await?),
        ("rejections after verification", log_of(level, verified_rejections()).await?),
        ("ends of sessions", log_of(level, session_ends()).await?),
    ] {
        text.push_str(&format!("# {title}\n{}\n", without_durations(&log)));
    }
    Ok(text)
}

// In real time, so that a thread begins to run the blocking function before its deadline.
#[tokio::test]
async fn the_log_at_warn() -> TestResult {
    insta::assert_snapshot!(full_log(Level::WARN).await?);
    Ok(())
}

#[tokio::test]
async fn the_log_at_info() -> TestResult {
    insta::assert_snapshot!(full_log(Level::INFO).await?);
    Ok(())
}

fn unsigned_call() -> Result<Request<Body>, Box<dyn Error>> {
    changed_call(|request| drop(request.headers_mut().remove("x-coral-signature")))
}

/// The values of a field, in the order of the lines.
fn counts(log: &str) -> Vec<u64> {
    let count = |line: &str| line.split_once(" count=")?.1.split(' ').next()?.parse().ok();
    log.lines().filter_map(count).collect()
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_unsigned_requests_is_one_line_per_second() -> TestResult {
    let flood = async {
        let app = app(secret());
        for requests in [1_000, 999, 998] {
            for _ in 0..requests {
                app.clone().oneshot(unsigned_call()?).await?;
            }
            tokio::time::sleep(Duration::from_millis(1100)).await;
        }
        tokio::time::sleep(Duration::from_secs(3)).await;
        app.oneshot(unsigned_call()?).await?;
        Ok(())
    };
    let log = log_of(Level::INFO, flood).await?;
    assert_eq!(counts(&log), [1, 999, 999, 998, 1], "after a second without requests, one is logged at once");
    assert_eq!(log.lines().count(), 5, "{log}");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn reasons_are_counted_separately() -> TestResult {
    let flood = async {
        let app = app(secret());
        for _ in 0..3 {
            app.clone().oneshot(unsigned_call()?).await?;
            let malformed = changed_call(set_header("x-coral-signature", "00"))?;
            app.clone().oneshot(malformed).await?;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        Ok(())
    };
    let mut counts = counts(&log_of(Level::INFO, flood).await?);
    counts.sort_unstable();
    assert_eq!(counts, [1, 1, 2, 2]);
    Ok(())
}
