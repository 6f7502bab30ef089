//! The log of rejected requests that were not verified: anybody can cause many of them, so each second has one line.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use tokio::time::sleep;
use tower::ServiceExt;

use super::log_capture::{captured_lines, start_capture};
use super::{app, secret};

/// Sends an unsigned request.
async fn reject(app: &Router, path: &str) {
    let unsigned = Request::post(path).body(Body::empty()).expect("a request");
    assert_eq!(app.clone().oneshot(unsigned).await.expect("a response").status(), 401);
}

/// The counts and paths of the captured lines.
fn aggregated() -> Vec<(String, String)> {
    let lines = captured_lines();
    let aggregated = lines.iter().filter(|line| line.contains("rejected requests that were not verified"));
    let field = |line: &str, name: &str| {
        let value = line.split(&format!(" {name}=")).nth(1).unwrap_or_default();
        value.split(' ').next().unwrap_or_default().trim_matches('"').to_owned()
    };
    aggregated.map(|line| (field(line, "count"), field(line, "url.path"))).collect()
}

fn expected<const N: usize>(lines: [(u32, &str); N]) -> Vec<(String, String)> {
    lines.map(|(count, path)| (count.to_string(), path.to_owned())).into()
}

#[tokio::test(start_paused = true)]
async fn rejections_of_one_second_are_one_line_with_the_first_path() {
    start_capture();
    let app = app(secret());
    for path in ["/echo/s/a", "/echo/s/b", "/echo/s/c", "/echo/s/d"] {
        reject(&app, path).await;
    }
    sleep(Duration::from_millis(1_100)).await;
    reject(&app, "/echo/s/e").await;
    // A second without a rejection ends the aggregation.
    sleep(Duration::from_millis(2_100)).await;
    reject(&app, "/echo/s/f").await;
    let lines = [(1, "/echo/s/a"), (3, "/echo/s/b"), (1, "/echo/s/e"), (1, "/echo/s/f")];
    assert_eq!(aggregated(), expected(lines));
}

#[test]
fn rejections_before_the_end_of_the_runtime_are_logged() {
    start_capture();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let app = app(secret());
        for path in ["/echo/s/a", "/echo/s/b", "/echo/s/c"] {
            reject(&app, path).await;
        }
    });
    drop(runtime);
    assert_eq!(aggregated(), expected([(1, "/echo/s/a"), (2, "/echo/s/b")]));
}
