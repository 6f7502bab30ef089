//! Reads a session's status and stored events.

use std::time::Duration;

use crate::api::{Backoff, ClientError, ClientSettings, HttpRequest, OutageTolerance, Transport};
use crate::platform::event::TurnEvent;
use crate::platform::everruns::event::{EventPage, SessionEvent};
use crate::platform::everruns::event_requests;
use crate::platform::everruns::history::{InitialTurnState, SessionHistory};
use crate::platform::everruns::session::Session;
use crate::platform::everruns::session_info::{SessionInfo, SessionStatus};
use crate::telemetry::{CallFields, call_event};

const RETRY_MIN: Duration = Duration::from_millis(100);
const RETRY_MAX: Duration = Duration::from_millis(3200);

/// Reads a session's events into its history.
#[derive(Debug)]
pub(super) struct SessionReader {
    pub(super) session: Session,
    pub(super) history: SessionHistory,
}

impl SessionReader {
    pub(super) fn new(session: Session) -> Self {
        Self { session, history: SessionHistory::default() }
    }

    pub(super) fn transport(&self) -> &Transport {
        self.session.everruns().transport()
    }

    pub(super) fn settings(&self) -> &ClientSettings {
        self.transport().settings()
    }

    /// Tolerates transient errors of one operation.
    pub(super) fn outage_tolerance(&self) -> OutageTolerance {
        OutageTolerance::new(self.settings().max_outage).in_session(self.session.id())
    }

    /// Delays before further attempts of one operation.
    pub(super) fn backoff(&self) -> Backoff {
        Backoff::new(RETRY_MIN, RETRY_MAX)
    }

    pub(super) async fn state(&self) -> Result<SessionInfo, ClientError> {
        self.session.state().await
    }

    async fn page(&self, request: &HttpRequest) -> Result<Vec<SessionEvent>, ClientError> {
        let EventPage { events, malformed } = self.transport().send(request).await?.read()?;
        for error in malformed {
            call_event!(warn, CallFields::of_session(self.session.id()), "ignoring a malformed event", %error);
        }
        Ok(events)
    }

    /// Reads the events after the confirmed cursor. Afterwards no event is missing up to the one that was the last before.
    pub(super) async fn catch_up(&mut self) -> Result<(), ClientError> {
        let last = self.history.last();
        let page = self.page(&event_requests::events_after(&self.session, self.history.confirmed_id())).await?;
        page.into_iter().for_each(|event| self.history.add(event));
        self.history.confirm(last);
        Ok(())
    }

    /// Skips the stored events, and reads whether a message that is sent now starts a turn.
    pub(super) async fn prepare(&mut self) -> Result<(), ClientError> {
        let page = self.page(&event_requests::last_event(&self.session)).await?;
        self.history.skip(&page);
        let start = match self.state().await?.status {
            SessionStatus::Started | SessionStatus::Idle | SessionStatus::Paused => InitialTurnState::Pending,
            _ => InitialTurnState::Running,
        };
        self.history.set_start(start);
        Ok(())
    }

    /// Reads the last turn from its start, and returns its messages.
    ///
    /// The status is read first, so that a turn which starts in between is in the events.
    pub(super) async fn recover(&mut self) -> Result<Vec<TurnEvent>, ClientError> {
        let mut status = self.state().await?.status;
        let turn_start = self.page(&event_requests::last_turn_start(&self.session)).await?;
        self.history.replay(turn_start);
        self.history.confirm(self.history.last());
        let turn = self.page(&event_requests::events_after(&self.session, self.history.confirmed_id())).await?;
        self.history.replay(turn);
        if matches!(status, SessionStatus::Started | SessionStatus::Idle)
            && self.history.is_turn_running() == Some(true)
        {
            // A turn may have started in between.
            status = self.state().await?.status;
        }
        self.history.set_may_be_paused(status == SessionStatus::Paused);
        let is_running = match status {
            SessionStatus::Started | SessionStatus::Idle => false,
            SessionStatus::Active | SessionStatus::WaitingForToolResults | SessionStatus::Paused => {
                self.history.is_turn_running() != Some(false)
            }
            SessionStatus::Other(_) => self.history.is_turn_running() == Some(true),
        };
        Ok(self.history.finish_replay(is_running))
    }
}
