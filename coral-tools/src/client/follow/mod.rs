//! Waiting for a session, and streams of its states and messages.

mod exit_status;
mod messages;
mod signals;
mod states;
mod wait;

pub use self::messages::{MessageStream, ReceivedMessage};
pub(super) use self::states::StateFollower;
pub use self::states::StateStream;
pub use self::wait::WaitError;
