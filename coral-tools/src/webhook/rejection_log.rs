//! Logs and counts rejected requests.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;

use super::rejection::{CallerDifference, Rejection};
use crate::telemetry::{CallFields, call_event, metrics, shortened};

/// The time for which further rejections with the same reason are counted instead of logged.
const WINDOW: Duration = Duration::from_secs(1);

/// Logs rejections. Those that a client without the secret can cause are at most one event per second and reason, so that such a
/// client does not decide about the size of the log.
#[derive(Debug, Default)]
pub(super) struct RejectionLog {
    /// The open windows by the label of their reason. There are as many labels as kinds of rejections.
    windows: Mutex<HashMap<&'static str, Suppressed>>,
}

/// The rejections of a window that have not been logged.
#[derive(Debug, Default)]
struct Suppressed {
    count: u64,
    /// The path of the first one.
    path: String,
}

impl RejectionLog {
    /// Logs the rejection of a request for `path`. The caller of a request that was not verified is not logged, because anybody can
    /// name any caller.
    pub(super) fn log(self: &Arc<Self>, rejection: &Rejection, path: &str, caller: CallFields<'_>) {
        metrics::request_rejected(rejection.label());
        if rejection.is_overload() {
            metrics::request_shed(rejection.label());
        }
        if rejection.is_verified() {
            log_verified(rejection, path, caller);
        } else if self.is_first_in_window(rejection.label(), path) {
            let window = OpenWindow { log: Arc::clone(self), reason: AggregatedReason::from(rejection) };
            window.reason.log(&Suppressed { count: 1, path: shortened(path).to_owned() });
            // Without a runtime the window is closed at once.
            if let Ok(runtime) = Handle::try_current() {
                runtime.spawn(window.run());
            }
        }
    }

    /// Opens a window, or counts the rejection in the open one.
    fn is_first_in_window(&self, label: &'static str, path: &str) -> bool {
        match self.windows().entry(label) {
            Entry::Vacant(window) => {
                window.insert(Suppressed::default());
                true
            }
            Entry::Occupied(mut window) => {
                let suppressed = window.get_mut();
                if suppressed.count == 0 {
                    suppressed.path = shortened(path).to_owned();
                }
                suppressed.count += 1;
                false
            }
        }
    }

    /// No code that can panic runs under the lock.
    fn windows(&self) -> MutexGuard<'_, HashMap<&'static str, Suppressed>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn log_verified(rejection: &Rejection, path: &str, caller: CallFields<'_>) {
    call_event!(
        warn,
        caller,
        "rejected a verified request",
        http.response.status_code = rejection.status().as_u16(),
        error.type = rejection.label(),
        reason = rejection.reason(),
        values = rejection.difference().map(CallerDifference::values).map(tracing::field::debug),
        url.path = shortened(path)
    );
}

/// A reason for which any client can have requests rejected.
#[derive(Debug)]
struct AggregatedReason {
    status: u16,
    label: &'static str,
    reason: &'static str,
}

impl From<&Rejection> for AggregatedReason {
    fn from(rejection: &Rejection) -> Self {
        Self { status: rejection.status().as_u16(), label: rejection.label(), reason: rejection.reason() }
    }
}

impl AggregatedReason {
    fn log(&self, suppressed: &Suppressed) {
        tracing::warn!(
            http.response.status_code = self.status,
            error.type = self.label,
            reason = self.reason,
            count = suppressed.count,
            url.path = suppressed.path,
            "rejected requests that were not verified"
        );
    }
}

/// Counts the rejections with one reason. The window is closed when this is dropped, also by the end of the runtime.
struct OpenWindow {
    log: Arc<RejectionLog>,
    reason: AggregatedReason,
}

impl OpenWindow {
    /// Logs the count of each second, until there is a second without a rejection.
    async fn run(self) {
        loop {
            tokio::time::sleep(WINDOW).await;
            let suppressed = self.log.windows().get_mut(self.reason.label).map(std::mem::take).unwrap_or_default();
            if suppressed.count == 0 {
                return;
            }
            self.reason.log(&suppressed);
        }
    }
}

impl Drop for OpenWindow {
    fn drop(&mut self) {
        let suppressed = self.log.windows().remove(self.reason.label).unwrap_or_default();
        if suppressed.count > 0 {
            self.reason.log(&suppressed);
        }
    }
}
