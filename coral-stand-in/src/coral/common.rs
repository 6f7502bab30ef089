//! What every part of a stand-in knows.

use std::net::SocketAddr;
use std::sync::Mutex;

use tokio::task::JoinSet;

use super::lock::lock;
use super::logs::Logs;
use super::plays::Plays;
use super::registry::Registry;
use coral_tools::Secret;

pub(super) struct Common {
    pub(super) plays: Plays,
    pub(super) key: String,
    pub(super) custom_tool_secret: Secret,
    pub(super) webhook_secret: Secret,
    pub(super) address: SocketAddr,
    pub(super) registry: Registry,
    pub(super) logs: Logs,
    pub(super) tasks: Tasks,
}

/// Everything that runs by itself, until the stand-in stops.
#[derive(Debug)]
pub(super) struct Tasks(Mutex<Option<JoinSet<()>>>);

impl Tasks {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Some(JoinSet::new())))
    }

    /// Nothing is started any more once they have been stopped.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Some(tasks) = lock(&self.0).as_mut() {
            while tasks.try_join_next().is_some() {}
            tasks.spawn(task);
        }
    }

    /// What is to be dropped, or shut down, for everything to end.
    #[must_use]
    pub(super) fn stop(&self) -> Option<JoinSet<()>> {
        lock(&self.0).take()
    }
}
