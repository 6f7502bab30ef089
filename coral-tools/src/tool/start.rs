//! How functions are started: async ones as they are, blocking ones off the threads that drive async code.

use std::future::Future;

/// The future of a tool. Named for the compiler's error about one that is not `Send`, which shows this name.
pub fn a_tool_holds_only_send_values_across_await<F: Future + Send>(tool: F) -> impl Future<Output = F::Output> + Send {
    tool
}

/// Runs `f` on tokio's threads for blocking work, within the span of the call.
pub async fn blocking<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    let span = tracing::Span::current();
    match tokio::task::spawn_blocking(move || span.in_scope(f)).await {
        Ok(value) => value,
        Err(error) => match error.try_into_panic() {
            // As if it had run here: the panic is contained where that of any other tool is.
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is shutting down, and this future will not be polled again.
            Err(_cancelled) => std::future::pending().await,
        },
    }
}
