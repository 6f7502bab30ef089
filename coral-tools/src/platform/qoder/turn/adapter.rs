//! Connects a session on Qoder to the loop.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::StatusCode;

use crate::api::ClientError;
use crate::call::CallOrigin;
use crate::platform::adapter::{BatchRules, Platform};
use crate::platform::event::{SubmitReport, ToolResult, TurnEvent};
use crate::platform::qoder::sessions::{Event, EventKind, EventSubscription, NewEvent, Session};
use crate::platform::qoder::turn::history::TurnHistory;
use crate::platform::qoder::turn::reader::{ReadOutcome, TurnReader};
use crate::platform::qoder::turn::submit::{SubmitQueue, result_event};
use crate::platform::run::Run;
use crate::platform::turn::RunError;
use crate::telemetry::{CallFields, call_event};
use crate::toolset::Toolset;

/// The types of events that a session can wait for.
const CALL_TYPES: [&str; 3] = ["agent.custom_tool_use", "agent.tool_use", "agent.mcp_tool_use"];

impl Session {
    /// One turn of the agent, served with `tools`. Start it with [`message`](Run::message), or serve a turn that runs already
    /// with [`resume`](Run::resume).
    pub fn run<'r, S: Sync>(&self, tools: &'r Toolset<S>, state: &'r S) -> Run<'r, S> {
        Run::new(QoderAdapter::new(self.clone()), tools, state, self.qoder().cache().clone())
    }
}

/// A session on Qoder, as the loop uses it.
pub(super) struct QoderAdapter {
    session: Session,
    reader: TurnReader,
    /// Turn events that have not been returned yet.
    queue: VecDeque<Result<TurnEvent, RunError>>,
    subscription: Option<EventSubscription>,
    /// The id of the message that this run sent.
    message_id: Option<String>,
    /// Whether the history was read after the last event and contained nothing new.
    is_history_current: bool,
}

impl QoderAdapter {
    pub(super) fn new(session: Session) -> Self {
        Self {
            reader: TurnReader::new(session.id()),
            session,
            queue: VecDeque::new(),
            subscription: None,
            message_id: None,
            is_history_current: false,
        }
    }

    fn subscribe_after(&mut self, cursor: Option<String>) {
        self.subscription = cursor.map(|cursor| EventSubscription::new(self.session.clone(), cursor));
    }

    async fn recover_turn(&mut self) -> Result<Vec<TurnEvent>, RunError> {
        let mut history = TurnHistory::load(&self.session).await?;
        self.subscribe_after(history.take_last_id());
        self.queue.extend(history.into_turn_events(&mut self.reader)?);
        let mut events = Vec::new();
        while let Some(Ok(_)) = self.queue.front() {
            events.extend(self.queue.pop_front().and_then(Result::ok));
        }
        Ok(events)
    }

    async fn send_message(&mut self, message: &str) -> Result<(), RunError> {
        let ids = self.session.send(&[NewEvent::message(message)]).await?;
        let id = match ids.into_iter().next() {
            Some(id) => Some(id),
            None => TurnHistory::load(&self.session).await?.last_message_id().map(str::to_owned),
        };
        let id = id.ok_or_else(|| RunError::unexpected("the message was accepted, but is not among the events"))?;
        self.subscribe_after(Some(id.clone()));
        self.message_id = Some(id);
        Ok(())
    }

