//! Runs functions: async ones on the current task, blocking ones on tokio's threads for blocking work.

use std::future::Future;
use std::sync::{Arc, Weak};
use std::time::Instant;

use crate::telemetry::milliseconds;
use crate::tool::hold::held;

/// Returns the future of a tool. The compiler shows the name of this function in its error about a future that is not
/// `Send`.
pub fn a_tool_holds_only_send_values_across_await<F: Future + Send>(tool: F) -> impl Future<Output = F::Output> + Send {
    tool
}

/// Runs `f` on tokio's threads for blocking work, in the span of the call.
pub async fn run_blocking<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    let (span, held) = (tracing::Span::current(), held());
    let call = Arc::new(());
    let caller = Arc::downgrade(&call);
    let run = move || {
        let _held = held;
        let _entered = span.entered();
        let _log = BlockingRunLog { caller, started: Instant::now() };
        f()
    };
    match tokio::task::spawn_blocking(run).await {
        Ok(value) => value,
        Err(error) => match error.try_into_panic() {
            // The panic is contained in the same place as that of any other tool.
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is shutting down, and this future will not be polled again.
            Err(_cancelled) => std::future::pending().await,
        },
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
