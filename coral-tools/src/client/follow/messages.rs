//! What is said in a session, as it is said.

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
use crate::state::{Message, MessageCursor, SessionEvent, SessionEventKind, SessionState, Thread};

/// How long to listen when the session has ended.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A message that has not come before.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NewMessage {
    /// The topic of its thread, if it was ever seen.
    pub thread_name: Option<String>,
    /// The message.
    pub message: Message,
}

/// The messages of a session, each once. Made by [`Session::messages`].
pub struct MessageStream(BoxStream<'static, Result<NewMessage, ClientError>>);

impl Session {
    /// Every message of the session: those that are there in the order of time, then each as it comes, until the session has
    /// ended.
    ///
    /// A message is known by its id, so that none comes twice, and none is left out for being of the same moment as
    /// another or for having an earlier time. When a connection breaks, the session's state is read again. What no state has
    /// any more can only be heard while it is told: what was said in a thread that is closed, of which the server keeps the
    /// summary alone, and last before the end of a session that is not held
    /// ([`hold_after_exit`](crate::SessionRequest::hold_after_exit)). Where events are not told, or not just then, it is lost.
    ///
    /// An error is the last item: trouble that will not pass, or has lasted too long ([`Coral::max_outage`]).
    ///
    /// [`Coral::max_outage`]: super::super::Coral::max_outage
    #[must_use]
    pub fn messages(&self) -> MessageStream {
        let listening = MessageReader::new(self);
        let messages = unfold(listening, async |mut listening| listening.next().await.map(|new| (new, listening)));
        MessageStream(messages.fuse().boxed())
    }
}

impl Stream for MessageStream {
    type Item = Result<NewMessage, ClientError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl fmt::Debug for MessageStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Messages").finish_non_exhaustive()
    }
}

struct MessageReader {
    signals: ChangeSignals,
    looks: StatePoller,
    cursor: MessageCursor,
    /// Names of threads by their ids.
    threads: HashMap<String, String>,
    heard: VecDeque<NewMessage>,
}

impl MessageReader {
    fn new(session: &Session) -> Self {
        Self {
            signals: ChangeSignals::of(session),
            looks: StatePoller::at(session.clone(), session.coral().patient()),
            cursor: MessageCursor::new(),
            threads: HashMap::new(),
            heard: VecDeque::new(),
        }
    }

    async fn next(&mut self) -> Option<Result<NewMessage, ClientError>> {
        loop {
            if let Some(message) = self.heard.pop_front() {
                return Some(Ok(message));
            }
            if self.looks.is_over {
                return None;
            }
            match self.signals.next().await {
                ChangeSignal::Event(event) => self.hear(*event),
                ChangeSignal::Look => match self.looks.look().await {
                    Some(Ok(state)) => self.read(&state),
                    Some(Err(error)) => return Some(Err(error)),
                    None => {}
                },
            }
            if self.looks.is_over {
                self.hear_the_rest().await;
            }
        }
    }

    /// What was told before the end, and is still on the way.
    async fn hear_the_rest(&mut self) {
        let rest = async {
            while let ChangeSignal::Event(event) = self.signals.next().await {
                self.hear(*event);
            }
        };
        let _late = timeout(LAST_WORDS, rest).await;
    }

    fn hear(&mut self, event: SessionEvent) {
        match event.kind {
            SessionEventKind::ThreadCreated { thread } => self.meet(&thread),
            SessionEventKind::ThreadMessageSent { message } if self.cursor.is_new(&message) => self.keep(message),
            _ => {}
        }
    }

    fn read(&mut self, state: &SessionState) {
        for thread in state.threads() {
            self.meet(thread);
        }
        for (_, message) in self.cursor.new_messages(state) {
            self.keep(message.clone());
        }
    }

    fn meet(&mut self, thread: &Thread) {
        self.threads.insert(thread.id.clone(), thread.name.clone());
    }

    fn keep(&mut self, message: Message) {
        let thread_name = self.threads.get(&message.thread_id).cloned();
        self.heard.push_back(NewMessage { thread_name, message });
    }
}
