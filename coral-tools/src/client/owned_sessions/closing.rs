//! Closing all sessions when the application ends.

use std::time::Duration;

use futures_util::{StreamExt, stream};

use super::super::session::DropAction;
use super::registration::SharedSessions;
use super::sessions::Sessions;

/// Sessions that are closed concurrently.
pub(super) const CLOSING_CONCURRENCY: usize = 100;

impl<T> Sessions<T> {
    /// Closes all sessions, those included that are being opened or closed in the background, and opens none from now on. Call it when
    /// the server has stopped, before the runtime ends.
    ///
    /// Returns the number of sessions that had not been closed when the timeout passed: 0 if all were. They end at their time to
    /// live, or are closed by [`close_left_over`](Self::close_left_over) at the next start. Errors are logged.
    pub async fn close_all(&self, timeout: Duration) -> usize {
        let SharedSessions { entries, pending } = &*self.shared;
        entries.close();
        let closing = stream::iter(entries.open_sessions()).for_each_concurrent(
            CLOSING_CONCURRENCY,
            |(key, session)| async move {
                if session.end(DropAction::Close).await {
                    entries.remove(key);
                }
            },
        );
        let all_closed = async {
            closing.await;
            pending.wait_until_none().await;
        };
        // The rest is counted.
        let _passed = tokio::time::timeout(timeout, all_closed).await;
        entries.open_sessions().len() + pending.count()
    }
}
