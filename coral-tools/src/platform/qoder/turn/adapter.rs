//! One session as the loop reads and answers it.

use std::collections::VecDeque;
use std::fmt;
use std::ops::ControlFlow;
use std::time::Duration;

use crate::platform::adapter::{BatchPolicy, Platform};
use crate::platform::event::{SubmitReport, ToolResult, TurnEvent};
use crate::platform::qoder::sessions::NewEvent;
use crate::platform::qoder::sessions::Session;
use crate::platform::qoder::sessions::event_subscription::EventFeed;
use crate::platform::qoder::sessions::{Event, EventKind};
use crate::platform::qoder::turn::history::{Past, begins, ends};
use crate::platform::qoder::turn::reader::{Heard, Reader};
use crate::platform::qoder::turn::submit::HandIn;
use crate::platform::run::Run;
use crate::platform::turn::RunError;
use futures_util::future::BoxFuture;

use crate::api::ClientError;
use crate::call::Origin;
use crate::toolset::Toolset;

/// What may be waited for.
const CALLS: [&str; 3] = ["agent.custom_tool_use", "agent.tool_use", "agent.mcp_tool_use"];

impl Session {
    /// One turn of its agent, with these tools at its service.
    pub fn run<'r, S: Sync>(&self, tools: &'r Toolset<S>, state: &'r S) -> Run<'r, S> {
        Run::new(SessionWire::new(self.clone()), tools, state, self.qoder().cache().clone())
    }
}

/// One session as a [`Run`](crate::platform::Run) reads and answers it.
pub(crate) struct SessionWire {
    session: Session,
    reader: Reader,
    /// What has been heard and not told yet.
    heard: VecDeque<Result<TurnEvent, RunError>>,
    feed: Option<EventFeed>,
    /// The message that began the turn, where this run has sent it.
    message: Option<String>,
    /// Whether the list was read because the stream could not go on, and had nothing new.
    is_rebuilt: bool,
}

impl SessionWire {
    pub(crate) fn new(session: Session) -> Self {
        Self {
            session,
            reader: Reader::default(),
            heard: VecDeque::new(),
            feed: None,
            message: None,
            is_rebuilt: false,
        }
    }

    fn follow(&mut self, after: Option<String>) {
        self.feed = after.map(|after| EventFeed::after(self.session.clone(), after));
    }

    /// Where the stream cannot go on from where it was: what has happened is in the list.
    async fn rebuild(&mut self) -> Result<(), RunError> {
        tracing::debug!(session = self.session.id(), "the stream cannot go on; reading the list of events");
        let mut past = last_turn(&self.session).await?;
        self.follow(past.last.take());
        // Where the message is not listed yet, what is listed is an earlier turn.
        if self.message.as_deref().is_none_or(|message| past.has(message)) {
            self.heard.extend(past.told(&mut self.reader)?);
        }
        self.is_rebuilt = self.heard.is_empty();
        Ok(())
    }

    async fn hear(&mut self, event: Event) -> Result<(), RunError> {
        self.is_rebuilt = false;
        match self.reader.read(event)? {
            Heard::Told(told) => self.heard.extend(told),
            Heard::Unknown { ids, unknown } => {
                self.look_up(unknown).await?;
                self.heard.extend(self.reader.waits_for(ids)?);
            }
        }
        Ok(())
    }

    /// Reads the calls of these ids in the list.
    async fn look_up(&mut self, mut unknown: Vec<String>) -> Result<(), RunError> {
        let mut found = Vec::new();
        let find = |event: Event| {
            if is_call(&event.kind)
                && let Some(at) = unknown.iter().position(|id| *id == event.id)
            {
                unknown.swap_remove(at);
                found.push(event);
            }
            if unknown.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        self.session.visit_back(&CALLS, find).await?;
        found.into_iter().try_for_each(|event| self.reader.read(event).map(drop))
    }

    async fn hand_in(&mut self, answers: &[ToolResult]) -> Result<(), ClientError> {
        let results: Vec<NewEvent> = answers.iter().map(NewEvent::result).collect();
        self.session.send(&results).await?;
        self.reader.has_answered(answers.iter().map(|answer| answer.call_id.clone()));
        Ok(())
    }
}

fn is_call(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Call { .. } | EventKind::OwnTool { .. })
}

