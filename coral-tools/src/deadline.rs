//! Runs futures until a deadline.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::FutureExt;

/// The time that a result needs to reach the agent.
const REPLY_TIME: Duration = Duration::from_secs(1);

/// Returns the present time on the clock of tokio, which tests can move.
#[inline]
pub(crate) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// Returns the time until which a call may wait, so that its result reaches the agent before `deadline`.
pub(crate) fn reply_by(deadline: Instant) -> tokio::time::Instant {
    let now = tokio::time::Instant::now();
    let left = deadline.saturating_duration_since(now.into_std());
    now + left.saturating_sub(REPLY_TIME).max(left / 2)
}

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

/// Runs code of the application until `deadline`, and catches a panic, also one while the future is dropped.
///
/// The future is dropped before this returns, and is `None` then.
pub(crate) async fn run_contained<F: Future>(
    deadline: Instant,
    mut future: Pin<&mut Option<F>>,
) -> RunOutcome<F::Output> {
    let run = poll_fn(|context| match future.as_mut().as_pin_mut() {
        Some(future) => future.poll(context),
        None => Poll::Pending,
    });
    let ended = match within(deadline, pin!(AssertUnwindSafe(run).catch_unwind())).await {
        Ok(Ok(output)) => RunOutcome::Finished(output),
        Ok(Err(panic)) => RunOutcome::Panicked(panic_message(panic)),
        Err(Elapsed) => RunOutcome::TimedOut,
    };
    match contain(|| future.set(None)) {
        Ok(()) => ended,
        Err(message) => RunOutcome::Panicked(message),
    }
}

/// Runs code of the application, and returns the message of a panic.
pub(crate) fn contain<T>(code: impl FnOnce() -> T) -> Result<T, Option<String>> {
    catch_unwind(AssertUnwindSafe(code)).map_err(panic_message)
}

/// Returns the message of a panic, and drops its payload, whose drop may panic again.
fn panic_message(panic: Box<dyn Any + Send>) -> Option<String> {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        // Its drop may panic, too, without end.
        std::mem::forget(panic);
    }
    text
}
