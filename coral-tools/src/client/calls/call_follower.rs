//! [`CallFollower`]: the calls of a tool until the session ends.

use std::marker::PhantomData;
use std::pin::pin;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, select};
use futures_util::stream::{once, unfold};

use super::super::session::Session;
use super::call_end::call_end;
use crate::calls::{CallStream, FromCall, NextCallError, SessionCalls};

/// Returns the calls of a tool, one after the other.
pub(super) struct CallFollower<T> {
    calls: SessionCalls,
    progress: Progress,
    output: PhantomData<fn() -> T>,
}

/// How far a session has been followed.
enum Progress {
    /// The future is that of the session's end.
    Running(BoxFuture<'static, NextCallError>),
    /// Calls that were recorded before this end are left.
    Ended(NextCallError),
    /// The last item was returned.
    Finished,
}

impl<T: FromCall> CallFollower<T> {
    pub(super) fn stream(session: &Session) -> CallStream<T> {
        let calls = match session.recorded_calls::<T>() {
            Ok(calls) => calls,
            Err(error) => return CallStream::new(once(async { Err(error) })),
        };
        let progress = Progress::Running(call_end(session.clone(), Vec::new()).boxed());
        let follower = Self { calls, progress, output: PhantomData };
        CallStream::new(unfold(follower, async |mut follower| follower.next().await.map(|call| (call, follower))))
    }

    async fn next(&mut self) -> Option<Result<T, NextCallError>> {
        loop {
            match &mut self.progress {
                Progress::Running(end) => {
                    let end = match select(pin!(self.calls.next_call()), end).await {
                        Either::Left((call, _)) => Either::Left(call),
                        Either::Right((end, _)) => Either::Right(end),
                    };
                    match end {
                        Either::Left(call) => return Some(self.checked(call)),
                        Either::Right(end) => self.progress = Progress::Ended(end),
                    }
                }
                Progress::Ended(_) => match self.calls.take_call().await.transpose() {
                    Some(call) => return Some(self.checked(call)),
                    None => return self.finish(),
                },
                Progress::Finished => return None,
            }
        }
    }

    /// Returns the error with which the session was followed to its end, unless it has ended regularly.
    fn finish(&mut self) -> Option<Result<T, NextCallError>> {
        match std::mem::replace(&mut self.progress, Progress::Finished) {
            Progress::Ended(error) if !matches!(error, NextCallError::SessionEnded { .. }) => Some(Err(error)),
            _ => None,
        }
    }

    /// An error of the store is the last item.
    fn checked(&mut self, call: Result<T, NextCallError>) -> Result<T, NextCallError> {
        if let Err(NextCallError::Store { .. }) = call {
            self.progress = Progress::Finished;
        }
        call
    }
}
