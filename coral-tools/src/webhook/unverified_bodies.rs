//! A byte budget for bodies that have not been verified yet.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::sync::oneshot;
use tokio::time::Instant;

/// The memory of a body that has no bytes yet: its request, task and buffers. It counts in the budget, so that the budget also
/// limits the number of bodies.
pub(super) const OVERHEAD: usize = 4096;

/// The bodies that are being received, within a budget of bytes. If it is exceeded, the slowest bodies are evicted, so that
/// clients without the secret cannot use it up: a slow body holds few bytes, and a large one that stops is soon evicted.
#[derive(Debug)]
pub(super) struct UnverifiedBodies {
    max_bytes: usize,
    bodies: Mutex<BodyTable>,
}

/// A body in the budget.
#[derive(Debug)]
pub(super) struct UnverifiedBody<'b> {
    bodies: &'b UnverifiedBodies,
    id: u64,
    /// Closed when the body is evicted.
    evicted: oneshot::Receiver<()>,
}

#[derive(Debug, Default)]
struct BodyTable {
    /// Oldest first.
    by_id: BTreeMap<u64, BodyEntry>,
    next_id: u64,
    bytes: usize,
}

#[derive(Debug)]
struct BodyEntry {
    since: Instant,
    /// The received bytes, and [`OVERHEAD`].
    bytes: usize,
    /// Dropped with the entry, which notifies the receiver.
    _evicted: oneshot::Sender<()>,
}

impl UnverifiedBodies {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { max_bytes, bodies: Mutex::default() }
    }

    /// Adds a body of which nothing has been counted yet.
    pub(super) fn add(&self) -> UnverifiedBody<'_> {
        let (sender, evicted) = oneshot::channel();
        let mut bodies = self.lock();
        let id = bodies.next_id;
        bodies.next_id += 1;
        bodies.bytes += OVERHEAD;
        bodies.by_id.insert(id, BodyEntry { since: Instant::now(), bytes: OVERHEAD, _evicted: sender });
        UnverifiedBody { bodies: self, id, evicted }
    }

    /// No code that can panic runs under the lock.
    fn lock(&self) -> MutexGuard<'_, BodyTable> {
        self.bodies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl UnverifiedBody<'_> {
    /// Counts the received bytes, and evicts the slowest bodies if the budget is exceeded. This body may be one of them.
    pub(super) fn count(&self, received: usize) {
        let mut bodies = self.bodies.lock();
        bodies.count(self.id, received + OVERHEAD);
        let evicted = bodies.evict(self.bodies.max_bytes);
        drop(bodies);
        drop(evicted);
    }

    /// Is ready when the body has been evicted.
    pub(super) fn poll_evicted(&mut self, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.evicted).poll(context).map(drop)
    }
}

impl Drop for UnverifiedBody<'_> {
    fn drop(&mut self) {
        let entry = self.bodies.lock().remove(self.id);
        drop(entry);
    }
}

impl BodyTable {
    fn count(&mut self, id: u64, bytes: usize) {
        if let Some(entry) = self.by_id.get_mut(&id) {
            self.bytes = self.bytes - entry.bytes + bytes;
            entry.bytes = bytes;
        }
    }

    fn remove(&mut self, id: u64) -> Option<BodyEntry> {
        let entry = self.by_id.remove(&id)?;
        self.bytes -= entry.bytes;
        Some(entry)
    }

    /// Removes the slowest bodies until the others are within the budget.
    fn evict(&mut self, max_bytes: usize) -> Vec<BodyEntry> {
        let mut evicted = Vec::new();
        let now = Instant::now();
        while self.bytes > max_bytes {
            // The oldest of equal ones.
            let slowest = self.by_id.iter().rev().max_by(|(_, a), (_, b)| a.slowness(now).total_cmp(&b.slowness(now)));
            let Some(&id) = slowest.map(|(id, _)| id) else { break };
            evicted.extend(self.remove(id));
        }
        evicted
    }
}

impl BodyEntry {
    /// Its memory and the square of its age. A rate would favor clients that send much and then stop. Age counts more than
    /// memory, so that a large body which arrives quickly is not evicted instead of small ones that take long.
    fn slowness(&self, now: Instant) -> f64 {
        self.bytes as f64 * now.saturating_duration_since(self.since).as_secs_f64().powi(2)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Poll;
    use std::time::Duration;

    use tokio::time::advance;

    use super::{OVERHEAD, UnverifiedBodies, UnverifiedBody};

    async fn is_evicted(body: &mut UnverifiedBody<'_>) -> bool {
        poll_fn(|context| Poll::Ready(body.poll_evicted(context).is_ready())).await
    }

    #[tokio::test(start_paused = true)]
    async fn the_slowest_body_is_evicted_first() {
        let bodies = UnverifiedBodies::new(3 * OVERHEAD + 1000);
        let mut stalled = bodies.add();
        stalled.count(400);
        advance(Duration::from_secs(2)).await;
        let mut fast = bodies.add();
        fast.count(300);
        advance(Duration::from_millis(1)).await;
        let mut new = bodies.add();
        new.count(300);
        assert!(!is_evicted(&mut stalled).await && !is_evicted(&mut fast).await, "exactly within the budget");
        new.count(301);
        assert!(is_evicted(&mut stalled).await);
        assert!(!is_evicted(&mut fast).await && !is_evicted(&mut new).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_large_body_that_stops_is_evicted_before_a_new_small_one_and_after_an_old_one() {
        let bodies = UnverifiedBodies::new(3 * OVERHEAD + 200_000);
        let mut old = bodies.add();
        old.count(3);
        advance(Duration::from_secs(2)).await;
        let mut large = bodies.add();
        large.count(200_000);
        advance(Duration::from_millis(50)).await;
        let mut late = bodies.add();
        late.count(0);
        assert!(is_evicted(&mut old).await && !is_evicted(&mut large).await && !is_evicted(&mut late).await);
        advance(Duration::from_millis(50)).await;
        let mut another = bodies.add();
        another.count(100);
        assert!(is_evicted(&mut large).await && !is_evicted(&mut late).await && !is_evicted(&mut another).await);
    }

    #[tokio::test(start_paused = true)]
    async fn the_larger_of_two_bodies_that_arrive_at_once_is_evicted_first() {
        let bodies = UnverifiedBodies::new(3 * OVERHEAD + 1000);
        let (mut small, mut large) = (bodies.add(), bodies.add());
        small.count(1);
        large.count(999);
        advance(Duration::from_secs(1)).await;
        let mut new = bodies.add();
        new.count(1);
        assert!(is_evicted(&mut large).await && !is_evicted(&mut small).await && !is_evicted(&mut new).await);
    }

    #[tokio::test(start_paused = true)]
    async fn bodies_that_have_ended_do_not_count() {
        let bodies = UnverifiedBodies::new(2 * OVERHEAD);
        for _ in 0..10 {
            let mut first = bodies.add();
            let mut second = bodies.add();
            first.count(0);
            second.count(0);
            assert!(!is_evicted(&mut first).await && !is_evicted(&mut second).await);
        }
        let table = bodies.lock();
        assert_eq!((table.bytes, table.by_id.len()), (0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn the_number_of_bodies_is_limited_by_their_overhead() {
        let bodies = UnverifiedBodies::new(3 * OVERHEAD);
        let all: Vec<_> = (0..10).map(|_| bodies.add()).inspect(|body| body.count(0)).collect();
        assert_eq!(bodies.lock().by_id.len(), 3);
        drop(all);
    }
}
