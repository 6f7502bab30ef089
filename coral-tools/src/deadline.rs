//! Runs futures until a deadline.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Instant;

use futures_util::FutureExt;

/// The deadline passed before the future was ready.
#[derive(Debug)]
pub(crate) struct Elapsed;

/// Runs `future` until `deadline`. The timer is created only if the first poll is not the last, because most calls end
/// at the first poll and a timer costs more than that. It is boxed, because every call has room for it otherwise.
///
/// The future is borrowed: a future that is moved from function to function is stored once in each.
pub(crate) async fn within<F: Future>(deadline: Instant, mut future: Pin<&mut F>) -> Result<F::Output, Elapsed> {
    if let Poll::Ready(output) = poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
        return Ok(output);
    }
    Box::pin(tokio::time::timeout_at(deadline.into(), future)).await.map_err(|_| Elapsed)
}

/// How a future that ran under a deadline ended.
#[derive(Debug)]
pub(crate) enum RunOutcome<T> {
    Finished(T),
    /// The future panicked, with this message if it is a string.
    Panicked(Option<String>),
    TimedOut,
}

/// Runs code of the application until `deadline`, and catches a panic.
pub(crate) async fn run_contained<F: Future>(deadline: Instant, future: Pin<&mut F>) -> RunOutcome<F::Output> {
    match within(deadline, pin!(AssertUnwindSafe(future).catch_unwind())).await {
        Ok(Ok(output)) => RunOutcome::Finished(output),
        Ok(Err(panic)) => RunOutcome::Panicked(panic_message(&*panic)),
        Err(Elapsed) => RunOutcome::TimedOut,
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> Option<String> {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
}
