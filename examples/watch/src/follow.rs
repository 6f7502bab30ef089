//! Shows a session's states, messages and events.

use coral_tools::Session;
use coral_tools::client::{ClientError, EventStreamItem, ReceivedMessage};
use coral_tools::state::{SessionEvent, SessionState};
use futures_util::StreamExt;
use futures_util::stream::{iter, select};

use crate::connection::ConnectionState;
use crate::screen::Screen;
use crate::summary::Summary;

/// An item of the merged streams of a session.
enum Update {
    State(Result<SessionState, ClientError>),
    Message(Result<ReceivedMessage, ClientError>),
    Event(Result<EventStreamItem<SessionEvent>, ClientError>),
    End,
}

/// Shows the session until it has ended.
///
/// # Errors
///
/// Returns an error if the session cannot be read. Once it has been read, transient errors are shown and tolerated.
pub(crate) async fn follow(session: &Session, screen: &mut Screen) -> Result<(), ClientError> {
    screen.begin(session);
    let (states, messages) = (session.states().map(Update::State), session.messages().map(Update::Message));
    // States and messages end with the session; events end only when the server removes it.
    let until_end = select(states, messages).chain(iter([Update::End]));
    let mut updates = select(until_end, session.events().map(Update::Event));

    let (mut summary, mut connection) = (Summary::default(), ConnectionState::default());
    while let Some(update) = updates.next().await {
        match update {
            Update::State(Ok(state)) => {
                connection.poll_succeeded(screen);
                screen.agents(state.agents());
                summary.set_state(state);
            }
            Update::Message(Ok(new)) => {
                screen.message(&new);
                summary.count(&new);
            }
            Update::State(Err(error)) | Update::Message(Err(error)) => {
                if !summary.has_state() || !error.is_retryable() {
                    screen.stop();
                    return Err(error);
                }
                connection.poll_failed(&error, screen);
            }
            Update::Event(Ok(EventStreamItem::MayHaveMissed)) => connection.events_connected(screen),
            Update::Event(Err(error)) if error.is_retryable() => connection.events_failed(&error, screen),
            // States and messages contain all changes. Older servers have no events.
            Update::Event(_) => {}
            Update::End => break,
        }
    }
    screen.end(&summary);
    Ok(())
}
