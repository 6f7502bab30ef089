//! How often a stream is opened that leads nowhere.

use std::time::Duration;

use super::super::Everruns;
use super::super::adapter::SessionWire;
use crate::api::tests::{Answer, Server};
use crate::platform::adapter::Platform;
use crate::platform::turn::RunError;

/// Follows a session whose first five streams are these: the pauses between them, and how often its events were listed.
async fn follow(body: impl Fn(usize) -> String + Send + 'static) -> (Vec<Duration>, usize) {
    let streams = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::to(move |head, _| match head {
        list if !list.contains("/sse?") => Answer::json(200, r#"{"data": []}"#),
        _ => match streams.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            stream @ ..5 => Answer::stream(body(stream)),
            _ => Answer::json(401, "{}"),
        },
    })
    .await;
    let mut wire = SessionWire::new(Everruns::at(&server.url).session("session_1"));
    let followed = tokio::time::timeout(Duration::from_secs(1000), wire.next_event()).await.expect("an end");
    assert!(matches!(followed, Err(RunError::Client(error)) if error.status() == Some(401)));
    let asked = server.asked();
    let (streams, lists): (Vec<_>, Vec<_>) = asked.into_iter().partition(|asked| asked.head.contains("/sse?"));
    (streams.windows(2).map(|pair| pair[1].at - pair[0].at).collect(), lists.len())
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_tells_nothing_new_is_opened_with_growing_pauses() {
    for body in [
        "event: connected\ndata: {\"status\": \"connected\"}\n\n",
        "event: disconnecting\ndata: {\"reason\": \"connection_cycle\"}\n\n",
        "event: disconnecting\ndata: {\"reason\": \"connection_cycle\", \"retry_ms\": 0}\n\n",
        "event: heartbeat\ndata: {}\n\n",
        "event: error\ndata: {\"error\": \"no\"}\n\n",
        "event: reason.started\ndata: {\"id\": \"event_none\", \"type\": \"reason.started\"}\n\n",
        "",
    ] {
        let (pauses, _) = follow(move |_| body.to_owned()).await;
        for (pause, least) in pauses.iter().zip([100, 200, 400, 800, 1600]) {
            assert!(*pause >= Duration::from_millis(least), "{body}: {pauses:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_when_to_connect_again_is_left_alone_until_then() {
    let (pauses, _) = follow(|_| "event: disconnecting\ndata: {\"retry_ms\": 7000}\n\n".to_owned()).await;
    assert!(pauses.iter().all(|pause| *pause >= Duration::from_secs(7)), "{pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_tells_something_new_is_opened_again_at_once() {
    let event = |number| {
        let data = format!(r#"{{"id": "event_{number}", "type": "reason.started", "sequence": {number}}}"#);
        format!("event: reason.started\nid: event_{number}\ndata: {data}\n\n")
    };
    let (pauses, _) = follow(event).await;
    assert!(pauses.iter().all(|pause| *pause < Duration::from_millis(100)), "{pauses:?}");

    let (pauses, _) = follow(move |_| event(1) + &event(0)).await;
    assert!(pauses[3] >= Duration::from_millis(400), "the same again is nothing new: {pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn blocks_without_data_are_no_events() {
    let (pauses, lists) = follow(|_| "retry: 100\n\nid: event_1\n\n".to_owned()).await;
    assert_eq!(pauses.len(), 5);
    assert!(lists > 5, "such streams are silent, so events are asked for meanwhile: {lists}");
}
