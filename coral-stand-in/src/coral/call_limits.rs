//! The limit of concurrent calls of custom tools.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::lock::lock;

/// The largest number of calls at a time to one host and port: the number of connections of the server's HTTP client.
const MAX_CALLS: usize = 100;

/// The calls to each host and port. A call waits until it may start.
#[derive(Debug, Default)]
pub(super) struct CallLimits(Mutex<HashMap<String, Arc<Semaphore>>>);

impl CallLimits {
    /// Waits for a permit to call `authority`, a host with its port.
    pub(super) async fn acquire(&self, authority: &str) -> Option<OwnedSemaphorePermit> {
        let permits =
            lock(&self.0).entry(authority.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(MAX_CALLS))).clone();
        // The semaphore is never closed.
        permits.acquire_owned().await.ok()
    }
}
