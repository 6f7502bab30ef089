//! One state of a session after the other.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{BoxStream, Stream, StreamExt, unfold};
use tokio::time::Instant;

use super::super::session::Session;
use super::signals::Signals;
use crate::api::{ClientError, Patience};
use crate::state::SessionState;

/// The states of a session, as they are looked at, until it has ended. Made by [`Session::states`].
pub struct States(BoxStream<'static, Result<SessionState, ClientError>>);

impl Session {
    /// Its state now, and again whenever something has happened or some time has passed ([`Coral::look_every`]), until it has
    /// ended: the last one is closing, unless the session was gone before that could be seen.
    ///
    /// An error is the last item: trouble that will not pass, or has lasted too long ([`Coral::patience`]). A session that is
    /// not there at the first look is such an error, one that is not there any more is the end.
    ///
    /// [`Coral::look_every`]: super::super::Coral::look_every
    /// [`Coral::patience`]: super::super::Coral::patience
    #[must_use]
    pub fn states(&self) -> States {
        let following = Following::new(self.clone(), self.coral().patient());
        let states = unfold(following, async |mut following| following.next().await.map(|state| (state, following)));
        States(states.fuse().boxed())
    }
}

impl Stream for States {
    type Item = Result<SessionState, ClientError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl fmt::Debug for States {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("States").finish_non_exhaustive()
    }
}

/// Looks at a session whenever there is a reason to, until it has ended.
#[derive(Debug)]
pub(super) struct Following {
    looks: Looks,
    signals: Signals,
}

impl Following {
    pub(super) fn new(session: Session, patience: Patience) -> Self {
        Self { signals: Signals::of(&session), looks: Looks::at(session, patience) }
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
        self.looks.patience.trouble
    }
}

/// Looks at a session until it has ended.
#[derive(Debug)]
pub(super) struct Looks {
    session: Session,
    patience: Patience,
    last: Option<Instant>,
    pub(super) is_over: bool,
}

impl Looks {
    pub(super) fn at(session: Session, patience: Patience) -> Self {
        Self { session, patience, last: None, is_over: false }
    }

    /// Keeps a distance to the look before.
    async fn rest(&self) {
        if let Some(last) = self.last {
            tokio::time::sleep_until(last + self.session.coral().interval() / 4).await;
        }
    }

    /// The state; nothing where it is worth another look, or the session is gone.
    pub(super) async fn look(&mut self) -> Option<Result<SessionState, ClientError>> {
        self.patience.wait().await;
        let state = self.session.look().await;
        self.last = Some(Instant::now());
        match state {
            Ok(state) => {
                self.patience.relieve();
                self.is_over = state.is_closing();
                Some(Ok(state))
            }
            Err(error) if self.session.is_over(&error).await => {
                self.is_over = true;
                None
            }
            Err(error) => {
                let error = self.patience.bear(error).err()?;
                self.is_over = true;
                Some(Err(error))
            }
        }
    }
}
