//! [`ReplayChannel`].

use std::fmt;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::stream::{BoxStream, Stream, StreamExt, unfold};
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

/// A channel whose receivers get all values, also those that were sent before they subscribed: several results of a session, for every
/// browser that shows them. Clones share it.
///
/// Each value has a number, from 1 on. A receiver that comes back, such as a browser with `Last-Event-ID`, continues after the last
/// one that it has received. The channel keeps at most `max` values; when it is closed, receivers get the rest and end.
///
/// ```
/// use coral_tools::calls::ReplayChannel;
/// use futures_util::StreamExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let results = ReplayChannel::new(200);
/// for result in ["tides", "winds", "coasts"] {
///     results.send(result);
/// }
/// results.close();
///
/// assert_eq!(results.subscribe_after(1).collect::<Vec<_>>().await, [(2, "winds"), (3, "coasts")]);
/// # }
/// ```
pub struct ReplayChannel<T>(Arc<Shared<T>>);

struct Shared<T> {
    state: watch::Sender<State<T>>,
    subscribed: Notify,
    max: usize,
}

struct State<T> {
    values: Vec<T>,
    is_closed: bool,
}

impl<T> ReplayChannel<T> {
    /// Creates a channel for at most `max` values.
    #[must_use]
    pub fn new(max: usize) -> Self {
        let state = watch::Sender::new(State { values: Vec::new(), is_closed: false });
        Self(Arc::new(Shared { state, subscribed: Notify::new(), max }))
    }

    /// Sends a value to all receivers. Returns `false` if the channel is full or closed.
    pub fn send(&self, value: T) -> bool {
        let max = self.0.max;
        self.0.state.send_if_modified(|state| {
            let is_open = !state.is_closed && state.values.len() < max;
            if is_open {
                state.values.push(value);
            }
            is_open
        })
    }

    /// Sends the values of a stream, until it ends or the channel is full or closed. The channel stays open.
    ///
    /// # Errors
    ///
    /// Returns the first error of the stream.
    pub async fn send_all<E>(&self, values: impl Stream<Item = Result<T, E>>) -> Result<(), E> {
        let mut values = pin!(values);
        while let Some(value) = values.next().await {
            if !self.send(value?) {
                break;
            }
        }
        Ok(())
    }

    /// Ends the receivers when they have received all values.
    pub fn close(&self) {
        self.0.state.send_modify(|state| state.is_closed = true);
    }

    /// Whether the channel is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.state.borrow().is_closed
    }

    /// Returns the number of values that were sent.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.state.borrow().values.len()
    }

    /// Whether no value was sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Waits until the channel has had no receiver for this time, in which one that was disconnected can come back. The time also begins
    /// when there has never been one.
    pub async fn unused_for(&self, time: Duration) {
        let Shared { state, subscribed, .. } = &*self.0;
        loop {
            state.closed().await;
            let subscribed = subscribed.notified();
            if state.is_closed() && timeout(time, subscribed).await.is_err() {
                return;
            }
        }
    }
}

impl<T: Clone + Send + Sync + 'static> ReplayChannel<T> {
    /// Returns a receiver of the values after the one with this number, and of all those that follow; 0 for all values.
    #[must_use]
    pub fn subscribe_after(&self, number: usize) -> ReplayReceiver<T> {
        let receiver = self.0.state.subscribe();
        self.0.subscribed.notify_waiters();
        let values = unfold((receiver, number), async |(mut receiver, number)| {
            let next = receiver.wait_for(|state| state.values.len() > number || state.is_closed).await;
            let value = next.ok()?.values.get(number).cloned()?;
            Some(((number + 1, value), (receiver, number + 1)))
        });
        ReplayReceiver(values.boxed())
    }
}

impl<T> Clone for ReplayChannel<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for ReplayChannel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplayChannel").field("len", &self.len()).field("is_closed", &self.is_closed()).finish()
    }
}

/// The values of a [`ReplayChannel`] with their numbers. Ends when the channel is closed, or its last clone dropped.
pub struct ReplayReceiver<T>(BoxStream<'static, (usize, T)>);

impl<T> Stream for ReplayReceiver<T> {
    type Item = (usize, T);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for ReplayReceiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplayReceiver").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use futures_util::stream::iter;
    use tokio::time::{Instant, advance};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn every_receiver_gets_all_values_after_its_number() {
        let channel = ReplayChannel::new(10);
        let (mut early, mut later) = (channel.subscribe_after(0), channel.subscribe_after(2));
        for value in ["a", "b", "c"] {
            assert!(channel.send(value));
        }
        assert_eq!(early.next().await, Some((1, "a")));
        assert_eq!(later.next().await, Some((3, "c")));
        assert_eq!(later.next().now_or_never(), None, "there is no further value yet");
        channel.close();
        assert_eq!(early.collect::<Vec<_>>().await, [(2, "b"), (3, "c")]);
        assert_eq!(later.next().await, None);
        assert_eq!(channel.subscribe_after(7).next().await, None);
    }

    #[tokio::test]
    async fn values_are_limited_in_number() {
        let channel = ReplayChannel::new(1);
        assert!(channel.is_empty() && channel.send(1) && !channel.send(2));
        assert_eq!((channel.len(), channel.is_closed()), (1, false));
        let closed = ReplayChannel::new(1);
        closed.close();
        assert!(!closed.send(1) && closed.is_closed() && closed.is_empty());
    }

    #[tokio::test]
    async fn a_stream_is_sent_until_its_first_error_or_until_the_channel_is_full() {
        let channel = ReplayChannel::new(3);
        assert_eq!(channel.send_all(iter([Ok(1), Err("an error"), Ok(2)])).await, Err("an error"));
        assert_eq!(channel.send_all(iter([Ok(3), Ok(4), Ok(5), Err("not read")])).await, Ok(()));
        assert!(!channel.is_closed());
        channel.close();
        assert_eq!(channel.subscribe_after(0).collect::<Vec<_>>().await, [(1, 1), (2, 3), (3, 4)]);
    }

    #[tokio::test]
    async fn receivers_end_with_the_last_channel() {
        let channel = ReplayChannel::new(1);
        let receiver = channel.subscribe_after(0);
        channel.send(1);
        drop(channel);
        assert_eq!(receiver.collect::<Vec<_>>().await, [(1, 1)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_receiver_that_comes_back_keeps_the_channel_in_use() {
        let channel: ReplayChannel<u8> = ReplayChannel::new(1);
        let mut unused = pin!(channel.unused_for(10 * SECOND));
        for _ in 0..3 {
            assert!(unused.as_mut().now_or_never().is_none());
            advance(9 * SECOND).await;
            // It leaves at once, so it is not there when the time has passed.
            drop(channel.subscribe_after(0));
        }
        let start = Instant::now();
        unused.await;
        assert!(start.elapsed() >= 10 * SECOND, "the time begins again with each receiver");
    }
}
