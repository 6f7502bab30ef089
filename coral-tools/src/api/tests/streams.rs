use std::cell::RefCell;
use std::time::Duration;

use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use super::super::error::ClientError;
use super::super::outage_tolerance::OutageTolerance;
use super::super::path::RequestPath;
use super::super::sse::{SseEvent, SseItem, SseStream};
use super::super::transport::{HttpRequest, Transport};
use super::refusals::{echoes, shows_no_key, token};
use super::{Server, TestResponse};

const SECOND: Duration = Duration::from_secs(1);

fn feed() -> SseStream {
    SseStream::new(20 * SECOND, OutageTolerance::of(20 * SECOND))
}

fn call() -> HttpRequest {
    HttpRequest::get("listening", RequestPath::new("sse"))
}

/// What is told first.
async fn first(server: &Server) -> Result<SseEvent, ClientError> {
    let (mut feed, transport) = (feed(), server.transport());
    let first = async {
        loop {
            if let SseItem::Event(event) = feed.next(&transport, call).await? {
                return Ok(event);
            }
        }
    };
    timeout(30 * SECOND, first).await.expect("an event or an error")
}

/// Follows a stream, from the last id that was told, until it has been opened five times: the pauses between.
async fn follow(server: &Server) -> [Duration; 4] {
    let (mut feed, transport, cursor) = (feed(), server.transport(), RefCell::new("e0".to_owned()));
    let following = async {
        while server.asked().len() < 5 {
            let call = || call().with_header("last-event-id", cursor.borrow().as_str());
            if let SseItem::Event(SseEvent { id: Some(id), .. }) = feed.next(&transport, call).await.expect("no error")
            {
                cursor.replace(id);
            }
        }
    };
    timeout(1000 * SECOND, following).await.expect("an end");
    server.pauses()[..4].try_into().expect("four pauses")
}

#[tokio::test]
async fn an_event_is_read() {
    let server = Server::saying(TestResponse::stream(": heartbeat\r\n\r\nid: 1\r\ndata: {\r\ndata: }\r\n\r\n")).await;
    let event = first(&server).await.expect("an event");
    assert_eq!((event.id.as_deref(), event.data.as_deref()), (Some("1"), Some("{\n}")));
}

/// As of a file that was written with one.
#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_an_event() {
    let server = Server::saying(TestResponse::stream("\u{feff}data: 1\n\n")).await;
    assert_eq!(first(&server).await.expect("an event").data.as_deref(), Some("1"));
}

/// Any byte is a sign of life, though no event comes of it.
#[tokio::test(start_paused = true)]
async fn a_quiet_stream_is_not_left_while_it_gives_signs_of_life() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("one connection");
        drop(listener);
        let _request = socket.read(&mut [0; 4096]).await;
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
        for text in [head, ": heartbeat\n\n", ": heartbeat\n\n", ": heartbeat\n\n", "data: 1\n\n"] {
            socket.write_all(text.as_bytes()).await.expect("somebody listens");
            sleep(30 * SECOND).await;
        }
    });
    let transport = Transport::new(&url, "", None);
    let mut feed = SseStream::new(45 * SECOND, OutageTolerance::of(Duration::ZERO));
    assert!(matches!(feed.next(&transport, call).await, Ok(SseItem::Connected)));
    let Ok(SseItem::Event(event)) = feed.next(&transport, call).await else { panic!("the stream was left") };
    assert_eq!(event.data.as_deref(), Some("1"));
}

#[tokio::test]
async fn blocks_without_data_are_not_told() {
    let server = Server::saying(TestResponse::stream("retry: 1\n\nid: 1\n\nevent: named\n\ndata: whole\n\n")).await;
    assert_eq!(first(&server).await.expect("an event").data.as_deref(), Some("whole"));
}

#[tokio::test]
async fn what_would_be_the_same_again_is_an_error() {
    let large = [b"data: ".to_vec(), vec![b'x'; 17 << 20]].concat();
    for (body, words) in [(large, "larger than 16 MiB"), (b"data: \xff\n\n".to_vec(), "utf8")] {
        let error = first(&Server::saying(TestResponse::stream(body)).await).await.expect_err("no event");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn connections_that_lead_nowhere_are_made_with_growing_pauses() {
    for body in [
        "",
        "event: connected\ndata: {}\n\n",
        "event: heartbeat\ndata: {}\n\n",
        "data: [DONE]\n\n",
        "event: error\ndata: {}\n\n",
        "id: e0\ndata: what was told before\n\n",
        "id: e1\ndata: all that\n\nid: e0\ndata: was told before\n\n",
    ] {
        let pauses = follow(&Server::saying(TestResponse::stream(body)).await).await;
        for (pause, least) in pauses.iter().zip([100, 200, 400, 800]) {
            assert!(*pause >= Duration::from_millis(least), "{body}: {pauses:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_leads_on_is_opened_again_at_once() {
    let server = Server::to(|_, before| TestResponse::stream(format!("id: e{}\ndata: new\n\n", before + 1))).await;
    let pauses = follow(&server).await;
    assert!(pauses.iter().all(|pause| *pause < SECOND / 10), "{pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_lived_is_opened_again_at_once() {
    let server = Server::saying(TestResponse::stream(": heartbeat\n\n").lives(6 * SECOND)).await;
    let pauses = follow(&server).await;
    assert!(pauses.iter().all(|pause| *pause < 6 * SECOND + SECOND / 10), "{pauses:?}");
    let server = Server::saying(TestResponse::stream(": heartbeat\n\n").lives(4 * SECOND)).await;
    let pauses = follow(&server).await;
    assert!(pauses[3] > 4 * SECOND + SECOND / 2, "too short a life: {pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn a_server_says_how_long_it_wants_to_be_left_alone_within_reason() {
    for (millis, expected) in [("3000", 3 * SECOND), ("99999999", 10 * SECOND)] {
        let answer =
            move |_: &str, before| TestResponse::stream(format!("retry: {millis}\nid: e{before}\ndata: new\n\n"));
        let pauses = follow(&Server::to(answer).await).await;
        let about = expected..expected + SECOND;
        assert!(pauses.iter().all(|pause| about.contains(pause)), "{pauses:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_stalls_is_a_refusal() {
    let server = Server::saying(TestResponse::new("400 x\r\nContent-Length: 100", "{").lives(10_000 * SECOND)).await;
    let error = timeout(100 * SECOND, first(&server)).await.expect("an end").expect_err("refused");
    assert_eq!((error.status(), error.server_message()), (Some(StatusCode::BAD_REQUEST), None));
}

#[tokio::test]
async fn a_key_that_the_server_repeats_is_not_shown() {
    for which in 0..echoes("").len() {
        let server = Server::to(move |head, _| echoes(&token(head))[which].clone()).await;
        shows_no_key(&first(&server).await.expect_err("a refusal"));
    }
    let kind = |head: &str, _| TestResponse::new(&format!("200 x\r\nContent-Type: text/{}", token(head)), "no");
    let error = first(&Server::to(kind).await).await.expect_err("no stream");
    shows_no_key(&error);
    assert!(error.to_string().contains("expected text/event-stream, not text/…"), "{error}");
}
