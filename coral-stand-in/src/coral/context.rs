//! The settings and services that all parts of a server share.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::call_limits::CallLimits;
use super::emulated_version::EmulatedVersion;
use super::lock::lock;
use super::logs::LogBuffer;
use super::registry::Registry;
use coral_tools::Secret;

pub(super) struct ServerContext {
    pub(super) emulated: EmulatedVersion,
    pub(super) key: String,
    pub(super) custom_tool_secret: Secret,
    pub(super) webhook_secret: Secret,
    pub(super) address: SocketAddr,
    pub(super) registry: Registry,
    /// How long an agent takes to connect after its start.
    pub(super) connection_delay: Duration,
    /// How long a call of a custom tool may take.
    pub(super) call_timeout: Duration,
    pub(super) logs: LogBuffer,
    pub(super) call_limits: CallLimits,
    pub(super) panics: ScriptPanics,
    pub(super) tasks: BackgroundTasks,
}

/// The panics of scripts.
#[derive(Debug, Default)]
pub(super) struct ScriptPanics(Mutex<Vec<String>>);

impl ScriptPanics {
    pub(super) fn add(&self, text: String) {
        lock(&self.0).push(text);
    }

    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.0))
    }
}

/// The background tasks of a server.
#[derive(Debug)]
pub(super) struct BackgroundTasks(Mutex<Option<JoinSet<()>>>);

impl BackgroundTasks {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Some(JoinSet::new())))
    }

    /// Spawns a task, unless the tasks were stopped.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Some(tasks) = lock(&self.0).as_mut() {
            while tasks.try_join_next().is_some() {}
            tasks.spawn(task);
        }
    }

    /// Runs a task that continues if the returned future is dropped. `None` if the tasks were stopped.
    pub(super) async fn run<T: Send + 'static>(&self, task: impl Future<Output = T> + Send + 'static) -> Option<T> {
        let (sender, result) = oneshot::channel();
        self.spawn(async move {
            // Without a receiver, the future was dropped.
            drop(sender.send(task.await));
        });
        result.await.ok()
    }

    /// Prevents new tasks and returns the running ones, which are aborted when the set is dropped or shut down.
    #[must_use]
    pub(super) fn stop(&self) -> Option<JoinSet<()>> {
        lock(&self.0).take()
    }
}
