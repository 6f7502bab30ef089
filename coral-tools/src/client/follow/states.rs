//! One state of a session after the other.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{BoxStream, Stream, StreamExt, unfold};
use tokio::time::Instant;

use super::super::session::Session;
use super::signals::ChangeSignals;
use crate::api::{ClientError, OutageTolerance};
use crate::state::SessionState;

/// The states of a session, as they are looked at, until it has ended. Made by [`Session::states`].
pub struct StateStream(BoxStream<'static, Result<SessionState, ClientError>>);

impl Session {
    /// Its state now, and again whenever something has happened or some time has passed ([`Coral::poll_interval`]), until it has
    /// ended: the last one is closing, unless the session was gone before that could be seen.
    ///
    /// An error is the last item: trouble that will not pass, or has lasted too long ([`Coral::max_outage`]). A session that is
    /// not there at the first look is such an error, one that is not there any more is the end.
    ///
    /// [`Coral::poll_interval`]: super::super::Coral::poll_interval
    /// [`Coral::max_outage`]: super::super::Coral::max_outage
    #[must_use]
    pub fn states(&self) -> StateStream {
        let following = StateFollower::new(self.clone(), self.coral().patient());
        let states = unfold(following, async |mut following| following.next().await.map(|state| (state, following)));
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
        f.debug_struct("States").finish_non_exhaustive()
    }
}

/// Looks at a session whenever there is a reason to, until it has ended.
#[derive(Debug)]
pub(super) struct StateFollower {
    looks: StatePoller,
    signals: ChangeSignals,
}

impl StateFollower {
    pub(super) fn new(session: Session, outage: OutageTolerance) -> Self {
        Self { signals: ChangeSignals::of(&session), looks: StatePoller::at(session, outage) }
    }

    pub(super) async fn next(&mut self) -> Option<Result<SessionState, ClientError>> {
        while !self.looks.is_over {
            self.signals.next().await;
            // One look is enough for everything that has happened by now; and a few in a second are, for anything.
            self.looks.rest().await;
            while self.signals.ready().is_some() {}
            if let Some(state) = self.looks.look().await {
                return Some(state);
            }
        }
        None
    }

    /// What is the matter with the server now.
    pub(super) fn trouble(self) -> Option<ClientError> {
        self.looks.outage.last_error
    }
}

/// Looks at a session until it has ended.
#[derive(Debug)]
pub(super) struct StatePoller {
    session: Session,
    outage: OutageTolerance,
    last: Option<Instant>,
    pub(super) is_over: bool,
}

impl StatePoller {
    pub(super) fn at(session: Session, outage: OutageTolerance) -> Self {
        Self { session, outage, last: None, is_over: false }
    }

    /// Keeps a distance to the look before.
    async fn rest(&self) {
        if let Some(last) = self.last {
            tokio::time::sleep_until(last + self.session.coral().interval() / 4).await;
        }
    }

    /// The state; nothing where it is worth another look, or the session is gone.
    pub(super) async fn look(&mut self) -> Option<Result<SessionState, ClientError>> {
        self.outage.wait().await;
        let state = self.session.look().await;
        self.last = Some(Instant::now());
        match state {
            Ok(state) => {
                self.outage.reset();
                self.is_over = state.is_closing();
                Some(Ok(state))
            }
            Err(error) if self.session.is_over(&error).await => {
                self.is_over = true;
                None
            }
            Err(error) => {
                let error = self.outage.record(error).err()?;
                self.is_over = true;
                Some(Err(error))
            }
        }
    }
}
