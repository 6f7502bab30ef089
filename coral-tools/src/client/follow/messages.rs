//! The messages of a session as a stream.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::stream::{BoxStream, Stream, StreamExt, unfold};
use tokio::time::timeout;

use super::super::session::Session;
use super::signals::{ChangeSignal, ChangeSignals};
use super::states::StatePoller;
use crate::api::ClientError;
use crate::state::{Message, SeenMessages, SessionEvent, SessionEventKind, SessionState, Thread};

/// How long remaining events are read after the session has ended.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// An item of a [`MessageStream`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ReceivedMessage {
    /// The name of the message's thread, if the stream has received it.
    pub thread_name: Option<String>,
    /// The message.
    pub message: Message,
}

/// The messages of a session, each once. Created by [`Session::messages`].
pub struct MessageStream(BoxStream<'static, Result<ReceivedMessage, ClientError>>);

impl Session {
    /// Streams all messages of the session: first the existing ones, ordered by time, then new ones, until the session has ended.
    ///
    /// Messages are identified by their ids, so each is returned once, even if several have the same time or arrive out of order.
    /// After a reconnect, the session's state is read again.
    ///
    /// Some messages are only in events, never in a state: the last ones of a thread that is closed, of which the server keeps only
    /// the summary, and the last ones of a session that is not held
    /// ([`hold_after_exit`](crate::SessionRequest::hold_after_exit)). These are lost if the server has no events, or if the stream is
    /// disconnected at that moment.
    ///
    /// An error is the last item: one that is not transient, or an outage that lasts too long ([`Coral::max_outage`]).
    ///
    /// [`Coral::max_outage`]: super::super::Coral::max_outage
    #[must_use]
    pub fn messages(&self) -> MessageStream {
        let reader = MessageReader::new(self);
        let messages = unfold(reader, async |mut reader| reader.next().await.map(|message| (message, reader)));
        MessageStream(messages.fuse().boxed())
    }
}

impl Stream for MessageStream {
    type Item = Result<ReceivedMessage, ClientError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl fmt::Debug for MessageStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageStream").finish_non_exhaustive()
    }
}

/// Merges the messages of events and states.
struct MessageReader {
    signals: ChangeSignals,
    poller: StatePoller,
    cursor: SeenMessages,
    /// Names of threads by their ids.
    thread_names: HashMap<String, String>,
    /// New messages that the stream has not returned yet.
    queue: VecDeque<ReceivedMessage>,
}

impl MessageReader {
    fn new(session: &Session) -> Self {
        Self {
            signals: ChangeSignals::new(session),
            poller: StatePoller::new(session.clone(), session.coral().outage_tolerance().in_session(session.id())),
            cursor: SeenMessages::new(),
            thread_names: HashMap::new(),
            queue: VecDeque::new(),
        }
    }

    async fn next(&mut self) -> Option<Result<ReceivedMessage, ClientError>> {
        loop {
            if let Some(message) = self.queue.pop_front() {
                return Some(Ok(message));
            }
            if self.poller.is_finished {
                return None;
            }
            match self.signals.next().await {
                ChangeSignal::Event(event) => self.read_event(*event),
                ChangeSignal::Poll => match self.poller.poll().await {
                    Some(Ok(state)) => self.read_state(&state),
                    Some(Err(error)) => return Some(Err(error)),
                    None => {}
                },
            }
            if self.poller.is_finished {
                self.drain_events().await;
            }
        }
    }

    /// Reads the events that were sent before the session's end and have not arrived yet.
    async fn drain_events(&mut self) {
        let drain = async {
            while let ChangeSignal::Event(event) = self.signals.next().await {
                self.read_event(*event);
            }
        };
        let _elapsed = timeout(DRAIN_TIMEOUT, drain).await;
    }

    fn read_event(&mut self, event: SessionEvent) {
        match event.kind {
            SessionEventKind::ThreadCreated { thread } => self.record_thread(&thread),
            SessionEventKind::ThreadMessageSent { message } if self.cursor.is_new(&message) => self.push(message),
            _ => {}
        }
    }

    fn read_state(&mut self, state: &SessionState) {
        for thread in state.threads() {
            self.record_thread(thread);
        }
        for (_, message) in self.cursor.new_messages(state) {
            self.push(message.clone());
        }
    }

    fn record_thread(&mut self, thread: &Thread) {
        self.thread_names.insert(thread.id.clone(), thread.name.clone());
    }

    fn push(&mut self, message: Message) {
        let thread_name = self.thread_names.get(&message.thread_id).cloned();
        self.queue.push_back(ReceivedMessage { thread_name, message });
    }
}
