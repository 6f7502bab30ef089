//! [`PendingWork`]: counts tasks, and waits until none is left.

use tokio::sync::watch;

/// The number of sessions that are being opened, or closed in the background.
#[derive(Debug, Default)]
pub(super) struct PendingWork(watch::Sender<usize>);

impl PendingWork {
    /// Counts a task until the guard is dropped.
    pub(super) fn start(&self) -> PendingWorkGuard {
        self.0.send_modify(|count| *count += 1);
        PendingWorkGuard(self.0.clone())
    }

    pub(super) fn count(&self) -> usize {
        *self.0.borrow()
    }

    /// Waits until no task is left.
    pub(super) async fn wait_until_none(&self) {
        let mut count = self.0.subscribe();
        // The sender is not dropped before this future, so waiting cannot fail.
        drop(count.wait_for(|count| *count == 0).await);
    }
}

/// A task that is counted by [`PendingWork`].
#[derive(Debug)]
pub(super) struct PendingWorkGuard(watch::Sender<usize>);

impl Drop for PendingWorkGuard {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
