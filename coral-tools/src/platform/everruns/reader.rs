//! Reading the record of a session.

use super::event::Page;
use super::event_requests;
use super::log::Log;
use super::session::Session;
use super::session_state::{SessionState, Status};
use crate::api::{Call, ClientError, Transport};
use crate::platform::event::TurnEvent;
use crate::platform::turn::RunError;

/// A session, and what has been told of it.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) session: Session,
    pub(super) log: Log,
}

impl Reader {
    pub(super) fn new(session: Session) -> Self {
        Self { session, log: Log::default() }
    }

    pub(super) fn transport(&self) -> &Transport {
        self.session.everruns().transport()
    }

    pub(super) async fn state(&self) -> Result<SessionState, ClientError> {
        self.session.state().await
    }

    async fn page(&self, call: &Call) -> Result<Page, ClientError> {
        self.transport().send(call).await?.read()
    }

    /// Reads what has been told since it was last certain that nothing is missing; by then, all that is known by now is.
    pub(super) async fn catch_up(&mut self) -> Result<(), ClientError> {
        let known = self.log.last();
        let page = self.page(&event_requests::since(&self.session, self.log.sure())).await?;
        page.0.into_iter().for_each(|event| self.log.take(event));
        self.log.is_sure_to(known);
        Ok(())
    }

    /// Finds out where the events are by now, and whether a turn runs.
    pub(super) async fn prepare(&mut self) -> Result<(), ClientError> {
        let page = self.page(&event_requests::last(&self.session)).await?;
        self.log.skip(&page.0);
        let status = self.state().await?.status;
        self.log.is_to_begin(matches!(status, Status::Started | Status::Idle | Status::Paused));
        Ok(())
    }

    /// Reads the last turn from its beginning, however long it is; after the status, whose turn it must be.
    pub(super) async fn recover(&mut self) -> Result<Vec<TurnEvent>, RunError> {
        let mut status = self.state().await?.status;
        let began = self.page(&event_requests::last_beginning(&self.session)).await?;
        self.log.take_past(began.0);
        self.log.is_sure_to(self.log.last());
        let since = self.page(&event_requests::since(&self.session, self.log.sure())).await?;
        self.log.take_past(since.0);
        if matches!(status, Status::Started | Status::Idle) && self.log.runs() == Some(true) {
            // A turn may have begun in between.
            status = self.state().await?.status;
        }
        self.log.doubt_budget(status == Status::Paused);
        let runs = match status {
            Status::Started | Status::Idle => false,
            Status::Active | Status::WaitingForToolResults | Status::Paused => self.log.runs() != Some(false),
            Status::Other(_) => self.log.runs() == Some(true),
        };
        Ok(self.log.recovered(runs))
    }
}
