//! Runs functions: async ones on the current task, blocking ones on tokio's threads for blocking work.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;

use crate::call_permit::ThreadPermits;
use crate::context::Context;
use crate::telemetry::milliseconds;

/// Returns the future of a tool. The compiler shows the name of this function in its error about a future that is not
/// `Send`.
pub fn a_tool_holds_only_send_values_across_await<F: Future + Send>(tool: F) -> impl Future<Output = F::Output> + Send {
    tool
}

/// Runs `f` on tokio's threads for blocking work, in the span of the call.
///
/// If the future is dropped before a thread is free, `f` never begins. Once it has begun, the permits of the call are held until
/// the thread is free.
pub async fn run_blocking<S: Sync, T: Send + 'static>(
    context: &Context<'_, S>,
    f: impl FnOnce() -> T + Send + 'static,
) -> T {
    let span = tracing::Span::current();
    let call = Arc::new(());
    let caller = Arc::downgrade(&call);
    let run = move || {
        let _entered = span.entered();
        let _log = BlockingRunLog { caller, started: Instant::now() };
        f()
    };
    let work = BlockingWork::new(run, context.call().permits().for_thread());
    let guard = CancelOnDrop { work: Arc::clone(&work), context };
    let ended = tokio::task::spawn_blocking(move || work.run()).await;
    drop(guard);
    match ended {
        Ok(Some(value)) => value,
        // Only the drop of this future takes the work away.
        Ok(None) => std::future::pending().await,
        Err(error) => match error.try_into_panic() {
            // The panic is contained in the same place as that of any other tool.
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is shutting down, and this future will not be polled again.
            Err(_cancelled) => std::future::pending().await,
        },
    }
}

/// A function and the permits of its call, until either a thread runs it or the call is dropped.
struct BlockingWork<F>(Mutex<Option<(F, ThreadPermits)>>);

impl<F> BlockingWork<F> {
    fn new(f: F, permits: ThreadPermits) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Some((f, permits)))))
    }

    fn take(&self) -> Option<(F, ThreadPermits)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Runs the function, unless the call was dropped.
    fn run<T>(&self) -> Option<T>
    where
        F: FnOnce() -> T,
    {
        let (f, _permits) = self.take()?;
        Some(f())
    }
}

/// Takes the function away when it is dropped, so that it never begins if it has not begun.
struct CancelOnDrop<'c, S, F> {
    work: Arc<BlockingWork<F>>,
    context: &'c Context<'c, S>,
}

impl<S, F> Drop for CancelOnDrop<'_, S, F> {
    fn drop(&mut self) {
        let unstarted = self.work.take();
        if unstarted.is_some() {
            self.context.set_never_began();
        }
    }
}

/// The body of each function that replaces a tool with errors. It never runs, because those errors end the compilation.
pub fn stub() -> ! {
    unreachable!("this tool did not compile")
}

/// Logs the end of a function whose call has ended before. Dropped at the end of the function, also if it panics.
struct BlockingRunLog {
    /// The future of the call has the only reference.
    caller: Weak<()>,
    started: Instant,
}

impl Drop for BlockingRunLog {
    fn drop(&mut self) {
        if self.caller.strong_count() == 0 {
            let panicked = std::thread::panicking();
            let ran_ms = milliseconds(self.started.elapsed());
            tracing::info!(ran_ms, panicked, "a blocking tool finished after its call had ended");
        }
    }
}
