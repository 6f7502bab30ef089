//! A client that adds nothing: one connection for each request.

use std::time::Duration;

use coral_stand_in::coral::CoralStandIn;
use coral_tools::serde_json::{self, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than anything here takes.
pub(super) const LIMIT: Duration = Duration::from_secs(20);

#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) text: String,
}

impl Reply {
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

pub(super) async fn get(coral: &CoralStandIn, path: &str) -> Reply {
    send(coral, "GET", path, &[], None).await
}

/// Asks again until it is so.
pub(super) async fn get_until(coral: &CoralStandIn, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let asking = async {
        loop {
            let found = get(coral, path).await.json();
            if is_so(&found) {
                return found;
            }
        }
    };
    timeout(LIMIT, asking).await.expect("in time")
}

pub(super) async fn post(coral: &CoralStandIn, path: &str, body: &Value) -> Reply {
    post_text(coral, path, &body.to_string()).await
}

pub(super) async fn post_text(coral: &CoralStandIn, path: &str, body: &str) -> Reply {
    send(coral, "POST", path, &[("Content-Type", "application/json")], Some(body)).await
}

pub(super) async fn delete(coral: &CoralStandIn, path: &str) -> Reply {
    send(coral, "DELETE", path, &[], None).await
}

pub(super) async fn delete_with(coral: &CoralStandIn, path: &str, body: &Value) -> Reply {
    send(coral, "DELETE", path, &[("Content-Type", "application/json")], Some(&body.to_string())).await
}

/// Creates a session and returns its namespace and its id.
#[track_caller]
pub(super) fn create<'a>(coral: &'a CoralStandIn, request: &Value) -> impl Future<Output = (String, String)> + use<'a> {
    let request = request.clone();
    async move {
        let reply = post(coral, "/api/v1/local/session", &request).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let body = reply.json();
        let field = |name: &str| body[name].as_str().expect("text").to_owned();
        (field("namespace"), field("sessionId"))
    }
}

/// With the key, unless `headers` say otherwise.
pub(super) async fn send(
    coral: &CoralStandIn,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Reply {
    let mut all = headers.to_vec();
    let bearer = format!("Bearer {}", coral.key());
    if !headers.iter().any(|(name, _)| matches!(*name, "Authorization" | "Cookie" | "No-Key")) {
        all.push(("Authorization", &bearer));
    }
    timeout(LIMIT, exchange(coral, method, path, &all, body)).await.expect("in time")
}

async fn exchange(
    coral: &CoralStandIn,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Reply {
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
    Reply { status, head: head.to_owned(), text: text.to_owned() }
}
