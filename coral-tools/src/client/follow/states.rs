//! The states of a session as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{BoxStream, Stream, StreamExt, unfold};
use tokio::time::Instant;

use super::super::session::Session;
use super::signals::ChangeSignals;
use crate::api::{ClientError, OutageTolerance};
use crate::state::SessionState;

/// The states of a session until it has ended. Created by [`Session::states`].
pub struct StateStream(BoxStream<'static, Result<SessionState, ClientError>>);

impl Session {
    /// Streams the session's state: the present one, then another after each event or [`Coral::poll_interval`], until the session has
    /// ended. The last state is closing, unless the session was removed before that could be polled.
    ///
    /// An error is the last item: one that is not transient, or an outage that lasts too long ([`Coral::max_outage`]). A session that
    /// does not exist at the first poll is an error; one that existed before has ended.
    ///
    /// [`Coral::poll_interval`]: super::super::Coral::poll_interval
    /// [`Coral::max_outage`]: super::super::Coral::max_outage
    #[must_use]
    pub fn states(&self) -> StateStream {
        let follower = StateFollower::new(self.clone(), self.coral().outage_tolerance().in_session(self.id()));
        let states = unfold(follower, async |mut follower| follower.next().await.map(|state| (state, follower)));
        StateStream(states.fuse().boxed())
    }
}

impl Stream for StateStream {
    type Item = Result<SessionState, ClientError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl fmt::Debug for StateStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateStream").finish_non_exhaustive()
    }
}

/// Polls a session whenever it may have changed, until it has ended.
#[derive(Debug)]
pub(in super::super) struct StateFollower {
    poller: StatePoller,
    signals: ChangeSignals,
}

impl StateFollower {
    pub(in super::super) fn new(session: Session, outage: OutageTolerance) -> Self {
        Self { signals: ChangeSignals::new(&session), poller: StatePoller::new(session, outage) }
    }

    pub(in super::super) async fn next(&mut self) -> Option<Result<SessionState, ClientError>> {
        while !self.poller.is_finished {
            self.signals.next().await;
            // One poll covers all events until now; four polls per interval are enough.
            self.poller.wait_min_interval().await;
            while self.signals.next_ready().is_some() {}
            if let Some(state) = self.poller.poll().await {
                return Some(state);
            }
        }
        None
    }

    /// Returns the last error of the present outage.
    pub(super) fn into_last_error(self) -> Option<ClientError> {
        self.poller.outage.last_error
    }
}

/// Polls a session until it has ended.
#[derive(Debug)]
pub(super) struct StatePoller {
    session: Session,
    outage: OutageTolerance,
    last_poll: Option<Instant>,
    /// Whether the session has ended, or an error has been returned.
    pub(super) is_finished: bool,
}

impl StatePoller {
    pub(super) fn new(session: Session, outage: OutageTolerance) -> Self {
        Self { session, outage, last_poll: None, is_finished: false }
    }

    /// Waits until a quarter of the poll interval has passed since the last poll.
    async fn wait_min_interval(&self) {
        if let Some(last_poll) = self.last_poll {
            tokio::time::sleep_until(last_poll + self.session.coral().settings().poll_interval / 4).await;
        }
    }

    /// Reads the state. Returns `None` after a transient error, or if the session has been removed.
    pub(super) async fn poll(&mut self) -> Option<Result<SessionState, ClientError>> {
        self.outage.wait().await;
        let state = self.session.state_without_retries().await;
        self.last_poll = Some(Instant::now());
        match state {
            Ok(state) => {
                self.outage.reset();
                self.is_finished = state.is_closing();
                Some(Ok(state))
            }
            Err(error) if self.session.is_ended(&error).await => {
                self.is_finished = true;
                None
            }
            Err(error) => {
                let error = self.outage.record(error).err()?;
                self.is_finished = true;
                Some(Err(error))
            }
        }
    }
}
