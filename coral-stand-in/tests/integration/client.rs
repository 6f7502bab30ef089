//! A minimal HTTP client: one connection per request.

use std::time::Duration;

use coral_stand_in::coral::CoralStandIn;
use coral_tools::serde_json::{self, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than any operation of the tests takes.
pub(super) const TIMEOUT: Duration = Duration::from_secs(20);

#[derive(Debug, Clone)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) text: String,
}

impl Response {
    #[track_caller]
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    pub(super) fn message(&self) -> Option<String> {
        let body: Value = serde_json::from_str(&self.text).ok()?;
        Some(body["message"].as_str()?.to_owned())
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

pub(super) async fn get(coral: &CoralStandIn, path: &str) -> Response {
    send(coral, "GET", path, &[], None).await
}

/// Repeats a request until `condition` is true for the body.
pub(super) async fn get_until(coral: &CoralStandIn, path: &str, condition: impl Fn(&Value) -> bool) -> Value {
    let polling = async {
        loop {
            let body = get(coral, path).await.json();
            if condition(&body) {
                return body;
            }
        }
    };
    timeout(TIMEOUT, polling).await.expect("no timeout")
}

pub(super) async fn post(coral: &CoralStandIn, path: &str, body: &Value) -> Response {
    post_text(coral, path, &body.to_string()).await
}

pub(super) async fn post_text(coral: &CoralStandIn, path: &str, body: &str) -> Response {
    send(coral, "POST", path, &[("Content-Type", "application/json")], Some(body)).await
}

pub(super) async fn delete(coral: &CoralStandIn, path: &str) -> Response {
    send(coral, "DELETE", path, &[], None).await
}

pub(super) async fn delete_with(coral: &CoralStandIn, path: &str, body: &Value) -> Response {
    send(coral, "DELETE", path, &[("Content-Type", "application/json")], Some(&body.to_string())).await
}

/// Creates a session and returns its namespace and its id.
#[track_caller]
pub(super) fn create<'a>(coral: &'a CoralStandIn, request: &Value) -> impl Future<Output = (String, String)> + use<'a> {
    let request = request.clone();
    async move {
        let response = post(coral, "/api/v1/local/session", &request).await;
        assert_eq!(response.status, 200, "{response:?}");
        let body = response.json();
        let field = |name: &str| body[name].as_str().expect("text").to_owned();
        (field("namespace"), field("sessionId"))
    }
}

/// Sends a request, with the key unless `headers` contain `Authorization`, `Cookie` or `No-Key`.
pub(super) async fn send(
    coral: &CoralStandIn,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Response {
    let mut all = headers.to_vec();
    let bearer = format!("Bearer {}", coral.key());
    if !headers.iter().any(|(name, _)| matches!(*name, "Authorization" | "Cookie" | "No-Key")) {
        all.push(("Authorization", &bearer));
    }
    timeout(TIMEOUT, exchange(coral, method, path, &all, body)).await.expect("no timeout")
}

async fn exchange(
    coral: &CoralStandIn,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Response {
    let host = coral.url().trim_start_matches("http://");
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let body = body.unwrap_or_default();
    head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    let mut stream = TcpStream::connect(host).await.expect("a connection");
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream.write_all(body.as_bytes()).await.expect("sent");
    let mut response = String::new();
    stream.read_to_string(&mut response).await.expect("a response");
    let (head, text) = response.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Response { status, head: head.to_owned(), text: text.to_owned() }
}
