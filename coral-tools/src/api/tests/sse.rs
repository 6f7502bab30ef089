use std::cell::RefCell;
use std::time::Duration;

use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use super::super::error::ClientError;
use super::super::outage_tolerance::OutageTolerance;
use super::super::path::RequestPath;
use super::super::sse::{ReconnectingSseItem, ReconnectingSseStream, SseEvent};
use super::super::transport::{HttpRequest, Transport};
use super::error_responses::{api_key, assert_key_is_hidden, responses_with_key};
use super::{TestResponse, TestServer};

const SECOND: Duration = Duration::from_secs(1);

fn stream() -> ReconnectingSseStream {
    ReconnectingSseStream::new(20 * SECOND, OutageTolerance::new(20 * SECOND))
}

fn request() -> HttpRequest {
    HttpRequest::get("streaming", RequestPath::new("sse"))
}

/// Returns the first event.
async fn first_event(server: &TestServer) -> Result<SseEvent, ClientError> {
    let (mut stream, transport) = (stream(), server.transport());
    let first = async {
        loop {
            if let ReconnectingSseItem::Event(event) = stream.next(&transport, request).await? {
                return Ok(event);
            }
        }
    };
    timeout(30 * SECOND, first).await.expect("an event or an error")
}

/// Follows a stream, with the last event id as its cursor, over five connections. Returns the times between them.
async fn connection_intervals(server: &TestServer) -> [Duration; 4] {
    let (mut stream, transport, cursor) = (stream(), server.transport(), RefCell::new("e0".to_owned()));
    let follow = async {
        while server.requests().len() < 5 {
            let request = || request().with_header("last-event-id", cursor.borrow().as_str());
            let item = stream.next(&transport, request).await.expect("no error");
            if let ReconnectingSseItem::Event(SseEvent { id: Some(id), .. }) = item {
                cursor.replace(id);
            }
        }
    };
    timeout(1000 * SECOND, follow).await.expect("five connections");
    server.intervals()[..4].try_into().expect("four intervals")
}

#[tokio::test]
async fn an_event_is_read() {
    let body = ": heartbeat\r\n\r\nid: 1\r\ndata: {\r\ndata: }\r\n\r\n";
    let server = TestServer::with_response(TestResponse::stream(body)).await;
    let event = first_event(&server).await.expect("an event");
    assert_eq!((event.id.as_deref(), event.data.as_deref()), (Some("1"), Some("{\n}")));
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let server = TestServer::with_response(TestResponse::stream("\u{feff}data: 1\n\n")).await;
    assert_eq!(first_event(&server).await.expect("an event").data.as_deref(), Some("1"));
}

#[tokio::test(start_paused = true)]
async fn heartbeats_keep_a_connection_from_being_idle() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("one connection");
        drop(listener);
        let _request = socket.read(&mut [0; 4096]).await;
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
        for text in [head, ": heartbeat\n\n", ": heartbeat\n\n", ": heartbeat\n\n", "data: 1\n\n"] {
            socket.write_all(text.as_bytes()).await.expect("a connection");
            sleep(30 * SECOND).await;
        }
    });
    let transport = Transport::new(&url, "", None);
    let mut stream = ReconnectingSseStream::new(45 * SECOND, OutageTolerance::new(Duration::ZERO));
    assert!(matches!(stream.next(&transport, request).await, Ok(ReconnectingSseItem::Connected)));
    let Ok(ReconnectingSseItem::Event(event)) = stream.next(&transport, request).await else {
        panic!("the stream disconnected")
    };
    assert_eq!(event.data.as_deref(), Some("1"));
}

#[tokio::test]
async fn events_without_data_are_skipped() {
    let body = "retry: 1\n\nid: 1\n\nevent: named\n\ndata: whole\n\n";
    let server = TestServer::with_response(TestResponse::stream(body)).await;
    assert_eq!(first_event(&server).await.expect("an event").data.as_deref(), Some("whole"));
}

