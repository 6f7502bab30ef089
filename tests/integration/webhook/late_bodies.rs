//! Bodies that arrive after their headers, or never.

use std::convert::Infallible;
use std::error::Error;
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use coral_tools::WebhookConfig;
use futures_util::{StreamExt, stream};
use http::Request;
use tokio::sync::mpsc;
use tokio::time::{Instant, advance, sleep};
use tower::ServiceExt;

use super::{BASE, app, coral, secret};

type TestResult = Result<(), Box<dyn Error>>;

/// A signed call whose body arrives in pieces of this size, with a pause before each.
fn slow_call(bytes: usize, piece: usize, pause: Duration) -> Result<Request<Body>, Box<dyn Error>> {
    let call = coral().request(&format!("{BASE}/echo"), format!(r#"{{"text": "{}"}}"#, "x".repeat(bytes)))?;
    let pieces: Vec<Vec<u8>> = call.body().as_bytes().chunks(piece).map(<[u8]>::to_vec).collect();
    let body = stream::iter(pieces).then(move |piece| async move {
        sleep(pause).await;
        Ok::<_, Infallible>(piece)
    });
    let mut request = call.to_http()?;
    *request.body_mut() = Body::from_stream(body.boxed());
    Ok(request)
}

#[tokio::test(start_paused = true)]
async fn a_body_of_a_byte_per_second_is_rejected_long_before_the_timeout_of_calls() -> TestResult {
    let started = Instant::now();
    let response = app(secret()).oneshot(slow_call(100, 1, Duration::from_secs(1))?).await?;
    assert_eq!(response.status(), 408);
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_body_at_the_minimum_rate_may_take_longer_than_the_body_timeout() -> TestResult {
    let config = || WebhookConfig::new(secret()).body_timeout(Duration::from_secs(2)).min_body_rate(100);
    for (pause, status) in [(Duration::from_secs(1), 200), (Duration::from_secs(2), 408)] {
        let call = slow_call(600, 100, pause)?;
        assert_eq!(app(config()).oneshot(call).await?.status(), status, "100 bytes every {pause:?}");
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_body_of_which_128_kib_have_arrived_has_two_seconds_more() -> TestResult {
    for (pause, status) in [(Duration::from_millis(2400), 200), (Duration::from_millis(2600), 408)] {
        let call = slow_call(130 * 1024, 128 * 1024, pause)?;
        assert_eq!(app(secret()).oneshot(call).await?.status(), status, "a pause of {pause:?} before each piece");
    }
    Ok(())
}

/// A call with a forged signature of whose body 1000 bytes arrive. Notifies when the server has read them.
fn withheld_call(read: mpsc::UnboundedSender<()>) -> Result<Request<Body>, Box<dyn Error>> {
    let mut piece = Some(vec![b' '; 1000]);
    let body = stream::poll_fn(move |_| match piece.take() {
        Some(piece) => Poll::Ready(Some(Ok::<_, Infallible>(piece))),
        None => {
            let _sent = read.send(());
            Poll::Pending
        }
    });
    let mut request = coral().request(&format!("{BASE}/echo"), ())?.to_http()?;
    *request.body_mut() = Body::from_stream(body);
    Ok(request)
}

#[tokio::test(start_paused = true)]
async fn the_slowest_bodies_make_way_when_unverified_bodies_exceed_their_budget() -> TestResult {
    const BODIES: usize = 20;
    // 4 KiB count for each body in addition to its bytes.
    let config = WebhookConfig::new(secret()).body_limit(2000).unverified_bytes(BODIES * (4096 + 1000));
    let app = app(config);
    let (read, mut reads) = mpsc::unbounded_channel();
    let withheld: Vec<_> = (0..BODIES)
        .map(|_| Ok(tokio::spawn(app.clone().oneshot(withheld_call(read.clone())?))))
        .collect::<Result<_, Box<dyn Error>>>()?;
    for _ in &withheld {
        reads.recv().await.expect("a body is read");
    }
    advance(Duration::from_millis(500)).await;
    for _ in 0..100 {
        let late = slow_call(100, 50, Duration::from_millis(2))?;
        assert_eq!(app.clone().oneshot(late).await?.status(), 200, "a legitimate call whose body arrives late");
    }
    let mut statuses = Vec::new();
    for call in withheld {
        statuses.push(call.await??.status().as_u16());
    }
    let evicted = statuses.iter().filter(|status| **status == 503).count();
    assert_eq!(
        (evicted, statuses[0]),
        (1, 503),
        "only as many as necessary, the oldest of the equally slow: {statuses:?}"
    );
    assert!(statuses[1..].iter().all(|status| *status == 408), "{statuses:?}");
    Ok(())
}
