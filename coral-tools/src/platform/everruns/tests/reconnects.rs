//! Back-off of streams that bring nothing new.

use std::time::Duration;

use http::StatusCode;

use crate::Everruns;
use crate::api::tests::{TestResponse, TestServer};
use crate::platform::adapter::Platform;
use crate::platform::everruns::adapter::EverrunsAdapter;
use crate::platform::turn::RunError;

/// Follows a session whose first five streams have these bodies. Returns the delays between them, and how often events were
/// listed.
async fn follow(body: impl Fn(usize) -> String + Send + 'static) -> (Vec<Duration>, usize) {
    let streams = std::sync::atomic::AtomicUsize::new(0);
    let server = TestServer::with_responder(move |head, _| match head {
        list if !list.contains("/sse?") => TestResponse::json(200, r#"{"data": []}"#),
        _ => match streams.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            stream @ ..5 => TestResponse::stream(body(stream)),
            _ => TestResponse::json(401, "{}"),
        },
    })
    .await;
    let mut adapter = EverrunsAdapter::new(Everruns::at(&server.url).session("session_1"));
    let followed = tokio::time::timeout(Duration::from_secs(1000), adapter.next_event()).await.expect("a result");
    assert!(matches!(followed, Err(RunError::Client(error)) if error.status() == Some(StatusCode::UNAUTHORIZED)));
    let requests = server.requests();
    let (streams, lists): (Vec<_>, Vec<_>) = requests.into_iter().partition(|request| request.head.contains("/sse?"));
    (streams.windows(2).map(|pair| pair[1].at - pair[0].at).collect(), lists.len())
}

#[tokio::test(start_paused = true)]
async fn a_stream_without_new_events_reconnects_with_backoff() {
    for body in [
        "event: connected\ndata: {\"status\": \"connected\"}\n\n",
        "event: disconnecting\ndata: {\"reason\": \"connection_cycle\"}\n\n",
        "event: disconnecting\ndata: {\"reason\": \"connection_cycle\", \"retry_ms\": 0}\n\n",
        "event: heartbeat\ndata: {}\n\n",
        "event: error\ndata: {\"error\": \"no\"}\n\n",
        "event: reason.started\ndata: {\"id\": \"event_none\", \"type\": \"reason.started\"}\n\n",
        "",
    ] {
        let (delays, _) = follow(move |_| body.to_owned()).await;
        for (delay, min) in delays.iter().zip([100, 200, 400, 800, 1600]) {
            assert!(*delay >= Duration::from_millis(min), "{body}: {delays:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_reconnect_delay_of_the_server_is_obeyed() {
    let (delays, _) = follow(|_| "event: disconnecting\ndata: {\"retry_ms\": 7000}\n\n".to_owned()).await;
    assert!(delays.iter().all(|delay| *delay >= Duration::from_secs(7)), "{delays:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_with_new_events_reconnects_at_once() {
    let event = |number| {
        let data = format!(r#"{{"id": "event_{number}", "type": "reason.started", "sequence": {number}}}"#);
        format!("event: reason.started\nid: event_{number}\ndata: {data}\n\n")
    };
    let (delays, _) = follow(event).await;
    assert!(delays.iter().all(|delay| *delay < Duration::from_millis(100)), "{delays:?}");

    let (delays, _) = follow(move |_| event(1) + &event(0)).await;
    assert!(delays[3] >= Duration::from_millis(400), "a repeated event is not new: {delays:?}");
}

#[tokio::test(start_paused = true)]
async fn sse_blocks_without_data_are_ignored() {
    let (delays, lists) = follow(|_| "retry: 100\n\nid: event_1\n\n".to_owned()).await;
    assert_eq!(delays.len(), 5);
    assert!(lists > 5, "such streams are silent, so events are polled: {lists}");
}