impl fmt::Debug for SessionWire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionWire").field("session", &self.session.id()).finish_non_exhaustive()
    }
}

impl Platform for SessionWire {
    fn policy(&self) -> BatchPolicy {
        BatchPolicy {
            origin: Origin::Qoder,
            accepts_partial: true,
            // The platform waits without a limit; this bounds tools that never return.
            timeout: Duration::from_secs(24 * 60 * 60),
            // Results that are too large together are submitted in parts.
            max_bytes: usize::MAX,
            injected_arguments: &[],
        }
    }

    fn session_id(&self) -> &str {
        self.session.id()
    }

    /// Nothing: the id of the message is where the stream begins.
    fn prepare(&mut self) -> BoxFuture<'_, Result<(), RunError>> {
        Box::pin(async move { Ok(()) })
    }

    fn recover(&mut self) -> BoxFuture<'_, Result<Vec<TurnEvent>, RunError>> {
        Box::pin(async move {
            let mut past = last_turn(&self.session).await?;
            self.follow(past.last.take());
            self.heard.extend(past.told(&mut self.reader)?);
            let mut told = Vec::new();
            while let Some(Ok(_)) = self.heard.front() {
                told.extend(self.heard.pop_front().and_then(Result::ok));
            }
            Ok(told)
        })
    }

    fn send<'a>(&'a mut self, message: &'a str) -> BoxFuture<'a, Result<(), RunError>> {
        Box::pin(async move {
            let ids = self.session.send(&[NewEvent::message(message)]).await?;
            let id = match ids.into_iter().next() {
                Some(id) => Some(id),
                None => last_turn(&self.session).await?.last_message().map(str::to_owned),
            };
            let id = id.ok_or_else(|| RunError::unexpected("it took the message, and lists none"))?;
            self.follow(Some(id.clone()));
            self.message = Some(id);
            Ok(())
        })
    }

    fn next_event(&mut self) -> BoxFuture<'_, Result<TurnEvent, RunError>> {
        Box::pin(async move {
            loop {
                if let Some(told) = self.heard.pop_front() {
                    return told;
                }
                let feed = self
                    .feed
                    .as_mut()
                    .ok_or_else(|| RunError::unexpected("the session has no events to go on from"))?;
                match feed.next().await {
                    Ok(event) => self.hear(event).await?,
                    // It does not know where the stream is to begin (any more).
                    Err(error) if error.status() == Some(400) && (!self.is_rebuilt || feed.has_connected) => {
                        self.rebuild().await?;
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        })
    }

    fn submit<'a>(&'a mut self, answers: &'a [ToolResult]) -> BoxFuture<'a, Result<SubmitReport, RunError>> {
        Box::pin(async move {
            let (mut hand_in, mut late) = (HandIn::of(answers), Vec::new());
            while let Some(part) = hand_in.next() {
                let Err(error) = self.hand_in(&part.answers).await else { continue };
                // Perhaps somebody else has answered some of them, or has stopped the turn; or they are too large.
                if !matches!(error.status(), Some(400 | 409 | 413)) {
                    return Err(error.into());
                }
                let open = last_turn(&self.session).await?.open();
                let gone = part.answers.iter().map(|answer| &answer.call_id).filter(|id| !open.contains(*id)).cloned();
                let gone: Vec<String> = gone.collect();
                self.reader.has_answered(gone.iter().cloned());
                late.extend(gone);
                let may_be_too_large = error.status() != Some(409);
                hand_in.again(part, &open, may_be_too_large).ok_or(error)?;
            }
            Ok(SubmitReport { late, replaced: hand_in.replaced })
        })
    }
}

/// The last turn, as it is listed.
async fn last_turn(session: &Session) -> Result<Past, ClientError> {
    let (mut events, mut has_begun) = (Vec::new(), false);
    session
        .visit_back(&[], |event| {
            let is_before = has_begun && ends(&event.kind);
            has_begun |= begins(&event.kind);
            events.push(event);
            if is_before { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .await?;
    let mut past = Past::default();
    events.into_iter().rev().for_each(|event| past.push(event));
    Ok(past)
}