    async fn next_turn_event(&mut self) -> Result<TurnEvent, RunError> {
        loop {
            if let Some(event) = self.queue.pop_front() {
                return event;
            }
            let Some(subscription) = &mut self.subscription else {
                return Err(RunError::unexpected("the session has no events after which a stream could start"));
            };
            match subscription.next().await {
                Ok(event) => self.read_event(event).await?,
                // The server does not know the cursor, or no longer.
                Err(error)
                    if error.status() == Some(StatusCode::BAD_REQUEST)
                        && (!self.is_history_current || subscription.has_connected()) =>
                {
                    self.read_history().await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn read_event(&mut self, event: Event) -> Result<(), RunError> {
        self.is_history_current = false;
        match self.reader.read(event)? {
            ReadOutcome::Events(events) => self.queue.extend(events),
            ReadOutcome::UnknownCalls { waiting_for, unknown } => {
                self.find_calls(unknown).await?;
                self.queue.extend(self.reader.events_for_calls(waiting_for)?);
            }
        }
        Ok(())
    }

    /// Reads the calls with these ids from the list of events.
    async fn find_calls(&mut self, mut ids: Vec<String>) -> Result<(), RunError> {
        let mut calls = Vec::new();
        let find = |event: Event| {
            if is_call(&event.kind)
                && let Some(index) = ids.iter().position(|id| *id == event.id)
            {
                ids.swap_remove(index);
                calls.push(event);
            }
            if ids.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        self.session.for_each_event_backwards(&CALL_TYPES, find).await?;
        calls.into_iter().try_for_each(|event| self.reader.read(event).map(drop))
    }

    /// Reads the current turn from the list of events, since the stream cannot continue from its cursor.
    async fn read_history(&mut self) -> Result<(), RunError> {
        let session = CallFields::of_session(self.session.id());
        call_event!(debug, session, "the stream cannot continue; reading the list of events");
        let mut history = TurnHistory::load(&self.session).await?;
        self.subscribe_after(history.take_last_id());
        // Without the message, the list still ends with an earlier turn.
        if self.message_id.as_deref().is_none_or(|id| history.contains(id)) {
            self.queue.extend(history.into_turn_events(&mut self.reader)?);
        }
        self.is_history_current = self.queue.is_empty();
        Ok(())
    }

    async fn submit_results(&mut self, results: &[ToolResult]) -> Result<SubmitReport, RunError> {
        let (mut queue, mut late) = (SubmitQueue::new(results), Vec::new());
        while let Some(chunk) = queue.next_chunk() {
            let Err(error) = self.send_results(&chunk.results).await else { continue };
            // Another client has submitted some of the results or ended the turn; or the results are too large.
            if !matches!(
                error.status(),
                Some(StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::PAYLOAD_TOO_LARGE)
            ) {
                return Err(error.into());
            }
            let open = TurnHistory::load(&self.session).await?.open_calls();
            let is_closed = |id: &&String| !open.contains(*id);
            let closed: Vec<String> =
                chunk.results.iter().map(|result| &result.call_id).filter(is_closed).cloned().collect();
            self.reader.mark_answered(closed.iter().cloned());
            late.extend(closed);
            let may_be_too_large = error.status() != Some(StatusCode::CONFLICT);
            if !queue.requeue(chunk, &open, may_be_too_large) {
                return Err(error.into());
            }
        }
        let replaced = queue.into_replaced();
        for result in &replaced {
            let call = CallFields { call_id: Some(&result.call_id), ..CallFields::of_session(self.session.id()) };
            call_event!(warn, call, "the platform rejected a result; an error was submitted instead");
        }
        Ok(SubmitReport { late, replaced })
    }

    async fn send_results(&mut self, results: &[ToolResult]) -> Result<(), ClientError> {
        let events: Vec<NewEvent> = results.iter().map(result_event).collect();
        self.session.send(&events).await?;
        self.reader.mark_answered(results.iter().map(|result| result.call_id.clone()));
        Ok(())
    }
}

fn is_call(kind: &EventKind) -> bool {
    matches!(kind, EventKind::ToolCall { .. } | EventKind::PlatformToolCall { .. })
}

impl Platform for QoderAdapter {
    fn policy(&self) -> BatchRules {
        BatchRules {
            origin: CallOrigin::Qoder,
            accepts_partial: true,
            // The platform waits without a limit; this bounds tools that never return.
            timeout: Duration::from_secs(24 * 60 * 60),
            // Results that are too large together are submitted in several requests.
            max_bytes: usize::MAX,
            injected_arguments: &[],
        }
    }

    fn session_id(&self) -> &str {
        self.session.id()
    }

    fn recover(&mut self) -> BoxFuture<'_, Result<Vec<TurnEvent>, RunError>> {
        Box::pin(self.recover_turn())
    }

    /// Does nothing: the stream starts at the id of the message.
    fn prepare(&mut self) -> BoxFuture<'_, Result<(), RunError>> {
        Box::pin(async { Ok(()) })
    }

    fn send<'a>(&'a mut self, message: &'a str) -> BoxFuture<'a, Result<(), RunError>> {
        Box::pin(self.send_message(message))
    }

    fn next_event(&mut self) -> BoxFuture<'_, Result<TurnEvent, RunError>> {
        Box::pin(self.next_turn_event())
    }

    fn submit<'a>(&'a mut self, results: &'a [ToolResult]) -> BoxFuture<'a, Result<SubmitReport, RunError>> {
        Box::pin(self.submit_results(results))
    }
}
