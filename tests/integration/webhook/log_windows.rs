//! The log of rejected requests that were not verified: anybody can cause many of them, so each second has one line.

use std::time::Duration;

use axum::body::Body;
use http::Request;
use tokio::time::sleep;
use tower::ServiceExt;

use super::log_capture::{captured_lines, start_capture};
use super::{app, secret};

#[tokio::test(start_paused = true)]
async fn rejections_of_one_second_are_one_line_with_the_first_path() {
    start_capture();
    let app = app(secret());
    let reject = async |path: &str| {
        let unsigned = Request::post(path).body(Body::empty()).expect("a request");
        assert_eq!(app.clone().oneshot(unsigned).await.expect("a response").status(), 401);
    };
    for path in ["/echo/s/a", "/echo/s/b", "/echo/s/c", "/echo/s/d"] {
        reject(path).await;
    }
    sleep(Duration::from_millis(1_100)).await;
    reject("/echo/s/e").await;
    // A second without a rejection ends the aggregation.
    sleep(Duration::from_millis(2_100)).await;
    reject("/echo/s/f").await;
    let lines = captured_lines();
    let aggregated = lines.iter().filter(|line| line.contains("rejected requests that were not verified"));
    let field = |line: &str, name: &str| {
        let value = line.split(&format!(" {name}=")).nth(1).unwrap_or_default();
        value.split(' ').next().unwrap_or_default().to_owned()
    };
    let aggregated: Vec<_> = aggregated.map(|line| (field(line, "count"), field(line, "url.path"))).collect();
    let expected = [("1", "\"/echo/s/a\""), ("3", "\"/echo/s/b\""), ("1", "\"/echo/s/e\""), ("1", "\"/echo/s/f\"")];
    assert_eq!(aggregated, expected.map(|(count, path)| (count.to_owned(), path.to_owned())), "{lines:?}");
}
