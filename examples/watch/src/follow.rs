//! From what Coral tells of a session to the screen.

use coral_tools::Session;
use coral_tools::client::{ClientError, EventUpdate, NewMessage};
use coral_tools::state::{SessionEvent, SessionState};
use futures_util::StreamExt;
use futures_util::stream::{iter, select};

use crate::link::Link;
use crate::screen::Screen;
use crate::summary::Summary;

/// What there is to know of a session.
enum News {
    State(Result<SessionState, ClientError>),
    Said(Result<NewMessage, ClientError>),
    /// Of the connection that tells of events.
    Event(Result<EventUpdate<SessionEvent>, ClientError>),
    End,
}

/// Shows the session until it has ended.
///
/// # Errors
///
/// Where the session cannot be looked at. Trouble that may pass is shown and waited out, once the session has been seen.
pub(crate) async fn follow(session: &Session, screen: &mut Screen) -> Result<(), ClientError> {
    screen.begin(session);
    let (states, messages) = (session.states().map(News::State), session.messages().map(News::Said));
    // The state and the messages end with the session; its events, only when it is kept no longer.
    let session_itself = select(states, messages).chain(iter([News::End]));
    let mut all = select(session_itself, session.events().map(News::Event));

    let (mut summary, mut link) = (Summary::default(), Link::default());
    while let Some(news) = all.next().await {
        match news {
            News::State(Ok(state)) => {
                link.looked(screen);
                screen.agents(state.agents());
                summary.look(state);
            }
            News::Said(Ok(said)) => {
                screen.message(&said);
                summary.count(&said);
            }
            News::State(Err(error)) | News::Said(Err(error)) => {
                if !summary.has_looked() || !error.is_retryable() {
                    screen.stop();
                    return Err(error);
                }
                link.failed(&error, screen);
            }
            News::Event(Ok(EventUpdate::MayHaveMissed)) => link.connected(screen),
            News::Event(Err(error)) if error.is_retryable() => link.lost(&error, screen),
            // What happened is in the state and the messages, too. Older servers have no events.
            News::Event(_) => {}
            News::End => break,
        }
    }
    screen.end(&summary);
    Ok(())
}
