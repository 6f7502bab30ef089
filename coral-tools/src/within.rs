//! A future with a time limit, whose timer is made only when it is needed.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Instant;

/// The time was up before the future was done.
#[derive(Debug)]
pub(crate) struct Elapsed;

/// Runs `future` until `deadline` at the longest. Most calls end at the first poll, and a timer costs more than that.
///
/// The future is borrowed: one that is moved from layer to layer is kept, and paid for, once per layer.
pub(crate) async fn within<F: Future>(deadline: Instant, mut future: Pin<&mut F>) -> Result<F::Output, Elapsed> {
    match poll_fn(|task| Poll::Ready(future.as_mut().poll(task))).await {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => tokio::time::timeout_at(deadline.into(), future).await.map_err(|_| Elapsed),
    }
}
