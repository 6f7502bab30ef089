//! Functions that block, off the threads that drive async code.

/// Runs `f` on tokio's threads for blocking work.
pub async fn blocking<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(f).await {
        Ok(value) => value,
        Err(error) => match error.try_into_panic() {
            // As if it had run here: the panic is contained where that of any other tool is.
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is shutting down, and this future will not be polled again.
            Err(_cancelled) => std::future::pending().await,
        },
    }
}
