//! A client that requests what the page requests.

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use reqwest::{Client, RequestBuilder, Response};
use tokio::time::timeout;

use super::LONG;

pub(super) struct PageClient {
    http: Client,
    url: String,
    cookie: String,
}

impl PageClient {
    /// Requests the page, and keeps its cookie.
    pub(super) async fn open(url: &str) -> Self {
        let http = Client::new();
        let page = http.get(url).send().await.expect("the page");
        let cookie = page.headers()["set-cookie"].to_str().expect("a cookie");
        for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        let cookie = cookie.split(';').next().expect("a value").to_owned();
        Self { http, url: url.to_owned(), cookie }
    }

    pub(super) async fn ask(&self, question: &str) -> u16 {
        let request = self.http.post(format!("{}/ask", self.url)).body(question.to_owned());
        self.send(request).await.status().as_u16()
    }

    pub(super) async fn answers(&self) -> Events {
        self.answers_after("").await
    }

    /// Connects again after the event with this id.
    pub(super) async fn answers_after(&self, last_event_id: &str) -> Events {
        let request = self.http.get(format!("{}/answers", self.url)).header("last-event-id", last_event_id);
        let response = self.send(request).await;
        assert_eq!(response.status(), 200);
        Events { bytes: response.bytes_stream().boxed(), text: String::new() }
    }

    async fn send(&self, request: RequestBuilder) -> Response {
        request.header("cookie", &self.cookie).send().await.expect("a response")
    }
}

/// The events of a lesson.
pub(super) struct Events {
    bytes: BoxStream<'static, reqwest::Result<Bytes>>,
    text: String,
}

impl Events {
    /// Reads until the events contain a string, and returns all of them.
    pub(super) async fn until(&mut self, text: &str) -> &str {
        while !self.text.contains(text) {
            let bytes = timeout(LONG, self.bytes.next()).await.expect("in time").expect("more events");
            self.text.push_str(&String::from_utf8_lossy(&bytes.expect("bytes")));
        }
        &self.text
    }
}