#[tokio::test]
async fn malformed_data_is_an_error() {
    let large = [b"data: ".to_vec(), vec![b'x'; 17 << 20]].concat();
    for (body, expected) in [(large, "larger than the `response_limit`"), (b"data: \xff\n\n".to_vec(), "utf8")] {
        let server = TestServer::with_response(TestResponse::stream(body)).await;
        let error = first_event(&server).await.expect_err("malformed data");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn connections_without_new_events_back_off() {
    for body in [
        "",
        "event: connected\ndata: {}\n\n",
        "event: heartbeat\ndata: {}\n\n",
        "data: [DONE]\n\n",
        "event: error\ndata: {}\n\n",
        "id: e0\ndata: received before\n\n",
        "id: e1\ndata: both\n\nid: e0\ndata: received before\n\n",
    ] {
        let intervals = connection_intervals(&TestServer::with_response(TestResponse::stream(body)).await).await;
        for (interval, min) in intervals.iter().zip([100, 200, 400, 800]) {
            assert!(*interval >= Duration::from_millis(min), "{body}: {intervals:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn new_events_reset_the_back_off() {
    let respond = |_: &str, before| TestResponse::stream(format!("id: e{}\ndata: new\n\n", before + 1));
    let intervals = connection_intervals(&TestServer::with_responder(respond).await).await;
    assert!(intervals.iter().all(|interval| *interval < SECOND / 10), "{intervals:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stable_connection_resets_the_back_off() {
    let heartbeat = || TestResponse::stream(": heartbeat\n\n");
    let stable = TestServer::with_response(heartbeat().close_delay(6 * SECOND)).await;
    let intervals = connection_intervals(&stable).await;
    assert!(intervals.iter().all(|interval| *interval < 6 * SECOND + SECOND / 10), "{intervals:?}");
    let unstable = TestServer::with_response(heartbeat().close_delay(4 * SECOND)).await;
    let intervals = connection_intervals(&unstable).await;
    assert!(intervals[3] > 4 * SECOND + SECOND / 2, "{intervals:?}");
}

#[tokio::test(start_paused = true)]
async fn the_retry_field_is_a_capped_lower_bound_of_the_back_off() {
    for (millis, expected) in [("3000", 3 * SECOND), ("99999999", 10 * SECOND)] {
        let respond =
            move |_: &str, before| TestResponse::stream(format!("retry: {millis}\nid: e{before}\ndata: new\n\n"));
        let intervals = connection_intervals(&TestServer::with_responder(respond).await).await;
        let range = expected..expected + SECOND;
        assert!(intervals.iter().all(|interval| range.contains(interval)), "{intervals:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_response_with_a_stalled_body_is_an_error() {
    let stalled = TestResponse::new("400 x\r\nContent-Length: 100", "{").close_delay(10_000 * SECOND);
    let server = TestServer::with_response(stalled).await;
    let error = timeout(100 * SECOND, first_event(&server)).await.expect("in time").expect_err("an error response");
    assert_eq!((error.status(), error.server_message()), (Some(StatusCode::BAD_REQUEST), None));
}

#[tokio::test]
async fn a_key_in_a_response_to_a_stream_is_redacted() {
    for which in 0..responses_with_key("").len() {
        let respond = move |head: &str, _| responses_with_key(&api_key(head))[which].clone();
        let server = TestServer::with_responder(respond).await;
        assert_key_is_hidden(&first_event(&server).await.expect_err("an error response"));
    }
    let respond = |head: &str, _| TestResponse::new(&format!("200 x\r\nContent-Type: text/{}", api_key(head)), "no");
    let error = first_event(&TestServer::with_responder(respond).await).await.expect_err("not a stream");
    assert_key_is_hidden(&error);
    assert!(error.to_string().contains("expected text/event-stream, not text/…"), "{error}");
}
